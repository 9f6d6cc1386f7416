/** Remembers the nonces of each merchant for as long as a request could be replayed. */
export interface NonceMemory {
  has(mchid: string, nonce: string, now: number): boolean;
  /** `lastSecond` is the last Unix second in which the nonce is remembered. */
  remember(mchid: string, nonce: string, now: number, lastSecond: number): void;
  size(): number;
}

export function createNonceMemory(): NonceMemory {
  /** Maps a merchant and nonce to the last Unix second. */
  const remembered = new Map<string, number>();

  return {
    size: () => remembered.size,

    has: (mchid, nonce, now) => (remembered.get(`${mchid} ${nonce}`) ?? -Infinity) >= now,

    remember(mchid, nonce, now, lastSecond) {
      // The oldest come first. Stopping at the first entry that is still needed keeps this fast; later entries are removed
      // soon afterwards.
      for (const [entry, end] of remembered) {
        if (end >= now) break;
        remembered.delete(entry);
      }
      remembered.delete(`${mchid} ${nonce}`);
      remembered.set(`${mchid} ${nonce}`, lastSecond);
    },
  };
}

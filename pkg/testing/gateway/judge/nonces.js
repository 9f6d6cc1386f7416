/** The nonces each merchant has used, for as long as a request bearing them could be replayed. */
export function createNonceMemory() {
  /** @type {Map<string, number>}  from merchant and nonce to the last Unix second they are remembered */
  const until = new Map();

  return {
    size: () => until.size,

    /** @type {(mchid: string, nonce: string, now: number) => boolean} */
    knows: (mchid, nonce, now) => (until.get(`${mchid} ${nonce}`) ?? -Infinity) >= now,

    /** @type {(mchid: string, nonce: string, now: number, lastSecond: number) => void} */
    remember(mchid, nonce, now, lastSecond) {
      // Oldest first. Stopping at the first that still counts keeps this cheap; what hides behind it goes soon after.
      for (const [known, end] of until) {
        if (end >= now) break;
        until.delete(known);
      }
      until.delete(`${mchid} ${nonce}`);
      until.set(`${mchid} ${nonce}`, lastSecond);
    },
  };
}

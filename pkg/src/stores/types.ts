/**
 * Remembers which notifications are being handled and which are done, for `client.notifications.handle`. See
 * `redisStore` and the others in `wechatpay-presign/stores`; you can also write your own.
 *
 * Every method is atomic: of any number of concurrent calls of `begin` for one key, exactly one returns `'new'`.
 * A claim has an owner and expires after its lease, so a process that died does not block a key for long. A stored time
 * decides whether a claim has expired; alarms and TTLs of the database only clean up.
 *
 * **Cloudflare KV cannot be a notification store.** It has no atomic operation, and a read may be 60 seconds old, so two
 * deliveries of one notification would both be handled. In a Worker, use `durableObjectStore` or `d1Store`.
 * The same holds for any cache that is only eventually consistent.
 *
 * @example
 * ```ts
 * const store: NotificationStore = memoryStore();
 * switch (await store.begin('1900000100:EV-2018022511223320873', crypto.randomUUID(), 60)) {
 *   case 'new':
 *     break; // handle it, then complete or abandon
 *   case 'busy':
 *     break; // another process is handling it
 *   case 'done':
 *     break; // it was handled
 * }
 * ```
 */
export interface NotificationStore {
  /**
   * Claims a key.
   *
   * @param key - The key to claim: `mchid:id`.
   * @param owner - Names this claim. A random value, new for each delivery.
   * @param leaseSeconds - The claim ends after this time, unless `complete` or `abandon` ends it earlier.
   * @returns `'new'`: the key is claimed for `owner`. `'busy'`: another owner's claim has not expired. `'done'`: `complete`
   *   was called, and its TTL has not expired.
   */
  begin(key: string, owner: string, leaseSeconds: number): Promise<'new' | 'busy' | 'done'>;
  /**
   * Marks a key as done, even if another owner holds it.
   *
   * @param key - The key given to `begin`.
   * @param ttlSeconds - The key is forgotten after this time.
   */
  complete(key: string, ttlSeconds: number): Promise<void>;
  /**
   * Releases a claim, so that the next `begin` returns `'new'`. Does nothing if the key is done, or if the lease
   * expired and another owner has claimed the key.
   *
   * @param key - The key given to `begin`.
   * @param owner - The owner given to `begin`.
   */
  abandon(key: string, owner: string): Promise<void>;
}

/**
 * Keeps WeChat Pay's platform certificates across processes, so that a new process need not download them. Nothing in it
 * is secret, and nothing in it is trusted: the client verifies everything that it reads from the store.
 *
 * @example
 * ```ts
 * const stored = new Map<string, string>();
 * const certificateStore: CertificateStore = {
 *   get: async (key) => stored.get(key),
 *   set: async (key, value) => stored.set(key, value),
 * };
 * ```
 */
export interface CertificateStore {
  /** Returns the value. `null` or `undefined` if there is none, or if it has expired. */
  get(key: string): Promise<string | null | undefined>;
  /**
   * Replaces the value.
   *
   * @param ttlSeconds - The value is forgotten after this time.
   */
  set(key: string, value: string, ttlSeconds: number): Promise<unknown>;
}

/**
 * A store for both notifications and certificates: `notifications.store` and `certificateStore` of `createClient`.
 *
 * @example
 * ```ts
 * const store: Store = memoryStore();
 * ```
 */
export interface Store extends NotificationStore, CertificateStore {}

/**
 * A clock for tests.
 *
 * @example
 * ```ts
 * const options: ClockOptions = { now: () => Date.parse('2026-11-24T12:00:00+08:00') };
 * ```
 */
export interface ClockOptions {
  /** Milliseconds since 1970. `Date.now` by default. */
  now?: (() => number) | undefined;
}

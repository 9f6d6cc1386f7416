import { fieldsOf } from '../arguments.js';
import { InvalidParameterError } from '../errors.js';
import { milliseconds, readClock, storeError, withStoreErrors } from './arguments.js';
import type { ClockOptions, Store } from './types.js';

/**
 * Options of {@link memoryStore}.
 *
 * @example
 * ```ts
 * const options: MemoryStoreOptions = { maxEntries: 10_000 };
 * ```
 */
export interface MemoryStoreOptions extends ClockOptions {
  /** The number of notifications, and of certificate lists, that the store remembers. Default: 100,000, about 20 MB. */
  maxEntries?: number | undefined;
}

/**
 * A store in the memory of this process: the default. Its entries are lost when the process ends, and other processes do
 * not see them. Use it where a single process handles all notifications; otherwise use one of the other stores.
 *
 * Its size is limited. When it is full, it forgets the notifications that were done first. A notification under way is never
 * forgotten: if all entries are under way, `begin` fails, and WeChat Pay sends the notification again later.
 *
 * @example
 * ```ts
 * const store = memoryStore({ maxEntries: 10_000 });
 * const client = createClient({ ...config, notifications: { store } });
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxEntries = 100_000 } = fieldsOf('options', options);
  return withStoreErrors('memoryStore', new MemoryStore(maxEntries as number, readClock(options)));
}

class MemoryStore implements Store {
  readonly #now: () => number;
  readonly #maxEntries: number;
  /** Notifications under way. */
  readonly #claims = new Map<string, { owner: string; expiresAt: number }>();
  /** Notifications that are done, the oldest first. */
  readonly #done = new Map<string, { expiresAt: number }>();
  readonly #values = new Map<string, { value: string; expiresAt: number }>();

  constructor(maxEntries: number, now: () => number) {
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
      throw InvalidParameterError.about(
        'maxEntries',
        'type',
        `must be a positive integer, but is ${String(maxEntries)}`,
      );
    }
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  async begin(key: string, owner: string, leaseSeconds: number): Promise<'new' | 'busy' | 'done'> {
    const lease = milliseconds('leaseSeconds', leaseSeconds);
    const now = this.#now();
    if (isCurrent(this.#done.get(key), now)) return 'done';
    if (isCurrent(this.#claims.get(key), now)) return 'busy';
    this.#done.delete(key);
    this.#claims.delete(key);
    this.#makeRoom(now);
    this.#claims.set(key, { owner, expiresAt: now + lease });
    return 'new';
  }

  async complete(key: string, ttlSeconds: number): Promise<void> {
    const ttl = milliseconds('ttlSeconds', ttlSeconds);
    const now = this.#now();
    this.#claims.delete(key);
    this.#done.delete(key);
    this.#makeRoom(now);
    this.#done.set(key, { expiresAt: now + ttl });
  }

  async abandon(key: string, owner: string): Promise<void> {
    if (this.#claims.get(key)?.owner === owner) this.#claims.delete(key);
  }

  async get(key: string): Promise<string | null> {
    const entry = this.#values.get(key);
    return isCurrent(entry, this.#now()) ? entry.value : null;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    const expiresAt = this.#now() + milliseconds('ttlSeconds', ttlSeconds);
    this.#values.delete(key);
    if (this.#values.size >= this.#maxEntries) deleteOldest(this.#values);
    this.#values.set(key, { value, expiresAt });
  }

  /** Makes room for one more notification. */
  #makeRoom(now: number): void {
    deleteExpired(this.#done, now);
    deleteExpired(this.#claims, now);
    if (this.#claims.size + this.#done.size < this.#maxEntries) return;
    if (this.#done.size > 0) {
      deleteOldest(this.#done);
      return;
    }
    // Leases may differ in length, so an expired lease may follow one that has not expired.
    for (const [key, claim] of this.#claims) if (!isCurrent(claim, now)) this.#claims.delete(key);
    if (this.#claims.size < this.#maxEntries) return;
    throw storeError(`memoryStore is full: ${this.#maxEntries} notifications are under way at once`);
  }
}

function isCurrent<Entry extends { expiresAt: number }>(entry: Entry | undefined, now: number): entry is Entry {
  return entry !== undefined && entry.expiresAt > now;
}

/** Deletes from the front, where the oldest entries are, and stops at the first one that has not expired. */
function deleteExpired(entries: Map<string, { expiresAt: number }>, now: number): void {
  for (const [key, entry] of entries) {
    if (isCurrent(entry, now)) return;
    entries.delete(key);
  }
}

function deleteOldest(entries: Map<string, unknown>): void {
  for (const key of entries.keys()) {
    entries.delete(key);
    return;
  }
}

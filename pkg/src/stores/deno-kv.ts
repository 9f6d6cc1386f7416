import { assertMethods, milliseconds, readClock, withStoreErrors } from './arguments.js';
import type { ClockOptions, Store } from './types.js';

/**
 * The part of `Deno.Kv` that the store uses.
 *
 * @example
 * ```ts
 * const kv: DenoKvLike = await Deno.openKv();
 * ```
 */
export interface DenoKvLike {
  get(key: string[]): Promise<{ value: unknown; versionstamp: string | null }>;
  set(key: string[], value: unknown, options: { expireIn: number }): Promise<unknown>;
  atomic(): DenoKvAtomicLike;
}

/**
 * The part of `Deno.AtomicOperation` that the store uses.
 *
 * @example
 * ```ts
 * const operation: DenoKvAtomicLike = (await Deno.openKv()).atomic();
 * ```
 */
export interface DenoKvAtomicLike {
  check(check: { key: string[]; versionstamp: string | null }): DenoKvAtomicLike;
  set(key: string[], value: unknown, options: { expireIn: number }): DenoKvAtomicLike;
  delete(key: string[]): DenoKvAtomicLike;
  commit(): Promise<{ ok: boolean }>;
}

/**
 * A store in Deno KV, local or on Deno Deploy. Reads are strongly consistent, and a claim is written only if nobody has
 * written since it was read.
 *
 * @example
 * ```ts
 * const store = denoKvStore(await Deno.openKv());
 * const client = createClient({ ...config, notifications: { store } });
 * ```
 */
export function denoKvStore(kv: DenoKvLike, options: ClockOptions = {}): Store {
  assertMethods('kv', kv, ['get', 'set', 'atomic'], 'pass what Deno.openKv() resolves to (deno run --unstable-kv)');
  return withStoreErrors('denoKvStore', new DenoKvStore(kv, readClock(options)));
}

/** A key that is done has no owner. */
interface Claim {
  owner: string | null;
  expiresAt: number;
}

class DenoKvStore implements Store {
  readonly #kv: DenoKvLike;
  readonly #now: () => number;

  constructor(kv: DenoKvLike, now: () => number) {
    this.#kv = kv;
    this.#now = now;
  }

  async begin(key: string, owner: string, leaseSeconds: number): Promise<'new' | 'busy' | 'done'> {
    const expireIn = milliseconds('leaseSeconds', leaseSeconds);
    const path = notification(key);
    const { claim, versionstamp } = await this.#read(path);
    if (claim !== undefined) return claim.owner === null ? 'done' : 'busy';
    const stored: Claim = { owner, expiresAt: this.#now() + expireIn };
    const { ok } = await this.#kv.atomic().check({ key: path, versionstamp }).set(path, stored, { expireIn }).commit();
    if (ok) return 'new';
    // Another process claimed the key first, and may already be done.
    const { claim: theirs } = await this.#read(path);
    return theirs?.owner === null ? 'done' : 'busy';
  }

  async complete(key: string, ttlSeconds: number): Promise<void> {
    const expireIn = milliseconds('ttlSeconds', ttlSeconds);
    const stored: Claim = { owner: null, expiresAt: this.#now() + expireIn };
    await this.#kv.set(notification(key), stored, { expireIn });
  }

  async abandon(key: string, owner: string): Promise<void> {
    const path = notification(key);
    const { claim, versionstamp } = await this.#read(path);
    if (claim?.owner !== owner) return;
    // If the commit fails, another process has written the key, and the claim no longer exists.
    await this.#kv.atomic().check({ key: path, versionstamp }).delete(path).commit();
  }

  async get(key: string): Promise<string | null> {
    const { value } = await this.#kv.get(certificates(key));
    const stored = value as { value: string; expiresAt: number } | null;
    return stored !== null && stored.expiresAt > this.#now() ? stored.value : null;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    const expireIn = milliseconds('ttlSeconds', ttlSeconds);
    await this.#kv.set(certificates(key), { value, expiresAt: this.#now() + expireIn }, { expireIn });
  }

  /** The claim, if it has not expired, and the version that a write must match. */
  async #read(path: string[]): Promise<{ claim: Claim | undefined; versionstamp: string | null }> {
    const { value, versionstamp } = await this.#kv.get(path);
    const claim = value as Claim | null;
    return { claim: claim !== null && claim.expiresAt > this.#now() ? claim : undefined, versionstamp };
  }
}

function notification(key: string): string[] {
  return ['wechatpay-presign', 'notification', key];
}

function certificates(key: string): string[] {
  return ['wechatpay-presign', 'certificates', key];
}

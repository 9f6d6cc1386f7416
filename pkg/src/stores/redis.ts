import { fieldsOf } from '../arguments.js';
import { InvalidParameterError } from '../errors.js';
import { assertMethods, hasMethods, milliseconds, storeError, withStoreErrors } from './arguments.js';
import type { Store } from './types.js';

/**
 * A connected client of `redis` (node-redis 4 or later): `createClient`, `createClientPool`, `createCluster`.
 *
 * @example
 * ```ts
 * import { createClient as createRedisClient } from 'redis';
 *
 * const client: NodeRedisClient = await createRedisClient({ url: 'redis://localhost' }).connect();
 * ```
 */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  sendCommand(...args: never[]): Promise<unknown>;
}

/**
 * A client of `ioredis`: `new Redis()`, `new Cluster()`.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 *
 * const client: IoredisClient = new Redis('redis://localhost');
 * ```
 */
export interface IoredisClient {
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  defineCommand(...args: never[]): unknown;
}

/**
 * Options of {@link redisStore}.
 *
 * @example
 * ```ts
 * const options: RedisStoreOptions = { prefix: 'shop:' };
 * ```
 */
export interface RedisStoreOptions {
  /** The prefix of every key. Default: `'wechatpay-presign:'`. */
  prefix?: string | undefined;
}

/**
 * A store in Redis 2.6 or later, or in a compatible server with `EVAL` (Valkey, KeyDB, Dragonfly). It takes the client
 * you have, of `redis` or `ioredis`. Each step is one script, which Redis runs atomically, and Redis's own clock
 * decides when a lease has run out, so all processes agree.
 *
 * Redis must not evict keys that are done: set `maxmemory-policy` to `noeviction`. A failover may lose data that was
 * not yet replicated; a notification may then be handled twice.
 *
 * @example
 * ```ts
 * import { createClient as createRedisClient } from 'redis';
 * import { createClient } from 'wechatpay-presign';
 *
 * const store = redisStore(await createRedisClient({ url: 'redis://localhost' }).connect());
 * const client = createClient({ ...config, notifications: { store } });
 * ```
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 *
 * const store = redisStore(new Redis('redis://localhost'));
 * const client = createClient({ ...config, notifications: { store } });
 * ```
 */
export function redisStore(client: NodeRedisClient | IoredisClient, options: RedisStoreOptions = {}): Store {
  const { prefix = 'wechatpay-presign:' } = fieldsOf('options', options) as RedisStoreOptions;
  return withStoreErrors('redisStore', new RedisStore(evaluator(client), prefix));
}

/** Runs a script that uses one key. */
type Evaluate = (script: string, key: string, args: readonly string[]) => Promise<unknown>;

/** Only ioredis has `defineCommand`; the two clients take the arguments of `eval` in different ways. */
function evaluator(client: NodeRedisClient | IoredisClient): Evaluate {
  const fix = "pass a client of 'redis' (4 or later) or 'ioredis', such as redisStore(createClient({ url }))";
  assertMethods('client', client, ['eval'], fix);
  if (hasMethods(client, ['defineCommand'])) {
    const ioredis = client as IoredisClient;
    return async (script, key, args) => ioredis.eval(script, 1, key, ...args);
  }
  if (hasMethods(client, ['send_command'])) {
    throw InvalidParameterError.about('client', 'type', `is one of redis 3 or earlier, without promises: ${fix}`);
  }
  assertMethods('client', client, ['eval', 'sendCommand'], fix);
  const nodeRedis = client as NodeRedisClient;
  return async (script, key, args) => nodeRedis.eval(script, { keys: [key], arguments: [...args] });
}

// A claim is "owner:" and its owner, and a key that is done has the value "done". Redis keeps the time of expiry beside
// the value, and hides an expired key even before deleting it.
const BEGIN = `
local value = redis.call('GET', KEYS[1])
if not value then
  redis.call('SET', KEYS[1], 'owner:' .. ARGV[1], 'PX', ARGV[2])
  return 0
end
if value == 'done' then return 2 end
return 1`;
const COMPLETE = `redis.call('SET', KEYS[1], 'done', 'PX', ARGV[1]) return 1`;
const ABANDON = `if redis.call('GET', KEYS[1]) == 'owner:' .. ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`;
const GET = `return redis.call('GET', KEYS[1])`;
const SET = `redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1`;

class RedisStore implements Store {
  readonly #evaluate: Evaluate;
  readonly #prefix: string;

  constructor(evaluate: Evaluate, prefix: string) {
    this.#evaluate = evaluate;
    this.#prefix = prefix;
  }

  async begin(key: string, owner: string, leaseSeconds: number): Promise<'new' | 'busy' | 'done'> {
    const lease = String(milliseconds('leaseSeconds', leaseSeconds));
    const reply = await this.#evaluate(BEGIN, this.#notification(key), [owner, lease]);
    // A client may be configured to return numbers as strings.
    const result = (['new', 'busy', 'done'] as const)[Number(reply ?? Number.NaN)];
    if (result === undefined) throw storeError(`redisStore: EVAL returned ${typeof reply}, but must return 0, 1 or 2`);
    return result;
  }

  async complete(key: string, ttlSeconds: number): Promise<void> {
    await this.#evaluate(COMPLETE, this.#notification(key), [String(milliseconds('ttlSeconds', ttlSeconds))]);
  }

  async abandon(key: string, owner: string): Promise<void> {
    await this.#evaluate(ABANDON, this.#notification(key), [owner]);
  }

  async get(key: string): Promise<string | null> {
    const value = await this.#evaluate(GET, this.#certificates(key), []);
    // A client may be configured to return bytes.
    if (value instanceof Uint8Array) return new TextDecoder().decode(value);
    return typeof value === 'string' ? value : null;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.#evaluate(SET, this.#certificates(key), [value, String(milliseconds('ttlSeconds', ttlSeconds))]);
  }

  #notification(key: string): string {
    return `${this.#prefix}notification:${key}`;
  }

  #certificates(key: string): string {
    return `${this.#prefix}certificates:${key}`;
  }
}

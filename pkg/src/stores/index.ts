/**
 * Stores for notifications and certificates: `wechatpay-presign/stores`.
 *
 * Pass in the database client you already have; this package depends on none of them.
 *
 * | store | of | notifications | certificates |
 * | --- | --- | --- | --- |
 * | {@link memoryStore} | this process (the default) | yes | yes |
 * | {@link redisStore} | Redis, by `redis` or `ioredis` | yes | yes |
 * | {@link durableObjectStore} | Cloudflare Durable Objects | yes | yes |
 * | {@link d1Store} | Cloudflare D1 | yes | yes |
 * | {@link denoKvStore} | Deno KV | yes | yes |
 * | {@link kvCertificateStore} | Cloudflare KV | no: KV is not atomic | yes |
 *
 * @module wechatpay-presign/stores
 */

export type { KvNamespaceLike } from './cloudflare-kv.js';
export { kvCertificateStore } from './cloudflare-kv.js';
export type { D1DatabaseLike, D1StatementLike } from './d1.js';
export { d1Migration, d1Store } from './d1.js';
export type { DenoKvAtomicLike, DenoKvLike } from './deno-kv.js';
export { denoKvStore } from './deno-kv.js';
export type { DurableObjectNamespaceLike, DurableObjectStateLike } from './durable-object.js';
export { durableObjectStore, NotificationObject } from './durable-object.js';
export type { MemoryStoreOptions } from './memory.js';
export { memoryStore } from './memory.js';
export type { IoredisClient, NodeRedisClient, RedisStoreOptions } from './redis.js';
export { redisStore } from './redis.js';
export type { CertificateStore, ClockOptions, NotificationStore, Store } from './types.js';

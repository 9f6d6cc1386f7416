// Code that must or must not compile, with the types of the databases' own clients. tsc checks it; it never runs.
import type { D1Database, DurableObjectNamespace, DurableObjectState, KVNamespace } from '@cloudflare/workers-types';
import type { Cluster, Redis } from 'ioredis';
import type { createClient, createClientPool, createCluster } from 'redis';
import {
  type CertificateStore,
  d1Store,
  denoKvStore,
  durableObjectStore,
  kvCertificateStore,
  memoryStore,
  NotificationObject,
  type NotificationStore,
  redisStore,
} from 'wechatpay-presign/stores';

declare const nodeRedis: ReturnType<typeof createClient>;
declare const pool: ReturnType<typeof createClientPool>;
declare const nodeRedisCluster: ReturnType<typeof createCluster>;
declare const ioredis: Redis;
declare const cluster: Cluster;
declare const objects: DurableObjectNamespace;
declare const state: DurableObjectState;
declare const database: D1Database;
declare const kv: KVNamespace;

// ---- The database clients and bindings that users pass ----

export const stores: (NotificationStore & CertificateStore)[] = [
  memoryStore(),
  memoryStore({ maxEntries: 10 }),
  redisStore(nodeRedis),
  redisStore(pool),
  redisStore(nodeRedisCluster),
  redisStore(ioredis, { prefix: 'shop:' }),
  redisStore(cluster),
  durableObjectStore(objects),
  d1Store(database),
];
export const certificateStore: CertificateStore = kvCertificateStore(kv);
export const object = new NotificationObject(state, {});

// ---- Cloudflare KV cannot keep notifications ----

// @ts-expect-error: its store has no begin, complete and abandon
export const notificationsInKv: NotificationStore = kvCertificateStore(kv);
// @ts-expect-error: neither has KV itself
export const kvItself: NotificationStore = kv;

// ---- Other mistakes ----

// @ts-expect-error: a URL is not a client
redisStore('redis://localhost');
// @ts-expect-error: KV is not a Durable Object
durableObjectStore(kv);
// @ts-expect-error: D1 is not KV
kvCertificateStore(database);
// @ts-expect-error: Redis is not Deno KV
denoKvStore(ioredis);
// @ts-expect-error: Redis has its own clock
redisStore(ioredis, { now: () => 0 });
export const setIfAbsent: NotificationStore = {
  // @ts-expect-error: begin does not resolve to "OK" or null
  begin: (key: string) => nodeRedis.set(key, '1', { NX: true }),
  complete: async () => {},
  abandon: async () => {},
};

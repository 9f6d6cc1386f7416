import { configFromEnv, createClient } from 'wechatpay-presign';
import { memoryStore } from 'wechatpay-presign/stores';

/** @type {import('wechatpay-presign').Client | undefined} */
let client;

/** The client, made by the first request: `next build` loads the routes too, and has no environment variables. */
export function wechatPay() {
  client ??= createClient({
    ...configFromEnv(process.env),
    // For one process. Several processes need a shared store, such as redisStore(redis).
    notifications: { store: memoryStore(), onError: (error) => console.error(error) },
  });
  return client;
}

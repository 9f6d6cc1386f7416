/** A Deno server with the store of Deno KV, to be called over HTTP. */
import { denoKvStore } from 'wechatpay-presign/stores';
import { serveStores } from './remote.js';

/** How far the clock is ahead, in milliseconds. */
let ahead = 0;
const now = () => Date.now() + ahead;

const { Deno } = /** @type {any} */ (globalThis);
const kv = await Deno.openKv(':memory:');
const test = {
  async advance(/** @type {number} */ seconds) {
    ahead += seconds * 1000;
  },
};
const stores = { test, denoKv: denoKvStore(kv, { now }) };
Deno.serve({ hostname: '127.0.0.1', port: 0 }, (/** @type {Request} */ request) => serveStores(stores, request));

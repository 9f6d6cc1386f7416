/** A Worker with one client in its global scope and one in its handler. It counts the calls of WebCrypto. */
// @ts-expect-error: a module of workerd
import { env } from 'cloudflare:workers';
import { createClient } from 'wechatpay-presign';

/** @type {string[]} */
const calls = [];

const { subtle } = crypto;
for (const name of /** @type {const} */ (['importKey', 'sign', 'verify'])) {
  const method = /** @type {any} */ (subtle[name]).bind(subtle);
  Object.defineProperty(subtle, name, {
    value: (/** @type {any[]} */ ...args) => {
      calls.push(name);
      if (env.fails) throw new Error('WebCrypto fails');
      return method(...args);
    },
  });
}

const config = JSON.parse(env.config);
/** @type {Record<string, import('wechatpay-presign').Client>} */
const clients = { global: createClient(config) };

export default {
  /** @param {Request} request */
  async fetch(request) {
    const name = new URL(request.url).pathname.slice(1);
    const before = calls.splice(0);
    clients[name] ??= createClient(config);
    const made = calls.splice(0);
    const result = await clients[name].presign(await request.json());
    return Response.json({ before, made, during: calls.splice(0), mchid: result.mchid });
  },
};

// The client is made in the handler, by the first request.
import { makeClient, presign } from './presigns.js';

/** @type {import('wechatpay-presign').Client | undefined} */
let client;

export default {
  /** @param {Request} _asked @param {any} env */
  fetch(_asked, env) {
    client ??= makeClient(env);
    return presign(client);
  },
};

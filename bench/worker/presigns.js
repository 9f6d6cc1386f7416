// What both workers share: the whole job, with a response that was signed before.
import { createClient } from 'wechatpay-presign';
import { params } from './params.js';

let authorization = '';

/** @param {any} env */
export function makeClient({ KEY, ID, PUBLIC_KEY, RESPONSE }) {
  return createClient({
    mchid: '1900000100',
    serial: '5F1C',
    privateKey: KEY,
    certs: { [ID]: PUBLIC_KEY },
    retries: 0,
    fetch: async (/** @type {any} */ _url, /** @type {any} */ { headers }) => {
      authorization = headers.Authorization;
      const response = JSON.parse(RESPONSE);
      return new Response(response.body, response);
    },
  });
}

/** @param {import('wechatpay-presign').Client} client */
export async function presign(client) {
  const { mchid } = await client.presign(params);
  return new Response(`${authorization} ${mchid}`);
}

// What both workers share: the whole job, with a response that was signed before.
import { createClient } from 'wechatpay-presign';

const params = {
  appid: 'wxcbda96de0b165486',
  service_id: 1234,
  out_contract_code: '100001256',
  notify_url: 'https://yoursite.com/wxpay.html',
  contract_display_account: '张三',
  prepay_id: 'wx201410272009395522657a690389285100',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
};

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

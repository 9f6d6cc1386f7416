// The whole client, signing with the host's cryptography. The response is the Authorization it would send.
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

export default {
  /**
   * @param {Request} _asked
   * @param {{ KEY: string, CERT: string }} env
   */
  async fetch(_asked, { KEY, CERT }) {
    let Authorization = '';
    const client = createClient({
      mchid: '1900000100',
      serial: '5F1C',
      privateKey: KEY,
      certs: { PUB_KEY_ID_01: CERT },
      retries: 0,
      fetch: async (/** @type {any} */ _url, /** @type {any} */ init) => {
        Authorization = new Headers(init.headers).get('Authorization') ?? '';
        throw new Error('that is all');
      },
    });
    await client.presign(params).catch(() => undefined);
    return new Response(Authorization);
  },
};

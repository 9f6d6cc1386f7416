// Bun: bun server.js
import { createClient } from 'wechatpay-presign';

const client = createClient({
  mchid: Bun.env.WECHATPAY_MCHID,
  serial: Bun.env.WECHATPAY_SERIAL,
  privateKey: Bun.env.WECHATPAY_PRIVATE_KEY,
  certs: { [Bun.env.WECHATPAY_PUBLIC_KEY_ID]: Bun.env.WECHATPAY_PUBLIC_KEY },
  apiV3Key: Bun.env.WECHATPAY_API_V3_KEY,
  baseUrl: Bun.env.WECHATPAY_BASE_URL,
  notifications: { onError: (error) => console.error(error.code, error.message) },
});
const appid = Bun.env.WECHATPAY_APPID;
const service_id = Number(Bun.env.WECHATPAY_SERVICE_ID);
const notify_url = Bun.env.WECHATPAY_NOTIFY_URL;

export default {
  fetch: async (request) => {
    if (new URL(request.url).pathname === '/notification') return client.notifications.handle(request, onContract);
    if (request.method !== 'POST') return new Response('POST an order', { status: 405 });
    const order = await request.json().catch(() => undefined);
    if (typeof order?.prepay_id !== 'string')
      return Response.json({ message: 'the order is not JSON with a prepay_id' }, { status: 400 });
    return Response.json({ offered: await isOffered(order) });
  },
};

/**
 * Called after the user has signed. If it throws, WeChat Pay sends the notification again.
 * @param {import('wechatpay-presign').Notification} notification
 */
async function onContract({ id, event_type, resource }) {
  console.log(id, event_type, resource.out_contract_code);
}

/**
 * Reports whether the user can be offered the contract. If anything fails, the payment goes on without it.
 * @param {Pick<import('wechatpay-presign').PresignParams, 'out_contract_code' | 'contract_display_account' | 'prepay_id' | 'openid'>} order
 */
async function isOffered({ out_contract_code, contract_display_account, prepay_id, openid }) {
  try {
    const params = { appid, service_id, notify_url, out_contract_code, contract_display_account, prepay_id, openid };
    await client.presign(params, { timeoutMs: 1000, retries: 0 });
    return true;
  } catch (error) {
    console.error(error.code, error.message, error.requestId);
    return false;
  }
}

// A Cloudflare Worker: POST /presign before the user pays, and POST /notification for WeChat Pay.
import { env } from 'cloudflare:workers';
import { createClient } from 'wechatpay-presign';
import { takeNotification } from './notification.js';

export { NotificationObject } from 'wechatpay-presign/stores';

// In the global scope the client warms itself up, so the first request takes less CPU time.
const client = createClient({
  mchid: env.WECHATPAY_MCHID,
  serial: env.WECHATPAY_SERIAL,
  privateKey: env.WECHATPAY_PRIVATE_KEY,
  certs: { [env.WECHATPAY_PUBLIC_KEY_ID]: env.WECHATPAY_PUBLIC_KEY },
  apiV3Key: env.WECHATPAY_API_V3_KEY,
  baseUrl: env.WECHATPAY_BASE_URL,
});

export default {
  /**
   * @param {Request} request
   * @param {unknown} _env
   * @param {{ waitUntil(work: Promise<unknown>): void }} context
   */
  async fetch(request, _env, context) {
    const route = `${request.method} ${new URL(request.url).pathname}`;
    if (route === 'POST /presign') return presign(request);
    if (route === 'POST /notification') return takeNotification(client, request, env, context);
    return new Response('not found', { status: 404 });
  },
};

/**
 * Reports whether the user can be offered the contract. If anything fails, the payment goes on without it.
 * @param {Request} request
 */
async function presign(request) {
  const order = await request.json().catch(() => undefined);
  if (typeof order?.prepay_id !== 'string')
    return Response.json({ message: 'the order is not JSON with a prepay_id' }, { status: 400 });
  const { out_contract_code, contract_display_account, prepay_id, openid } = order;
  try {
    const service_id = Number(env.WECHATPAY_SERVICE_ID);
    const [appid, notify_url] = [env.WECHATPAY_APPID, env.WECHATPAY_NOTIFY_URL];
    const params = { appid, service_id, notify_url, out_contract_code, contract_display_account, prepay_id, openid };
    await client.presign(params, { timeoutMs: 1000, retries: 0 });
    return Response.json({ offered: true });
  } catch (error) {
    console.error(error.code, error.message, error.requestId);
    return Response.json({ offered: false });
  }
}

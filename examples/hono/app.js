// Hono, on any runtime: its adapters take this export.
import { Hono } from 'hono';
import { createClient } from 'wechatpay-presign';

const client = createClient({
  mchid: process.env.WECHATPAY_MCHID,
  serial: process.env.WECHATPAY_SERIAL,
  privateKey: process.env.WECHATPAY_PRIVATE_KEY,
  certs: { [process.env.WECHATPAY_PUBLIC_KEY_ID]: process.env.WECHATPAY_PUBLIC_KEY },
  apiV3Key: process.env.WECHATPAY_API_V3_KEY,
  baseUrl: process.env.WECHATPAY_BASE_URL,
  notifications: { onError: (error) => console.error(error.code, error.message) },
});
const appid = process.env.WECHATPAY_APPID;
const service_id = Number(process.env.WECHATPAY_SERVICE_ID);
const notify_url = process.env.WECHATPAY_NOTIFY_URL;

const app = new Hono();

app.post('/presign', async (context) => {
  const order = await context.req.json().catch(() => undefined);
  if (typeof order?.prepay_id !== 'string')
    return context.json({ message: 'the order is not JSON with a prepay_id' }, 400);
  return context.json({ offered: await isOffered(order) });
});

app.post('/notification', ({ req }) => client.notifications.handle(req.raw, onContract));

export default app;

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

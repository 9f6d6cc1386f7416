// Hono on Cloudflare Workers. Without a public key of WeChat Pay in the configuration, its certificates are downloaded and
// kept in KV. D1 remembers the notifications.
import { env, waitUntil } from 'cloudflare:workers';
import { Hono } from 'hono';
import { configFromEnv, createClient } from 'wechatpay-presign';
import { d1Store, kvCertificateStore } from 'wechatpay-presign/stores';

const client = createClient({
  ...configFromEnv(env),
  certificateStore: kvCertificateStore(env.CERTIFICATES),
  notifications: { store: d1Store(env.DATABASE), onError: (error) => console.error(error) },
  waitUntil,
});
const { WECHATPAY_APPID: appid, WECHATPAY_NOTIFY_URL: notify_url } = env;
const service_id = Number(env.WECHATPAY_SERVICE_ID);

const app = new Hono();

app.post('/presign', async (context) => {
  const order = await context.req.json().catch(() => undefined);
  if (typeof order?.prepay_id !== 'string')
    return context.json({ message: 'the order is not JSON with a prepay_id' }, 400);
  const offered = await isOffered(order);
  // The user's client passes these to wx.requestPayment, with or without an offer.
  const payment = await client.paymentParams({ appId: appid, prepay_id: order.prepay_id }, 'jsapi');
  return context.json({ offered, payment });
});

// WeChat Pay hangs up after 5 seconds, and waitUntil lets the work go on.
app.post('/notification', ({ req }) => client.notifications.handle(req.raw, onNotification, { waitUntil }));

export default app;

/**
 * Called after the user has signed or paid. If it throws, WeChat Pay sends the notification again.
 * @param {import('wechatpay-presign').Notification} notification
 */
async function onNotification({ id, event_type }) {
  console.log(id, event_type);
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

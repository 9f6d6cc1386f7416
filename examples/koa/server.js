// Koa: node --env-file=.env server.js
import { json } from 'node:stream/consumers';
import Koa from 'koa';
import { configFromEnv, createClient, sendResponse } from 'wechatpay-presign';
import { memoryStore } from 'wechatpay-presign/stores';

const client = createClient({
  ...configFromEnv(process.env),
  // For one process. Several processes need a shared store, such as redisStore(redis).
  notifications: { store: memoryStore(), onError: (error) => console.error(error) },
});
const appid = process.env.WECHATPAY_APPID;
const service_id = Number(process.env.WECHATPAY_SERVICE_ID);
const notify_url = process.env.WECHATPAY_NOTIFY_URL;

const app = new Koa();

// Before any body parser: WeChat Pay signs the raw body.
app.use(async (ctx, next) => {
  if (ctx.path !== '/notification') return next();
  const received = { headers: ctx.headers, body: ctx.req };
  await sendResponse(ctx.res, await client.notifications.handle(received, onNotification));
});

app.use(async (ctx) => {
  ctx.assert(ctx.path === '/presign', 404);
  ctx.assert(ctx.method === 'POST', 405);
  const order = await json(ctx.req).catch(() => undefined);
  ctx.assert(typeof order?.prepay_id === 'string', 400, 'the order is not JSON with a prepay_id');
  const offered = await isOffered(order);
  // The user's client passes these to wx.requestPayment, with or without an offer.
  ctx.body = { offered, payment: await client.paymentParams({ appId: appid, prepay_id: order.prepay_id }, 'jsapi') };
});

const server = app.listen(process.env.PORT ?? 3000, () => console.log(`http://localhost:${server.address().port}`));

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

// Fastify: node --env-file=.env server.js
import fastify from 'fastify';
import { configFromEnv, createClient, sendResponse } from 'wechatpay-presign';
import { memoryStore } from 'wechatpay-presign/stores';

const app = fastify({ logger: true });
const client = createClient({
  ...configFromEnv(process.env),
  // For one process. Several processes need a shared store, such as redisStore(redis).
  notifications: { store: memoryStore(), onError: (error) => app.log.error(error) },
});
const appid = process.env.WECHATPAY_APPID;
const service_id = Number(process.env.WECHATPAY_SERVICE_ID);
const notify_url = process.env.WECHATPAY_NOTIFY_URL;

// A separate scope that leaves bodies unparsed, because WeChat Pay signs the raw body.
app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.post('/notification', async (request, reply) => {
    reply.hijack();
    await sendResponse(reply.raw, await client.notifications.handle(request, onNotification));
  });
});

app.post('/presign', async ({ body: order }, reply) => {
  if (typeof order?.prepay_id !== 'string')
    return reply.code(400).send({ message: 'the order is not JSON with a prepay_id' });
  const offered = await isOffered(order);
  // The user's client passes these to wx.requestPayment, with or without an offer.
  return { offered, payment: await client.paymentParams({ appId: appid, prepay_id: order.prepay_id }, 'jsapi') };
});

await app.listen({ port: Number(process.env.PORT ?? 3000) });

/**
 * Called after the user has signed or paid. If it throws, WeChat Pay sends the notification again.
 * @param {import('wechatpay-presign').Notification} notification
 */
async function onNotification({ id, event_type }) {
  app.log.info({ id, event_type }, 'notification');
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
    app.log.error(error, 'the contract is not offered');
    return false;
  }
}

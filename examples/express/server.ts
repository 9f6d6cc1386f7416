// Express 5, in strict TypeScript, with Redis: REDIS_URL=redis://… node --env-file=.env server.ts
import express, { type ErrorRequestHandler } from 'express';
import { createClient as createRedis } from 'redis';
import type { Notification, PresignParams } from 'wechatpay-presign';
import { configFromEnv, createClient, isWechatPayError, sendResponse } from 'wechatpay-presign';
import { redisStore } from 'wechatpay-presign/stores';

type Order = Pick<PresignParams, 'out_contract_code' | 'contract_display_account' | 'prepay_id' | 'openid'>;

const { WECHATPAY_APPID: appid = '', WECHATPAY_NOTIFY_URL: notify_url = '', REDIS_URL: url = '' } = process.env;
const service_id = Number(process.env['WECHATPAY_SERVICE_ID']);

const redis = await createRedis({ url }).connect();
const client = createClient({
  ...configFromEnv(process.env),
  // Shared by all processes, so that each notification is handled once.
  notifications: { store: redisStore(redis), onError: (error) => console.error(error) },
});

const app = express();

// The raw body, because WeChat Pay signs it.
app.post('/notification', express.raw({ type: 'application/json' }), async (request, response) => {
  await sendResponse(response, await client.notifications.handle(request, onNotification));
});

app.post('/presign', express.json(), async ({ body }, response) => {
  if (!isOrder(body)) return void response.status(400).json({ message: 'the order is not JSON with a prepay_id' });
  const offered = await isOffered(body);
  // The user's client passes these to wx.requestPayment, with or without an offer.
  response.json({ offered, payment: await client.paymentParams({ appId: appid, prepay_id: body.prepay_id }, 'jsapi') });
});

const answerBadRequest: ErrorRequestHandler = (error: { status?: number }, _request, response, _next) => {
  if (error.status === undefined) console.error(error);
  response.status(error.status ?? 500).json({ message: 'the request failed' });
};
app.use(answerBadRequest);

const server = app.listen(Number(process.env['PORT'] ?? 3000), () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://localhost:${address?.port}`);
});

/** Called after the user has signed or paid. If it throws, WeChat Pay sends the notification again. */
async function onNotification({ id, event_type }: Notification): Promise<void> {
  console.log(id, event_type);
}

/** Reports whether the user can be offered the contract. If anything fails, the payment goes on without it. */
async function isOffered({ out_contract_code, contract_display_account, prepay_id, openid }: Order): Promise<boolean> {
  try {
    const params = { appid, service_id, notify_url, out_contract_code, contract_display_account, prepay_id, openid };
    await client.presign(params, { timeoutMs: 1000, retries: 0 });
    return true;
  } catch (error) {
    if (isWechatPayError(error)) console.error(error.code, error.message, error.requestId);
    return false;
  }
}

/** Only the fields used here; `client.presign` checks every field. */
function isOrder(body: unknown): body is Order {
  return typeof body === 'object' && body !== null && 'prepay_id' in body && typeof body.prepay_id === 'string';
}

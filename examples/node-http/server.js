// Node.js: node --env-file=.env server.js
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { createClient, sendResponse } from 'wechatpay-presign';

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

const server = createServer(async (request, response) => {
  if (request.url === '/notification') {
    const received = { headers: request.headers, body: request };
    return sendResponse(response, await client.notifications.handle(received, onContract));
  }
  const answer = (/** @type {number} */ status, /** @type {object} */ content) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  if (request.method !== 'POST') return answer(405, { message: 'POST an order' });
  const order = await json(request).catch(() => undefined);
  if (typeof order?.prepay_id !== 'string') return answer(400, { message: 'the order is not JSON with a prepay_id' });
  return answer(200, { offered: await isOffered(order) });
});
server.listen(process.env.PORT ?? 3000, () => console.log(`http://localhost:${server.address().port}`));

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

// AWS Lambda, behind a function URL or an HTTP API (payload format 2.0).
import { createClient } from 'wechatpay-presign';
import { onContract } from './notification.js';

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

/** @param {{ rawPath?: string, headers?: Record<string, string>, body?: string, isBase64Encoded: boolean }} event */
export async function handler({ rawPath, headers = {}, body = '', isBase64Encoded }) {
  const raw = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (rawPath === '/notification') {
    const response = await client.notifications.handle({ headers, body: raw }, onContract);
    return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  }
  const order = parse(raw.toString());
  if (typeof order?.prepay_id !== 'string') return answer(400, { message: 'the order is not JSON with a prepay_id' });
  return answer(200, { offered: await isOffered(order) });
}

/** @param {string} json */
function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** @param {number} statusCode @param {object} content */
function answer(statusCode, content) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
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

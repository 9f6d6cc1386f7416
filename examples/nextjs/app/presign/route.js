import { wechatPay } from '../../lib/wechatpay.js';

/** @param {Request} request */
export async function POST(request) {
  const order = await request.json().catch(() => undefined);
  if (typeof order?.prepay_id !== 'string')
    return Response.json({ message: 'the order is not JSON with a prepay_id' }, { status: 400 });
  const offered = await isOffered(order);
  // The user's client passes these to wx.requestPayment, with or without an offer.
  const { prepay_id } = order;
  const payment = await wechatPay().paymentParams({ appId: process.env.WECHATPAY_APPID, prepay_id }, 'jsapi');
  return Response.json({ offered, payment });
}

/**
 * Reports whether the user can be offered the contract. If anything fails, the payment goes on without it.
 * @param {Pick<import('wechatpay-presign').PresignParams, 'out_contract_code' | 'contract_display_account' | 'prepay_id' | 'openid'>} order
 */
async function isOffered({ out_contract_code, contract_display_account, prepay_id, openid }) {
  const appid = process.env.WECHATPAY_APPID;
  const service_id = Number(process.env.WECHATPAY_SERVICE_ID);
  const notify_url = process.env.WECHATPAY_NOTIFY_URL;
  try {
    const params = { appid, service_id, notify_url, out_contract_code, contract_display_account, prepay_id, openid };
    await wechatPay().presign(params, { timeoutMs: 1000, retries: 0 });
    return true;
  } catch (error) {
    console.error(error.code, error.message, error.requestId);
    return false;
  }
}

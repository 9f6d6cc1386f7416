/**
 * The job of every project: makes one signature, and verifies one response.
 * @param {typeof import('wechatpay-presign')} w
 * @param {Input} input
 *
 * @typedef {object} Input
 * @property {import('wechatpay-presign').SignableRequest} request
 * @property {import('wechatpay-presign').Merchant} merchant
 * @property {import('wechatpay-presign').ReceivedResponse} response
 * @property {import('wechatpay-presign').VerificationPolicy} trust
 * @property {number} now
 */
export function job(w, { request, merchant, response, trust, now }) {
  const Authorization = w.signAuthorization(request, merchant, { timestamp: now, nonce: 'NONCE' });
  return JSON.stringify({ Authorization, data: w.verifyResponse(response, trust, { now }) });
}

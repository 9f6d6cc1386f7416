// Other packages doing the whole job: building and signing the request, verifying and parsing the response. None of them has a
// method for this endpoint, and nothing is sent.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * @typedef {object} Job
 * @property {Awaited<ReturnType<typeof import('#testing/index.js').makeMerchant>>} merchant
 * @property {Record<string, string>} certs
 * @property {string} path
 * @property {{ appid: string } & Record<string, unknown>} params
 * @property {{ headers: Record<string, string>, body: string }} response
 */

/**
 * @param {Job} job
 * @returns {Record<string, () => Promise<unknown>>}
 */
export function peersOf(job) {
  return { 'wechatpay-axios-plugin': axiosPlugin(job), 'wechatpay-node-v3': nodeV3(job) };
}

/** @param {Job} job */
function axiosPlugin({ merchant, certs, path, params, response: { headers, body } }) {
  const { Wechatpay } = require('wechatpay-axios-plugin');
  const adapter = async (/** @type {any} */ config) => ({ status: 200, statusText: 'OK', headers, data: body, config });
  const wxpay = new Wechatpay({ ...merchant, certs, adapter });
  return () => wxpay.chain(path.slice(1)).post(params);
}

/**
 * It does not verify responses by itself: its users have to call verifySign, and so does this. The request goes through its method
 * for another endpoint, to its interface for HTTP clients.
 * @param {Job} job
 */
function nodeV3({ merchant, certs, params, response: { headers, body } }) {
  // Its types hide the members that verifying without the network needs.
  const WxPay = /** @type {any} */ (require('wechatpay-node-v3'));
  const wxpay = new WxPay({
    appid: params.appid,
    mchid: merchant.mchid,
    serial_no: merchant.serial,
    publicKey: Buffer.from(merchant.publicKey),
    privateKey: Buffer.from(merchant.privateKey),
  });
  WxPay.certificates = { ...certs };
  const signed = {
    timestamp: headers['wechatpay-timestamp'],
    nonce: headers['wechatpay-nonce'],
    serial: headers['wechatpay-serial'],
    signature: headers['wechatpay-signature'],
  };
  // As superagent serialises bodies.
  const post = async (/** @type {string} */ _url, /** @type {object} */ sent) => {
    JSON.stringify(sent);
    return { status: 200, data: JSON.parse(body) };
  };
  wxpay.createHttp({ post });
  return async () => {
    const { data } = await wxpay.profitsharing_return_orders(params);
    if (!(await wxpay.verifySign({ ...signed, body })))
      throw new Error('wechatpay-node-v3 does not accept the response');
    return data;
  };
}

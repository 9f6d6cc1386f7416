// Other packages doing the whole job: building and signing the request, verifying and parsing the response. None of them has a
// method for this endpoint.
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(import.meta.url);

/**
 * @typedef {object} Network
 * @property {string} [baseUrl]  a server that responds; without it, nothing is sent
 * @property {number} [delayMs]  the time that a response takes if nothing is sent
 */

/**
 * @param {import('./job.js').Job} job
 * @param {Network} [network]
 * @returns {Record<string, () => Promise<unknown>>}
 */
export function peersOf(job, network = {}) {
  return { 'wechatpay-axios-plugin': axiosPlugin(job, network), 'wechatpay-node-v3': nodeV3(job, network) };
}

/**
 * @param {import('./job.js').Job} job
 * @param {Network} network
 */
function axiosPlugin({ merchant, certs, path, params, response: { headers, body } }, { baseUrl, delayMs }) {
  const { Wechatpay } = require('wechatpay-axios-plugin');
  const adapter = async (/** @type {any} */ config) => {
    if (delayMs !== undefined) await sleep(delayMs);
    return { status: 200, statusText: 'OK', headers, data: body, config };
  };
  const transport = baseUrl === undefined ? { adapter } : { baseURL: `${baseUrl}/` };
  const wxpay = new Wechatpay({ ...merchant, certs, ...transport });
  return () => wxpay.chain(path.slice(1)).post(params);
}

/**
 * It does not verify responses by itself: users have to call verifySign, as this code does. The request goes through its method
 * for another endpoint, to its interface for HTTP clients; over a network, to the HTTP client that it uses.
 * @param {import('./job.js').Job} job
 * @param {Network} network
 */
function nodeV3({ merchant, certs, params, response: { headers, body } }, { baseUrl, delayMs }) {
  // Its types hide the members that are needed to verify without the network.
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
  const superagent = createRequire(require.resolve('wechatpay-node-v3'))('superagent');
  const post = async (/** @type {string} */ url, /** @type {object} */ sent, /** @type {object} */ others) => {
    if (baseUrl !== undefined) {
      const { status, body: data } = await superagent
        .post(baseUrl + new URL(url).pathname)
        .send(sent)
        .set(others);
      return { status, data };
    }
    // As superagent serialises and parses bodies.
    JSON.stringify(sent);
    if (delayMs !== undefined) await sleep(delayMs);
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

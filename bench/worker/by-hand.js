// The same work with WebCrypto alone, as short as it can be: no checks of fields, headers, times or errors.
import { params } from './params.js';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const PATH = '/v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign';

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
const ofBase64 = (/** @type {string} */ text) =>
  Uint8Array.from(atob(text), (character) => /** @type {number} */ (character.codePointAt(0)));
const derOf = (/** @type {string} */ pem) => ofBase64(pem.replace(/-----.+?-----|\s/g, ''));

/** @type {[CryptoKey, CryptoKey] | undefined} */
let keys;

export default {
  /**
   * @param {Request} _asked
   * @param {{ KEY: string, PUBLIC_KEY: string, RESPONSE: string }} env
   */
  async fetch(_asked, { KEY, PUBLIC_KEY, RESPONSE }) {
    const { subtle } = crypto;
    keys ??= await Promise.all([
      subtle.importKey('pkcs8', derOf(KEY), RSA, false, ['sign']),
      subtle.importKey('spki', derOf(PUBLIC_KEY), RSA, false, ['verify']),
    ]);
    const nonce = crypto.randomUUID();
    const timestamp = Math.floor(Date.now() / 1000);
    const message = utf8(`POST\n${PATH}\n${timestamp}\n${nonce}\n${JSON.stringify(params)}\n`);
    const signature = new Uint8Array(await subtle.sign(RSA.name, keys[0], message));
    const authorization = `WECHATPAY2-SHA256-RSA2048 signature="${btoa(String.fromCharCode(...signature))}"`;
    const { status, headers, body } = JSON.parse(RESPONSE);
    const received = new Response(body, { status, headers });
    const text = await received.text();
    const [at, by, sent] = ['timestamp', 'nonce', 'signature'].map((name) => received.headers.get(`wechatpay-${name}`));
    const isValid = await subtle.verify(RSA.name, keys[1], ofBase64(sent ?? ''), utf8(`${at}\n${by}\n${text}\n`));
    if (!isValid) throw new Error('the signature is wrong');
    return new Response(authorization + JSON.parse(text).out_contract_code);
  },
};

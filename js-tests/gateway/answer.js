/** Answers as WeChat sends them: signed with a platform key, whatever their status. */
import { createPrivateKey, KeyObject, sign } from 'node:crypto';

/**
 * @typedef {object} Platform
 * @property {string} serial  of a platform certificate, or a PUB_KEY_ID_… id
 * @property {string | KeyObject} privateKey
 *
 * @typedef {object} Content  what is to be said, not yet signed
 * @property {number} status
 * @property {string} code  "OK", or WeChat's error code
 * @property {string} message  "" when all is well
 * @property {string} body
 * @property {Record<string, string>} [headers]  beside those every answer has
 *
 * @typedef {object} Answer  what a transport is to deliver, and how
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {Buffer<ArrayBuffer>} body
 * @property {'whole' | 'cut' | 'reset'} [delivery]  cut: half of the body, then the end; reset: nothing at all
 * @property {number} [delayMs]
 */

/** @param {{ platforms: Platform[], now: () => number, nonce: () => string }} options */
export function createSealer({ platforms, now, nonce }) {
  const signers = platforms.map(({ serial, privateKey }) => ({
    serial,
    key: privateKey instanceof KeyObject ? privateKey : createPrivateKey(privateKey),
  }));
  const [defaultSigner] = signers;
  if (!defaultSigner) throw new TypeError('the gateway needs a platform key to sign its answers with');
  let answered = 0;

  /** @param {string | undefined} wanted  the request's Wechatpay-Serial */
  const signerFor = (wanted = '') => signers.find(({ serial }) => sameSerial(serial, wanted)) ?? defaultSigner;

  /**
   * @param {Content} content
   * @param {string | undefined} wantedSerial
   * @param {number} ageSeconds  how long ago the answer claims to have been signed; negative for the future
   * @returns {Answer}
   */
  function seal({ status, body, headers }, wantedSerial, ageSeconds) {
    const { serial, key } = signerFor(wantedSerial);
    const time = now();
    const timestamp = String(time - ageSeconds);
    const answerNonce = nonce();
    const signature = sign('sha256', Buffer.from(`${timestamp}\n${answerNonce}\n${body}\n`), key);
    return {
      status,
      headers: {
        Date: httpDate(time),
        'Content-Type': 'application/json; charset=utf-8',
        ...contentLength(status, body),
        'Request-ID': requestId(time, ++answered, status),
        'Wechatpay-Timestamp': timestamp,
        'Wechatpay-Nonce': answerNonce,
        'Wechatpay-Signature': signature.toString('base64'),
        'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
        'Wechatpay-Serial': serial,
        ...headers,
      },
      body: Buffer.from(body),
    };
  }

  /**
   * What the machines in front of the API say when it is out of reach: no signature, no Request-ID.
   * @param {number} status
   * @param {string} type
   * @param {string} body
   * @returns {Answer}
   */
  function unsigned(status, type, body) {
    const headers = { Date: httpDate(now()), 'Content-Type': type, ...contentLength(status, body) };
    return { status, headers, body: Buffer.from(body) };
  }

  return { seal, unsigned };
}

/** @type {(a: string, b: string) => boolean}  tools differ on letter case and leading zeros */
const sameSerial = (a, b) => normalSerial(a) === normalSerial(b);
/** @param {string} serial */
const normalSerial = (serial) => serial.toUpperCase().replace(/^0+/, '');

/** @param {number} seconds */
const httpDate = (seconds) => new Date(seconds * 1000).toUTCString();

/**
 * @param {number} status  a 204 must not announce a length
 * @param {string} body
 */
const contentLength = (status, body) => status !== 204 && { 'Content-Length': String(Buffer.byteLength(body)) };

/**
 * Looks like a real one: hex, then a numeric error code, 0 when all is well. The other numbers are made up.
 * @param {number} seconds
 * @param {number} count
 * @param {number} status
 */
function requestId(seconds, count, status) {
  const hex = `08${seconds.toString(16).padStart(10, '0')}${count.toString(16).padStart(30, '0')}`.toUpperCase();
  return `${hex}-${status < 300 ? 0 : 268435456 + status}`;
}

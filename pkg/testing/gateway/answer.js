/** Answers as WeChat sends them: signed with a platform key, whatever their status. */
import { utf8 } from '../bytes.js';

/**
 * @typedef {import('../bytes.js').Bytes} Bytes
 *
 * @typedef {object} Content  what is to be said, not yet signed
 * @property {number} status
 * @property {string} code  "OK", or WeChat's error code
 * @property {string} message  "" when all is well
 * @property {string | Bytes} body
 * @property {Record<string, string>} [headers]  beside those every answer has
 *
 * @typedef {object} Answer  what a transport is to deliver, and how
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {Bytes} body
 * @property {'whole' | 'cut' | 'reset'} [delivery]  cut: half of the body, then the end; reset: nothing at all
 * @property {number} [delayMs]
 */

/**
 * @param {{ signer: import('./platform-signature.js').PlatformSigner, requestId: (status: number) => string,
 *   now: () => number }} options
 */
export function createSealer({ signer, requestId, now }) {
  /**
   * @param {Content} content
   * @param {string | undefined} wantedSerial  the request's Wechatpay-Serial
   * @param {number} ageSeconds  how long ago the answer claims to have been signed; negative for the future
   * @returns {Promise<Answer>}
   */
  async function seal({ status, body: said, headers }, wantedSerial, ageSeconds) {
    const body = typeof said === 'string' ? utf8(said) : said;
    return {
      status,
      headers: {
        Date: httpDate(now()),
        'Content-Type': 'application/json; charset=utf-8',
        ...contentLength(status, body),
        'Request-ID': requestId(status),
        ...(await signer.headers(body, wantedSerial, ageSeconds)),
        ...headers,
      },
      body,
    };
  }

  /**
   * What the machines in front of the API say when it is out of reach: no signature, no Request-ID.
   * @param {number} status
   * @param {string} type
   * @param {string} said
   * @returns {Answer}
   */
  function unsigned(status, type, said) {
    const body = utf8(said);
    return { status, headers: { Date: httpDate(now()), 'Content-Type': type, ...contentLength(status, body) }, body };
  }

  return { seal, unsigned };
}

/**
 * @param {object} said
 * @returns {Content}
 */
export const ok = (said) => ({ status: 200, code: 'OK', message: '', body: JSON.stringify(said) });

/** @param {number} seconds */
const httpDate = (seconds) => new Date(seconds * 1000).toUTCString();

/**
 * @param {number} status  a 204 must not announce a length
 * @param {Bytes} body
 */
const contentLength = (status, body) => status !== 204 && { 'Content-Length': String(body.length) };

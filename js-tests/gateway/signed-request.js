/** Requests to the gateway and its messages, signed, verified and decrypted with node:crypto only. */
import assert from 'node:assert/strict';
import { createDecipheriv, sign, verify } from 'node:crypto';

/**
 * @typedef {object} RequestOptions  `signedPath` and `signedBody` are signed in place of the path and body that are sent
 * @property {string} [method]
 * @property {string} [path]
 * @property {string} [signedPath]
 * @property {string | Buffer} [body]
 * @property {string | Buffer} [signedBody]
 * @property {(message: Buffer) => Buffer} [message]  changes the message before it is signed
 * @property {{ mchid: string, serial: string, privateKey: string }} [by]
 * @property {string} [serial]
 * @property {string | number} [timestamp]
 * @property {string} [nonce]
 * @property {(authorization: string) => string} [authorization]  changes the header
 * @property {(signature: string) => string} [signature]  changes the signature
 * @property {(message: Buffer, privateKey: string) => Buffer} [algorithm]  signs
 * @property {Record<string, string | undefined>} [headers]  undefined removes a header
 */

let nonces = 0;

/** @param {Required<Pick<RequestOptions, 'method' | 'path' | 'body' | 'by' | 'timestamp'>>} defaults */
export function requestMaker(defaults) {
  /** @param {RequestOptions} [options] */
  return ({
    method = defaults.method,
    path = defaults.path,
    signedPath = path,
    body = defaults.body,
    signedBody = body,
    message: change = (message) => message,
    by = defaults.by,
    serial = by.serial,
    timestamp = defaults.timestamp,
    nonce = `NONCE${++nonces}`,
    authorization = (header) => header,
    signature = (text) => text,
    algorithm = (message, privateKey) => sign('sha256', message, privateKey),
    headers = {},
  } = {}) => {
    const head = Buffer.from(`${method}\n${signedPath}\n${timestamp}\n${nonce}\n`);
    const message = change(Buffer.concat([head, Buffer.from(signedBody), Buffer.from('\n')]));
    const signed = signature(algorithm(message, by.privateKey).toString('base64'));
    /** @type {Record<string, string | undefined>} */
    const all = {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': 'gateway-test/1.0',
      authorization: authorization(
        `WECHATPAY2-SHA256-RSA2048 mchid="${by.mchid}",nonce_str="${nonce}",signature="${signed}",` +
          `timestamp="${timestamp}",serial_no="${serial}"`,
      ),
      ...headers,
    };
    /** @type {Record<string, string>} */
    const sent = {};
    for (const [name, value] of Object.entries(all)) if (value !== undefined) sent[name] = value;
    return { path, method, headers: sent, ...(method !== 'GET' && { body: /** @type {BodyInit} */ (body) }) };
  };
}

/**
 * @param {{ headers: Headers }} response
 * @param {string | Buffer} body
 * @param {{ publicKey: string | import('node:crypto').KeyObject }} key
 */
export function isSigned(response, body, { publicKey }) {
  const header = (/** @type {string} */ name) => response.headers.get(`wechatpay-${name}`) ?? '';
  const head = Buffer.from(`${header('timestamp')}\n${header('nonce')}\n`);
  const message = Buffer.concat([head, Buffer.from(body), Buffer.from('\n')]);
  return verify('sha256', message, publicKey, Buffer.from(header('signature'), 'base64'));
}

/**
 * @param {{ algorithm: string, nonce: string, associated_data: string, ciphertext: string }} encrypted
 * @param {string} apiV3Key
 */
export function decrypt({ algorithm, nonce, associated_data, ciphertext }, apiV3Key) {
  assert.deepEqual([algorithm, nonce.length], ['AEAD_AES_256_GCM', 12]);
  const bytes = Buffer.from(ciphertext, 'base64');
  assert.equal(bytes.toString('base64'), ciphertext);
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce);
  decipher.setAAD(Buffer.from(associated_data)).setAuthTag(bytes.subarray(-16));
  return decipher.update(bytes.subarray(0, -16)).toString() + decipher.final().toString();
}

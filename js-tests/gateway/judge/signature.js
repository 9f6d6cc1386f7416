/** The signature over a request: RSASSA-PKCS1-v1_5 with SHA-256. */
import { verify } from 'node:crypto';
import { Refusal } from '../refusal.js';

/** How much of the body WeChat shows when it disagrees with a signature. */
const SHOWN_BODY_BYTES = 8;

/**
 * @typedef {import('../index.js').GatewayRequest} GatewayRequest
 * @typedef {import('./authorization.js').Authorization} Authorization
 */

/**
 * @param {GatewayRequest} request
 * @param {Authorization} claim
 * @param {import('node:crypto').KeyObject} key
 */
export function checkSignature(request, claim, key) {
  // Node's decoder forgives what a stricter one refuses (other alphabets, missing padding): compare by encoding again.
  const bytes = Buffer.from(claim.signature, 'base64');
  const strict = bytes.toString('base64') === claim.signature;
  if (!strict || !verify('sha256', messageOf(request, claim), key, bytes)) throw mismatch(request, claim);
}

/**
 * The refusal that shows the message WeChat computed.
 * @param {GatewayRequest} request
 * @param {Authorization} claim
 */
export function mismatch(request, claim) {
  const { method, path, body } = request;
  // "stream" leaves out a character the cut goes through.
  const shownBody = new TextDecoder().decode(body.subarray(0, SHOWN_BODY_BYTES), { stream: true });
  return new Refusal(401, 'SIGN_ERROR', '错误的签名，验签失败', {
    field: 'signature',
    location: 'authorization',
    detail: { issue: 'sign not match' },
    sign_information: {
      method,
      url: path,
      truncated_sign_message: `${headOf(request, claim)}${shownBody}\n`,
      sign_message_length: messageOf(request, claim).length,
    },
  });
}

/** @type {(request: GatewayRequest, claim: Authorization) => string} */
const headOf = ({ method, path }, { timestamp, nonce_str }) => `${method}\n${path}\n${timestamp}\n${nonce_str}\n`;

/** @type {(request: GatewayRequest, claim: Authorization) => Buffer} */
function messageOf(request, claim) {
  // Node reads the bytes of a request line as Latin-1; this gives them back.
  return Buffer.concat([Buffer.from(headOf(request, claim), 'latin1'), request.body, Buffer.from('\n')]);
}

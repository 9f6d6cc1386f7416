/** The signature over a request: RSASSA-PKCS1-v1_5 with SHA-256. */
import { concat, fromBase64, latin1, utf8 } from '../../bytes.js';
import { RSA } from '../../keys.js';
import { Refusal } from '../refusal.js';

/** How much of the body WeChat shows when it disagrees with a signature. */
const SHOWN_BODY_BYTES = 8;

/**
 * @typedef {import('../gateway.js').GatewayRequest} GatewayRequest
 * @typedef {import('./authorization.js').Authorization} Authorization
 */

/**
 * @param {GatewayRequest} request
 * @param {Authorization} claim
 * @param {CryptoKey} key
 */
export async function checkSignature(request, claim, key) {
  const signature = fromBase64(claim.signature);
  const message = messageOf(request, claim);
  const isRight = signature && (await crypto.subtle.verify(RSA.name, key, signature, message));
  if (!isRight) throw mismatch(request, claim);
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

/** @type {(request: GatewayRequest, claim: Authorization) => Uint8Array<ArrayBuffer>} */
function messageOf(request, claim) {
  // Node reads the bytes of a request line as Latin-1; this gives them back.
  return concat(latin1(headOf(request, claim)), request.body, utf8('\n'));
}

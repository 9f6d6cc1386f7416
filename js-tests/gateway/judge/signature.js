/** The signature over a request: RSASSA-PKCS1-v1_5 with SHA-256. */
import { verify } from 'node:crypto';
import { Refusal } from '../refusal.js';

/** How much of the body WeChat shows when it disagrees with a signature. */
const SHOWN_BODY_BYTES = 8;

/**
 * @param {import('../index.js').GatewayRequest} request
 * @param {import('./authorization.js').Authorization} claim
 * @param {import('node:crypto').KeyObject} key
 */
export function checkSignature({ method, path, body }, { timestamp, nonce_str, signature }, key) {
  const head = `${method}\n${path}\n${timestamp}\n${nonce_str}\n`;
  // Node reads the bytes of a request line as Latin-1; this gives them back.
  const message = Buffer.concat([Buffer.from(head, 'latin1'), body, Buffer.from('\n')]);

  // Node's decoder forgives what a stricter one refuses (other alphabets, missing padding): compare by encoding again.
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') === signature && verify('sha256', message, key, bytes)) return;

  // "stream" leaves out a character the cut goes through.
  const shownBody = new TextDecoder().decode(body.subarray(0, SHOWN_BODY_BYTES), { stream: true });
  throw new Refusal(401, 'SIGN_ERROR', '错误的签名，验签失败', {
    field: 'signature',
    location: 'authorization',
    detail: { issue: 'sign not match' },
    sign_information: {
      method,
      url: path,
      truncated_sign_message: `${head}${shownBody}\n`,
      sign_message_length: message.length,
    },
  });
}

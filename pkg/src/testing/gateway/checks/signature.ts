/** Verifies the signature of a request: RSASSA-PKCS1-v1_5 with SHA-256. */
import { type Bytes, concat, fromBase64, latin1, utf8 } from '../../bytes.js';
import { RSA } from '../../keys.js';
import type { GatewayRequest } from '../gateway.js';
import { Rejection, type RejectionExplanation } from '../rejection.js';
import type { Authorization } from './authorization.js';

/** When a signature does not match, WeChat shows at most this many bytes of the body. */
const SHOWN_BODY_BYTES = 8;

export async function isSignedBy(
  key: CryptoKey,
  request: GatewayRequest,
  authorization: Authorization,
): Promise<boolean> {
  const signature = fromBase64(authorization.signature);
  return signature !== undefined && crypto.subtle.verify(RSA.name, key, signature, messageOf(request, authorization));
}

/** The rejection that shows the message WeChat computed. */
export function signatureMismatch(
  request: GatewayRequest,
  authorization: Authorization,
  explanation: RejectionExplanation,
): Rejection {
  const { method, path, body } = request;
  // With "stream", an incomplete character at the end is left out.
  const shownBody = new TextDecoder().decode(body.subarray(0, SHOWN_BODY_BYTES), { stream: true });
  const detail = {
    field: 'signature',
    location: 'authorization',
    detail: { issue: 'sign not match' },
    sign_information: {
      method,
      url: path,
      truncated_sign_message: `${headOf(request, authorization)}${shownBody}\n`,
      sign_message_length: messageOf(request, authorization).length,
    },
  };
  return new Rejection(401, 'SIGN_ERROR', '错误的签名，验签失败', detail, explanation);
}

const headOf = ({ method, path }: GatewayRequest, { timestamp, nonce_str }: Authorization): string =>
  `${method}\n${path}\n${timestamp}\n${nonce_str}\n`;

/** The message that the caller has to sign. */
export function messageOf(request: GatewayRequest, authorization: Authorization): Bytes {
  // Node reads the request line as Latin-1, so this restores its bytes.
  return concat(latin1(headOf(request, authorization)), request.body, utf8('\n'));
}

// Verifying an answer.
import { asObject, fieldsOf } from './arguments.js';
import { pack, packBody, packHeaders } from './crossing.js';
import { call } from './instance.js';
import { packPlatformKeys } from './keys.js';

/**
 * @param {unknown} response
 * @param {unknown} trust
 * @param {unknown} [options]
 */
export function verifyResponse(response, trust, options = {}) {
  return judgeResponse(response, trust, options);
}

/**
 * The same, where somebody else has looked at the signature.
 * @param {unknown} response
 * @param {unknown} trust
 * @param {unknown} options
 * @param {boolean} [verdict]
 */
export function judgeResponse(response, trust, options, verdict) {
  const { status, headers, body } = asObject('response', response);
  const { certs } = asObject('trust', trust);
  const window = fieldsOf('options', options);
  const keys = packPlatformKeys(certs);
  const signed = packHeaders(headers);
  const { text, bytes, refused } = packBody(body);
  return call((wasm) => {
    const fields = pack({ status }) + refused;
    return wasm.verifyResponse(fields, signed, text, bytes, keys, pack(window), verdict);
  });
}

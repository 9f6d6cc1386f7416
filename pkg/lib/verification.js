// Verifying an answer.
import { asObject, fieldsOf } from './arguments.js';
import { pack, packSigned } from './crossing.js';
import { call } from './instance.js';
import { packPlatformKeys } from './keys.js';

/**
 * @param {unknown} response
 * @param {unknown} trust
 * @param {unknown} [options]
 */
export function verifyResponse(response, trust, options = {}) {
  const { status, headers, body } = asObject('response', response);
  const { certs } = asObject('trust', trust);
  const window = fieldsOf('options', options);
  const keys = packPlatformKeys(certs);
  return judgeResponse(status, packSigned(headers, body), keys, window);
}

/**
 * The same of what is ready to cross, where somebody else may have looked at the signature.
 * @param {unknown} status
 * @param {import('./crossing.js').Signed} signed
 * @param {string} keys
 * @param {Record<string, unknown>} window
 * @param {boolean} [verdict]
 */
export function judgeResponse(status, { headers, text, bytes, refused }, keys, window, verdict) {
  return call((wasm) => {
    const fields = pack({ status }) + refused;
    return wasm.verifyResponse(fields, headers, text, bytes, keys, pack(window), verdict);
  });
}

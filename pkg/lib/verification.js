// Verifying an answer.
import { bodyOf, fieldsOf, hasGet, pick } from './arguments.js';
import { call } from './instance.js';
import { platformKeyNumbers } from './keys.js';

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
  const { status, headers, body } = pick('response', response, 'status', 'headers', 'body');
  const { certs } = pick('trust', trust, 'certs');
  const window = fieldsOf('options', options);
  const keys = platformKeyNumbers(certs);
  const readable = hasGet(headers) ? headers : fieldsOf('headers', headers);
  const content = bodyOf(body);
  return call((wasm) => wasm.verifyResponse({ status }, readable, content, keys, window, verdict));
}

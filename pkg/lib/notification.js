// Verifying a notification, and decrypting what it carries.
import { assertText, bodyOf, fieldsOf, hasGet, pick } from './arguments.js';
import { call } from './instance.js';
import { platformKeyNumbers } from './keys.js';

/**
 * @param {unknown} notification
 * @param {unknown} trust
 * @param {unknown} [options]
 */
export function verifyNotification(notification, trust, options = {}) {
  return judgeNotification(notification, trust, options);
}

/**
 * The same, where somebody else has looked at the signature.
 * @param {unknown} notification
 * @param {unknown} trust
 * @param {unknown} options
 * @param {boolean} [verdict]
 */
export function judgeNotification(notification, trust, options, verdict) {
  const { headers, body } = pick('notification', notification, 'headers', 'body');
  const { certs, apiV3Key } = pick('trust', trust, 'certs', 'apiV3Key');
  assertText('apiV3Key', apiV3Key, 'a string');
  const window = fieldsOf('options', options);
  const keys = platformKeyNumbers(certs);
  const readable = hasGet(headers) ? headers : fieldsOf('headers', headers);
  const content = bodyOf(body);
  return call((wasm) => wasm.verifyNotification(readable, content, keys, apiV3Key, window, verdict));
}

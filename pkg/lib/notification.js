// Verifying a notification, and decrypting what it carries.
import { asObject, assertText, fieldsOf } from './arguments.js';
import { pack, packBody, packHeaders } from './crossing.js';
import { call } from './instance.js';
import { packPlatformKeys } from './keys.js';

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
  const { headers, body } = asObject('notification', notification);
  const { certs, apiV3Key } = asObject('trust', trust);
  assertText('apiV3Key', apiV3Key, 'a string');
  const window = fieldsOf('options', options);
  const keys = packPlatformKeys(certs);
  const signed = packHeaders(headers);
  const { text, bytes, refused } = packBody(body);
  return call((wasm) => wasm.verifyNotification(refused, signed, text, bytes, keys, apiV3Key, pack(window), verdict));
}

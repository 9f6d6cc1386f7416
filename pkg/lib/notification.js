// Verifying a notification, and decrypting what it carries.
import { asObject, assertText, fieldsOf } from './arguments.js';
import { pack, packSigned } from './crossing.js';
import { call } from './instance.js';
import { packPlatformKeys } from './keys.js';

/**
 * @param {unknown} notification
 * @param {unknown} trust
 * @param {unknown} [options]
 */
export function verifyNotification(notification, trust, options = {}) {
  const { headers, body } = asObject('notification', notification);
  const { certs, apiV3Key } = asObject('trust', trust);
  assertText('apiV3Key', apiV3Key, 'a string');
  const window = fieldsOf('options', options);
  const keys = packPlatformKeys(certs);
  return judgeNotification(packSigned(headers, body), apiV3Key, keys, window);
}

/**
 * The same of what is ready to cross, where somebody else may have looked at the signature.
 * @param {import('./crossing.js').Signed} signed
 * @param {string} apiV3Key
 * @param {string} keys
 * @param {Record<string, unknown>} window
 * @param {boolean} [verdict]
 */
export function judgeNotification({ headers, text, bytes, refused }, apiV3Key, keys, window, verdict) {
  return call((wasm) => wasm.verifyNotification(refused, headers, text, bytes, keys, apiV3Key, pack(window), verdict));
}

// Verifying a notification, and decrypting what it carries.
import { bodyOf, fieldsOf, hasGet, kindOf, pick } from './arguments.js';
import { InvalidParameterError } from './errors.js';
import { call } from './instance.js';
import { platformKeyNumbers } from './keys.js';

/**
 * @param {unknown} notification
 * @param {unknown} trust
 * @param {unknown} [options]
 */
export function verifyNotification(notification, trust, options = {}) {
  const { headers, body } = pick('notification', notification, 'headers', 'body');
  const { certs, apiV3Key } = pick('trust', trust, 'certs', 'apiV3Key');
  if (typeof apiV3Key !== 'string') {
    const [rule, hint] = apiV3Key === undefined ? ['required', ': is the environment variable set?'] : ['type', ''];
    throw InvalidParameterError.about('apiV3Key', rule, `must be a string, but is ${kindOf(apiV3Key)}${hint}`);
  }
  const window = fieldsOf('options', options);
  const keys = platformKeyNumbers(certs);
  const readable = hasGet(headers) ? headers : fieldsOf('headers', headers);
  const content = bodyOf(body);
  return call((wasm) => wasm.verifyNotification(readable, content, keys, apiV3Key, window));
}

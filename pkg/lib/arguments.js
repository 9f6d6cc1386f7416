// The shape of arguments, looked at before they reach the wasm: foreign getters and proxies run here, where they may
// throw as they like, and the wasm gets plain copies. What the fields must hold is checked in Rust.
import { InvalidParameterError } from './errors.js';

/**
 * The own properties of an object, whatever they are.
 * @param {string} name
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
export function fieldsOf(name, value) {
  return { ...asObject(name, value) };
}

/**
 * Whether it is a Uint8Array, of this realm or another.
 * @param {unknown} value
 * @returns {value is Uint8Array}
 */
export function isBytes(value) {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/**
 * The same bytes as a Uint8Array of this realm.
 * @param {string} name
 * @param {Uint8Array} bytes
 */
export function ownBytes(name, bytes) {
  try {
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    throw InvalidParameterError.about(name, 'type', 'is a Uint8Array whose memory has been taken away (detached)');
  }
}

/**
 * Whether these are `Headers`, of whatever library or realm.
 * @param {unknown} headers
 */
export function hasGet(headers) {
  return typeof headers === 'object' && headers !== null && 'get' in headers && typeof headers.get === 'function';
}

/**
 * An object that may have inherited what is asked of it (a `Request` has only such properties).
 * @param {string} name
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
export function asObject(name, value) {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return /** @type {Record<string, unknown>} */ (value);
  }
  const rule = value === undefined ? 'required' : 'type';
  throw InvalidParameterError.about(name, rule, `must be an object, but is ${kindOf(value)}`);
}

/**
 * Refuses what is no text, with a hint at the usual reason where it is missing.
 * @param {string} field
 * @param {unknown} value
 * @param {string} what  it must be
 * @returns {asserts value is string}
 */
export function assertText(field, value, what) {
  if (typeof value === 'string') return;
  const [rule, hint] = value === undefined ? ['required', ': is the environment variable set?'] : ['type', ''];
  throw InvalidParameterError.about(field, rule, `must be ${what}, but is ${kindOf(value)}${hint}`);
}

/**
 * A name that the caller chose, for an error message: as it is where it looks like one, for it may be anything, a key in
 * the wrong place included.
 * @param {string} name
 */
export function shownName(name) {
  return /^[\w.$-]{1,64}$/.test(name) ? name : '(not a name)';
}

/**
 * What a value is, for an error message; never the value itself.
 * @param {unknown} value
 */
export function kindOf(value) {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}

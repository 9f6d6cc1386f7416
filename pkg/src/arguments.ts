// Checks the shape of arguments before they reach the wasm. The caller's getters and proxies run here, where they may
// throw, and the wasm gets plain copies. Rust checks the values of the fields.
import { InvalidParameterError, type InvalidParameterRule, isWechatPayError } from './errors.js';

/** A copy of the own properties of an object. */
export function fieldsOf(name: string, value: unknown): Record<string, unknown> {
  const object = asObject(name, value);
  return reading(name, () => ({ ...object }));
}

/** Properties of an object, its own or inherited: a `Request` has only inherited ones. */
export function propertiesOf<Key extends string>(
  name: string,
  value: unknown,
  keys: readonly Key[],
): Record<Key, unknown> {
  const object = asObject(name, value);
  const read = () => Object.fromEntries(keys.map((key) => [key, object[key]])) as Record<Key, unknown>;
  return reading(name, read);
}

/** Runs the caller's getters and proxies. Anything they throw becomes the `cause` of an error about the argument. */
export function reading<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (isWechatPayError(cause)) throw cause;
    throw InvalidParameterError.about(name, 'type', 'cannot be read: one of its properties threw an error', { cause });
  }
}

/** Whether a value is a Uint8Array of any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** The same bytes as a Uint8Array of this realm. */
export function ownBytes(name: string, bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    throw InvalidParameterError.about(name, 'type', 'must be a Uint8Array that has not been detached');
  }
}

/** Whether a value is a `Headers` object of any library or realm. */
export function hasGet(headers: unknown): headers is { get(name: string): unknown } {
  return typeof headers === 'object' && headers !== null && 'get' in headers && typeof headers.get === 'function';
}

/** Rejects a value that is not an object. */
export function asObject(name: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !reading(name, () => Array.isArray(value))) {
    return value as Record<string, unknown>;
  }
  const rule: InvalidParameterRule = value === undefined ? 'required' : 'type';
  throw InvalidParameterError.about(name, rule, `must be an object, but is ${kindOf(value)}`);
}

/** Rejects a value that is not a string. `expected` describes what is expected, as in `a PEM`. */
export function assertText(field: string, value: unknown, expected: string): asserts value is string {
  if (typeof value === 'string') return;
  const isMissing = value === undefined;
  const hint = isMissing ? ': is the environment variable set?' : '';
  throw InvalidParameterError.about(
    field,
    isMissing ? 'required' : 'type',
    `must be ${expected}, but is ${kindOf(value)}${hint}`,
  );
}

/** A name chosen by the caller, for an error message. Anything unlike a name is hidden: it may be a misplaced key. */
export function shownName(name: string): string {
  return /^[\w.$-]{1,64}$/.test(name) ? name : '(not a name)';
}

/** The type of a value, for an error message; never the value itself. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}

function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy throws.
    return false;
  }
}

// Copies of the caller's arguments, as plain data for Rust, which reads it with serde. Getters and proxies of the caller run
// here, and may throw: they must never run while Rust is on the stack. Rust checks the values.
import { fieldsOf, hasGet, isBytes, ownBytes, reading } from './arguments.js';
import { InvalidParameterError } from './errors.js';

/** No field is nearly this long, in UTF-16 units. Longer ones are not passed on. */
const MAX_TEXT_LENGTH = 2 ** 20;

/** The largest body that is signed or verified. WeChat's are a few kilobytes; the wasm must not run out of memory. */
const MAX_BODY_LENGTH = 64 * 2 ** 20;

/** No order has nearly as many fields, all objects and lists included. A list that contains itself has more. */
const MAX_NESTED_VALUES = 10_000;

/** No order has objects so deep in one another. */
const MAX_DEPTH = 8;

/** The headers that matter when a response or notification is verified. */
const HEADERS = [
  'wechatpay-timestamp',
  'wechatpay-nonce',
  'wechatpay-signature',
  'wechatpay-serial',
  'wechatpay-signature-type',
  'request-id',
] as const;

/** The value of a field. A value that no field takes is replaced by its kind: see `FieldValue` in src/validation.rs. */
export type FieldValue = string | number | boolean | null | { unsupported: string };

export type FieldMap = Record<string, FieldValue>;

/** A field that may have an object or a list. An object is in `fields`, so that it cannot be taken for the kind of a value. */
export type NestedFieldValue = FieldValue | { fields: Record<string, NestedFieldValue> } | NestedFieldValue[];

/** The host's own `Headers`, or a record with the headers that matter, in lower case. */
export type PlainHeaders = Headers | Record<string, string>;

/** The fields of an object whose getters have run. An undefined field counts as absent. */
export function toFieldMap(fields: Record<string, unknown>): FieldMap {
  // Without a prototype, `__proto__` is a name like any other.
  const map: FieldMap = Object.create(null);
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== undefined) map[name] = toFieldValue(value);
  }
  return map;
}

/** The same under a name; nothing if there are no fields, since each object costs time to read. */
export function unlessEmpty<Name extends string>(
  name: Name,
  fields: Record<string, unknown>,
): { [Key in Name]?: FieldMap } {
  const map = toFieldMap(fields);
  for (const _ in map) return { [name]: map } as { [Key in Name]: FieldMap };
  return {};
}

/** The fields of an object, which may have objects and lists in it. `name` is the name of the argument. */
export function toNestedFieldMap(name: string, value: unknown): Record<string, NestedFieldValue> {
  let count = 0;
  const copyFields = (object: unknown, depth: number): Record<string, NestedFieldValue> => {
    const present = Object.entries(fieldsOf(name, object)).filter(([, field]) => field !== undefined);
    return Object.fromEntries(present.map(([field, inner]) => [field, copyValue(inner, depth)]));
  };
  const copyValue = (inner: unknown, depth: number): NestedFieldValue => {
    count += 1;
    if (count > MAX_NESTED_VALUES) {
      throw InvalidParameterError.about(name, 'max-length', `has more than ${MAX_NESTED_VALUES} fields`);
    }
    if (typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner) || depth === MAX_DEPTH) {
      return toFieldValue(inner);
    }
    if (!isArray(inner)) return { fields: copyFields(inner, depth + 1) };
    // No longer than needed to see that it is too long.
    const elements = reading(name, () => Array.prototype.slice.call(inner, 0, MAX_NESTED_VALUES + 1));
    return Array.from(elements, (element: unknown) => copyValue(element ?? null, depth + 1));
  };
  return copyFields(value, 0);
}

export function toFieldValue(value: unknown): FieldValue {
  switch (typeof value) {
    case 'string':
      if (value.length > MAX_TEXT_LENGTH) return { unsupported: 'too-long' };
      return isWellFormed(value) ? value : { unsupported: 'lone-surrogate' };
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      return { unsupported: isArray(value) ? 'array' : 'object' };
    default:
      return { unsupported: typeof value };
  }
}

/** The bytes of a body. One that is neither text nor bytes becomes a field, so that Rust rejects it with other fields. */
export function toBody(body: unknown): { bytes: Uint8Array; fields: FieldMap } {
  if (body === undefined || body === null) return { bytes: new Uint8Array(), fields: {} };
  if (typeof body === 'string') {
    if (body.length > MAX_BODY_LENGTH) return unusableBody({ unsupported: 'too-long' });
    if (!isWellFormed(body)) return unusableBody({ unsupported: 'lone-surrogate' });
    return { bytes: new TextEncoder().encode(body), fields: {} };
  }
  if (!isBytes(body)) return unusableBody(toFieldValue(body));
  const bytes = ownBytes('body', body);
  return bytes.length > MAX_BODY_LENGTH ? unusableBody({ unsupported: 'too-long' }) : { bytes, fields: {} };
}

function unusableBody(body: FieldValue): { bytes: Uint8Array; fields: FieldMap } {
  return { bytes: new Uint8Array(), fields: { body } };
}

/** Headers of any kind: the host's own `Headers` as they are, all others as a copy. */
export function toHeaders(headers: unknown): PlainHeaders {
  return isHostHeaders(headers) ? headers : copyOf(headers);
}

/**
 * A copy of the headers that matter: the caller's may change, or be used again for another request, while a signature is
 * being verified.
 */
export function copyHeaders(headers: unknown): { get(name: string): string | null } {
  const values = copyOf(headers);
  return {
    get(name) {
      const value = Object.hasOwn(values, name.toLowerCase()) ? values[name.toLowerCase()] : undefined;
      return value ?? null;
    },
  };
}

function copyOf(headers: unknown): Record<string, string> {
  const get = reading('headers', () => hasGet(headers))
    ? readFromHeaders(headers as { get(name: string): unknown })
    : readFromRecord(fieldsOf('headers', headers));
  const present = HEADERS.map((name) => [name, get(name)]).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(present);
}

/** Whether a value is the host's own `Headers`, and neither a proxy, an instance of a subclass, nor one with another `get`. */
function isHostHeaders(value: unknown): value is Headers {
  try {
    // Throws for a proxy.
    Headers.prototype.has.call(value as Headers, 'request-id');
    return Object.getPrototypeOf(value) === Headers.prototype && !Object.hasOwn(value as Headers, 'get');
  } catch {
    return false;
  }
}

function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy throws.
    return false;
  }
}

/** Whether UTF-8 can represent a string. Every host has this method, but TypeScript's ES2022 does not declare it. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** Reads from `Headers` of any realm or library. A header whose `get` throws counts as absent. */
function readFromHeaders(headers: { get(name: string): unknown }): (name: string) => unknown {
  return (name) => {
    try {
      return headers.get(name);
    } catch {
      return undefined;
    }
  };
}

/**
 * Reads from a record, whose names may be in any case. Values of the same name are joined with commas, as in HTTP; Node.js gives
 * an array for a header that came more than once.
 */
function readFromRecord(record: Record<string, unknown>): (name: string) => unknown {
  const values = new Map<string, string>();
  for (const name of Object.keys(record)) {
    const key = name.toLowerCase();
    for (const value of valuesOf(record[name])) {
      if (typeof value !== 'string') continue;
      const others = values.get(key);
      values.set(key, others === undefined ? value : `${others}, ${value}`);
    }
  }
  return (name) => values.get(name);
}

function valuesOf(value: unknown): unknown[] {
  return reading('headers', () => (Array.isArray(value) ? [...value] : [value]));
}

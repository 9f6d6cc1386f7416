// The text format in which objects are passed to the wasm; src/crossing.rs reads it. Rust checks what the fields hold.
import { fieldsOf, hasGet, isBytes, ownBytes, reading } from './arguments.js';

/** No field is nearly this long, in UTF-16 units. Longer ones are not passed on. */
const MAX_TEXT_LENGTH = 2 ** 20;

/** The largest body that is signed or verified. WeChat's are a few kilobytes; the wasm must not run out of memory. */
const MAX_BODY_LENGTH = 64 * 2 ** 20;

/** The headers that matter when a response or notification is verified. */
const HEADERS = [
  'wechatpay-timestamp',
  'wechatpay-nonce',
  'wechatpay-signature',
  'wechatpay-serial',
  'wechatpay-signature-type',
  'request-id',
];

/** A body for the wasm: at most one of `text` and `bytes`. */
export interface PackedBody {
  text?: string;
  bytes?: Uint8Array;
  /** A body that is neither, packed as a field, so that Rust can reject it along with other fields. */
  rejected: string;
}

/** A response or notification, packed for the wasm. */
export interface SignedContent extends PackedBody {
  headers: string;
}

/** The fields of an object. Its getters have run. */
export function pack(fields: Record<string, unknown>): string {
  let packed = '';
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    // An undefined field counts as absent.
    if (value !== undefined) packed += packText(name) + packValue(value);
  }
  return packed;
}

export function packSigned(headers: unknown, body: unknown): SignedContent {
  return { headers: packHeaders(headers), ...packBody(body) };
}

/** The headers that matter, from `Headers` or a record. */
export function packHeaders(headers: unknown): string {
  const get = headerReader(headers);
  let packed = '';
  for (const name of HEADERS) {
    const value = get(name);
    if (typeof value === 'string') packed += `${packText(name)}t${packText(value)}`;
  }
  return packed;
}

/**
 * A copy of the headers that matter: the caller's may change, or be used again for another request, while a signature is
 * being verified.
 */
export function copyHeaders(headers: unknown): { get(name: string): string | null } {
  const get = headerReader(headers);
  const values = new Map<string, string>();
  for (const name of HEADERS) {
    const value = get(name);
    if (typeof value === 'string') values.set(name, value);
  }
  return { get: (name) => values.get(name.toLowerCase()) ?? null };
}

/** Reads single headers, from `Headers` or a record. */
function headerReader(headers: unknown): (name: string) => unknown {
  return hasGetter(headers) ? readFromHeaders(headers) : readFromRecord(fieldsOf('headers', headers));
}

function hasGetter(headers: unknown): headers is { get(name: string): unknown } {
  return reading('headers', () => hasGet(headers));
}

export function packBody(body: unknown): PackedBody {
  if (body === undefined || body === null) return { rejected: '' };
  if (typeof body === 'string') {
    if (body.length > MAX_BODY_LENGTH) return rejectedBody('L');
    return isWellFormed(body) ? { text: body, rejected: '' } : rejectedBody('h');
  }
  if (!isBytes(body)) return rejectedBody(packValue(body));
  const bytes = ownBytes('body', body);
  return bytes.length > MAX_BODY_LENGTH ? rejectedBody('L') : { bytes, rejected: '' };
}

function rejectedBody(value: string): PackedBody {
  return { rejected: packText('body') + value };
}

function packText(text: string): string {
  return `${text.length}:${text}`;
}

function packValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (value.length > MAX_TEXT_LENGTH) return 'l';
      return isWellFormed(value) ? `t${packText(value)}` : 'h';
    case 'number':
      return Number.isSafeInteger(value) ? `i${value};` : 'n';
    case 'boolean':
      return 'b';
    case 'bigint':
      return 'B';
    case 'symbol':
      return 's';
    case 'function':
      return 'f';
    default:
      if (value === null) return '0';
      return isArray(value) ? 'a' : 'o';
  }
}

function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy.
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
 * Reads from a record, whose names may be in any case. Values of the same name are joined as HTTP joins them; Node.js gives
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

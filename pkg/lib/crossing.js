// How values cross into the wasm: all the fields of an object in one text, since each crossing costs more than reading it
// there, which src/crossing.rs does. What the fields must hold is checked in Rust.
import { asObject, fieldsOf, hasGet, isBytes, ownBytes } from './arguments.js';

/** No field comes near this many UTF-16 units; longer ones do not cross. */
const MAX_TEXT_LENGTH = 2 ** 20;

/** The largest body that is signed or verified. WeChat's are a few kilobytes; wasm's memory must not run out. */
const MAX_BODY_LENGTH = 64 * 2 ** 20;

/** The headers that are looked at when an answer or a notification is verified. */
const HEADERS = [
  'wechatpay-timestamp',
  'wechatpay-nonce',
  'wechatpay-signature',
  'wechatpay-serial',
  'wechatpay-signature-type',
  'request-id',
];

/**
 * The fields of an object whose getters have run.
 * @param {Record<string, unknown>} fields
 */
export function pack(fields) {
  let packed = '';
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    // What is undefined is as good as not there.
    if (value !== undefined) packed += textOf(name) + valueOf(value);
  }
  return packed;
}

/**
 * @typedef {ReturnType<typeof packSigned>} Signed  an answer or a notification, ready to cross, as often as it has to
 *
 * @param {unknown} headers
 * @param {unknown} body
 */
export function packSigned(headers, body) {
  return { headers: packHeaders(headers), ...packBody(body) };
}

/**
 * Headers, of what kind soever: those that count.
 * @param {unknown} headers
 */
export function packHeaders(headers) {
  const get = hasGet(headers) ? askingFor(/** @type {Headers} */ (headers)) : lookingUpIn(fieldsOf('headers', headers));
  let packed = '';
  for (const name of HEADERS) {
    const value = get(name);
    if (typeof value === 'string') packed += `${textOf(name)}t${textOf(value)}`;
  }
  return packed;
}

/**
 * @typedef {object} Body  at most one of the first two
 * @property {string} [text]
 * @property {Uint8Array} [bytes]
 * @property {string} refused  a body that is none of them, packed as a field, for Rust to say so
 *
 * @param {unknown} body
 * @returns {Body}
 */
export function packBody(body) {
  if (body === undefined || body === null) return { refused: '' };
  if (typeof body === 'string') {
    if (body.length > MAX_BODY_LENGTH) return refusedBody('L');
    return isWellFormed(body) ? { text: body, refused: '' } : refusedBody('h');
  }
  if (!isBytes(body)) return refusedBody(valueOf(body));
  const bytes = ownBytes('body', body);
  return bytes.length > MAX_BODY_LENGTH ? refusedBody('L') : { bytes, refused: '' };
}

/** @param {string} value */
function refusedBody(value) {
  return { refused: textOf('body') + value };
}

/** @param {string} text */
function textOf(text) {
  return `${text.length}:${text}`;
}

/** @param {unknown} value */
function valueOf(value) {
  switch (typeof value) {
    case 'string':
      if (value.length > MAX_TEXT_LENGTH) return 'l';
      return isWellFormed(value) ? `t${textOf(value)}` : 'h';
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
      return Array.isArray(value) ? 'a' : 'o';
  }
}

/**
 * Whether UTF-8 can carry it. All hosts have it, and TypeScript's ES2022 does not know.
 * @param {any} text
 * @returns {boolean}
 */
function isWellFormed(text) {
  return text.isWellFormed();
}

/**
 * `Headers`, or what has its `get` (another realm's, another library's). One that throws has no such header.
 * @param {Headers} headers
 */
function askingFor(headers) {
  return (/** @type {string} */ name) => {
    try {
      return headers.get(name);
    } catch {
      return undefined;
    }
  };
}

/**
 * A record, with names in any case. Values of the same name are joined as HTTP joins them; Node's own headers hold an array
 * where a header came more than once.
 * @param {Record<string, unknown>} record
 */
function lookingUpIn(record) {
  /** @type {Map<string, string>} */
  const values = new Map();
  for (const name of Object.keys(record)) {
    const key = name.toLowerCase();
    const value = record[name];
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one !== 'string') continue;
      const others = values.get(key);
      values.set(key, others === undefined ? one : `${others}, ${one}`);
    }
  }
  return (/** @type {string} */ name) => values.get(name);
}

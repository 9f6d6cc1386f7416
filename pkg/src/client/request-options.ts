// The options of a call, and the request that a verb makes from them.
import { fieldsOf, kindOf, reading, shownName } from '../arguments.js';
import { closest } from '../closest.js';
import { InvalidParameterError, type InvalidParameterRule } from '../errors.js';
import { isSignal } from './abort.js';
import { readLimits, type SendLimits } from './configuration.js';
import type { UnsignedRequest } from './transport.js';

/**
 * Options of one call that override the configuration.
 *
 * @example
 * ```js
 * await client.presign(params, { timeoutMs: 1000, retries: 0, signal: request.signal });
 * ```
 */
export interface SendOptions {
  /** Ends the call with a {@link NetworkError} when it is aborted. */
  signal?: AbortSignal | undefined;
  /**
   * The time for the whole call, in milliseconds: all attempts, the waits between them, and downloads of certificates.
   */
  timeoutMs?: number | undefined;
  /** The time for each attempt, in milliseconds. */
  attemptTimeoutMs?: number | undefined;
  /** The number of retries if the request fails, 0 to 10. */
  retries?: number | undefined;
}

/**
 * The value of a path parameter or a query parameter. The client percent-encodes it.
 *
 * @example
 * ```ts
 * const mchid: ParameterValue = '1900000100';
 * ```
 */
export type ParameterValue = string | number | bigint | boolean;

/**
 * The options of a verb. Path parameters go into the same object: `{ transaction_id: '42…', query: { mchid } }`.
 *
 * @example
 * ```js
 * await client.chain('v3/pay/transactions/id/{transaction_id}').get({ transaction_id, query: { mchid } });
 * ```
 */
export interface VerbOptions<Json = unknown> extends SendOptions {
  /** The body. A `GET` has none. */
  json?: Json | undefined;
  /** The query. An array gives one parameter for each of its values. */
  query?: URLSearchParams | Record<string, ParameterValue | readonly ParameterValue[] | undefined> | undefined;
  /** Additional headers. */
  headers?: Headers | Record<string, string | undefined> | undefined;
}

/**
 * Checked {@link SendOptions}, with defaults.
 *
 * @internal
 */
export interface Sending extends SendLimits {
  signal: AbortSignal | undefined;
}

/** Headers that only the client sets. */
const OWN_HEADERS = new Set(['authorization', 'host', 'content-length']);

/**
 * Checks {@link SendOptions}.
 *
 * @internal
 */
export function readSendOptions(options: unknown, defaults: SendLimits): Sending {
  const { signal, ...others } = fieldsOf('options', options);
  const given = Object.keys(others).filter((name) => others[name] !== undefined);
  if (signal === undefined && given.length === 0) {
    const { timeoutMs, attemptTimeoutMs, retries } = defaults;
    return { signal, timeoutMs, attemptTimeoutMs, retries };
  }
  const known = ['timeoutMs', 'attemptTimeoutMs', 'retries'];
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const options = ['signal', ...known].join(', ');
    reject(shownName(unknown), 'unknown-field', `is not an option of this call; those for sending are ${options}`);
  }
  if (signal !== undefined && !isSignal(signal)) {
    reject('signal', 'type', `must be an AbortSignal, but is ${kindOf(signal)}`);
  }
  return { signal, ...readLimits(others, defaults) };
}

/**
 * Turns the options of a verb into a request. `sending` holds the options that {@link readSendOptions} checks.
 *
 * @internal
 */
export function readVerbOptions(
  method: string,
  path: string,
  options: unknown,
): { request: UnsignedRequest; sending: Record<string, unknown> } {
  rejectOtherOptions(method, options);
  const fields = fieldsOf('options', options);
  const { json, query, headers = {}, signal, timeoutMs, attemptTimeoutMs, retries, ...parameters } = fields;
  const body = json === undefined ? undefined : toJson(json);
  if (method === 'GET' && body !== undefined)
    reject('json', 'no-body', 'must not be given: a GET has no body, but a `query`');
  const target = `/${fillPath(method, path, parameters)}${reading('query', () => toQuery(query))}`;
  return {
    request: { method, target, template: `/${path}`, body, headers: reading('headers', () => readHeaders(headers)) },
    sending: { signal, timeoutMs, attemptTimeoutMs, retries },
  };
}

/** Replaces the placeholders of a path. */
function fillPath(method: string, path: string, parameters: Record<string, unknown>): string {
  if (/[?#]/.test(path)) reject('path', 'url', 'must contain neither ? nor #: pass a query as `query`');
  const unused = new Set(Object.keys(parameters));
  const filled = path.replace(/\{([^/{}]+)\}/g, (_placeholder, name: string) => {
    unused.delete(name);
    return encodeSegment(name, Object.hasOwn(parameters, name) ? parameters[name] : undefined);
  });
  const unknown = [...unused].find((name) => parameters[name] !== undefined);
  if (unknown !== undefined) {
    const what = `is neither an option nor a parameter of the path ${path}`;
    reject(shownName(unknown), 'unknown-field', `${what}: ${fixFor(method, unknown)}`);
  }
  return filled;
}

/** The options of a verb. */
const VERB_OPTIONS = ['json', 'query', 'headers', 'signal', 'timeoutMs', 'attemptTimeoutMs', 'retries'];

/** Rejects a body or a query that was given in place of the options. Most of these have no own properties. */
function rejectOtherOptions(method: string, options: unknown): void {
  const tag = tagOf('options', options);
  if (FILE_TAGS.includes(tag)) reject('options', 'type', `must be an object, but is a ${tag}: ${UPLOAD_FIX}`);
  const isOther = OTHER_TAGS.includes(tag) || isBinary(options, tag);
  if (typeof options === 'object' && options !== null && !Array.isArray(options) && !isOther) return;
  const found = isOther ? `a ${tag}` : kindOf(options);
  const isQuery = method === 'GET' || tag === 'URLSearchParams';
  const fix = isQuery ? 'pass a query as `query`, as in { query: … }' : 'pass the body as `json`, as in { json: … }';
  reject('options', 'type', `must be an object, but is ${found}: ${fix}`);
}

/** The names that other HTTP clients give to options. */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  params: 'pass a query as `query`',
  searchParams: 'pass a query as `query`',
  data: 'pass the body as `json`',
  body: 'pass the body as `json`',
  timeout: 'the options for time are `timeoutMs` and `attemptTimeoutMs`',
  ...Object.fromEntries(['formData', 'form', 'file'].map((name) => [name, 'send a file with `client.upload`'])),
};

/** The likely fix for an unknown field. */
function fixFor(method: string, name: string): string {
  if (Object.hasOwn(FOREIGN_NAMES, name)) return FOREIGN_NAMES[name] ?? '';
  const similar = closest(name, VERB_OPTIONS);
  if (similar !== undefined) return `did you mean \`${similar}\`?`;
  return method === 'GET'
    ? 'pass fields of a query inside `query`, as in { query: { … } }'
    : 'pass fields of the body inside `json`, as in { json: { … } }';
}

/** Encodes a parameter of the path. It must stay one segment, even if a proxy decodes it. */
function encodeSegment(field: string, value: unknown): string {
  const encoded = encode(field, value);
  const decoded = String(value)
    .replace(/%(?:25)*2e/gi, '.')
    .replace(/%(?:25)*2f/gi, '/')
    .replace(/%(?:25)*5c/gi, '\\');
  // Some servers cut off a segment at a semicolon.
  const segments = decoded.split(/[/\\]/).map((segment) => segment.replace(/;.*/s, ''));
  if (segments.some((segment) => /^\.\.?$/.test(segment))) {
    reject(field, 'url', 'must not contain the path segments . and .., which would change the path');
  }
  return encoded;
}

function toQuery(query: unknown): string {
  if (query === undefined) return '';
  const pairs: [string, unknown][] =
    query instanceof URLSearchParams ? [...query] : Object.entries(fieldsOf('query', query));
  const encoded = pairs
    .flatMap(([name, value]): [string, unknown][] =>
      Array.isArray(value) ? value.map((item): [string, unknown] => [name, item]) : [[name, value]],
    )
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `${encode('query', name)}=${value === '' ? '' : encode(`query.${shownName(name)}`, value)}`,
    );
  return encoded.length === 0 ? '' : `?${encoded.join('&')}`;
}

/** Percent-encodes a value, including the characters that hosts treat differently. */
function encode(field: string, value: unknown): string {
  if (value === undefined) reject(field, 'required', 'is missing');
  if (value === '') reject(field, 'required', 'must not be empty');
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
    reject(field, 'type', `must be a string or a number, but is ${kindOf(value)}`);
  }
  if (typeof value === 'number') checkNumber(field, value);
  const text = String(value);
  if (/\p{Surrogate}/u.test(text))
    reject(field, 'characters', 'contains a lone surrogate, which cannot be encoded in UTF-8');
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Rejects a number that was rounded, as a long id is: it would name another order. */
function checkNumber(field: string, value: number): void {
  if (!Number.isFinite(value)) reject(field, 'type', 'must be a finite number');
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    reject(field, 'type', 'is too large for an exact number: pass it as a string');
  }
}

function toJson(json: unknown): string {
  rejectOtherBodies(json);
  let text: string | undefined;
  try {
    text = JSON.stringify(json);
  } catch (cause) {
    const what = 'cannot be written as JSON: it contains itself, a BigInt, or a value that throws';
    throw InvalidParameterError.about('json', 'type', what, { cause });
  }
  if (text === undefined) reject('json', 'type', `cannot be written as JSON: it is ${kindOf(json)}`);
  return text;
}

/** Rejects bodies that JSON would turn into something else, such as `{}` or an object of numbers. */
function rejectOtherBodies(json: unknown): void {
  if (typeof json === 'string') {
    reject('json', 'type', 'must be the data itself, but is a string: the client encodes it, so do not stringify it');
  }
  if (typeof json !== 'object' || json === null) return;
  const tag = tagOf('json', json);
  if (FILE_TAGS.includes(tag)) reject('json', 'type', `must be plain data, but is a ${tag}: ${UPLOAD_FIX}`);
  if (isBinary(json, tag)) {
    reject('json', 'type', `must be plain data, but holds bytes (${tag}): parse them, or ${UPLOAD_FIX}`);
  }
  if (tag === 'Promise') reject('json', 'type', 'must be plain data, but is a Promise: put `await` before it');
  if (OTHER_TAGS.includes(tag)) {
    reject('json', 'type', `must be plain data, but is a ${tag}: make a plain object of it`);
  }
}

const UPLOAD_FIX = 'send a file with `client.upload`';
const FILE_TAGS = ['FormData', 'Blob', 'File'];
/** Objects whose content is not in own properties. */
const OTHER_TAGS = ['URLSearchParams', 'Map', 'Set', 'Headers', 'ReadableStream', 'Promise'];

/** The name of a built-in class, such as `FormData`. */
function tagOf(field: string, value: unknown): string {
  return reading(field, () => Object.prototype.toString.call(value).slice('[object '.length, -1));
}

function isBinary(value: unknown, tag: string): boolean {
  return ArrayBuffer.isView(value) || ['ArrayBuffer', 'SharedArrayBuffer'].includes(tag);
}

function readHeaders(headers: unknown): Record<string, string> {
  const pairs: [string, unknown][] =
    headers instanceof Headers ? [...headers] : Object.entries(fieldsOf('headers', headers));
  const read: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (value === undefined) continue;
    const field = `headers.${shownName(name)}`;
    if (OWN_HEADERS.has(name.toLowerCase())) reject(field, 'unknown-field', 'is set by the client');
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) reject('headers', 'characters', 'has a name that HTTP does not allow');
    if (typeof value !== 'string') reject(field, 'type', `must be a string, but is ${kindOf(value)}`);
    if (!/^[\t -~\u0080-\u00ff]*$/.test(value)) {
      reject(field, 'characters', 'has a line break or another character that HTTP does not allow in headers');
    }
    read[name] = value;
  }
  return read;
}

function reject(field: string, rule: InvalidParameterRule, explanation: string): never {
  throw InvalidParameterError.about(field, rule, explanation);
}

// The options of a call, and the request that a verb makes from them.
import { fieldsOf, kindOf, reading, shownName } from '../arguments.js';
import { InvalidParameterError, type InvalidParameterRule } from '../errors.js';
import { isSignal } from './abort.js';
import { readLimits } from './configuration.js';
import type { UnsignedRequest } from './transport.js';

/**
 * How one call is sent, where it differs from the configuration.
 *
 * @example
 * ```js
 * await client.presign(params, { timeoutMs: 1000, retries: 0, signal: request.signal });
 * ```
 */
export interface SendOptions {
  /** Ends the call with a {@link NetworkError} when it is aborted. */
  signal?: AbortSignal | undefined;
  /** The time for one attempt, in milliseconds. */
  timeoutMs?: number | undefined;
  /** How many more times the request is sent if it fails, 0 to 10. */
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
 * The options of a verb. Path parameters stand beside them: `{ transaction_id: '42…', query: { mchid } }`.
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
  /** Headers to add to those of the client. */
  headers?: Headers | Record<string, string | undefined> | undefined;
}

/**
 * Checked {@link SendOptions}, with defaults.
 *
 * @internal
 */
export interface Sending {
  signal: AbortSignal | undefined;
  timeoutMs: number;
  retries: number;
}

/** Headers that only the client sets. */
const OWN_HEADERS = new Set(['authorization', 'host', 'content-length']);

/**
 * Checks {@link SendOptions}.
 *
 * @internal
 */
export function readSendOptions(options: unknown, defaults: { timeoutMs: number; retries: number }): Sending {
  const { signal, ...others } = fieldsOf('options', options);
  const unknown = Object.keys(others).find(
    (name) => !['timeoutMs', 'retries'].includes(name) && others[name] !== undefined,
  );
  if (unknown !== undefined) reject(shownName(unknown), 'unknown-field', 'is not an option of this call');
  if (signal !== undefined && !isSignal(signal)) {
    reject('signal', 'type', `must be an AbortSignal, but is ${kindOf(signal)}`);
  }
  const { timeoutMs, retries } = readLimits(others, defaults);
  return { signal, timeoutMs, retries };
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
  const { json, query, headers = {}, signal, timeoutMs, retries, ...parameters } = fieldsOf('options', options);
  const body = json === undefined ? undefined : toJson(json);
  if (method === 'GET' && body !== undefined) reject('json', 'no-body', 'must not be given: a GET has no body');
  const target = `/${fillPath(path, parameters)}${reading('query', () => toQuery(query))}`;
  return {
    request: { method, target, body, headers: reading('headers', () => readHeaders(headers)) },
    sending: { signal, timeoutMs, retries },
  };
}

/** Replaces the placeholders of a path. */
function fillPath(path: string, parameters: Record<string, unknown>): string {
  if (/[?#]/.test(path)) reject('path', 'url', 'must contain neither ? nor #: pass a query as `query`');
  const unused = new Set(Object.keys(parameters));
  const filled = path.replace(/\{([^/{}]+)\}/g, (_placeholder, name: string) => {
    unused.delete(name);
    return encode(name, Object.hasOwn(parameters, name) ? parameters[name] : undefined);
  });
  const unknown = [...unused].find((name) => parameters[name] !== undefined);
  if (unknown !== undefined) {
    reject(shownName(unknown), 'unknown-field', `is neither an option nor a parameter of the path ${path}`);
  }
  return filled;
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
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value) || Number.isNaN(value)) {
    reject(field, 'type', `must be a string or a number, but is ${kindOf(value)}`);
  }
  const text = String(value);
  if (/\p{Surrogate}/u.test(text)) reject(field, 'characters', 'contains half of a surrogate pair');
  if (/^\.\.?$/.test(text)) reject(field, 'url', 'must not be . or .., which would change the path');
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function toJson(json: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(json);
  } catch (cause) {
    reject('json', 'type', `cannot be written as JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
  if (text === undefined) reject('json', 'type', `cannot be written as JSON: it is ${kindOf(json)}`);
  return text;
}

function readHeaders(headers: unknown): Record<string, string> {
  const pairs: [string, unknown][] =
    headers instanceof Headers ? [...headers] : Object.entries(fieldsOf('headers', headers));
  const read: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (value === undefined) continue;
    const field = `headers.${shownName(name)}`;
    if (OWN_HEADERS.has(name.toLowerCase())) reject(field, 'unknown-field', 'is set by the client');
    if (typeof value !== 'string') reject(field, 'type', `must be a string, but is ${kindOf(value)}`);
    read[name] = value;
  }
  return read;
}

function reject(field: string, rule: InvalidParameterRule, explanation: string): never {
  throw InvalidParameterError.about(field, rule, explanation);
}

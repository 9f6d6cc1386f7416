// What a verb is called with: path parameters, query, body and headers, as a request.
import { fieldsOf, kindOf, shownName } from '../arguments.js';
import { InvalidParameterError } from '../errors.js';

/** Those the client makes itself. */
const OWN_HEADERS = new Set(['authorization', 'host', 'content-length']);

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} options
 */
export function readCall(method, path, options) {
  const { json, query, headers = {}, signal, timeoutMs, retries, ...parameters } = fieldsOf('options', options);
  const body = json === undefined ? undefined : toJson(json);
  if (method === 'GET' && body !== undefined) refuse('json', 'no-body', 'must not be given: a GET has no body');
  const target = `/${fill(path, parameters)}${toQuery(query)}`;
  return {
    request: { method, target, body, headers: readHeaders(headers) },
    sending: { signal, timeoutMs, retries },
  };
}

/**
 * Puts the parameters into the path.
 * @param {string} path
 * @param {Record<string, unknown>} parameters
 */
function fill(path, parameters) {
  if (/[?#]/.test(path)) refuse('path', 'url', 'must hold neither ? nor #: give a query as `query`');
  const unused = new Set(Object.keys(parameters));
  const filled = path.replace(/\{([^/{}]+)\}/g, (_placeholder, name) => {
    unused.delete(name);
    return encode(name, Object.hasOwn(parameters, name) ? parameters[name] : undefined);
  });
  const [unknown] = [...unused].filter((name) => parameters[name] !== undefined);
  if (unknown !== undefined)
    refuse(shownName(unknown), 'unknown-field', `is no option, and stands not in the path ${path}`);
  return filled;
}

/** @param {unknown} query */
function toQuery(query) {
  if (query === undefined) return '';
  const pairs = query instanceof URLSearchParams ? [...query] : Object.entries(fieldsOf('query', query));
  const encoded = pairs
    .flatMap(([name, value]) => (Array.isArray(value) ? value.map((one) => [name, one]) : [[name, value]]))
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `${encode('query', name)}=${value === '' ? '' : encode(`query.${shownName(name)}`, value)}`,
    );
  return encoded.length === 0 ? '' : `?${encoded.join('&')}`;
}

/**
 * A value as it stands in a URL, with everything encoded that any host might encode otherwise.
 * @param {string} field
 * @param {unknown} value
 */
function encode(field, value) {
  if (value === undefined) refuse(field, 'required', 'is missing');
  if (value === '') refuse(field, 'required', 'must not be empty');
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value) || Number.isNaN(value)) {
    refuse(field, 'type', `must be a string or a number, but is ${kindOf(value)}`);
  }
  const text = String(value);
  if (/\p{Surrogate}/u.test(text)) refuse(field, 'characters', 'holds half a character');
  if (/^\.\.?$/.test(text)) refuse(field, 'url', 'must not be . or ..: it would name another endpoint');
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** @param {unknown} json */
function toJson(json) {
  let text;
  try {
    text = JSON.stringify(json);
  } catch (cause) {
    refuse('json', 'type', `cannot be written as JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
  if (text === undefined) refuse('json', 'type', `cannot be written as JSON: it is ${kindOf(json)}`);
  return text;
}

/** @param {unknown} headers */
function readHeaders(headers) {
  const pairs = headers instanceof Headers ? [...headers] : Object.entries(fieldsOf('headers', headers));
  /** @type {Record<string, string>} */
  const read = {};
  for (const [name, value] of pairs) {
    if (value === undefined) continue;
    const field = `headers.${shownName(name)}`;
    if (OWN_HEADERS.has(name.toLowerCase())) refuse(field, 'unknown-field', 'is made by the client');
    if (typeof value !== 'string') refuse(field, 'type', `must be a string, but is ${kindOf(value)}`);
    read[name] = value;
  }
  return read;
}

/**
 * @param {string} field
 * @param {string} rule
 * @param {string} explanation
 * @returns {never}
 */
function refuse(field, rule, explanation) {
  throw InvalidParameterError.about(field, rule, explanation);
}

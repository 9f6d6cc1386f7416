// The three styles of naming an endpoint: client.v3.some.endpoint, client.chain('v3/some/endpoint'), and
// client['v3/some/endpoint']. All of them come to a path and a verb; nothing is sent before a verb is called.
import { InvalidParameterError } from '../errors.js';
import { kindOf } from '../arguments.js';
import { readCall } from './call.js';

const VERBS = ['get', 'post', 'put', 'patch', 'delete'];
/** @type {Map<string, string>} */
const METHODS = new Map(VERBS.flatMap((verb) => [verb, `${verb}Async`].map((name) => [name, verb.toUpperCase()])));

/**
 * What is asked of any object by those who print, compare, copy or await it. A chain must not answer with an endpoint,
 * least of all as if it were a promise.
 */
const NOT_ENDPOINTS = new Set(
  'then catch finally constructor prototype toJSON toString valueOf inspect nodeType tagName asymmetricMatch $$typeof'
    .split(' ')
    .concat('__proto__', '@@__IMMUTABLE_ITERABLE__@@', '@@__IMMUTABLE_RECORD__@@'),
);

/** What is there when one looks behind the chain, as `util.inspect` does. */
const NOTHING = Object.freeze(Object.create(null));

/**
 * @param {string} path
 * @param {import('./endpoints.js').Endpoints} endpoints
 * @returns {any}
 */
export function chain(path, endpoints) {
  return new Proxy(NOTHING, {
    get(_target, name) {
      if (name === Symbol.toPrimitive) return () => path;
      if (typeof name === 'symbol' || NOT_ENDPOINTS.has(name)) return undefined;
      const method = METHODS.get(name);
      if (method === undefined) return chain(`${path}/${segment(name)}`, endpoints);
      return async (/** @type {unknown} */ options = {}) => {
        const { request, sending } = readCall(method, path, options);
        return endpoints.send(request, sending);
      };
    },
  });
}

/**
 * A property as a segment of the path: camelCase is kebab-case there, and a name in underscores or dollars a parameter.
 * @param {string} name
 */
function segment(name) {
  const parameter = /^_(.+)_$|^\$(.+)\$$|^\{(.+)\}$/.exec(name);
  if (parameter) return `{${parameter[1] ?? parameter[2] ?? parameter[3]}}`;
  return name
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The path given to chain(), without a slash before it.
 * @param {unknown} path
 */
export function startsV3(path) {
  if (typeof path === 'string' && /^\/?v3\//.test(path)) return path.replace(/^\//, '');
  const found = typeof path === 'string' ? 'another text' : kindOf(path);
  throw InvalidParameterError.about(
    'path',
    typeof path === 'string' ? 'url' : 'type',
    `must begin with v3/ and name no host (requests go to WeChat Pay only), but is ${found}`,
  );
}

// The three ways to name an endpoint: client.v3.some.endpoint, client.chain('v3/some/endpoint') and
// client['v3/some/endpoint']. All of them lead to a path and a verb. Nothing is sent before a verb is called.
import { kindOf } from '../arguments.js';
import { InvalidParameterError } from '../errors.js';
import { showingCaller } from './caller.js';
import type { Endpoints } from './endpoints.js';
import { readVerbOptions } from './request-options.js';
import type { Chain } from './verbs.js';

const VERBS = ['get', 'post', 'put', 'patch', 'delete'];
const METHODS = new Map<string, string>(
  VERBS.flatMap((verb) => [verb, `${verb}Async`].map((name): [string, string] => [name, verb.toUpperCase()])),
);

/**
 * Properties that are read from any object when it is printed, compared, copied or awaited. For these a chain must not
 * return an endpoint; with `then` it would look like a promise.
 */
const NOT_ENDPOINTS = new Set(
  'then catch finally constructor prototype toJSON toString valueOf inspect nodeType tagName asymmetricMatch $$typeof'
    .split(' ')
    .concat('__proto__', '@@__IMMUTABLE_ITERABLE__@@', '@@__IMMUTABLE_RECORD__@@'),
);

/** The target of every proxy. `util.inspect` shows it in place of the chain. */
const EMPTY: object = Object.freeze(Object.create(null));

/** The endpoint at a path. */
export function chain(path: string, endpoints: Endpoints): Chain {
  return new Proxy(EMPTY, {
    get(_target, name) {
      if (name === Symbol.toPrimitive) return () => path;
      if (typeof name === 'symbol' || NOT_ENDPOINTS.has(name)) return undefined;
      const method = METHODS.get(name);
      if (method === undefined) return chain(`${path}/${toSegment(name)}`, endpoints);
      return showingCaller(async (options: unknown = {}, ...others: unknown[]) => {
        if (others.some((other) => other !== undefined)) throw tooManyArguments(name, method);
        const { request, sending } = readVerbOptions(method, path, options);
        return endpoints.send(request, sending);
      });
    },
  }) as Chain;
}

function tooManyArguments(verb: string, method: string): InvalidParameterError {
  const fix =
    method === 'GET'
      ? `write ${verb}({ query, headers }), where \`query\` is what axios calls params`
      : `write ${verb}({ json, query, headers }), where \`json\` is the body, and \`query\` what axios calls params`;
  return InvalidParameterError.about('options', 'type', `must be the only argument of ${verb}: ${fix}`);
}

/** The segment of the path for a property: camelCase becomes kebab-case, and underscores or dollars mark a parameter. */
function toSegment(name: string): string {
  const parameter = /^_(.+)_$|^\$(.+)\$$|^\{(.+)\}$/.exec(name);
  if (parameter) return `{${parameter[1] ?? parameter[2] ?? parameter[3]}}`;
  return name
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Checks the path given to chain(), and removes its leading slash. */
export function readPath(path: unknown): string {
  if (typeof path === 'string' && /^\/?v3\//.test(path)) return path.replace(/^\//, '');
  const found = typeof path === 'string' ? 'a different string' : kindOf(path);
  throw InvalidParameterError.about(
    'path',
    typeof path === 'string' ? 'url' : 'type',
    `must start with v3/ and contain no host, because requests go to WeChat Pay only, but is ${found}`,
  );
}

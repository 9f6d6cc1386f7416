/** Makes the gateway fail on purpose, after it has checked, recorded and carried out the request. */
import { type Bytes, base64, fromBase64, latin1, randomBytes, utf8 } from '../bytes.js';
import { parseAuthorization } from './checks/authorization.js';
import { signedRequest } from './checks/multipart.js';
import { signatureMismatch } from './checks/signature.js';
import type { GatewayRequest } from './gateway.js';
import { catchRejection } from './rejection.js';
import type { GatewayResponse, MakeInfrastructureResponse, UnsignedResponse } from './response.js';

/**
 * A fault in a response.
 *
 * @example
 * ```ts
 * const fault: Fault = 'rate-limit';
 * ```
 */
export type Fault =
  | 'wrong-signature'
  | 'missing-signature'
  | 'tampered-body'
  | 'unknown-serial'
  | 'other-key'
  | 'stale-timestamp'
  | 'future-timestamp'
  | 'sign-test'
  | 'rate-limit'
  | 'sign-error'
  | 'system-error'
  | 'bare-500'
  | 'html-502'
  | 'bare-503'
  | 'redirect'
  | 'truncated'
  | 'slow'
  | 'hang'
  | 'reset'
  | 'empty-200'
  | 'no-content'
  | 'not-json'
  | 'accepted-202'
  | 'huge'
  | 'invalid-utf8'
  | 'corrupted-byte'
  | 'short-body';

/**
 * The details of a fault.
 *
 * @example
 * ```ts
 * const twice: FaultOptions = { times: 2, retryAfter: 3 };
 * const always: FaultOptions = { endpoint: '/v3/certificates', times: Infinity };
 * ```
 */
export interface FaultOptions {
  /** The number of responses that fail; `Infinity`: all until `clearFaults`. Default: 1. */
  times?: number;
  /** The number of responses that succeed first. Default: 0. */
  after?: number;
  /** Only for requests to this path, without its query. Default: any path. */
  endpoint?: string;
  /** `slow`: how long the response takes. Default: 1000. */
  delayMs?: number;
  /** `stale-timestamp` and `future-timestamp`: how far the timestamp is off. Default: 301. */
  seconds?: number;
  /** `rate-limit`: the `Retry-After`, in seconds. Default: 1. */
  retryAfter?: number;
  /** `redirect`: the target. */
  location?: string;
  /** `huge`: the length of the body, at least 14. Default: 20 MiB. */
  bytes?: number;
  /** `sign-error`: the path and query that WeChat Pay claims to have received. */
  path?: string;
  /** `sign-error`: the body that WeChat Pay claims to have received. */
  body?: string;
  /** `sign-error`: the timestamp that WeChat Pay claims to have received. */
  timestamp?: string | number;
}

/**
 * An injected fault that has not yet happened as often as requested.
 *
 * @example
 * ```ts
 * const pending: PendingFault[] = kit.gateway.pendingFaults;
 * ```
 */
export interface PendingFault {
  fault: Fault;
  /** Only for requests to this path. */
  endpoint?: string;
  /** The number of responses that will still fail; `Infinity`: all. */
  remaining: number;
}

/** @internal */
export interface FaultContext {
  request: GatewayRequest;
  /** The response without the fault. */
  response: UnsignedResponse;
  /** Signs a response with the key that the request names, or with another key. */
  sign(response: UnsignedResponse, options?: { ageSeconds?: number; useOtherKey?: boolean }): Promise<GatewayResponse>;
  infrastructure: MakeInfrastructureResponse;
}

type FaultHandler = (context: FaultContext, options: FaultOptions) => GatewayResponse | Promise<GatewayResponse>;

const FAULTS: Record<Fault, FaultHandler> = {
  /** Well-formed Base64 of the right length. */
  'wrong-signature': async ({ response, sign }) => {
    const signed = await sign(response);
    const signature = fromBase64(signed.headers['Wechatpay-Signature'] ?? '')?.reverse();
    return withHeaders(signed, { 'Wechatpay-Signature': base64(signature ?? new Uint8Array()) });
  },

  /** Like a proxy that drops headers it does not know. */
  'missing-signature': async ({ response, sign }) => {
    const signed = await sign(response);
    const kept = Object.entries(signed.headers).filter(([name]) => !name.startsWith('Wechatpay-'));
    return { ...signed, headers: Object.fromEntries(kept) };
  },

  /** Changes the first string value. The body is still JSON and has the same length. */
  'tampered-body': async ({ response, sign }) => {
    const signed = await sign(response);
    return { ...signed, body: utf8(new TextDecoder().decode(signed.body).replace(/":"./, '":"X')) };
  },

  /** Signed with a known key under an unknown serial: a client that tries every key would accept it. */
  'unknown-serial': async ({ response, sign }) => {
    const signed = await sign(response);
    const isPublicKey = signed.headers['Wechatpay-Serial']?.startsWith('PUB_KEY_ID_');
    return withHeaders(signed, { 'Wechatpay-Serial': isPublicKey ? `PUB_KEY_ID_${'9'.repeat(28)}` : '9'.repeat(40) });
  },

  'stale-timestamp': ({ response, sign }, { seconds = 301 }) => sign(response, { ageSeconds: seconds }),

  'future-timestamp': ({ response, sign }, { seconds = 301 }) => sign(response, { ageSeconds: -seconds }),

  /**
   * Signed correctly with a key other than the one that the request names, as happens while certificates are rotated.
   */
  'other-key': ({ response, sign }) => sign(response, { useOtherKey: true }),

  /** WeChat's probe, which tests whether the client verifies signatures. It has 355 characters, so it is not Base64. */
  'sign-test': async ({ response, sign }) => {
    const probe = `WECHATPAY/SIGNTEST/${base64(randomBytes(252))}`;
    return withHeaders(await sign(response), { 'Wechatpay-Signature': probe });
  },

  'rate-limit': ({ sign }, { retryAfter = 1 }) =>
    sign({
      ...failure(429, 'FREQUENCY_LIMITED', '频率超过限制，请降低请求频率'),
      headers: { 'Retry-After': String(retryAfter) },
    }),

  /**
   * WeChat received a different message from the signed one. Without options, the key is not the merchant's.
   */
  'sign-error': async ({ request, sign }, { path = request.path, body, timestamp }) => {
    const rejection = await catchRejection(() => {
      const received = { ...signedRequest(request), path, ...(body !== undefined && { body: utf8(body) }) };
      const authorization = parseAuthorization(request.headers.authorization);
      const claimed = { ...authorization, timestamp: String(timestamp ?? authorization.timestamp) };
      const en = 'This response is a fault that was injected.';
      throw signatureMismatch(received, claimed, { reason: 'fault', where: 'Authorization', en });
    });
    return sign(rejection);
  },

  'system-error': ({ sign }) => sign(failure(500, 'SYSTEM_ERROR', '系统错误，请稍后重试')),

  'bare-500': ({ infrastructure }) => infrastructure(500, 'text/plain', 'Internal Server Error'),

  'html-502': ({ infrastructure }) => {
    const html = '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';
    return infrastructure(502, 'text/html', html);
  },

  'bare-503': ({ infrastructure }) => infrastructure(503, 'text/plain', 'Service Unavailable'),

  /** To another host, like a captive portal or a misconfigured proxy. */
  redirect: ({ infrastructure }, { location = 'https://redirected.invalid/' }) =>
    withHeaders(infrastructure(302, 'text/plain', ''), { Location: location }),

  truncated: async ({ response, sign }) => ({ ...(await sign(response)), delivery: 'cut' }),

  slow: async ({ response, sign }, { delayMs = 1000 }) => ({ ...(await sign(response)), delayMs }),

  hang: async ({ response, sign }) => ({ ...(await sign(response)), delivery: 'hang' }),

  reset: async ({ response, sign }) => ({ ...(await sign(response)), delivery: 'reset' }),

  'empty-200': ({ sign }) => sign(success(200, '')),

  'no-content': ({ sign }) => sign(success(204, '')),

  'not-json': ({ sign }) => sign(success(200, 'success')),

  /** Accepted: the client has to ask again. */
  'accepted-202': ({ sign }) => sign(success(202, '{}')),

  /** Larger than a client should hold in memory. */
  huge: ({ sign }, { bytes = 20 * 2 ** 20 }) =>
    sign(success(200, JSON.stringify({ padding: '0'.repeat(Math.max(0, bytes - 14)) }))),

  /** Changes one byte in the middle, as a faulty disk or proxy might. */
  'corrupted-byte': async ({ response, sign }) => {
    const signed = await sign(response);
    const body = signed.body.slice();
    const index = body.length >> 1;
    body[index] = (body[index] ?? 0) ^ 1;
    return { ...signed, body };
  },

  /** Ends one byte early, with a Content-Length to match. */
  'short-body': async ({ response, sign }) => {
    const signed = await sign(response);
    const body = signed.body.slice(0, -1);
    return withHeaders({ ...signed, body }, { 'Content-Length': String(body.length) });
  },

  /** A lenient decoder would read it as JSON. */
  'invalid-utf8': ({ sign }) => sign(success(200, latin1('{"mchid":"\xE9\xFF"}'))),
};

/**
 * The fault of one response.
 *
 * @internal
 */
export interface InjectedFault {
  name: Fault;
  apply(context: FaultContext): GatewayResponse | Promise<GatewayResponse>;
}

/** @internal */
export interface FaultQueue {
  inject(name: Fault, options?: FaultOptions): void;
  clear(): void;
  pending(): PendingFault[];
  /** Takes the fault for a request to this path; undefined if the request should succeed. */
  next(path: string): InjectedFault | undefined;
}

/** @internal */
export function createFaultQueue(): FaultQueue {
  /** An item without a fault stands for responses that succeed. */
  let queued: { fault?: InjectedFault; endpoint: string | undefined; remaining: number }[] = [];

  return {
    inject(name, { times = 1, after = 0, endpoint, ...options } = {}) {
      if (!Object.hasOwn(FAULTS, name)) {
        throw new TypeError(`fault: there is no ${name}; use one of ${Object.keys(FAULTS).join(', ')}`);
      }
      if (times !== Infinity && (!Number.isInteger(times) || times < 1)) {
        throw new TypeError('times must be a positive integer or Infinity');
      }
      if (!Number.isInteger(after) || after < 0) throw new TypeError('after must be an integer, 0 or more');
      if (after > 0) queued.push({ endpoint, remaining: after });
      const fault: InjectedFault = { name, apply: (context) => FAULTS[name](context, options) };
      queued.push({ fault, endpoint, remaining: times });
    },

    clear() {
      queued = [];
    },

    pending: () =>
      queued.flatMap(({ fault, endpoint, remaining }) =>
        fault ? [{ fault: fault.name, ...(endpoint !== undefined && { endpoint }), remaining }] : [],
      ),

    next(path) {
      const [withoutQuery] = path.split('?', 1);
      const item = queued.find(({ endpoint }) => endpoint === undefined || endpoint === withoutQuery);
      if (item === undefined) return undefined;
      item.remaining -= 1;
      if (item.remaining === 0) queued.splice(queued.indexOf(item), 1);
      return item.fault;
    },
  };
}

const withHeaders = (response: GatewayResponse, headers: Record<string, string>): GatewayResponse => ({
  ...response,
  headers: { ...response.headers, ...headers },
});

const failure = (status: number, code: string, message: string): UnsignedResponse => ({
  status,
  code,
  message,
  body: JSON.stringify({ code, message }),
});

const success = (status: number, body: string | Bytes): UnsignedResponse => ({ status, code: 'OK', message: '', body });

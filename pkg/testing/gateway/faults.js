/** Ways for the gateway to misbehave, one request at a time. The request was judged, logged and carried out before. */
import { base64, fromBase64, latin1, randomBytes, utf8 } from '../bytes.js';
import { parseAuthorization } from './judge/authorization.js';
import { mismatch } from './judge/signature.js';
import { outcomeOf } from './refusal.js';

/**
 * @typedef {import('./answer.js').Content} Content
 * @typedef {import('./answer.js').Answer} Answer
 * @typedef {(content: Content, how?: { ageSeconds?: number, otherKey?: boolean }) => Promise<Answer>} Seal  signs; as if
 *   this long ago, or with another key than was asked for
 * @typedef {(status: number, type: string, body: string) => Answer} Unsigned
 *
 * @typedef {object} FaultOptions
 * @property {number} [delayMs]  slow: milliseconds before the answer (1000)
 * @property {number} [seconds]  stale-timestamp, future-timestamp: how far off (301)
 * @property {number} [retryAfter]  rate-limit: seconds (1)
 * @property {string} [location]  redirect: where to
 * @property {number} [bytes]  huge: the length of the body, 14 or more (20 MiB)
 * @property {string} [path]  sign-error: what WeChat read in the place of the request's path and query
 * @property {string} [body]  sign-error: … of its body
 * @property {string | number} [timestamp]  sign-error: … of its timestamp
 *
 * @typedef {{ request: import('./gateway.js').GatewayRequest, content: Content, seal: Seal, unsigned: Unsigned }} Said
 *   what was asked, what would have been answered, and with what
 * @typedef {(said: Said, options: FaultOptions) => Answer | Promise<Answer>} Fault
 * @typedef {keyof typeof FAULTS} FaultName
 */

/** @satisfies {Record<string, Fault>} */
const FAULTS = {
  /** Well-formed, but not the signature. */
  'wrong-signature': async ({ content, seal }) => {
    const answer = await seal(content);
    const signature = fromBase64(answer.headers['Wechatpay-Signature'] ?? '')?.reverse();
    return withHeaders(answer, { 'Wechatpay-Signature': base64(signature ?? new Uint8Array()) });
  },

  /** As when a proxy drops the headers it does not know. */
  'missing-signature': async ({ content, seal }) => {
    const answer = await seal(content);
    const kept = Object.entries(answer.headers).filter(([name]) => !name.startsWith('Wechatpay-'));
    return { ...answer, headers: Object.fromEntries(kept) };
  },

  /** The first string value reads otherwise; still JSON, and of the length announced. */
  'tampered-body': async ({ content, seal }) => {
    const answer = await seal(content);
    return { ...answer, body: utf8(new TextDecoder().decode(answer.body).replace(/":"./, '":"X')) };
  },

  /** Signed with a known key, under an unknown name: who tries the keys one by one would accept it. */
  'unknown-serial': async ({ content, seal }) => {
    const answer = await seal(content);
    const publicKeyMode = answer.headers['Wechatpay-Serial']?.startsWith('PUB_KEY_ID_');
    return withHeaders(answer, { 'Wechatpay-Serial': publicKeyMode ? `PUB_KEY_ID_${'9'.repeat(28)}` : '9'.repeat(40) });
  },

  /** Correctly signed, too long ago. */
  'stale-timestamp': ({ content, seal }, { seconds = 301 }) => seal(content, { ageSeconds: seconds }),

  /** Correctly signed, by a clock that is ahead. */
  'future-timestamp': ({ content, seal }, { seconds = 301 }) => seal(content, { ageSeconds: -seconds }),

  /** Signed well, with another key than the request names: as while certificates are renewed. */
  'other-key': ({ content, seal }) => seal(content, { otherKey: true }),

  /** WeChat's probe of whether signatures are verified at all; 355 characters, so not Base64. */
  'sign-test': async ({ content, seal }) => {
    const probe = `WECHATPAY/SIGNTEST/${base64(randomBytes(252))}`;
    return withHeaders(await seal(content), { 'Wechatpay-Signature': probe });
  },

  'rate-limit': ({ seal }, { retryAfter = 1 }) =>
    seal({
      ...error(429, 'FREQUENCY_LIMITED', '频率超过限制，请降低请求频率'),
      headers: { 'Retry-After': String(retryAfter) },
    }),

  /** WeChat read something else than was signed; or, without options, the key is not the merchant's. */
  'sign-error': async ({ request, seal }, { path = request.path, body, timestamp }) => {
    const read = { ...request, path, body: body === undefined ? request.body : utf8(body) };
    const refusal = await outcomeOf(() => {
      const claim = parseAuthorization(request.headers.authorization);
      throw mismatch(read, { ...claim, timestamp: String(timestamp ?? claim.timestamp) });
    });
    return seal(refusal);
  },

  'system-error': ({ seal }) => seal(error(500, 'SYSTEM_ERROR', '系统错误，请稍后重试')),

  'bare-500': ({ unsigned }) => unsigned(500, 'text/plain', 'Internal Server Error'),

  'html-502': ({ unsigned }) =>
    unsigned(502, 'text/html', '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>'),

  /** To another host, as a captive portal or a misled proxy would. */
  redirect: ({ unsigned }, { location = 'https://redirected.invalid/' }) => {
    const answer = unsigned(302, 'text/plain', '');
    return withHeaders(answer, { Location: location });
  },

  truncated: async ({ content, seal }) => ({ ...(await seal(content)), delivery: 'cut' }),

  slow: async ({ content, seal }, { delayMs = 1000 }) => ({ ...(await seal(content)), delayMs }),

  reset: async ({ content, seal }) => ({ ...(await seal(content)), delivery: 'reset' }),

  'empty-200': ({ seal }) => seal(success(200, '')),

  'no-content': ({ seal }) => seal(success(204, '')),

  'not-json': ({ seal }) => seal(success(200, 'success')),

  /** Taken, and to be asked again. */
  'accepted-202': ({ seal }) => seal(success(202, '{}')),

  /** More than anybody wants to hold in memory. */
  huge: ({ seal }, { bytes = 20 * 2 ** 20 }) =>
    seal(success(200, JSON.stringify({ padding: '0'.repeat(Math.max(0, bytes - 14)) }))),

  /** JSON to whoever decodes leniently. */
  'invalid-utf8': ({ seal }) => seal(success(200, latin1('{"mchid":"\xE9\xFF"}'))),
};

export function createFaultQueue() {
  /** @type {({ name: FaultName, answer: (said: Said) => Answer | Promise<Answer> } | undefined)[]}  undefined: all goes well */
  const queued = [];

  return {
    /**
     * @param {FaultName} name
     * @param {FaultOptions & { times?: number, after?: number }} [options]
     */
    queue(name, { times = 1, after = 0, ...options } = {}) {
      if (!Object.hasOwn(FAULTS, name)) {
        throw new TypeError(`no fault is called ${name}; there are ${Object.keys(FAULTS).join(', ')}`);
      }
      if (!Number.isInteger(times) || times < 1) throw new TypeError('times must be a positive integer');
      /** @type {Fault} */
      const fault = FAULTS[name];
      for (let i = 0; i < after; i++) queued.push(undefined);
      for (let i = 0; i < times; i++) queued.push({ name, answer: (said) => fault(said, options) });
    },
    next: () => queued.shift(),
    clear: () => void queued.splice(0),
  };
}

/** @type {(answer: Answer, headers: Record<string, string>) => Answer} */
const withHeaders = (answer, headers) => ({ ...answer, headers: { ...answer.headers, ...headers } });

/** @type {(status: number, code: string, message: string) => Content} */
const error = (status, code, message) => ({ status, code, message, body: JSON.stringify({ code, message }) });

/** @type {(status: number, body: Content['body']) => Content} */
const success = (status, body) => ({ status, code: 'OK', message: '', body });

/** Ways for the gateway to misbehave, one request at a time. The request was judged, logged and carried out before. */
import { randomBytes } from 'node:crypto';

/**
 * @typedef {import('./answer.js').Content} Content
 * @typedef {import('./answer.js').Answer} Answer
 * @typedef {(content: Content, ageSeconds?: number) => Answer} Seal  signs, as if this long ago
 * @typedef {(status: number, type: string, body: string) => Answer} Unsigned
 *
 * @typedef {object} FaultOptions
 * @property {number} [delayMs]  slow: milliseconds before the answer (1000)
 * @property {number} [seconds]  stale-timestamp, future-timestamp: how far off (301)
 * @property {number} [retryAfter]  rate-limit: seconds (1)
 * @property {string} [location]  redirect: where to
 *
 * @typedef {{ content: Content, seal: Seal, unsigned: Unsigned }} Said  what would have been answered, and with what
 * @typedef {(said: Said, options: FaultOptions) => Answer} Fault
 * @typedef {keyof typeof FAULTS} FaultName
 */

/** @satisfies {Record<string, Fault>} */
const FAULTS = {
  /** Well-formed, but not the signature. */
  'wrong-signature': ({ content, seal }) => {
    const answer = seal(content);
    const signature = Buffer.from(answer.headers['Wechatpay-Signature'] ?? '', 'base64').reverse();
    return withHeaders(answer, { 'Wechatpay-Signature': signature.toString('base64') });
  },

  /** As when a proxy drops the headers it does not know. */
  'missing-signature': ({ content, seal }) => {
    const answer = seal(content);
    const kept = Object.entries(answer.headers).filter(([name]) => !name.startsWith('Wechatpay-'));
    return { ...answer, headers: Object.fromEntries(kept) };
  },

  /** The first string value reads otherwise; still JSON, and of the length announced. */
  'tampered-body': ({ content, seal }) => ({
    ...seal(content),
    body: Buffer.from(content.body.replace(/":"./, '":"X')),
  }),

  /** Signed with a known key, under an unknown name: who tries the keys one by one would accept it. */
  'unknown-serial': ({ content, seal }) => {
    const answer = seal(content);
    const publicKeyMode = answer.headers['Wechatpay-Serial']?.startsWith('PUB_KEY_ID_');
    return withHeaders(answer, { 'Wechatpay-Serial': publicKeyMode ? `PUB_KEY_ID_${'9'.repeat(28)}` : '9'.repeat(40) });
  },

  /** Correctly signed, too long ago. */
  'stale-timestamp': ({ content, seal }, { seconds = 301 }) => seal(content, seconds),

  /** Correctly signed, by a clock that is ahead. */
  'future-timestamp': ({ content, seal }, { seconds = 301 }) => seal(content, -seconds),

  /** WeChat's probe of whether signatures are verified at all; 355 characters, so not Base64. */
  'sign-test': ({ content, seal }) =>
    withHeaders(seal(content), { 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${randomBytes(252).toString('base64')}` }),

  'rate-limit': ({ seal }, { retryAfter = 1 }) =>
    seal({
      ...error(429, 'FREQUENCY_LIMITED', '频率超过限制，请降低请求频率'),
      headers: { 'Retry-After': String(retryAfter) },
    }),

  'system-error': ({ seal }) => seal(error(500, 'SYSTEM_ERROR', '系统错误，请稍后重试')),

  'bare-500': ({ unsigned }) => unsigned(500, 'text/plain', 'Internal Server Error'),

  'html-502': ({ unsigned }) =>
    unsigned(502, 'text/html', '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>'),

  /** To another host, as a captive portal or a misled proxy would. */
  redirect: ({ unsigned }, { location = 'https://redirected.invalid/' }) => {
    const answer = unsigned(302, 'text/plain', '');
    return withHeaders(answer, { Location: location });
  },

  truncated: ({ content, seal }) => ({ ...seal(content), delivery: 'cut' }),

  slow: ({ content, seal }, { delayMs = 1000 }) => ({ ...seal(content), delayMs }),

  reset: ({ content, seal }) => ({ ...seal(content), delivery: 'reset' }),

  'empty-200': ({ seal }) => seal(success(200, '')),

  'no-content': ({ seal }) => seal(success(204, '')),

  'not-json': ({ seal }) => seal(success(200, 'success')),
};

export function createFaultQueue() {
  /** @type {{ name: FaultName, answer: (said: Said) => Answer }[]} */
  const queued = [];

  return {
    /**
     * @param {FaultName} name
     * @param {FaultOptions & { times?: number }} [options]
     */
    queue(name, { times = 1, ...options } = {}) {
      if (!Object.hasOwn(FAULTS, name)) {
        throw new TypeError(`no fault is called ${name}; there are ${Object.keys(FAULTS).join(', ')}`);
      }
      if (!Number.isInteger(times) || times < 1) throw new TypeError('times must be a positive integer');
      /** @type {Fault} */
      const fault = FAULTS[name];
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

/** @type {(status: number, body: string) => Content} */
const success = (status, body) => ({ status, code: 'OK', message: '', body });

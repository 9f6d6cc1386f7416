// Events for operators' hooks. Attributes are named as in OpenTelemetry's HTTP conventions.
import { onRejection } from './host-functions.js';

/**
 * What the hooks receive. `attributes` are named as in OpenTelemetry's HTTP conventions (`http.request.method`,
 * `url.full`, `url.template`, `http.response.status_code`, `http.request.header.accept`, …). Bodies are left out; only
 * their sizes in bytes are there. Headers are redacted, except the ones known to hold no secret: `Accept`,
 * `Content-Type`, `Content-Length`, `Date`, `Request-ID`, `Retry-After`, `User-Agent` and `Wechatpay-*`. In `url.full`,
 * tokens are redacted; for a download, the whole query is.
 *
 * `url.template` is the path with the names of its parameters in place of their values, as in
 * `/v3/pay/transactions/id/{transaction_id}`, so it suits the names of spans and the labels of metrics. Values that you
 * write into the path yourself are shown as `{value}` if they have capital letters or more than two digits.
 *
 * @example
 * ```js
 * createClient({ ...config, onResponse: ({ attributes, durationMs }) => console.log(attributes['url.full'], durationMs) });
 * ```
 */
export interface ClientEvent {
  /** OpenTelemetry's attributes. */
  readonly attributes: Readonly<Record<string, string | number | readonly string[]>>;
  /**
   * The number of the call, which all of its events share, and no other call in the process. A download of certificates
   * is a call of its own.
   */
  readonly callId: number;
  /** The number of the attempt, from 1. For `onEnd`, the last one. */
  readonly attempt: number;
  /**
   * The duration in milliseconds: of the attempt (signing, sending and receiving) for `onResponse`, of the whole call for
   * `onEnd`.
   */
  readonly durationMs?: number;
  /** The wait before the next attempt, in milliseconds. Only for `onRetry`. */
  readonly delayMs?: number;
  /** The error, if the attempt failed; for `onEnd`, if the call failed. Not for `onRequest`. */
  readonly error?: unknown;
}

/**
 * A function that receives events.
 *
 * @internal
 */
export type Hook = (event: ClientEvent) => unknown;

/**
 * The properties that the events of one call share.
 *
 * @internal
 */
export interface CallIdentity {
  callId: number;
  /** The path, with the names of parameters in braces. */
  template: string;
}

let calls = 0;

/**
 * The number of a new call.
 *
 * @internal
 */
export function newCallId(): number {
  calls += 1;
  return calls;
}

/**
 * One step of a call, before it is written as a {@link ClientEvent}.
 *
 * @internal
 */
export interface TelemetryEvent extends CallIdentity {
  method: string;
  url: string;
  /** From 1. */
  attempt: number;
  durationMs?: number | undefined;
  delayMs?: number | undefined;
  /** Undefined for events about the request. */
  status?: number | undefined;
  headers?: Record<string, string> | Headers | undefined;
  body?: string | Uint8Array | undefined;
  error?: unknown;
}

/**
 * The headers that are shown. All others are redacted, since callers and proxies add cookies and keys of their own. The
 * signature of a response is public: anybody can verify it, and it proves nothing about any other bytes.
 */
const SHOWN_HEADERS = new Set([
  ...['accept', 'content-type', 'content-length', 'date', 'request-id', 'retry-after', 'user-agent'],
  ...['timestamp', 'nonce', 'signature', 'serial', 'signature-type'].map((name) => `wechatpay-${name}`),
]);

const REDACTED = '[redacted]';

/** Anyone with the whole header can send one request as the merchant, for five minutes. The scheme is public. */
const REDACTED_AUTHORIZATION = 'WECHATPAY2-SHA256-RSA2048 [redacted]';

/**
 * Calls a hook. Its errors are ignored: a hook must not stop a payment.
 *
 * @internal
 */
export function emit(hook: Hook | undefined, event: TelemetryEvent): void {
  if (hook === undefined) return;
  try {
    onRejection(hook(toClientEvent(event)));
  } catch {
    // A hook must not stop a payment.
  }
}

function toClientEvent(event: TelemetryEvent): ClientEvent {
  const { callId, template, method, url, attempt, durationMs, delayMs, status, headers, body, error } = event;
  const { protocol, hostname, port } = new URL(url);
  const side = status === undefined ? 'request' : 'response';
  const size = typeof body === 'string' ? new TextEncoder().encode(body).length : body?.length;
  const attributes: Record<string, string | number | readonly string[]> = {
    'http.request.method': method,
    'url.full': withoutTokens(url),
    'url.template': withoutValues(template),
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    'http.request.resend_count': attempt - 1,
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(size !== undefined && { [`http.${side}.body.size`]: size }),
    ...(error !== undefined && { 'error.type': errorType(error) }),
  };
  const pairs = headers instanceof Headers ? [...headers] : Object.entries(headers ?? {});
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    attributes[`http.${side}.header.${lower}`] = [shownValue(lower, value)];
  }
  return {
    attributes,
    callId,
    attempt,
    ...(durationMs !== undefined && { durationMs }),
    ...(delayMs !== undefined && { delayMs }),
    ...(error !== undefined && { error }),
  };
}

/** Whoever has the token of a download and the merchant's key can read the file. */
function withoutTokens(url: string): string {
  return url.replace(/([?&][^=&#]*token[^=&#]*=)[^&#]*/gi, '$1[redacted]');
}

/** Hides the values that a caller wrote into the path, so that the number of templates is small. */
function withoutValues(template: string): string {
  return template
    .split('/')
    .map((segment) => (/^\{.*\}$/.test(segment) || /^[a-z_-]*(?:\d[a-z_-]*){0,2}$/.test(segment) ? segment : '{value}'))
    .join('/');
}

/**
 * A path with the names of fields in place of their values. WeChat Pay puts the end of the name before the value, as in
 * `/service-id/{service_id}` and `/id/{transaction_id}`.
 *
 * @internal
 */
export function templateOf(path: string, fields: Readonly<Record<string, unknown>>): string {
  const segments = path.split('/');
  for (const [name, value] of Object.entries(fields)) {
    const ending = name.replaceAll('_', '-');
    const index = segments.findIndex(
      (segment, at) => at > 0 && segment === String(value) && `-${ending}`.endsWith(`-${segments[at - 1]}`),
    );
    if (index > 0) segments[index] = `{${name}}`;
  }
  return segments.join('/');
}

/** @param name - In lower case. */
function shownValue(name: string, value: string): string {
  if (SHOWN_HEADERS.has(name)) return value;
  return name === 'authorization' ? REDACTED_AUTHORIZATION : REDACTED;
}

function errorType(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : 'Error';
}

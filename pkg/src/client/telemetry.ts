// Events for operators' hooks. Attributes are named as in OpenTelemetry's HTTP conventions.

/**
 * What the hooks receive. `attributes` are named as in OpenTelemetry's HTTP conventions (`http.request.method`,
 * `url.full`, `http.response.status_code`, `http.request.header.accept`, …). `Authorization` is redacted. Bodies are left
 * out; only their sizes in bytes are there.
 *
 * @example
 * ```js
 * createClient({ ...config, onResponse: ({ attributes, durationMs }) => console.log(attributes['url.full'], durationMs) });
 * ```
 */
export interface ClientEvent {
  /** OpenTelemetry's attributes. */
  readonly attributes: Readonly<Record<string, string | number | readonly string[]>>;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** The duration of the attempt in milliseconds: signing, sending and receiving. Only for `onResponse`. */
  readonly durationMs?: number;
  /** The wait before the next attempt, in milliseconds. Only for `onRetry`. */
  readonly delayMs?: number;
  /** The error, if the attempt failed. Only for `onResponse` and `onRetry`. */
  readonly error?: unknown;
}

/**
 * A function that receives events.
 *
 * @internal
 */
export type Hook = (event: ClientEvent) => unknown;

/**
 * One step of an attempt, before it is written as a {@link ClientEvent}.
 *
 * @internal
 */
export interface TelemetryEvent {
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

/** Whoever has the header can send one request as the merchant, for five minutes. */
const REDACTED = 'WECHATPAY2-SHA256-RSA2048 [redacted]';

/**
 * Calls a hook. Its errors are ignored: a hook must not stop a payment.
 *
 * @internal
 */
export function emit(hook: Hook | undefined, event: TelemetryEvent): void {
  if (hook === undefined) return;
  try {
    const outcome = hook(toClientEvent(event));
    if (outcome instanceof Promise) outcome.catch(() => {});
  } catch {
    // See above.
  }
}

function toClientEvent(event: TelemetryEvent): ClientEvent {
  const { method, url, attempt, durationMs, delayMs, status, headers, body, error } = event;
  const { protocol, hostname, port } = new URL(url);
  const side = status === undefined ? 'request' : 'response';
  const size = typeof body === 'string' ? new TextEncoder().encode(body).length : body?.length;
  const attributes: Record<string, string | number | readonly string[]> = {
    'http.request.method': method,
    'url.full': url,
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
    attributes[`http.${side}.header.${lower}`] = [lower === 'authorization' ? REDACTED : value];
  }
  return {
    attributes,
    attempt,
    ...(durationMs !== undefined && { durationMs }),
    ...(delayMs !== undefined && { delayMs }),
    ...(error !== undefined && { error }),
  };
}

function errorType(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : 'Error';
}

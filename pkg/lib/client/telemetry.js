// What operators are told of, where they ask: events with the attribute names of OpenTelemetry's HTTP conventions.

/**
 * @typedef {object} Happening
 * @property {string} method
 * @property {string} url
 * @property {number} attempt  from 1
 * @property {number} [durationMs]
 * @property {number} [delayMs]
 * @property {number} [status]
 * @property {Record<string, string> | Headers} [headers]
 * @property {string | Uint8Array | undefined} [body]
 * @property {unknown} [error]
 */

/** Who holds this may send one request in the merchant's name, for five minutes. */
const REDACTED = 'WECHATPAY2-SHA256-RSA2048 [redacted]';

/**
 * @param {((event: any) => unknown) | undefined} hook
 * @param {Happening} happening
 */
export function announce(hook, { method, url, attempt, durationMs, delayMs, status, headers, body, error }) {
  if (hook === undefined) return;
  const { protocol, hostname, port } = new URL(url);
  const side = status === undefined ? 'request' : 'response';
  const size = typeof body === 'string' ? new TextEncoder().encode(body).length : body?.length;
  /** @type {Record<string, string | number | string[]>} */
  const attributes = {
    'http.request.method': method,
    'url.full': url,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    'http.request.resend_count': attempt - 1,
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(size !== undefined && { [`http.${side}.body.size`]: size }),
    ...(error !== undefined && { 'error.type': /** @type {any} */ (error).code ?? 'Error' }),
  };
  const pairs = headers instanceof Headers ? [...headers] : Object.entries(headers ?? {});
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    attributes[`http.${side}.header.${lower}`] = [lower === 'authorization' ? REDACTED : value];
  }
  try {
    const event = { attributes, attempt, durationMs, delayMs, error };
    const given = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
    const outcome = hook(given);
    if (outcome instanceof Promise) outcome.catch(() => {});
  } catch {
    // Watching a payment must not stop it.
  }
}

/**
 * Keeps other websites out. A page that a developer visits can send requests to this machine, so the page and the control
 * API accept only requests from the sandbox's own page and from programs that are not browsers.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

export interface Rejection {
  status: number;
  message: string;
}

export const TOKEN_HEADER = 'x-sandbox-token';

/** The returned function gives the reason for rejecting a request; undefined if it is accepted. */
export function createBrowserGuard({ token, isLoopback }: { token: string; isLoopback: boolean }) {
  return (method: string, headers: IncomingHttpHeaders): Rejection | undefined => {
    const { host = '', origin, 'sec-fetch-site': site, 'content-type': type = '' } = headers;
    // After DNS rebinding, the name of another website resolves to this machine. An IP address cannot be rebound.
    if (!isOwnHost(host, isLoopback)) {
      return reject(
        421,
        `The Host header must be a loopback address, such as 127.0.0.1, but is ${JSON.stringify(host)}.`,
      );
    }
    const isBrowser = origin !== undefined || site !== undefined;
    if (site !== undefined && site !== 'same-origin' && !(site === 'none' && method === 'GET')) {
      return reject(403, 'Requests from other websites are refused.');
    }
    if (origin !== undefined && origin !== `http://${host}`) {
      return reject(403, 'Requests from other websites are refused.');
    }
    if (method === 'GET' || method === 'HEAD') return undefined;
    if (isBrowser && !isEqual(String(headers[TOKEN_HEADER] ?? ''), token)) {
      return reject(403, 'The token of the page is missing or wrong. Reload the page.');
    }
    // Browsers send a preflight before they post this type to another website, and the sandbox never allows it.
    if (!/^application\/json\s*(;|$)/i.test(type)) {
      return reject(415, 'Content-Type must be application/json.');
    }
    return undefined;
  };
}

const reject = (status: number, message: string): Rejection => ({ status, message });

function isOwnHost(host: string, isLoopback: boolean): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const address = name.replace(/^\[(.*)\]$/, '$1');
  if (isLoopbackHost(name)) return true;
  return !isLoopback && isIP(address) !== 0;
}

/** `name` is a host name in a URL: an IPv6 address has brackets. */
export const isLoopbackHost = (name: string): boolean =>
  name === 'localhost' || name === '[::1]' || name === '::1' || (/^127\./.test(name) && isIP(name) === 4);

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

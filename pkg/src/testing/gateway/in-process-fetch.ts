/** A `fetch` that calls the gateway. It opens no socket and adds no headers, so a missing User-Agent stays missing. */
import type { GatewayRequest } from './gateway.js';
import type { GatewayResponse } from './response.js';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export function createInProcessFetch(handle: (request: GatewayRequest) => Promise<GatewayResponse>): Fetch {
  return async (input, init) => {
    // Request normalizes the method, headers and body as the host's own fetch does.
    const request = new Request(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    request.signal.throwIfAborted();

    const { method, headers, signal } = request;
    const path = pathAndQuery(request.url);
    const response = await handle({ method, path, headers: Object.fromEntries(headers), body });
    if (response.delayMs) await wait(response.delayMs, signal);
    if (response.delivery === 'hang') await wait(undefined, signal);
    return deliver(response);
  };
}

/** Rejects when the signal is aborted. Without `delayMs` it waits until then. */
function wait(delayMs: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = delayMs === undefined ? undefined : setTimeout(resolve, delayMs);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function deliver({ status, headers, body, delivery }: GatewayResponse): Response {
  if (delivery === 'reset') {
    throw new TypeError('fetch failed', { cause: systemError('ECONNRESET', 'read ECONNRESET') });
  }
  if (delivery === 'cut') return new Response(truncate(body), { status, headers });
  return new Response(status === 204 ? null : body, { status, headers });
}

function truncate(body: Uint8Array): ReadableStream<Uint8Array> {
  const error = new TypeError('terminated', { cause: systemError('UND_ERR_SOCKET', 'other side closed') });
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(error);
      else controller.enqueue(new Uint8Array(body.subarray(0, body.length / 2)));
      sent = true;
    },
  });
}

/** An error like the `cause` of an error from Node's fetch. */
const systemError = (code: string, message: string): Error => Object.assign(new Error(message), { code });

function pathAndQuery(url: string): string {
  const { origin, href } = Object.assign(new URL(url), { hash: '' });
  return href.slice(origin.length);
}

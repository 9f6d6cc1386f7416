/** The gateway as a `fetch`: no socket, and nothing added to the request, so a missing User-Agent stays missing. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param {import('./index.js').Gateway['handle']} handle
 * @returns {import('./index.js').Gateway['fetch']}
 */
export function createInProcessFetch(handle) {
  return async function fetch(input, init) {
    // Request does to method, headers and body what the host's own fetch would.
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    request.signal.throwIfAborted();

    const { method, headers } = request;
    const answer = handle({ method, path: pathAndQuery(request.url), headers: Object.fromEntries(headers), body });
    if (answer.delayMs) {
      await sleep(answer.delayMs, undefined, { signal: request.signal }).catch(() => request.signal.throwIfAborted());
    }
    return deliver(answer);
  };
}

/** @param {import('./answer.js').Answer} answer */
function deliver({ status, headers, body, delivery = 'whole' }) {
  if (delivery === 'reset') {
    throw new TypeError('fetch failed', { cause: systemError('ECONNRESET', 'read ECONNRESET') });
  }
  if (delivery === 'cut') return new Response(cutShort(body), { status, headers });
  return new Response(status === 204 ? null : body, { status, headers });
}

/** @param {Buffer} body */
function cutShort(body) {
  const end = new TypeError('terminated', { cause: systemError('UND_ERR_SOCKET', 'other side closed') });
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(end);
      else controller.enqueue(new Uint8Array(body.subarray(0, body.length / 2)));
      sent = true;
    },
  });
}

/** @type {(code: string, message: string) => Error}  what Node's fetch gives as the cause */
const systemError = (code, message) => Object.assign(new Error(message), { code });

/** @param {string} url */
function pathAndQuery(url) {
  const { origin, href } = Object.assign(new URL(url), { hash: '' });
  return href.slice(origin.length);
}

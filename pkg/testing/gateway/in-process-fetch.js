/** The gateway as a `fetch`: no socket, and nothing added to the request, so a missing User-Agent stays missing. */

/**
 * @param {import('./gateway.js').Gateway['handle']} handle
 * @returns {import('./gateway.js').Gateway['fetch']}
 */
export function createInProcessFetch(handle) {
  return async function fetch(input, init) {
    // Request does to method, headers and body what the host's own fetch would.
    const request = new Request(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    request.signal.throwIfAborted();

    const { method, headers } = request;
    const answer = await handle({
      method,
      path: pathAndQuery(request.url),
      headers: Object.fromEntries(headers),
      body,
    });
    if (answer.delayMs) await pause(answer.delayMs, request.signal);
    return deliver(answer);
  };
}

/**
 * @param {number} delayMs
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
const pause = (delayMs, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

/** @param {import('./answer.js').Answer} answer */
function deliver({ status, headers, body, delivery = 'whole' }) {
  if (delivery === 'reset') {
    throw new TypeError('fetch failed', { cause: systemError('ECONNRESET', 'read ECONNRESET') });
  }
  if (delivery === 'cut') return new Response(cutShort(body), { status, headers });
  return new Response(status === 204 ? null : body, { status, headers });
}

/** @param {Uint8Array} body */
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

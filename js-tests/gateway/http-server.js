/** The gateway as an HTTP server on the loopback interface. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {import('#testing/gateway/gateway.js').Gateway['handle']} handle */
export function createHttpServer(handle) {
  const server = createServer(async (incoming, response) => {
    const closed = new AbortController();
    response.once('close', () => closed.abort());

    const body = await buffer(incoming).catch(() => undefined);
    if (!body) return; // the client closed the connection early
    const { method = '', url = '', rawHeaders } = incoming;
    const made = await handle({ method, path: url, headers: joinHeaders(rawHeaders), body: new Uint8Array(body) });
    if (made.delayMs) {
      await sleep(made.delayMs, undefined, { signal: closed.signal }).catch(() => {});
    }
    if (!closed.signal.aborted) deliver(made, response);
  });

  return {
    async listen() {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      return `http://127.0.0.1:${port}`;
    },

    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * @param {import('#testing/gateway/response.js').GatewayResponse} made
 * @param {import('node:http').ServerResponse} response
 */
function deliver({ status, headers, body, delivery = 'whole' }, response) {
  const { socket } = response;
  if (delivery === 'hang') return; // until the client or close() ends it
  if (delivery === 'reset') {
    socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, headers);
  if (delivery === 'whole') response.end(body);
  else response.write(body.subarray(0, body.length / 2), () => socket?.destroy());
}

/**
 * Node's own `headers` silently drops a second Authorization or User-Agent. The gateway has to see both.
 * @param {string[]} rawHeaders  alternating names and values
 * @returns {Record<string, string>}
 */
function joinHeaders(rawHeaders) {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  return Object.fromEntries(headers);
}

/** The gateway as an HTTP server on the loopback interface. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {import('../../pkg/testing/gateway/gateway.js').Gateway['handle']} handle */
export function createHttpServer(handle) {
  const server = createServer(async (incoming, response) => {
    const hungUp = new AbortController();
    response.once('close', () => hungUp.abort());

    const body = await buffer(incoming).catch(() => undefined);
    if (!body) return; // hung up half-way
    const { method = '', url = '', rawHeaders } = incoming;
    const answer = await handle({ method, path: url, headers: joinHeaders(rawHeaders), body });
    if (answer.delayMs) {
      await sleep(answer.delayMs, undefined, { signal: hungUp.signal }).catch(() => {});
    }
    if (!hungUp.signal.aborted) deliver(answer, response);
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
 * @param {import('../../pkg/testing/gateway/gateway.js').Answer} answer
 * @param {import('node:http').ServerResponse} response
 */
function deliver({ status, headers, body, delivery = 'whole' }, response) {
  const { socket } = response;
  if (delivery === 'reset') {
    socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, headers);
  if (delivery === 'whole') response.end(body);
  else response.write(body.subarray(0, body.length / 2), () => socket?.destroy());
}

/**
 * Node's own `headers` drops a second Authorization or User-Agent without a word; the judge is to see both.
 * @param {string[]} rawHeaders  names and values in turn
 * @returns {Record<string, string>}
 */
function joinHeaders(rawHeaders) {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  return Object.fromEntries(headers);
}

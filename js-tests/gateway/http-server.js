/** The gateway as an HTTP server on the loopback interface. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { deliver, gatewayRequest, readBody } from '#cli/sandbox/gateway-http.js';

/** @param {import('#testing/gateway/gateway.js').Gateway['handle']} handle */
export function createHttpServer(handle) {
  const server = createServer(async (incoming, response) => {
    const body = await readBody(incoming);
    if (!body) return; // the client closed the connection early
    await deliver(await handle(gatewayRequest(incoming, body)), response);
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

/** A server for notifications. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { sendResponse } from '#wechatpay-presign';

/** @typedef {{ headers: import('node:http').IncomingHttpHeaders, body: Buffer }} Incoming */

/** @param {(incoming: Incoming) => Promise<Response>} handle */
export async function startServer(handle) {
  const server = createServer(async (request, response) => {
    await sendResponse(response, await handle({ headers: request.headers, body: await buffer(request) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

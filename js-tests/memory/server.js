/**
 * A Node.js server like the one in the README. `POST /` passes the request to the client as a notification; `GET /memory`
 * returns the memory in use. Run with --expose-gc.
 */
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { createClient } from '#wechatpay-presign';

const client = createClient(JSON.parse(process.env.WECHATPAY ?? ''));
/** @type {import('node:net').Socket | undefined} The connection of the notification. */
let socket;

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    response.end(JSON.stringify({ received: socket?.bytesRead ?? 0, used: heapUsed + external }));
    return;
  }
  const headers = /** @type {Record<string, string>} */ (request.headers);
  const body = /** @type {any} */ (Readable.toWeb(request));
  socket = request.socket;
  try {
    await client.notifications.parse(/** @type {any} */ ({ headers: new Headers(headers), body }));
    response.statusCode = 204;
  } catch (error) {
    response.statusCode = 401;
    response.write(JSON.stringify(error));
  }
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${address.port}`);
});

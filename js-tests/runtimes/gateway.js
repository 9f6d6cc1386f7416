/** The embedded gateway over HTTP, with a door for the suite to tell it how to misbehave, and to ask what it saw. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGateway } from '../gateway/index.js';

/**
 * @param {import('../gateway/index.js').GatewayOptions} options
 * @returns {Promise<{ baseUrl: string, control: string, close: () => Promise<void> }>}
 */
export async function openGateway(options) {
  const gateway = createGateway(options);
  const baseUrl = await gateway.listen();

  const door = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', baseUrl);
    const [, verb, fault] = pathname.split('/');
    if (verb === 'misbehave') gateway.misbehave(/** @type {any} */ (fault));
    const last = gateway.requests.at(-1);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(last && { ...last, body: last.body.toString() }));
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (door.address());

  return {
    baseUrl,
    control: `http://127.0.0.1:${port}`,
    async close() {
      await gateway.close();
      door.close();
      door.closeAllConnections();
    },
  };
}

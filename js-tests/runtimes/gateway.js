/** The embedded gateway over HTTP, with a door for the suite to tell it how to misbehave, and to ask what it saw. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGateway } from '../gateway/index.js';

/** How far off a wrong time is: so much that a second more or less, while an answer is under way, makes no difference. */
const FAR = 400;

/**
 * @param {import('../gateway/index.js').GatewayOptions} options
 * @returns {Promise<{ baseUrl: string, control: string, close: () => Promise<void> }>}
 */
export async function openGateway(options) {
  const gateway = createGateway(options);
  const baseUrl = await gateway.listen();

  let first = 0;
  let followed = 0;

  /** @param {string} verb @param {string} argument */
  function answer(verb, argument) {
    // Whoever followed the redirect would come to this very door.
    const { port } = /** @type {import('node:net').AddressInfo} */ (door.address());
    const location = `http://127.0.0.1:${port}/followed`;
    if (verb === 'followed') followed += 1;
    if (verb === 'misbehave') gateway.misbehave(/** @type {any} */ (argument), { location, seconds: FAR });
    if (verb === 'faults') {
      first = gateway.requests.length;
      const faults = Number(argument);
      for (let index = 0; index < faults; index += 1) {
        gateway.misbehave(FAULTS[index % FAULTS.length] ?? 'truncated', { after: 4 });
      }
      return { faults };
    }
    if (verb === 'signs') {
      const [mchid = '', out_contract_code = ''] = argument.split('-');
      return gateway.userSigns({ mchid, out_contract_code });
    }
    if (verb === 'load') return summary(gateway.requests.slice(first));
    const last = gateway.requests.at(-1);
    return last && { ...last, body: text(last.body), followed, count: gateway.requests.length };
  }

  const door = createServer((request, response) => {
    const [, verb = '', argument = ''] = (request.url ?? '').split('/');
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer(verb, argument)));
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

/**
 * Of every kind: those that are repeated by the client, and those that its caller has to see. But for a reset: Deno's fetch
 * itself then sends the same bytes again, nonce included, which is refused.
 */
const FAULTS = /** @type {const} */ ([
  'system-error',
  'truncated',
  'html-502',
  'bare-500',
  'wrong-signature',
  'tampered-body',
  'unknown-serial',
]);

/** @param {Uint8Array} bytes */
const text = (bytes) => new TextDecoder().decode(bytes);

/** @param {import('../gateway/index.js').LoggedRequest[]} requests */
function summary(requests) {
  const refusals = requests.filter(({ verdict }) => verdict.status >= 300).map(({ verdict }) => verdict.message);
  return {
    requests: requests.length,
    refused: refusals.length,
    refusals: [...new Set(refusals)].join(', '),
    contracts: new Set(requests.map(({ body }) => text(body))).size,
  };
}

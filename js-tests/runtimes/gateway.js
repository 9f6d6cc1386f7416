/** The embedded gateway over HTTP, with a second server where the suite injects faults and reads the recorded requests. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGateway } from '../gateway/index.js';
import { BILL, BILL_DATE } from '../suite/bill.js';

/** The error of a wrong timestamp in seconds: so large that the duration of a request makes no difference. */
const FAR = 400;

/**
 * @param {import('../gateway/index.js').GatewayOptions} options
 * @returns {Promise<{ baseUrl: string, control: string, close: () => Promise<void> }>}
 */
export async function openGateway(options) {
  const gateway = createGateway(options);
  gateway.bills.set(BILL_DATE, BILL);
  const baseUrl = await gateway.listen();

  let first = 0;
  let followed = 0;

  /** @param {string} verb @param {string} argument */
  function control(verb, argument) {
    // A client that followed the redirect would arrive here.
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const location = `http://127.0.0.1:${port}/followed`;
    if (verb === 'followed') followed += 1;
    if (verb === 'inject') gateway.injectFault(/** @type {any} */ (argument), { location, seconds: FAR });
    if (verb === 'faults') {
      first = gateway.requests.length;
      const faults = Number(argument);
      for (let index = 0; index < faults; index += 1) {
        gateway.injectFault(FAULTS[index % FAULTS.length] ?? 'truncated', { after: 4 });
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

  const server = createServer((request, response) => {
    const [, verb = '', argument = ''] = (request.url ?? '').split('/');
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(control(verb, argument)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    baseUrl,
    control: `http://127.0.0.1:${port}`,
    async close() {
      await gateway.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Faults after which the client retries, and faults that its caller sees. `reset` is left out: Deno's own fetch would send
 * the same bytes again, including the nonce, and the gateway rejects a repeated nonce.
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

/** @param {import('../gateway/index.js').RecordedRequest[]} requests */
function summary(requests) {
  const rejections = requests.filter(({ outcome }) => outcome.status >= 300).map(({ outcome }) => outcome.message);
  return {
    requests: requests.length,
    refused: rejections.length,
    refusals: [...new Set(rejections)].join(', '),
    contracts: new Set(requests.map(({ body }) => text(body))).size,
  };
}

// A Worker has little CPU time for each request, but more for its start. A client created in the global scope therefore does
// the work of its first request there: it imports the keys into the host's cryptography, builds a request, and verifies a
// response, which also compiles the code. The global scope has neither a clock nor randomness, and nothing here needs them.
import { buildPresign } from '../presign.js';
import { signingMessage } from '../signing.js';
import { commonHeaders } from './common-headers.js';
import type { Configuration } from './configuration.js';

/** An arbitrary time: nothing that is built or verified here leaves this file. */
const TIMESTAMP = 1_700_000_000;

/** Parameters of the right form. */
const PARAMS = {
  appid: 'wx',
  service_id: 1,
  out_contract_code: '1',
  notify_url: 'https://example.com/',
  contract_display_account: 'x',
  prepay_id: 'wx',
  openid: 'o',
};

/** Whether this is the global scope of a Worker, where the clock stands still at 0. */
export function isGlobalScope(): boolean {
  return Date.now() === 0;
}

/** Warms up a client. Never rejects: after a failure, the first call only takes longer. */
export async function warmUp({ baseUrl, importKey, verifier, certs }: Configuration): Promise<void> {
  const steps = [
    () => {
      const { method, path, body } = buildPresign(PARAMS, {}, baseUrl);
      signingMessage({ method, url: path, body }, { timestamp: TIMESTAMP, nonce: 'N' });
      commonHeaders(true, undefined);
    },
    () => importKey?.(),
    ...Object.keys(certs).map((serial) => () => verifier.verifyResponse(unsigned(serial), certs, TIMESTAMP)),
  ];
  for (const step of steps) {
    try {
      await step();
    } catch {
      // The invalid signature was rejected, as expected.
    }
  }
}

/** A response with an invalid signature. */
function unsigned(serial: string): { status: number; headers: Headers; body: Uint8Array } {
  const headers = new Headers({
    'Wechatpay-Timestamp': String(TIMESTAMP),
    'Wechatpay-Nonce': 'N',
    'Wechatpay-Serial': serial,
    'Wechatpay-Signature': `${'A'.repeat(342)}==`,
  });
  return { status: 200, headers, body: new TextEncoder().encode('{}') };
}

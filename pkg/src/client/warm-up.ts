// A Worker's CPU time is limited for each request, but hardly for its start. A client that is made in the global scope
// therefore does the work of its first request there: it reads the keys into the host's cryptography, builds and
// verifies once, and so has the code compiled. Neither clock nor randomness is available there, and nothing here needs them.
import { buildPresign } from '../presign.js';
import { signingMessage } from '../signing.js';
import { commonHeaders } from './common-headers.js';
import type { Configuration } from './configuration.js';

/** Any time will do: nothing that is built or verified here leaves this file. */
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

/** Warms a client up. Without it the first call only takes longer, so no failure matters, and the promise never rejects. */
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
      // As expected of a verification.
    }
  }
}

/** A response whose signature is not valid. */
function unsigned(serial: string): { status: number; headers: Headers; body: Uint8Array } {
  const headers = new Headers({
    'Wechatpay-Timestamp': String(TIMESTAMP),
    'Wechatpay-Nonce': 'N',
    'Wechatpay-Serial': serial,
    'Wechatpay-Signature': `${'A'.repeat(342)}==`,
  });
  return { status: 200, headers, body: new TextEncoder().encode('{}') };
}

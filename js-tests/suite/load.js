/** Many merchants at once, over HTTP, with a fault in a fifth of the responses. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';

const MERCHANTS = 100;
const CALLS = 1000;

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { PARAMS, merchant, platform, gateway } = fixtures;

  test('1000 pre-signs for 100 merchants: none lost, none verified wrongly, no nonce used twice', async () => {
    const { control, baseUrl } = gateway;
    const { faults } = await (await fetch(`${control}/faults/${CALLS / 5}`)).json();
    assert.strictEqual(faults, CALLS / 5);
    /** @type {string[]} */
    const nonces = [];
    /** @param {any} url @param {any} init */
    const sending = (url, init) => {
      nonces.push(/nonce_str="(.*?)"/.exec(init.headers.Authorization)?.[1] ?? '');
      return fetch(url, init);
    };
    const clients = Array.from({ length: MERCHANTS }, (_, index) =>
      w.createClient({
        // They share a key, because making a hundred keys would take longer than the test.
        ...{ mchid: `1900${index}`, serial: merchant.serial, privateKey: merchant.privateKey },
        certs: { [platform.serial]: platform.publicKey },
        ...{ baseUrl, retryDelayMs: 1, retries: 10, timeoutMs: 60_000, fetch: sending },
      }),
    );
    const outcomes = await Promise.all(
      Array.from({ length: CALLS }, async (_, index) => {
        const params = { ...PARAMS, out_contract_code: `load${index}`, service_id: 1 + index };
        const client = /** @type {import('wechatpay-presign').Client} */ (clients[index % MERCHANTS]);
        // The client does not retry after a failed verification, but its caller may.
        for (let turn = 0; turn < 10; turn += 1) {
          try {
            return { index, result: await client.presign(params) };
          } catch (error) {
            if (!(error instanceof w.SignatureVerificationError)) throw error;
          }
        }
        return { index, result: undefined };
      }),
    );
    for (const { index, result } of outcomes) {
      const { mchid, service_id, out_contract_code } = result ?? {};
      assert.deepEqual([mchid, service_id, out_contract_code], [`1900${index % MERCHANTS}`, 1 + index, `load${index}`]);
    }
    const seen = await (await fetch(`${control}/load`)).json();
    assert.strictEqual(seen.refused, 0, seen.refusals);
    assert.strictEqual(new Set(nonces).size, nonces.length);
    assert.ok(nonces.length >= CALLS + CALLS / 5, String(nonces.length));
    assert.strictEqual(seen.contracts, CALLS);
  });
}

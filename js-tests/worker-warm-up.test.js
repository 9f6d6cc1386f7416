/** A client created in the global scope of a Worker warms itself up there. */
import assert from 'node:assert/strict';
import nodeCrypto from 'node:crypto';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient } from '#wechatpay-presign';
import { merchant, PARAMS, platform } from './fixtures.js';
import { createGateway } from './gateway/index.js';
import { startWorker } from './runtimes/workerd.js';

const gateway = createGateway({ merchants: [merchant], platform });
const baseUrl = await gateway.listen();
after(() => gateway.close());
const { mchid, serial, privateKey } = merchant;
const config = { mchid, serial, privateKey, certs: { [platform.serial]: platform.publicKey }, baseUrl };

let contracts = 0;

/** @param {Record<string, string>} [others] */
async function startWith(others = {}) {
  const folder = fileURLToPath(new URL('runtimes/warm-worker', import.meta.url));
  const worker = await startWorker({ folder, bindings: { config: JSON.stringify(config), ...others } });
  after(() => worker.close());
  return async (/** @type {string} */ client) => {
    contracts += 1;
    const body = JSON.stringify({ ...PARAMS, out_contract_code: `C${contracts}` });
    const response = await fetch(`${worker.url}/${client}`, { method: 'POST', body });
    return /** @type {any} */ (await response.json());
  };
}

const presign = await startWith();

test('in the global scope, keys are imported and a response is verified before the first request', async () => {
  const first = await presign('global');
  // The private key, its public half and WeChat Pay's key.
  assert.deepEqual(first.before, ['importKey', 'importKey', 'importKey', 'verify']);
  // The first signature is verified before it is sent. Nothing was signed before.
  assert.deepEqual(first.during, ['sign', 'verify', 'verify']);
  assert.deepEqual((await presign('global')).during, ['sign', 'verify']);
});

test('a client created in a handler does no work before it is needed', async () => {
  const { made, during, mchid } = await presign('handler');
  assert.deepEqual(made, []);
  assert.deepEqual(during.sort(), ['importKey', 'importKey', 'importKey', 'sign', 'verify', 'verify']);
  assert.equal(mchid, merchant.mchid);
});

test('a Worker whose warm-up fails still serves requests', async () => {
  const presign = await startWith({ fails: 'yes' });
  const first = await presign('global');
  assert.notEqual(first.before.length, 0);
  assert.equal(first.mchid, merchant.mchid);
});

test('a warm-up that fails leaves no unhandled rejection', async (context) => {
  /** @type {unknown[]} */
  const unhandled = [];
  const listener = (/** @type {unknown} */ reason) => unhandled.push(reason);
  process.on('unhandledRejection', listener);
  context.after(() => process.off('unhandledRejection', listener));
  context.mock.method(Date, 'now', () => 0);
  const createPrivateKey = context.mock.method(nodeCrypto, 'createPrivateKey', () => {
    throw new Error('node:crypto fails');
  });
  createClient(config);
  // Every step waits only for promises, so all have settled after a few turns of the event loop.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(createPrivateKey.mock.callCount(), 1);
  assert.deepEqual(unhandled, []);
});

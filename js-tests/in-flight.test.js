// In Node.js, the event loop's own thread signs if nothing else is in flight; otherwise the thread pool signs.
import assert from 'node:assert';
import nodeCrypto from 'node:crypto';
import { mock, test } from 'node:test';
import { createTestKit } from '#testing/index.js';
import * as w from '#wechatpay-presign';
import { PARAMS } from './fixtures.js';

/** Whether each signature was made on the thread pool. */
const onThreadPool = /** @type {boolean[]} */ ([]);
/** Signatures of the thread pool wait for this promise. */
let released = Promise.resolve();
const { sign } = nodeCrypto;
mock.method(nodeCrypto, 'sign', (/** @type {any[]} */ ...args) => {
  const callback = args[3];
  onThreadPool.push(typeof callback === 'function');
  if (typeof callback !== 'function') return Reflect.apply(sign, nodeCrypto, args);
  const wait = released;
  return sign(args[0], args[1], args[2], (error, signature) => wait.then(() => callback(error, signature)));
});

const kit = await createTestKit();

/** A client whose requests wait until the test releases them. */
function waitingClient() {
  /** @type {(() => void)[]} */
  const waiting = [];
  /** @param {any[]} args */
  const fetch = async (...args) => {
    await new Promise((resolve) => waiting.push(() => resolve(undefined)));
    return Reflect.apply(kit.config.fetch, undefined, args);
  };
  return { client: w.createClient({ ...kit.config, fetch: /** @type {any} */ (fetch), retries: 0 }), waiting };
}

/** Waits until a condition holds, and checks it after each turn of the event loop. */
async function until(/** @type {() => boolean} */ condition) {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('signs at once if nothing is in flight, and on the thread pool if another call is', async () => {
  const { client, waiting } = waitingClient();
  const other = waitingClient();
  const begin = (/** @type {ReturnType<typeof waitingClient>} */ { client }, /** @type {string} */ code) =>
    client.presign({ ...PARAMS, out_contract_code: code });

  const first = begin({ client, waiting }, 'a1');
  await until(() => waiting.length === 1);
  assert.deepStrictEqual(onThreadPool, [false]);
  // Another client's calls share the event loop.
  const second = begin(other, 'a2');
  const third = begin({ client, waiting }, 'a3');
  await until(() => waiting.length === 2 && other.waiting.length === 1);
  assert.deepStrictEqual(onThreadPool, [false, true, true]);

  for (const letThrough of [...waiting, ...other.waiting]) letThrough();
  const results = await Promise.all([first, second, third]);
  assert.deepStrictEqual(
    results.map(({ out_contract_code }) => out_contract_code),
    ['a1', 'a2', 'a3'],
  );

  const last = begin({ client, waiting }, 'a4');
  await until(() => waiting.length === 3);
  assert.deepStrictEqual(onThreadPool, [false, true, true, false]);
  waiting.at(-1)?.();
  assert.strictEqual((await last).out_contract_code, 'a4');
});

test('sends nothing if a call is aborted while the thread pool signs', async () => {
  const { client, waiting } = waitingClient();
  const before = client.presign({ ...PARAMS, out_contract_code: 'b1' });
  await until(() => waiting.length === 1);
  const count = onThreadPool.length;
  const controller = new AbortController();
  let release = () => {};
  released = new Promise((resolve) => (release = resolve));
  const aborted = client.presign({ ...PARAMS, out_contract_code: 'b2' }, { signal: controller.signal });
  await until(() => onThreadPool.length > count);
  assert.strictEqual(onThreadPool.at(-1), true);
  controller.abort();
  await assert.rejects(aborted, { code: 'ERR_NETWORK', outcomeUnknown: false });
  // The signature arrives, and is not sent.
  release();
  await new Promise((resolve) => sign('sha256', Buffer.from('x'), kit.merchant.privateKey, resolve));
  await new Promise((resolve) => setImmediate(resolve));
  assert.strictEqual(waiting.length, 1);
  waiting[0]?.();
  assert.strictEqual((await before).out_contract_code, 'b1');
});

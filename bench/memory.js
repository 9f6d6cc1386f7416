// Runs in Node.js with --expose-gc and prints JSON: the growth of memory over many calls, and the memory of many merchants.
import { makeMerchant } from '#testing/keys.js';
import { makeJob } from './job.js';

const [entry = '', calls = '100000', merchants = '1000'] = process.argv.slice(2);
/** Making keys takes long, so the merchants share this many. Each merchant's key is parsed separately. */
const KEYS = 10;

/** @type {WebAssembly.Memory[]} */
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = /** @type {any} */ (
  class extends Instance {
    /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} imports */
    constructor(module, imports) {
      super(module, imports);
      memories.push(/** @type {WebAssembly.Memory} */ (this.exports['memory']));
    }
  }
);
/** @type {typeof import('wechatpay-presign')} */
const w = await import(entry);

/** Whether this version of Node.js counts the memory of a wasm as external memory. */
const isCounted = (() => {
  const before = process.memoryUsage().external;
  const { buffer } = new WebAssembly.Memory({ initial: 1024 });
  return process.memoryUsage().external - before >= buffer.byteLength;
})();

/**
 * @typedef {{ heap: number, external: number, wasm: number }} Used  in bytes: JavaScript's heap, its memory outside of
 *   the heap, and the memory of the wasm, which never shrinks
 * @returns {Promise<Used>}
 */
async function used() {
  // Finalizers run between tasks, and free more.
  for (let round = 0; round < 5; round += 1) {
    /** @type {() => void} */ (globalThis.gc)();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const wasm = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, external: external - (isCounted ? wasm : 0), wasm };
}

/** @param {Used} earlier @param {Used} later */
function growth(earlier, later) {
  return {
    heap: later.heap - earlier.heap,
    external: later.external - earlier.external,
    wasm: later.wasm - earlier.wasm,
  };
}

const { kit, merchant, certs, params, response } = await makeJob();
const request = { method: 'POST', url: 'https://api.mch.weixin.qq.com/v3/x', body: '{"a":1}' };
const now = Math.floor(Date.now() / 1000);

const pems = await Promise.all(Array.from({ length: KEYS }, async () => (await makeMerchant()).privateKey));
// Made before measuring, so that garbage from making them is not counted.
const configs = Array.from({ length: Number(merchants) }, (_, index) => ({
  mchid: String(1_900_000_000 + index),
  serial: (0x5f1c0000 + index).toString(16).toUpperCase(),
  // A separate string is parsed as a separate key. It is flattened now, so that this does not happen when it is first read.
  privateKey: Buffer.from(`merchant ${index}\n${pems[index % KEYS]}`).toString(),
  certs,
  apiV3Key: merchant.apiV3Key,
}));

const client = w.createClient({
  ...kit.config,
  fetch: async () => new Response(response.body, { status: 200, headers: response.headers }),
});
/** @type {[name: string, count: number, call: () => unknown][]} */
const CALLS = [
  ['client.presign', Number(calls), () => client.presign(params)],
  ['signAuthorization', Number(calls) / 5, () => w.signAuthorization(request, merchant)],
  ['verifyResponse', Number(calls) / 5, () => w.verifyResponse(response, { certs }, { now })],
];
/** @type {import('./results.js').Results['memory']['grown']} */
const grown = {};
for (const [name, count, call] of CALLS) {
  const repeat = async (/** @type {number} */ times) => {
    for (let index = 0; index < times; index += 1) {
      const outcome = call();
      if (outcome instanceof Promise) await outcome;
    }
  };
  await repeat(5000);
  const earlier = await used();
  await repeat(count);
  grown[name] = { calls: count, ...growth(earlier, await used()) };
}

const empty = await used();
const clients = configs.map((config) => w.createClient({ ...config, crypto: 'wasm' }));
// A key is parsed when it is first used.
for (const { mchid, serial, privateKey } of configs) w.signAuthorization(request, { mchid, serial, privateKey });
const loaded = growth(empty, await used());
if (clients.length !== Number(merchants)) throw new Error('there are fewer clients');

const result = { grown, merchants: { count: clients.length, keys: KEYS, ...loaded } };
console.log(JSON.stringify(result));

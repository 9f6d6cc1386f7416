// Runs in Node.js and prints JSON: the number of calls per second, and the longest time for which the event loop is blocked, with
// many calls at once and 20 ms of network time for each.
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJob } from './job.js';
import { peersOf } from './peers.js';

const [entry = '', seconds = '2'] = process.argv.slice(2);
const NETWORK_MS = 20;
const AT_ONCE = [1, 16, 128, 1024];
/** Each measurement is made this many times, in turns; the median is reported. */
const ROUNDS = 3;

/** @type {typeof import('wechatpay-presign')} */
const w = await import(entry);
const job = await makeJob();
const { headers, body } = job.response;
const fetch = async () => {
  await sleep(NETWORK_MS);
  return new Response(body, { status: 200, headers });
};
const clientOf = (/** @type {'host' | 'wasm'} */ crypto) => {
  // The other packages have no time limits either. On a busy machine, a thousand calls at once take long.
  const limits = { timeoutMs: 600_000, attemptTimeoutMs: 600_000, retries: 0 };
  const client = w.createClient({ ...job.kit.config, ...limits, fetch: /** @type {any} */ (fetch), crypto });
  return () => client.presign(job.params);
};
const candidates = Object.entries({
  'client.presign': clientOf('host'),
  "client.presign, crypto: 'wasm'": clientOf('wasm'),
  ...peersOf(job, { delayMs: NETWORK_MS }),
});

/**
 * @param {() => Promise<unknown>} call
 * @param {number} atOnce
 * @param {number} forMs
 * @returns {Promise<import('./results.js').Load>}
 */
async function measure(call, atOnce, forMs) {
  const begun = performance.now();
  let done = 0;
  let [last, longest] = [begun, 0];
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  // monitorEventLoopDelay would miss a delay that lasts until the end.
  const timer = setInterval(look, 1);
  const workers = Array.from({ length: atOnce }, async () => {
    do {
      await call();
      done += 1;
    } while (performance.now() - begun < forMs);
  });
  await Promise.all(workers);
  const elapsed = performance.now() - begun;
  clearInterval(timer);
  look();
  return { callsPerSecond: (done / elapsed) * 1000, holdUpMs: longest };
}

/** @param {number[]} numbers */
const middle = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN;

/** @type {import('./results.js').Loads} */
const loads = {};
for (const atOnce of AT_ONCE) {
  /** @type {Record<string, import('./results.js').Load[]>} */
  const all = {};
  // The first round is not counted, since it includes compilation.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, call] of candidates) {
      const load = await measure(call, atOnce, (Number(seconds) * 1000) / (round === 0 ? 2 * ROUNDS : ROUNDS));
      if (round > 0) (all[name] ??= []).push(load);
    }
  }
  loads[atOnce] = Object.fromEntries(
    Object.entries(all).map(([name, measured]) => [
      name,
      {
        callsPerSecond: middle(measured.map(({ callsPerSecond }) => callsPerSecond)),
        holdUpMs: middle(measured.map(({ holdUpMs }) => holdUpMs)),
      },
    ]),
  );
}
console.log(JSON.stringify(loads));

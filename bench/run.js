// `npm run bench`: measures this package and others side by side, in each runtime. Nothing here passes or fails. It prints a page,
// and writes BENCHMARKS.md, bench/results.json and bench/results.svg. --quick makes few calls of each, to see that it works.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { binary } from '../js-tests/runtimes/binaries.js';
import { root } from '../scripts/run.js';
import { ensureDevDependencies } from '../scripts/toolchain.js';
import { measureBytes } from './bytes.js';
import { measureIsolates, measureProcesses } from './cold.js';
import { checkConstantTime } from './constant-time.js';
import { describeMachine } from './machine.js';
import { pageOf } from './page.js';
import { plotOf } from './plot.js';
import { buildReference } from './reference-build.js';

ensureDevDependencies();
const quick = process.argv.includes('--quick');
const COUNTS = quick
  ? { rounds: 20, processes: 3, calls: 2000, timed: 2000 }
  : { rounds: 200, processes: 15, calls: 100_000, timed: 20_000 };

/** @type {[name: string, runtime: Parameters<typeof binary>[0], entry: string][]} */
const RUNTIMES = [
  ['Node.js 20', 'NODE_20', 'node.js'],
  ['Node.js 22', 'NODE_22', 'node.js'],
  ['Node.js 24', 'NODE_24', 'node.js'],
  ['Node.js 26', 'NODE_26', 'node.js'],
  ['Deno', 'DENO', 'deno.js'],
  ['Bun', 'BUN', 'bun.js'],
];
/** Hides AVX-512 IFMA from OpenSSL: clears its bit of OPENSSL_ia32cap. */
const WITHOUT_IFMA = { OPENSSL_ia32cap: ':~0x200000' };

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const entryUrl = (/** @type {string} */ name) => pathToFileURL(join(root, 'pkg/dist', name)).href;

const machine = describeMachine();
const reference = buildReference();

say('sizes of the files');
const bytes = measureBytes();

/** @type {number[]} */
const waits = [];

/**
 * @param {typeof RUNTIMES} runtimes
 * @param {Record<string, string>} env
 * @returns {import('./results.js').Warm}
 */
function measureWarm(runtimes, env = {}) {
  const measured = runtimes.map(([name, runtime, entry]) => {
    say(`signing, verifying and the whole job in ${name}${env === WITHOUT_IFMA ? ', OpenSSL without IFMA' : ''}`);
    const peers = runtime.startsWith('NODE') ? 'peers' : '';
    const args = [here('warm.js'), entryUrl(entry), reference, String(COUNTS.rounds), peers];
    const all = runtime === 'DENO' ? ['run', '--quiet', '--allow-all', ...args] : args;
    const { times, waited } = JSON.parse(output(runtime, all, env));
    waits.push(waited);
    return [name, times];
  });
  return Object.fromEntries(measured);
}
const warm = measureWarm(RUNTIMES);
const hasIfma = machine.instructionSets.includes('avx512ifma');
const ofOpenssl = RUNTIMES.filter(([, runtime]) => runtime.startsWith('NODE'));
const warmWithoutIfma = hasIfma ? measureWarm(ofOpenssl, WITHOUT_IFMA) : undefined;

say('cold starts');
const cold = await measureProcesses(COUNTS.processes);
const isolates = await measureIsolates(COUNTS.processes);

say('memory');
const counting = ['--expose-gc', here('memory.js'), entryUrl('node.js'), String(COUNTS.calls)];
const memory = JSON.parse(output('NODE_24', counting));

say('constant time');
const constantTime = await checkConstantTime(COUNTS.timed);

const versions = Object.fromEntries(
  RUNTIMES.map(([name, runtime]) => [name, /\d+\.\d+\.\d+/.exec(output(runtime, ['--version']))?.[0] ?? '']),
);
/** @type {import('./results.js').Results} */
const results = {
  date: new Date().toISOString().slice(0, 10),
  machine,
  versions,
  waited: Math.max(...waits),
  warm,
  ...(warmWithoutIfma && { warmWithoutIfma }),
  cold,
  isolates,
  memory,
  bytes,
  constantTime,
};
const page = pageOf(results);
writeFileSync(here('results.json'), `${JSON.stringify(results, undefined, 1)}\n`);
writeFileSync(here('results.svg'), plotOf(results));
writeFileSync(join(root, 'BENCHMARKS.md'), page);
console.log(`\n${page}`);

/** @param {string} what */
function say(what) {
  console.log(`${new Date().toISOString().slice(11, 19)} ${what} …`);
}

/**
 * @param {Parameters<typeof binary>[0]} runtime
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function output(runtime, args, env = {}) {
  const options = { encoding: /** @type {const} */ ('utf8'), maxBuffer: 2 ** 24, env: { ...process.env, ...env } };
  return execFileSync(binary(runtime), args, options);
}

// `npm run bench` measures medians and ratios side by side in each runtime. Nothing here passes or fails. It prints a page and
// writes it into BENCHMARKS.md, bench/results.json and bench/results.svg.
//
// `npm run bench -- --quick` measures and prints the main figures only, with fewer rounds, and writes nothing. Add --calls=2000 for
// a shorter check of memory growth. `npm run bench -- --trial` runs all of it with tiny counts, and writes nothing.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
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
import { summaryOf, summaryRows } from './summary.js';

ensureDevDependencies();
const quick = process.argv.includes('--quick');
const [, calls = quick ? '20000' : '100000'] = /^--calls=(\d+)$/m.exec(process.argv.join('\n')) ?? [];
/** Counts for a trial of the benchmark itself. */
const isTrial = process.argv.includes('--trial');
const COUNTS = isTrial
  ? { rounds: 4, processes: 1, calls: 20, timed: 200, loadSeconds: 0.05 }
  : {
      rounds: quick ? 60 : 200,
      processes: quick ? 5 : 15,
      calls: Number(calls),
      timed: 20_000,
      loadSeconds: quick ? 0.6 : 1.5,
    };

/** @type {[name: string, runtime: Parameters<typeof binary>[0], entry: string][]} */
const ALL_RUNTIMES = [
  ['Node.js 20', 'NODE_20', 'node.js'],
  ['Node.js 22', 'NODE_22', 'node.js'],
  ['Node.js 24', 'NODE_24', 'node.js'],
  ['Node.js 26', 'NODE_26', 'node.js'],
  ['Deno', 'DENO', 'deno.js'],
  ['Bun', 'BUN', 'bun.js'],
];
const RUNTIMES = ALL_RUNTIMES.filter(([name]) => !quick || ['Node.js 20', 'Node.js 24', 'Bun'].includes(name));
/** The value of OPENSSL_ia32cap that clears the bit of AVX-512 IFMA in the capabilities that OpenSSL sees. */
const WITHOUT_IFMA = { OPENSSL_ia32cap: ':~0x200000' };

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const entryUrl = (/** @type {string} */ name) => pathToFileURL(join(root, 'pkg/dist', name)).href;

const machine = describeMachine();

say('how large the files are');
const bytes = measureBytes({ uploads: !quick });

// It runs in a separate process, for all runtimes.
const server = spawn(binary('NODE_24'), [here('loopback-server.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
const [port] = await once(server.stdout, 'data');
const baseUrl = `http://127.0.0.1:${String(port).trim()}`;

/** @type {number[]} */
const waits = [];

/**
 * @param {typeof ALL_RUNTIMES} runtimes
 * @param {Record<string, string>} env
 * @returns {import('./results.js').Warm}
 */
function measureWarm(runtimes, env = {}) {
  const measured = runtimes.map(([name, runtime, entry]) => {
    say(`signing, verifying and the whole job in ${name}${env === WITHOUT_IFMA ? ', OpenSSL without IFMA' : ''}`);
    const args = [here('warm.js'), entryUrl(entry), String(COUNTS.rounds), baseUrl];
    const all = runtime === 'DENO' ? ['run', '--quiet', '--allow-all', ...args] : args;
    const { times, waited } = JSON.parse(output(runtime, all, env));
    waits.push(waited);
    return [name, times];
  });
  return Object.fromEntries(measured);
}
const warm = measureWarm(RUNTIMES);
const hasIfma = machine.instructionSets.includes('avx512ifma');
const ofOpenssl = RUNTIMES.filter(([, runtime]) => runtime === 'NODE_20' || runtime === 'NODE_24');
const warmWithoutIfma = hasIfma ? measureWarm(ofOpenssl, WITHOUT_IFMA) : undefined;
server.kill();

/**
 * @param {Record<string, string>} env
 * @returns {import('./results.js').Loads}
 */
function measureLoads(env = {}) {
  say(`many calls at once${env === WITHOUT_IFMA ? ', OpenSSL without IFMA' : ''}`);
  return JSON.parse(output('NODE_24', [here('load.js'), entryUrl('node.js'), String(COUNTS.loadSeconds)], env));
}
const loads = measureLoads();
const loadsWithoutIfma = hasIfma && !quick ? measureLoads(WITHOUT_IFMA) : undefined;

say('cold starts in Node.js');
const cold = await measureProcesses(COUNTS.processes);

say('memory');
const counting = ['--expose-gc', here('memory.js'), entryUrl('node.js'), String(COUNTS.calls)];
const memory = JSON.parse(output('NODE_24', counting));

const warmed = {
  warm,
  ...(warmWithoutIfma && { warmWithoutIfma }),
  loads,
  ...(loadsWithoutIfma && { loadsWithoutIfma }),
};
if (quick) {
  const rows = summaryRows(summaryOf({ ...warmed, cold, memory, bytes }));
  const width = Math.max(...rows.map(([what = '']) => what.length));
  console.log('');
  for (const [what = '', ...values] of rows) {
    console.log([what.padEnd(width), ...values.map((value) => value.padStart(12))].join('  '));
  }
  const longest = Math.round(Math.max(...waits) * 100);
  console.log(`\nA runtime waited for a processor for up to ${longest} % of its time.`);
} else {
  await measureTheRest();
}

/** Measures everything else that is on the page, and makes the page. */
async function measureTheRest() {
  say('cold starts in workerd');
  const isolates = await measureIsolates(COUNTS.processes);

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
    ...warmed,
    cold,
    isolates,
    memory,
    bytes,
    constantTime,
  };
  const page = pageOf(results);
  if (isTrial) {
    plotOf(results);
    console.log(`\n${page}`);
    return;
  }
  writeFileSync(here('results.json'), `${JSON.stringify(results, undefined, 1)}\n`);
  writeFileSync(here('results.svg'), plotOf(results));
  writeFileSync(join(root, 'BENCHMARKS.md'), page);
  console.log(`\n${page}`);
}

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

// `npm run bench`: side by side in one run, medians and ratios, in each runtime. Nothing here passes or fails. Prints a table,
// and writes bench/results.json, bench/results.svg and BENCHMARKS.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { gzipSync } from 'node:zlib';
import { makeMerchant } from '../pkg/testing/index.js';
import { ensureDevDependencies } from '../scripts/toolchain.js';
import { binary } from '../js-tests/runtimes/binaries.js';
import { median } from './interleave.js';
import { report } from './report.js';

ensureDevDependencies();
const root = new URL('..', import.meta.url);
const wasm = (/** @type {string} */ name) => new URL(`pkg/wasm/${name}`, root);
const NODE = binary('NODE_24');
const merchant = await makeMerchant();

// ---- Warm ----

/** @type {[string, Parameters<typeof binary>[0], string][]} */
const RUNTIMES = [
  ['Node.js 20', 'NODE_20', 'node.js'],
  ['Node.js 22', 'NODE_22', 'node.js'],
  ['Node.js 24', 'NODE_24', 'node.js'],
  ['Node.js 26', 'NODE_26', 'node.js'],
  ['Deno', 'DENO', 'deno.js'],
  ['Bun', 'BUN', 'bun.js'],
];

/** @type {Record<string, Record<string, Record<string, number>>>} */
const warm = {};
for (const [name, runtime, entry] of RUNTIMES) {
  console.log(`measuring in ${name} …`);
  const script = new URL('warm.js', import.meta.url).pathname;
  const peers = runtime === 'NODE_24' ? 'peers' : '';
  const args = [script, wasm(entry).href, '200', peers];
  const all = runtime === 'DENO' ? ['run', '--quiet', '--allow-all', ...args] : args;
  warm[name] = JSON.parse(execFileSync(binary(runtime), all, { encoding: 'utf8', maxBuffer: 2 ** 24 }));
}

// ---- Cold: a fresh process each time ----

const first = `import('${wasm('node.js')}').then((w) => w.signAuthorization(
  { method: 'POST', url: 'https://api.mch.weixin.qq.com/v3/x', body: '{}' },
  { mchid: '1900000100', serial: '5F1C', privateKey: process.env.KEY }))`;
const timed = (/** @type {string} */ code) => `
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  Promise.resolve(${code}).then(() => {
    const { user, system } = process.cpuUsage(cpu);
    console.log(JSON.stringify([performance.now() - begun, (user + system) / 1000]));
  });`;
const PROCESSES = {
  'import wechatpay-axios-plugin': "import('wechatpay-axios-plugin')",
  'import wechatpay-node-v3': "import('wechatpay-node-v3')",
  'import wechatpay-presign': `import('${wasm('node.js')}')`,
  'import wechatpay-presign, and the first Authorization': first,
};

console.log('measuring cold starts …');
/** @type {Record<string, [number, number][]>} */
const starts = Object.fromEntries(Object.keys(PROCESSES).map((name) => [name, []]));
for (let round = 0; round < 15; round += 1) {
  for (const [name, code] of Object.entries(PROCESSES)) starts[name]?.push(inProcess(timed(code)));
}
/** @type {Record<string, { wall: number, cpu: number }>}  milliseconds, measured inside of the process */
const cold = Object.fromEntries(
  Object.entries(starts).map(([name, all]) => [
    name,
    { wall: median(all.map(([wall]) => wall)), cpu: median(all.map(([, cpu]) => cpu)) },
  ]),
);

// ---- Memory ----

console.log('measuring memory …');
const memory = inProcess(
  `
  const w = await import('${wasm('node.js')}');
  const merchant = { mchid: '1900000100', serial: '5F1C', privateKey: process.env.KEY };
  const call = () => w.signAuthorization({ method: 'GET', url: '/v3/x' }, merchant);
  const used = () => { globalThis.gc(); const { heapUsed, external, arrayBuffers } = process.memoryUsage(); return heapUsed + external + arrayBuffers };
  for (let i = 0; i < 2000; i += 1) call();
  const before = used();
  for (let i = 0; i < 100_000; i += 1) call();
  const after = used();
  const clients = [];
  for (let i = 0; i < 1000; i += 1) clients.push(w.MerchantKey.fromPem(process.env.KEY));
  console.log(JSON.stringify({ growth: after - before, thousandKeys: used() - after }));
`,
  ['--expose-gc', '--input-type=module'],
);

// ---- Bytes ----

const bytes = Object.fromEntries(
  ['wechatpay_presign_bg.wasm', 'wechatpay_presign_relaxed_bg.wasm', 'core.js', 'node.js', 'workerd.js'].map((name) => {
    const content = readFileSync(wasm(name));
    return [name, { raw: content.length, gzipped: gzipSync(content, { level: 9 }).length }];
  }),
);

const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores`;
const results = { machine, date: new Date().toISOString().slice(0, 10), warm, cold, memory, bytes };
writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, undefined, 1)}\n`);
const { markdown, svg } = report(results);
writeFileSync(new URL('results.svg', import.meta.url), svg);
writeFileSync(new URL('BENCHMARKS.md', root), markdown);
console.log(`\n${markdown}`);

/**
 * @param {string} code  prints JSON
 * @param {string[]} [flags]
 */
function inProcess(code, flags = []) {
  const options = {
    cwd: root,
    env: { ...process.env, KEY: merchant.privateKey },
    encoding: /** @type {const} */ ('utf8'),
  };
  const { status, stdout, stderr } = spawnSync(NODE, [...flags, '-e', code], options);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

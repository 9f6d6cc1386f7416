/**
 * The benchmark's statistics, checked against values computed elsewhere, and the page with its results. No test asserts on
 * elapsed time.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { costsOf } from '../bench/callgrind.js';
import { makeExtremeKey } from '../bench/extreme-keys.js';
import { median } from '../bench/interleave.js';
import { constantTimeSection, pageOf } from '../bench/page.js';
import { plotOf } from '../bench/plot.js';
import { summaryOf, summaryRows } from '../bench/summary.js';
import { compareClasses, welch } from '../bench/welch.js';

/** @param {number} actual @param {number} expected */
const close = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test('Welch’s t matches textbook examples', () => {
  // A textbook's example of two machines that make screws: 1.959.
  const one = [30.02, 29.99, 30.11, 29.97, 30.01, 29.99];
  const other = [29.89, 29.93, 29.72, 29.98, 30.02, 29.98];
  close(welch(one, other), 1.9590058081);
  close(welch(other, one), -1.9590058081);
  // Different variances: (3 - 6) / √(2.5/5 + 10/5).
  close(welch([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]), -3 / Math.sqrt(2.5));
  // Different lengths: (2 - 5) / √(1/3 + 2/2).
  close(welch([1, 2, 3], [4, 6]), -3 / Math.sqrt(4 / 3));
  assert.equal(welch([7, 7], [7, 7]), 0);
});

test('classes are compared with and without slow outliers', () => {
  const classes = Array.from({ length: 4000 }, (_, index) => (index >> 1) % 2);
  // The same noise for both classes, which alternate in pairs.
  const noise = Array.from(classes, (_, index) => ((((index >> 2) * 2 + (index % 2)) * 7919) % 100) / 100);
  const compare = (/** @type {(of: number, index: number) => number} */ timeOf) =>
    compareClasses(
      classes.map((of, index) => timeOf(of, index)),
      classes,
    );
  const time = (/** @type {number} */ index) => 100 + (noise[index] ?? 0);

  const same = compare((_, index) => time(index));
  assert.deepEqual(same.n, [2000, 2000]);
  assert.ok(same.maxT < 4.5, String(same.maxT));

  const different = compare((of, index) => time(index) + of);
  assert.ok(different.t < -10 && different.maxT >= -different.t);
  close(different.medians[1] - different.medians[0], 1);

  // Interruptions, equally frequent in both classes, hide a small difference from `t` but not from `maxT`.
  const disturbed = compare((of, index) => time(index) + of / 5 + (index % 40 === 0 || index % 40 === 2 ? 1000 : 0));
  assert.ok(Math.abs(disturbed.t) < 4.5 && disturbed.maxT > 10, JSON.stringify(disturbed));
});

test('the median is right for even and odd counts', () => {
  assert.equal(median([5, 1, 9, 3, 7]), 5);
});

test('keys whose exponents have few or many bits set are valid', () => {
  for (const kind of /** @type {const} */ (['sparse', 'dense'])) {
    const key = createPrivateKey(makeExtremeKey(kind, Math.random));
    assert.equal(key.asymmetricKeyDetails?.modulusLength, 2048);
    const { dp = '', dq = '', n = '', e = '' } = key.export({ format: 'jwk' });
    for (const exponent of [dp, dq]) {
      const bits = BigInt(`0x${Buffer.from(exponent, 'base64url').toString('hex')}`).toString(2);
      const ones = bits.replaceAll('0', '').length;
      assert.ok(kind === 'sparse' ? ones < 20 : ones > 990, `${ones} ones`);
    }
    const publicKey = { key: { kty: 'RSA', n, e }, format: /** @type {const} */ ('jwk') };
    const message = Buffer.from('x');
    assert.ok(verify('sha256', message, publicKey, sign('sha256', message, key)));
  }
});

test('instructions are counted for the function that executes them', () => {
  const text = `# callgrind format
events: Ir
fl=(1) main.rs
fn=(1) main
16 400
cfn=(2) root
calls=1 50
16 900
+3 20
fn=(2)
51 300
* 50
cfi=(3) malloc.c
cfn=(3) _int_malloc
calls=2 1
-2 550
fn=(3)
1 550
`;
  assert.deepEqual(costsOf(text), { main: 420, root: 350, _int_malloc: 550 });
});

const candidates = {
  signature: {
    'crypto.sign': 0.5,
    'crypto.subtle.sign': 0.6,
    signAuthorization: 0.75,
  },
  verification: { 'crypto.verify': 0.04, verifyResponse: 0.16 },
  'the whole job': {
    'one sign, one verify, JSON.stringify': 0.6,
    'client.presign': 0.72,
    'wechatpay-axios-plugin': 0.9,
    'wechatpay-node-v3': 1,
  },
  'over HTTP': { 'fetch alone, without signatures': 0.4, 'client.presign': 1.2, 'wechatpay-axios-plugin': 1.6 },
  'the whole job, after thousands of calls': {
    'one sign, one verify, JSON.stringify': 0.5,
    'client.presign': 0.61,
    'wechatpay-axios-plugin': 0.7,
  },
};
const load = (/** @type {number} */ callsPerSecond, /** @type {number} */ holdUpMs) => ({ callsPerSecond, holdUpMs });
const cost = (/** @type {number} */ main) => ({ main, all: main + 1, wall: main + 2 });
/** @type {import('../bench/results.js').Results} */
const RESULTS = {
  date: '2026-01-02',
  machine: { name: 'a <machine> & more', system: 'Linux 1', instructionSets: ['avx2', 'fma'], usable: [0, 1] },
  versions: { 'Node.js 20': '20.1.2', 'Node.js 24': '24.3.4', Bun: '1.2.3' },
  waited: 0.01,
  warm: { 'Node.js 20': candidates, 'Node.js 24': candidates, Bun: candidates },
  loads: {
    1: { 'client.presign': load(46, 1.2), 'wechatpay-axios-plugin': load(45, 1.5) },
    128: { 'client.presign': load(3600, 30), 'wechatpay-axios-plugin': load(2400, 60) },
  },
  cold: {
    'the same after undici is loaded': { wall: 12.34, cpu: 13 },
    'import wechatpay-axios-plugin': { wall: 100, cpu: 110 },
    'import wechatpay-presign, and the first Authorization': { wall: 15, cpu: 16 },
  },
  isolates: {
    'a worker that does nothing': { start: cost(20), first: cost(1), second: cost(0.5) },
    'signAuthorization, in the wasm': { start: cost(25), first: cost(5), second: cost(2) },
    'the client, made in global scope': { start: cost(26), first: cost(3.5), second: cost(2) },
    'the client, made in the handler': { start: cost(24), first: cost(6.5), second: cost(2) },
  },
  memory: {
    grown: {
      'client.presign': { calls: 100_000, heap: 3000, external: 0, wasm: 0 },
      verifyResponse: { calls: 20_000, heap: -10, external: 0, wasm: 0 },
    },
    merchants: { count: 1000, keys: 10, heap: 5_000_000, external: 0, wasm: 4_000_000 },
  },
  bytes: {
    files: { 'a_bg.wasm': { raw: 200_000, gzipped: 80_000 }, 'b_bg.wasm': { raw: 210_000, gzipped: 81_000 } },
    uploads: { 'a Worker that signs': { raw: 300_000, gzipped: 100_000 } },
  },
  constantTime: {
    comparisons: [{ kind: 'test', name: 'one against another', n: [10, 12], t: 1.5, maxT: 5, medians: [1, 1.001] }],
    instructions: [
      { key: 'one', message: 'a', instructions: 1000 },
      { key: 'other', message: 'a', instructions: 1000 },
    ],
  },
};

test('the summary divides the measured times', () => {
  const figures = Object.fromEntries(summaryOf(RESULTS).map(({ what, measured }) => [what, measured]));
  assert.deepEqual(figures, {
    'a pre-sign ÷ wechatpay-axios-plugin': '0.80',
    'a pre-sign ÷ wechatpay-axios-plugin, Node.js 20': '0.80',
    'a pre-sign over HTTP ÷ wechatpay-axios-plugin': '0.75',
    'a pre-sign over HTTP ÷ wechatpay-axios-plugin, Node.js 20': '0.75',
    'a pre-sign after thousands of calls ÷ wechatpay-axios-plugin': '0.87',
    'a pre-sign ÷ wechatpay-node-v3': '0.72',
    'the client’s own time beside one signature and one verification, µs': '110',
    '128 calls at once: calls a second ÷ wechatpay-axios-plugin': '1.50',
    '128 calls at once: longest hold-up of the event loop ÷ wechatpay-axios-plugin': '0.50',
    '`signAuthorization`, in wasm ÷ `crypto.sign`': '1.50',
    '`verifyResponse`, in wasm ÷ `crypto.verify`': '4.00',
    'a fresh process: import and first Authorization ÷ importing wechatpay-axios-plugin': '0.15',
    'a fresh process that has used fetch: import, createClient and first pre-sign, ms': '12.3',
    'a Worker’s first pre-sign, client made in global scope, ms of CPU': '2.5',
    'a Worker’s first pre-sign, client made in the handler, ms of CPU': '5.5',
    'one wasm, gzipped (the larger of the two)': '81.0 kB',
    'memory growth over 100,000 calls, bytes for each call': '0.03',
  });
});

test('the summary leaves out runtimes that were not measured', () => {
  const figures = summaryOf({ ...RESULTS, warm: { 'Node.js 24': candidates } }).map(({ what }) => what);
  assert.ok(figures.includes('a pre-sign ÷ wechatpay-axios-plugin'));
  assert.ok(!figures.some((what) => /Node\.js 20|Bun/.test(what)), figures.join());
});

test('OpenSSL without IFMA has its own column if it was measured', () => {
  assert.doesNotMatch(pageOf(RESULTS), /IFMA/);
  assert.deepEqual(new Set(summaryRows(summaryOf(RESULTS)).map(({ length }) => length)), new Set([2]));
  const slower = { ...candidates, signature: { ...candidates.signature, 'crypto.sign': 1 } };
  const page = pageOf({ ...RESULTS, warmWithoutIfma: { 'Node.js 24': slower } });
  assert.match(page, /^\| {2}\| measured \| without IFMA \|$/m);
  assert.match(page, /^\| `signAuthorization`, in wasm ÷ `crypto\.sign` \| 1\.50 \| 0\.75 \|$/m);
  assert.match(page, /^\| a pre-sign ÷ wechatpay-axios-plugin, Node\.js 20 \| 0\.80 \| {2}\|$/m);
});

test('the page for users names no targets', () => {
  assert.doesNotMatch(pageOf(RESULTS), /target|at most|wanted|missed/i);
});

test('every row of a table has as many cells as its head', () => {
  const tables = pageOf(RESULTS).match(/(^\|.*\n)+/gm) ?? [];
  assert.ok(tables.length >= 9, String(tables.length));
  for (const table of tables) {
    const [head, ...rows] = table
      .trim()
      .split('\n')
      .map((line) => line.split('|').length);
    for (const row of rows) assert.equal(row, head, table);
  }
  assert.doesNotMatch(pageOf(RESULTS), /NaN|undefined/);
});

test('the page says if the machine was busy', () => {
  assert.match(pageOf(RESULTS), /1 % of its time/);
  assert.doesNotMatch(pageOf(RESULTS), /busy/);
  assert.match(pageOf({ ...RESULTS, waited: 0.4 }), /machine was busy.* 40 % of its time/s);
});

test('the page says if instructions depend on secrets', () => {
  assert.match(constantTimeSection(RESULTS.constantTime).join('\n'), /1,000 every time/);
  assert.match(constantTimeSection(RESULTS.constantTime).join('\n'), /\| perhaps \|/);
  const other = { key: 'third', message: 'a', instructions: 999 };
  const instructions = [...(RESULTS.constantTime.instructions ?? []), other];
  const section = constantTimeSection({ ...RESULTS.constantTime, instructions }).join('\n');
  assert.match(section, /not always the same/);
  assert.match(section, /\| third \| a \| 999 \|/);
  assert.match(constantTimeSection({ comparisons: [], instructions: undefined }).join('\n'), /has no valgrind/);
});

test('the plot is an SVG with a bar for each measurement', () => {
  const svg = plotOf(RESULTS);
  assert.match(svg, /^<svg /);
  assert.match(svg, /a &lt;machine> &amp; more/);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  // Four bars for the job, two for many calls at once, two for each of three runtimes, two for a cold start, three for a Worker,
  // and the background.
  assert.equal(svg.match(/<rect /g)?.length, 4 + 2 + 3 * 2 + 2 + 3 + 1);
});

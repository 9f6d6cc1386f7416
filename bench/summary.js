// The main figures: ratios within one run, on Node.js 24 unless another runtime is named.

/**
 * @typedef {import('./results.js').Results} Results
 *
 * @typedef {object} Figure
 * @property {string} what
 * @property {string} measured
 * @property {string} [withoutIfma]  the same where OpenSSL does not use AVX-512 IFMA
 *
 * @typedef {Pick<Results, 'warm' | 'warmWithoutIfma' | 'loads' | 'loadsWithoutIfma' | 'cold' | 'memory' | 'bytes'> &
 *   { isolates?: Results['isolates'] }} Measured
 */

const FLOOR = 'one sign, one verify, JSON.stringify';
const AXIOS = 'wechatpay-axios-plugin';
const JOB = 'the whole job';
const COMPILED = 'the whole job, after thousands of calls';

/**
 * @param {Measured} measured
 * @returns {Figure[]}
 */
export function summaryOf(measured) {
  const { warm, warmWithoutIfma, loads, loadsWithoutIfma } = measured;
  /**
   * A figure made from the times, or of both runs.
   * @type {<Source>(what: string, sources: [Source, Source | undefined], figure: (source: Source) => number | undefined,
   *   show?: (value: number) => string) => Figure[]}
   */
  const of = (what, [source, other], figure, show = ratio) => {
    const value = figure(source);
    const second = other && figure(other);
    if (value === undefined || Number.isNaN(value)) return [];
    return [{ what, measured: show(value), ...(second !== undefined && { withoutIfma: show(second) }) }];
  };
  /** @type {(runtime: string, group: string, one: string, other: string) => (times: Results['warm']) => number | undefined} */
  const quotient = (runtime, group, one, other) => (times) => {
    const candidates = times[runtime]?.[group];
    const [first, second] = [candidates?.[one], candidates?.[other]];
    return first === undefined || second === undefined ? undefined : first / second;
  };
  const times = /** @type {const} */ ([warm, warmWithoutIfma]);
  const job = (/** @type {string} */ what, /** @type {string} */ runtime, group = JOB, other = AXIOS) =>
    of(what, [...times], quotient(runtime, group, 'client.presign', other));
  const signing = (/** @type {string} */ what, /** @type {string} */ runtime) =>
    of(what, [...times], quotient(runtime, 'signature', 'signAuthorization', 'crypto.sign'));
  /** @type {(what: string, key: 'callsPerSecond' | 'holdUpMs') => Figure[]} */
  const load = (what, key) =>
    of(what, [loads, loadsWithoutIfma], (all) => {
      const { [AXIOS]: theirs, 'client.presign': ours } = all['128'] ?? {};
      return ours && theirs && ours[key] / theirs[key];
    });
  return [
    ...job(`a pre-sign ÷ ${AXIOS}`, 'Node.js 24'),
    ...job(`a pre-sign ÷ ${AXIOS}, Node.js 20`, 'Node.js 20'),
    ...job(`a pre-sign over HTTP ÷ ${AXIOS}`, 'Node.js 24', 'over HTTP'),
    ...job(`a pre-sign over HTTP ÷ ${AXIOS}, Node.js 20`, 'Node.js 20', 'over HTTP'),
    ...job(`a pre-sign after thousands of calls ÷ ${AXIOS}`, 'Node.js 24', COMPILED),
    ...job('a pre-sign ÷ wechatpay-node-v3', 'Node.js 24', JOB, 'wechatpay-node-v3'),
    ...of(
      'the client’s own time beside one signature and one verification, µs',
      [...times],
      (all) => {
        const { 'client.presign': ours = Number.NaN, [FLOOR]: floor = Number.NaN } =
          all['Node.js 24']?.[COMPILED] ?? {};
        return (ours - floor) * 1000;
      },
      (value) => value.toFixed(0),
    ),
    ...load(`128 calls at once: calls a second ÷ ${AXIOS}`, 'callsPerSecond'),
    ...load(`128 calls at once: longest hold-up of the event loop ÷ ${AXIOS}`, 'holdUpMs'),
    ...signing('`signAuthorization`, in wasm ÷ `crypto.sign`', 'Node.js 24'),
    ...of(
      '`verifyResponse`, in wasm ÷ `crypto.verify`',
      [...times],
      quotient('Node.js 24', 'verification', 'verifyResponse', 'crypto.verify'),
    ),
    ...starts(measured),
    ...sizes(measured),
  ];
}

/**
 * @param {Measured} measured
 * @returns {Figure[]}
 */
function starts({ cold, isolates = {} }) {
  const wall = (/** @type {string} */ name) => cold[name]?.wall ?? Number.NaN;
  const ready = wall('import wechatpay-presign, and the first Authorization');
  const idle = isolates['a worker that does nothing']?.first.main ?? Number.NaN;
  const inWorker = (/** @type {string} */ name) => (isolates[name]?.first.main ?? Number.NaN) - idle;
  const figures = {
    'a fresh process: import and first Authorization ÷ importing wechatpay-axios-plugin':
      ready / wall('import wechatpay-axios-plugin'),
    'a fresh process that has used fetch: import, createClient and first pre-sign, ms': wall(
      'the same after undici is loaded',
    ),
    'a Worker’s first pre-sign, client made in global scope, ms of CPU': inWorker('the client, made in global scope'),
    'a Worker’s first pre-sign, client made in the handler, ms of CPU': inWorker('the client, made in the handler'),
  };
  const known = Object.entries(figures).filter(([, value]) => !Number.isNaN(value));
  return known.map(([what, value]) => ({ what, measured: what.includes('÷') ? ratio(value) : value.toFixed(1) }));
}

/**
 * @param {Measured} measured
 * @returns {Figure[]}
 */
function sizes({ memory, bytes }) {
  const modules = Object.entries(bytes.files).filter(([name]) => name.endsWith('.wasm'));
  const largest = Math.max(...modules.map(([, { gzipped }]) => gzipped));
  const growths = Object.values(memory.grown).map(
    ({ heap, external, wasm, calls }) => (heap + external + wasm) / calls,
  );
  const calls = Math.max(...Object.values(memory.grown).map(({ calls }) => calls)).toLocaleString('en');
  return [
    { what: 'one wasm, gzipped (the larger of the two)', measured: `${(largest / 1000).toFixed(1)} kB` },
    { what: `memory growth over ${calls} calls, bytes for each call`, measured: ratio(Math.max(...growths)) },
  ];
}

function ratio(/** @type {number} */ value) {
  return value.toFixed(2);
}

/**
 * The figures as lines of a table.
 * @param {Figure[]} figures
 * @returns {string[][]}  the head first
 */
export function summaryRows(figures) {
  const hasSecond = figures.some(({ withoutIfma }) => withoutIfma !== undefined);
  const rows = figures.map(({ what, measured, withoutIfma = '' }) =>
    hasSecond ? [what, measured, withoutIfma] : [what, measured],
  );
  return [hasSecond ? ['', 'measured', 'without IFMA'] : ['', 'measured'], ...rows];
}

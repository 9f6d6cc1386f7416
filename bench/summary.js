// The figures that users ask for first: ratios within one run, on Node.js 24 unless another runtime is named.

/**
 * @typedef {import('./results.js').Results} Results
 * @typedef {import('./results.js').Warm} Warm
 *
 * @typedef {object} Figure
 * @property {string} what
 * @property {string} measured
 * @property {string} [withoutIfma]  the same where OpenSSL does not use AVX-512 IFMA
 */

const ratio = (/** @type {number} */ value) => value.toFixed(2);
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const FLOOR = 'one sign, one verify, JSON.stringify';

/**
 * @param {Pick<Results, 'warm' | 'warmWithoutIfma' | 'cold' | 'memory' | 'bytes'>} results
 * @returns {Figure[]}
 */
export function summaryOf({ warm, warmWithoutIfma, cold, memory, bytes }) {
  /** @type {(what: string, runtime: string, group: string, one: string, other: string) => Figure[]} */
  const compared = (what, runtime, group, one, other) => {
    const from = (/** @type {Warm | undefined} */ times) => {
      const candidates = times?.[runtime]?.[group];
      const [first, second] = [candidates?.[one], candidates?.[other]];
      return first === undefined || second === undefined ? undefined : ratio(first / second);
    };
    const [measured, withoutIfma] = [from(warm), from(warmWithoutIfma)];
    return measured === undefined ? [] : [{ what, measured, ...(withoutIfma !== undefined && { withoutIfma }) }];
  };
  const signing = (/** @type {string} */ what, /** @type {string} */ runtime) =>
    compared(what, runtime, 'signature', 'signAuthorization', 'crypto.sign');
  const job = (/** @type {string} */ other) =>
    compared(`the whole job ÷ ${other}`, 'Node.js 24', 'the whole job', 'client.presign', other);

  const imported = cold['import wechatpay-axios-plugin']?.wall ?? Number.NaN;
  const ready = cold['import wechatpay-presign, and the first Authorization']?.wall ?? Number.NaN;
  const modules = Object.entries(bytes.files).filter(([name]) => name.endsWith('.wasm'));
  const largest = Math.max(...modules.map(([, { gzipped }]) => gzipped));
  const grown = Object.values(memory.grown).map(({ heap, external, wasm }) => heap + external + wasm);
  const calls = memory.calls.toLocaleString('en');
  return [
    ...signing('`signAuthorization` ÷ `crypto.sign`', 'Node.js 24'),
    ...signing('`signAuthorization` ÷ `crypto.sign`, Node.js 20', 'Node.js 20'),
    ...signing('`signAuthorization` ÷ `crypto.sign`, Bun', 'Bun'),
    ...compared(
      '`verifyResponse`, in wasm ÷ `crypto.verify`',
      'Node.js 24',
      'verification',
      'verifyResponse',
      'crypto.verify',
    ),
    ...job(FLOOR),
    ...job('wechatpay-axios-plugin'),
    ...job('wechatpay-node-v3'),
    {
      what: 'a fresh process: import and first Authorization ÷ importing wechatpay-axios-plugin',
      measured: ratio(ready / imported),
    },
    { what: 'one wasm, gzipped (the larger of the two)', measured: kilobytes(largest) },
    {
      what: `memory growth over ${calls} calls, bytes for each call`,
      measured: ratio(Math.max(...grown) / memory.calls),
    },
  ];
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

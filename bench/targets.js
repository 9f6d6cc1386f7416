// The targets beside the measurements: ratios on one machine in one run, in Node.js 24 unless said otherwise.

/**
 * @typedef {import('./results.js').Results} Results
 * @typedef {import('./results.js').Warm} Warm
 *
 * @typedef {object} Target
 * @property {string} what
 * @property {number} measured
 * @property {number} [withoutIfma]  the same with an OpenSSL without AVX-512 IFMA, if that differs
 * @property {number} atMost
 * @property {number} wanted
 * @property {(value: number) => string} show
 */

const asRatio = (/** @type {number} */ value) => value.toFixed(2);
const asTime = (/** @type {number} */ value) => `${value.toFixed(1)} ms`;
const asSize = (/** @type {number} */ value) => `${(value / 1000).toFixed(1)} kB`;

/** Growth of up to this many bytes a call counts as none: rounding, and the engine's own records. */
const NOTHING = 1;

const FLOOR = 'one sign, one verify, JSON.stringify';

/**
 * @param {Results} results
 * @returns {Target[]}
 */
export function targetsOf({ warm, warmWithoutIfma, cold, isolates, bytes, memory }) {
  const ratio = (
    /** @type {string} */ what,
    /** @type {[runtime: string, group: string, one: string, other: string]} */ [runtime, group, one, other],
    /** @type {number} */ atMost,
    /** @type {number} */ wanted,
  ) => {
    const of = (/** @type {Warm} */ times) => divide(times[runtime]?.[group]?.[one], times[runtime]?.[group]?.[other]);
    const second = warmWithoutIfma?.[runtime] && { withoutIfma: of(warmWithoutIfma) };
    return { what, measured: of(warm), ...second, atMost, wanted, show: asRatio };
  };
  const signing = (/** @type {string} */ runtime) =>
    /** @type {[string, string, string, string]} */ ([runtime, 'signature', 'signAuthorization', 'crypto.sign']);
  const job = (/** @type {string} */ other) =>
    /** @type {[string, string, string, string]} */ (['Node.js 24', 'the whole job', 'client.presign', other]);
  const verifying = /** @type {[string, string, string, string]} */ ([
    'Node.js 24',
    'verification',
    'verifyResponse',
    'crypto.verify',
  ]);
  const first = (/** @type {'main' | 'all'} */ threads) =>
    (isolates['signAuthorization']?.first[threads] ?? Number.NaN) -
    (isolates['a worker that does nothing']?.first[threads] ?? Number.NaN);
  const wasm = Object.entries(bytes.files).filter(([name]) => name.endsWith('.wasm'));
  const grown = Object.values(memory.grown).map(({ heap, external, wasm }) => heap + external + wasm);

  return [
    ratio('`signAuthorization` ÷ `crypto.sign`', signing('Node.js 24'), 1.8, 1),
    ratio('the same, Node.js 20', signing('Node.js 20'), 3.5, 2),
    ratio('the same, Bun', signing('Bun'), 3.5, 2),
    ratio('`verifyResponse` ÷ `crypto.verify`', verifying, 6, 3),
    ratio('the whole job ÷ one sign, one verify, `JSON.stringify`', job(FLOOR), 1.25, 1.1),
    ratio('the whole job ÷ wechatpay-axios-plugin', job('wechatpay-axios-plugin'), 0.85, 0.7),
    {
      what: 'cold: import to first Authorization ÷ importing wechatpay-axios-plugin, wall',
      measured: divide(
        cold['import wechatpay-presign, and the first Authorization']?.wall,
        cold['import wechatpay-axios-plugin']?.wall,
      ),
      atMost: 0.2,
      wanted: 0.1,
      show: asRatio,
    },
    {
      what: 'first signature in a cold workerd isolate, CPU of its thread',
      measured: first('main'),
      atMost: 5,
      wanted: 2,
      show: asTime,
    },
    { what: 'the same, CPU of all threads', measured: first('all'), atMost: 5, wanted: 2, show: asTime },
    {
      what: 'one wasm, gzipped (the larger of the two)',
      measured: Math.max(...wasm.map(([, { gzipped }]) => gzipped)),
      atMost: 95_000,
      wanted: 70_000,
      show: asSize,
    },
    {
      what: `heap growth over ${memory.calls.toLocaleString('en')} calls, bytes a call`,
      measured: Math.max(...grown) / memory.calls,
      atMost: NOTHING,
      wanted: NOTHING,
      show: (value) => (value === NOTHING ? 'none' : asRatio(value)),
    },
  ];
}

/**
 * The target that was reached; also with an OpenSSL without AVX-512 IFMA, if that differs.
 * @param {Target} target
 */
export function outcomeOf({ measured, withoutIfma = measured, atMost, wanted }) {
  const of = (/** @type {number} */ value) => (value <= wanted ? 'wanted' : value <= atMost ? 'at most' : 'missed');
  return of(measured) === of(withoutIfma) ? of(measured) : `${of(measured)} (without IFMA: ${of(withoutIfma)})`;
}

/**
 * @param {number | undefined} one
 * @param {number | undefined} other
 */
const divide = (one = Number.NaN, other = Number.NaN) => one / other;

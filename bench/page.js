// BENCHMARKS.md: the targets, the chart, then all measurements.
import { outcomeOf, targetsOf } from './targets.js';

/** @typedef {import('./results.js').Results} Results */

/** @param {Results} results */
export function pageOf(results) {
  const { machine, date, versions } = results;
  const sets = machine.instructionSets.join(', ');
  const runtimes = Object.entries(versions).map(([name, version]) => [name.replace(/ \d+$/, ''), version].join(' '));
  const cores = machine.usable.length === 1 ? ', of which one was used' : '';
  return [
    '# Benchmarks',
    '',
    `Written by \`npm run bench\` on ${date}. Machine: ${machine.name}${cores}; ${machine.system}.`,
    `Instruction sets that matter here: ${sets || 'none known'}.`,
    `Runtimes: ${runtimes.join(', ')}.`,
    ...busyLines(results),
    '',
    'RSA-2048 everywhere. Medians of calls made in turns, in one process for each runtime. The milliseconds hold for this machine;',
    'the ratios hold for others with the same instruction sets. Nothing here is a promise, and nothing fails a test.',
    '',
    ...targetsSection(results),
    '![Times of signing, the whole job and a cold start](bench/results.svg)',
    '',
    ...warmSection(results),
    ...coldSection(results),
    ...memorySection(results),
    ...bytesSection(results),
    ...constantTimeSection(results.constantTime),
  ].join('\n');
}

/** @param {Results} results */
function busyLines({ waited }) {
  const share = `${Math.round(waited * 100)} % of its time`;
  if (waited < 0.1) return [`No runtime had to wait for a processor for more than ${share}.`];
  return [
    '',
    `**The machine was busy**: a runtime had to wait for a processor for up to ${share}. Slow operations look slower than`,
    'they are.',
  ];
}

/** @param {Results} results */
function targetsSection(results) {
  const targets = targetsOf(results);
  const hasIfma = results.warmWithoutIfma !== undefined;
  const second = hasIfma ? ['without IFMA'] : [];
  const rows = targets.map((target) => {
    const { what, measured, withoutIfma, atMost, wanted, show } = target;
    const other = withoutIfma === undefined ? '' : show(withoutIfma);
    return [what, show(measured), ...(hasIfma ? [other] : []), show(atMost), show(wanted), outcomeOf(target)];
  });
  return [
    '## Targets',
    '',
    'On Node.js 24 unless said otherwise.',
    ...(hasIfma
      ? [
          'OpenSSL signs with the AVX-512 IFMA instructions of this processor, which WebAssembly does not have. "Without IFMA" is',
          'the same machine with OPENSSL_ia32cap=:~0x200000, where OpenSSL works as on processors without them.',
        ]
      : []),
    '',
    ...table(['what', 'measured', ...second, 'at most', 'wanted', 'reached'], rows),
    '',
  ];
}

/** @param {Results} results */
function warmSection({ warm, warmWithoutIfma }) {
  const groups = Object.keys(Object.values(warm)[0] ?? {});
  const lines = groups.flatMap((group) => [
    `## ${group[0]?.toUpperCase()}${group.slice(1)}`,
    '',
    'Warm; milliseconds, and the ratio to the first line.',
    '',
    ...warmTable(warm, group),
    '',
    ...(warmWithoutIfma && ['signature', 'verification', 'the whole job'].includes(group)
      ? ['OpenSSL without AVX-512 IFMA:', '', ...warmTable(warmWithoutIfma, group), '']
      : []),
  ]);
  return [
    ...lines,
    '"crate rsa in wasm" is the crate rsa (0.10) in a separate wasm that is not published, compiled for speed (opt-level 3,',
    'wasm-opt -O3). Without a source of randomness it does not blind; "blinded" has one.',
    'wechatpay-node-v3 does not have this endpoint, and does not verify responses in its methods. Its row is a POST to another',
    'endpoint through an injected HTTP client, then its verifySign with a cached key.',
    '',
  ];
}

/**
 * @param {import('./results.js').Warm} warm
 * @param {string} group
 */
function warmTable(warm, group) {
  const runtimes = Object.values(warm);
  const names = [...new Set(runtimes.flatMap((runtime) => Object.keys(runtime[group] ?? {})))];
  const rows = names.map((name) => [
    name,
    ...runtimes.map((runtime) => {
      const [base = Number.NaN] = Object.values(runtime[group] ?? {});
      const time = runtime[group]?.[name];
      return time === undefined ? '' : `${time.toFixed(3)} (${(time / base).toFixed(2)})`;
    }),
  ]);
  return table(['', ...Object.keys(warm)], rows);
}

/** @param {Results} results */
function coldSection({ cold, isolates }) {
  const ms = (/** @type {number} */ time) => time.toFixed(1);
  const idle = isolates['a worker that does nothing'];
  const rows = Object.entries(isolates).map(([name, isolate]) => [
    name,
    .../** @type {const} */ (['start', 'first', 'second']).flatMap((when) => {
      const { main, all, wall } = isolate[when];
      const beside = idle && isolate !== idle ? ` (+${ms(main - idle[when].main)})` : '';
      return [`${ms(main)}${beside}`, `${ms(all)}`, ms(wall)];
    }),
  ]);
  const costs = (/** @type {string} */ when) => [`${when}: CPU`, 'all threads', 'wall'];
  return [
    '## Cold start',
    '',
    'Milliseconds in a fresh process of Node.js 24, measured inside the process.',
    '',
    ...table(
      ['', 'wall', 'CPU'],
      Object.entries(cold).map(([name, { wall, cpu }]) => [name, ms(wall), ms(cpu)]),
    ),
    '',
    'Milliseconds in a fresh process of workerd with one worker, bundled by wrangler, measured from outside the process. In',
    'brackets: the difference from the first line. "CPU" is the thread that runs the worker; "all threads" includes V8’s',
    'compilers. "To start" is loading and compiling everything, before any request. The first request parses the key and makes',
    'the first signature; the second request makes another one.',
    '',
    ...table(['', ...costs('to start'), ...costs('first request'), ...costs('second request')], rows),
    '',
  ];
}

/** @param {Results} results */
function memorySection({ memory: { calls, grown, merchants } }) {
  const cells = (/** @type {import('./results.js').Used} */ { heap, external, wasm }, /** @type {number} */ count) => [
    ...[heap, external, wasm].map((bytes) => bytes.toLocaleString('en')),
    ((heap + external + wasm) / count).toFixed(2),
  ];
  const many = (/** @type {number} */ number) => number.toLocaleString('en');
  return [
    '## Memory',
    '',
    'Growth in bytes, in Node.js 24, after garbage collection.',
    '',
    ...table(
      ['', 'heap', 'outside the heap', 'the wasm’s memory', 'for each'],
      [
        ...Object.entries(grown).map(([name, used]) => [`${many(calls)} calls of ${name}`, ...cells(used, calls)]),
        [`${many(merchants.count)} merchants loaded, each with a client`, ...cells(merchants, merchants.count)],
      ],
    ),
    '',
    `The merchants share ${merchants.keys} different keys, since keys take long to make. Each merchant’s key is parsed and kept`,
    'separately.',
    '',
  ];
}

/** @param {Results} results */
function bytesSection({ bytes: { files, uploads } }) {
  const rows = (/** @type {Record<string, import('./results.js').Size>} */ sizes) =>
    Object.entries(sizes).map(([name, { raw, gzipped }]) => [
      name,
      raw.toLocaleString('en'),
      gzipped.toLocaleString('en'),
    ]);
  return [
    '## Bytes',
    '',
    ...table(['in the package', 'raw', 'gzipped'], rows(files)),
    '',
    ...table(['uploaded by wrangler, JavaScript and wasm', 'raw', 'gzipped'], rows(uploads)),
    '',
  ];
}

/** The note for each `kind` of comparison. */
const EXPECTED = { control: 'control', test: '', outcome: 'differs in its result' };

/** @param {import('./constant-time.js').ConstantTime} constantTime */
export function constantTimeSection({ comparisons, instructions }) {
  const rows = comparisons.map(({ name, kind, n, t, maxT, medians }) => [
    EXPECTED[kind] === '' ? name : `${name} (${EXPECTED[kind]})`,
    n.map((count) => count.toLocaleString('en')).join(' + '),
    ((medians[1] - medians[0]) * 1000).toFixed(2),
    t.toFixed(2),
    maxT.toFixed(2),
    maxT > 10 ? 'yes' : maxT > 4.5 ? 'perhaps' : 'no',
  ]);
  return [
    '## Constant time',
    '',
    'Two classes of inputs in random order, and Welch’s t of their times in Node.js 24, as in dudect. "t" is of all times;',
    '"largest" is the largest absolute value, also of the times below each of 20 thresholds. Below 4.5 there is no visible',
    'difference; above 10 there is one. The first line is a control that must differ, the second one that must not. The last',
    'line differs in its result: making and throwing an error takes time, and the caller learns of it anyway. No difference',
    'found does not prove that there is none.',
    '',
    ...table(['', 'calls', 'medians differ by, µs', 't', 'largest', 'a difference?'], rows),
    '',
    ...instructionLines(instructions),
    '',
  ];
}

/** @param {import('./constant-time.js').ConstantTime['instructions']} counts */
function instructionLines(counts) {
  if (counts === undefined) return ['Instructions were not counted: this machine has no valgrind.'];
  const different = new Set(counts.map(({ instructions }) => instructions));
  const keys = new Set(counts.map(({ key }) => key)).size;
  const what = [
    'Instructions of the private operation in a native build, counted by callgrind without malloc and free, for',
    `${keys} keys (two of them with exponents of very few and very many bits) and ${counts.length / keys} messages each:`,
  ];
  const [only = Number.NaN] = different;
  if (different.size === 1) return [...what, `${only.toLocaleString('en')} every time.`];
  const rows = counts.map(({ key, message, instructions }) => [key, message, instructions.toLocaleString('en')]);
  return [...what, '**not always the same**.', '', ...table(['key', 'message', 'instructions'], rows)];
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

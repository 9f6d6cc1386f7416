// The page for users: the main figures, the plot, then all measurements.
import { summaryOf, summaryRows } from './summary.js';

/** @typedef {import('./results.js').Results} Results */

/** @param {Results} results */
export function pageOf(results) {
  const { machine, date, versions } = results;
  const sets = machine.instructionSets.join(', ');
  const runtimes = Object.entries(versions).map(([name, version]) => [name.replace(/ \d+$/, ''), version].join(' '));
  const cores = machine.usable.length === 1 ? ', one of them used' : '';
  return [
    '# Benchmarks',
    '',
    `Written by \`npm run bench\` on ${date}. Machine: ${machine.name}${cores}; ${machine.system}.`,
    `Instruction sets that matter here: ${sets || 'unknown'}.`,
    `Runtimes: ${runtimes.join(', ')}.`,
    ...busyLines(results),
    '',
    'All keys are RSA-2048. Each runtime has one process, in which the candidates take turns; the tables show medians. Milliseconds',
    'hold for this machine; ratios hold for processors with the same instruction sets. No test depends on these figures.',
    '',
    ...summarySection(results),
    '![How long a pre-sign, a signature and a cold start take, and calls a second](bench/results.svg)',
    '',
    'Everything that was measured is below.',
    '',
    ...folded('Many calls at once', loadSection(results)),
    ...folded('Signing, verifying and the whole job in each runtime', warmSection(results)),
    ...folded('Cold starts of processes and Workers', coldSection(results)),
    ...folded('Memory', memorySection(results)),
    ...folded('Bytes', bytesSection(results)),
    ...folded('Constant time', constantTimeSection(results.constantTime)),
  ].join('\n');
}

/**
 * A part of the page that readers can open.
 * @param {string} title
 * @param {string[]} lines
 */
function folded(title, lines) {
  return ['<details>', `<summary>${title}</summary>`, '', ...lines, '</details>', ''];
}

/** @param {Results} results */
function busyLines({ waited }) {
  const share = `${Math.round(waited * 100)} % of its time`;
  if (waited < 0.1) return [`No runtime waited for a processor for more than ${share}.`];
  return [
    '',
    `**The machine was busy with other things**: a runtime waited for a processor for up to ${share}, so long calls look even`,
    'longer here.',
  ];
}

/** @param {Results} results */
function summarySection(results) {
  const [head = [], ...rows] = summaryRows(summaryOf(results));
  const hasIfma = results.warmWithoutIfma !== undefined;
  return [
    '## In short',
    '',
    'Node.js 24 where no other runtime is named. 2.00 means twice as long, or twice as many.',
    ...(hasIfma
      ? [
          'This processor has AVX-512 IFMA. OpenSSL signs with it; WebAssembly has nothing like it. "Without IFMA" is the same',
          'comparison on the same machine with OPENSSL_ia32cap=:~0x200000, as OpenSSL runs on processors without it.',
        ]
      : []),
    '',
    ...table(head, rows),
    '',
  ];
}

const many = (/** @type {number} */ number) => number.toLocaleString('en');

/** @param {Results} results */
function loadSection({ loads, loadsWithoutIfma }) {
  const tableOf = (/** @type {import('./results.js').Loads} */ all) => {
    const names = [...new Set(Object.values(all).flatMap(Object.keys))];
    const rows = names.map((name) => [
      name,
      ...Object.values(all).map((candidates) => {
        const load = candidates[name];
        if (load === undefined) return '';
        return `${many(Math.round(load.callsPerSecond))} / ${load.holdUpMs.toFixed(load.holdUpMs < 10 ? 1 : 0)}`;
      }),
    ]);
    return table(['', ...Object.keys(all).map((count) => `${many(Number(count))} at once`)], rows);
  };
  return [
    '## Many calls at once',
    '',
    'Calls a second / the longest time in milliseconds for which the event loop does nothing else, in Node.js 24. Each call waits',
    '20 ms for the network. Where several calls are in flight, `client.presign` signs on other threads.',
    '',
    ...tableOf(loads),
    '',
    ...(loadsWithoutIfma ? ['OpenSSL without AVX-512 IFMA:', '', ...tableOf(loadsWithoutIfma), ''] : []),
  ];
}

/** @param {Results} results */
function warmSection({ warm, warmWithoutIfma }) {
  const groups = Object.keys(Object.values(warm)[0] ?? {});
  const lines = groups.flatMap((group) => [
    `## ${group[0]?.toUpperCase()}${group.slice(1)}`,
    '',
    'Milliseconds, and the ratio to the first line.',
    '',
    ...warmTable(warm, group),
    '',
    ...(warmWithoutIfma && !group.startsWith('reading')
      ? ['OpenSSL without AVX-512 IFMA:', '', ...warmTable(warmWithoutIfma, group), '']
      : []),
  ]);
  return [
    ...lines,
    'wechatpay-node-v3 has no call for this endpoint, and its calls do not verify responses. Its row is a POST to another of',
    'its endpoints through a replaced HTTP client, then its verifySign with the key already loaded. Without a network, a `Response`',
    'is made for each call of this package, and a plain object for the others. Over HTTP, each package uses its own transport.',
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
    'Milliseconds, measured inside a fresh process of Node.js 24 each time.',
    '',
    ...table(
      ['', 'wall', 'CPU'],
      Object.entries(cold).map(([name, { wall, cpu }]) => [name, ms(wall), ms(cpu)]),
    ),
    '',
    'Milliseconds, measured from outside a fresh process of workerd each time, which runs one worker bundled by wrangler. Brackets',
    'show the difference to the first line. "CPU" counts the thread that runs the worker; "all threads" includes V8’s compilers.',
    '"To start" loads and compiles everything before any request. The first request makes the first signature, and, except for',
    '`signAuthorization`, verifies the first response; so does the second.',
    '',
    ...table(['', ...costs('to start'), ...costs('first request'), ...costs('second request')], rows),
    '',
  ];
}

/** @param {Results} results */
function memorySection({ memory: { grown, merchants } }) {
  const cells = (/** @type {import('./results.js').Used} */ { heap, external, wasm }, /** @type {number} */ count) => [
    ...[heap, external, wasm].map((bytes) => bytes.toLocaleString('en')),
    ((heap + external + wasm) / count).toFixed(2),
  ];
  return [
    '## Memory',
    '',
    'Growth in bytes in Node.js 24, after garbage collection.',
    '',
    ...table(
      ['', 'heap', 'outside the heap', 'wasm memory', 'for each'],
      [
        ...Object.entries(grown).map(([name, used]) => [
          `${many(used.calls)} calls of ${name}`,
          ...cells(used, used.calls),
        ]),
        [`${many(merchants.count)} merchants loaded, each with a client`, ...cells(merchants, merchants.count)],
      ],
    ),
    '',
    `The merchants share ${merchants.keys} different keys, because keys take long to make, but each merchant's key is read and held`,
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

/** A note beside each `kind` of comparison. */
const EXPECTED = { control: 'control', test: '', outcome: 'the outcomes differ' };

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
    'Each line compares the times of two classes of inputs, drawn at random call by call, in Node.js 24, with the method of dudect:',
    '"t" is Welch’s t of all times; "largest" is the largest absolute value of that t and of the t below each of 20 thresholds.',
    'Below 4.5 no difference is visible; above 10 there is one. The first line is a control that must differ, the second a control',
    'that must not. In the last line the outcomes differ: one class throws an error, which takes time and which the caller sees',
    'anyway. A test that finds no difference does not prove that none exists.',
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
    'Instructions of the private operation and its blinding in a native build, counted by callgrind without malloc and free, for',
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

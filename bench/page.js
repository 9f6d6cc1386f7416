// The page for people: the targets, the plot, then everything that was measured.
import { targetsOf, verdictOf } from './targets.js';

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
    `Written by \`npm run bench\` on ${date}. The machine: ${machine.name}${cores}; ${machine.system}; of the`,
    `instruction sets that matter here it has ${sets || 'none that is known'}.`,
    `Runtimes: ${runtimes.join(', ')}.`,
    ...busyLines(results),
    '',
    'RSA-2048 everywhere; medians of calls in turns, in one process for each runtime. Milliseconds are those of this machine; ratios',
    'travel, though not to a processor with other instruction sets. Nothing is promised, and nothing here fails a test.',
    '',
    ...targetsSection(results),
    '![How long signing, the whole job and a cold start take](bench/results.svg)',
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
    `**The machine was busy with other things**: a runtime had to wait for a processor for up to ${share}, which makes what`,
    'takes long look longer still.',
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
    return [what, show(measured), ...(hasIfma ? [other] : []), show(atMost), show(wanted), verdictOf(target)];
  });
  return [
    '## Targets',
    '',
    'On Node.js 24 unless said.',
    ...(hasIfma
      ? [
          'This processor has AVX-512 IFMA, which OpenSSL signs with; WebAssembly has nothing like it. "Without IFMA" is the',
          'same on the same machine with OPENSSL_ia32cap=:~0x200000: what OpenSSL does on processors without it.',
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
    'The crate rsa (0.10) is compiled for speed (opt-level 3, wasm-opt -O3), unlike everything else, into a wasm that is not',
    'shipped. Used without a source of randomness, it does not blind; "blinded" has one.',
    'wechatpay-node-v3 has neither this endpoint nor a check of answers in its calls: its row is a POST to another of its',
    'endpoints through the HTTP client that it lets one replace, then its verifySign, with the key there already.',
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
    'A fresh process of Node.js 24 each time, measured inside of it: milliseconds.',
    '',
    ...table(
      ['', 'wall', 'CPU'],
      Object.entries(cold).map(([name, { wall, cpu }]) => [name, ms(wall), ms(cpu)]),
    ),
    '',
    'A fresh process of workerd each time, with one worker, bundled by wrangler, measured from outside: milliseconds, and in',
    'brackets what is more than in the first line. "CPU" is that of the thread that runs the worker, "all threads" has V8’s',
    'compilers too. To start is to load and compile everything, before any request; the first request reads the key and makes',
    'the first signature; the second makes another one.',
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
    'Node.js 24, after collecting garbage: bytes more than before.',
    '',
    ...table(
      ['', 'heap', 'outside of it', 'the wasm’s memory', 'for each'],
      [
        ...Object.entries(grown).map(([name, used]) => [`${many(calls)} calls of ${name}`, ...cells(used, calls)]),
        [`${many(merchants.count)} merchants loaded, each with a client`, ...cells(merchants, merchants.count)],
      ],
    ),
    '',
    `The merchants have ${merchants.keys} different keys among them, since keys take long to make; each key is read, and`,
    'held, for each merchant anew.',
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

/** What `kind` of comparison says. */
const EXPECTED = { control: 'control', test: '', outcome: 'differs in what comes of it' };

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
    'Two classes of inputs, drawn at random call by call, and Welch’s t of their times in Node.js 24 (as dudect does it): of',
    'all times, and the largest, without its sign, of those below each of 20 thresholds too. Below 4.5 no difference is seen;',
    'beyond 10 there is one. The first line is a control that has to differ, the second one that must not. The last differs in',
    'what comes of it: an error is made and thrown, which takes its time, and is known to whoever calls. Not to find a',
    'difference does not prove that there is none.',
    '',
    ...table(['', 'calls', 'medians differ by, µs', 't', 'largest', 'a difference?'], rows),
    '',
    ...instructionLines(instructions),
    '',
  ];
}

/** @param {import('./constant-time.js').ConstantTime['instructions']} counts */
function instructionLines(counts) {
  if (counts === undefined) return ['Instructions were not counted: there is no valgrind on this machine.'];
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

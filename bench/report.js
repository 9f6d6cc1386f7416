// What was measured, for people: the targets, tables of medians and ratios, and a plot.

/**
 * @typedef {object} Results
 * @property {string} machine
 * @property {string} date
 * @property {Record<string, Record<string, Record<string, number>>>} warm  by runtime, group and candidate, in milliseconds
 * @property {Record<string, { wall: number, cpu: number }>} cold
 * @property {{ growth: number, thousandKeys: number }} memory  in bytes
 * @property {Record<string, { raw: number, gzipped: number }>} bytes
 */

/** @param {Results} results */
export function report(results) {
  return { markdown: markdownOf(results), svg: svgOf(results) };
}

/**
 * What is aimed at: a ratio or size as measured, at most, wanted.
 * @param {Results} results
 * @returns {[string, string, string, string][]}
 */
function targets({ warm, cold, bytes, memory }) {
  const ratio = (
    /** @type {string} */ runtime,
    /** @type {string} */ group,
    /** @type {string} */ one,
    /** @type {string} */ other,
  ) => ((warm[runtime]?.[group]?.[one] ?? Number.NaN) / (warm[runtime]?.[group]?.[other] ?? Number.NaN)).toFixed(2);
  const job = (/** @type {string} */ other) => ratio('Node.js 24', 'the whole job', 'client.presign', other);
  const signing = (/** @type {string} */ runtime) => ratio(runtime, 'signature', 'signAuthorization', 'crypto.sign');
  const [ours, theirs] = ['import wechatpay-presign, and the first Authorization', 'import wechatpay-axios-plugin'].map(
    (name) => cold[name]?.wall ?? Number.NaN,
  );
  const gzipped = (bytes['wechatpay_presign_bg.wasm']?.gzipped ?? Number.NaN) / 1000;
  return [
    ['`signAuthorization` ÷ `crypto.sign`, Node.js 24', signing('Node.js 24'), '1.8', '1.0'],
    ['the same, Node.js 20', signing('Node.js 20'), '3.5', '2.0'],
    ['the same, Bun', signing('Bun'), '3.5', '2.0'],
    [
      '`verifyResponse` ÷ `crypto.verify`, Node.js 24',
      ratio('Node.js 24', 'verification', 'verifyResponse', 'crypto.verify'),
      '6',
      '3',
    ],
    [
      'the whole job ÷ one sign, one verify, `JSON.stringify`',
      job('one sign, one verify, JSON.stringify'),
      '1.25',
      '1.1',
    ],
    ['the whole job ÷ wechatpay-axios-plugin', job('wechatpay-axios-plugin'), '0.85', '0.7'],
    [
      'import to first Authorization ÷ importing wechatpay-axios-plugin',
      ((ours ?? 0) / (theirs ?? 1)).toFixed(2),
      '0.2',
      '0.1',
    ],
    ['one wasm, gzipped', `${gzipped.toFixed(1)} kB`, '95 kB', '70 kB'],
    ['growth of the heap over 100,000 calls', `${(memory.growth / 1000).toFixed(0)} kB`, 'none', 'none'],
  ];
}

/** @param {Results} results */
function markdownOf(results) {
  const { machine, date, warm, cold, bytes, memory } = results;
  const lines = [
    '# Benchmarks',
    '',
    `Written by \`npm run bench\` on ${date}: ${machine}. Milliseconds are those of this machine; ratios travel. RSA-2048; medians of`,
    'calls in turns. Nothing is promised, and nothing here fails a test.',
    '',
    '![How long a signature takes, in each runtime](bench/results.svg)',
    '',
    ...table(['what', 'measured', 'at most', 'wanted'], targets(results)),
    '',
  ];
  const groups = Object.keys(Object.values(warm)[0] ?? {});
  for (const group of groups) {
    const names = [...new Set(Object.values(warm).flatMap((runtime) => Object.keys(runtime[group] ?? {})))];
    const rows = names.map((name) => [
      name,
      ...Object.values(warm).map((runtime) => {
        const [base = Number.NaN] = Object.values(runtime[group] ?? {});
        const time = runtime[group]?.[name];
        return time === undefined ? '' : `${time.toFixed(3)} (${(time / base).toFixed(2)})`;
      }),
    ]);
    lines.push(
      `## ${group}, warm: milliseconds, and the ratio to the first`,
      '',
      ...table(['', ...Object.keys(warm)], rows),
      '',
    );
  }
  lines.push(
    '## cold: a fresh process of Node.js 24, measured inside of it',
    '',
    ...table(
      ['', 'wall, ms', 'CPU, ms'],
      Object.entries(cold).map(([name, { wall, cpu }]) => [name, wall.toFixed(1), cpu.toFixed(1)]),
    ),
    '',
    '## bytes',
    '',
    ...table(
      ['', 'raw', 'gzipped'],
      Object.entries(bytes).map(([name, { raw, gzipped }]) => [name, String(raw), String(gzipped)]),
    ),
    '',
    `Memory in Node.js 24: ${memory.growth} bytes more after 100,000 signatures; ${memory.thousandKeys} bytes for 1,000 keys, wasm included.`,
    '',
  );
  return lines.join('\n');
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const COLOURS = ['#9aa5b1', '#c9a227', '#1f7a8c'];

/**
 * A bar for each way of signing, in each runtime.
 * @param {Results} results
 */
function svgOf({ warm, machine, date }) {
  const runtimes = Object.entries(warm).map(([name, groups]) => ({
    name,
    times: Object.entries(groups['signature'] ?? {}),
  }));
  const longest = Math.max(...runtimes.flatMap(({ times }) => times.map(([, time]) => time)));
  const [left, bar, gap, width] = [110, 16, 18, 460];
  let y = 40;
  const parts = [];
  for (const { name, times } of runtimes) {
    parts.push(`<text x="${left - 10}" y="${y + bar * 1.7}" text-anchor="end">${name}</text>`);
    times.forEach(([, time], index) => {
      const length = ((time / longest) * width).toFixed(1);
      parts.push(`<rect x="${left}" y="${y}" width="${length}" height="${bar - 2}" fill="${COLOURS[index]}"/>`);
      parts.push(
        `<text x="${left + Number(length) + 6}" y="${y + bar - 5}" class="small">${time.toFixed(2)} ms</text>`,
      );
      y += bar;
    });
    y += gap;
  }
  const legend = (runtimes[0]?.times ?? []).map(
    ([name], index) =>
      `<rect x="${left + index * 160}" y="14" width="12" height="12" fill="${COLOURS[index]}"/>` +
      `<text x="${left + 18 + index * 160}" y="24">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="680" height="${y + 20}" font-family="system-ui, sans-serif" font-size="13">
<style>.small { font-size: 11px; fill: #52606d }</style>
<rect width="100%" height="100%" fill="#ffffff"/>
${[...legend, ...parts].join('\n')}
<text x="${left}" y="${y + 8}" class="small">RSA-2048 signature, median. ${machine}, ${date}</text>
</svg>
`;
}

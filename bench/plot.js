// The chart: bars for the whole job, for many calls at once, for signing in each runtime, and for cold starts.

/** @typedef {import('./results.js').Results} Results */

const WIDTH = 760;
/** The left end of the bars, and the length of the longest. */
const [LEFT, LENGTH] = [236, 420];
const [BAR, GAP] = [15, 12];

const OURS = '#1f7a8c';
const OURS_TOO = '#7fb7c2';
const HOST = '#8793a1';
const HOST_TOO = '#c3cbd4';
const OTHERS = '#d9a441';

/**
 * @typedef {{ name: string, time: number, colour: string }} Bar
 * @typedef {{ title: string, note: string, groups: { name: string, bars: Bar[] }[] }} Panel
 */

/** @param {Results} results */
export function plotOf(results) {
  const parts = [];
  let y = 22;
  const panels = [jobPanel, loadPanel, signaturePanel, coldPanel, isolatePanel].map((panelOf) => panelOf(results));
  for (const panel of panels) {
    const drawn = draw(panel, y);
    parts.push(...drawn.parts);
    y = drawn.y;
  }
  const { machine, date } = results;
  parts.push(text(16, y + 4, `RSA-2048, medians. ${machine.name}; ${date}`, 'note'));
  const height = y + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"
  font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12">
<style>
.title { font-size: 15px; font-weight: 600; fill: #1f2933 }
.note { font-size: 11px; fill: #616e7c }
.name { fill: #323f4b }
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

/**
 * @param {Results} results
 * @returns {Panel}
 */
function signaturePanel({ warm, warmWithoutIfma }) {
  const groups = Object.entries(warm).map(([runtime, { signature = {} }]) => {
    const without = warmWithoutIfma?.[runtime]?.['signature']?.['crypto.sign'];
    return {
      name: runtime,
      bars: bars({
        'crypto.sign': [signature['crypto.sign'], HOST],
        'crypto.sign, OpenSSL without IFMA': [without, HOST_TOO],
        signAuthorization: [signature['signAuthorization'], OURS],
      }),
    };
  });
  return { title: 'A signature', note: 'milliseconds, warm', groups };
}

/**
 * @param {Results} results
 * @returns {Panel}
 */
function jobPanel({ warm }) {
  const job = warm['Node.js 24']?.['the whole job'] ?? {};
  const all = bars({
    'one sign, one verify, JSON.stringify': [job['one sign, one verify, JSON.stringify'], HOST],
    'client.presign': [job['client.presign'], OURS],
    "client.presign, crypto: 'wasm'": [job["client.presign, crypto: 'wasm'"], OURS_TOO],
    'wechatpay-axios-plugin': [job['wechatpay-axios-plugin'], OTHERS],
    'wechatpay-node-v3': [job['wechatpay-node-v3'], OTHERS],
  });
  const note = 'milliseconds, warm, Node.js 24, without the network';
  return { title: 'The whole job', note, groups: [{ name: '', bars: all }] };
}

/**
 * @param {Results} results
 * @returns {Panel}
 */
function loadPanel({ loads }) {
  const at = loads['128'] ?? {};
  const rate = (/** @type {string} */ name) => at[name]?.callsPerSecond;
  const all = bars({
    'client.presign': [rate('client.presign'), OURS],
    "client.presign, crypto: 'wasm'": [rate("client.presign, crypto: 'wasm'"), OURS_TOO],
    'wechatpay-axios-plugin': [rate('wechatpay-axios-plugin'), OTHERS],
    'wechatpay-node-v3': [rate('wechatpay-node-v3'), OTHERS],
  });
  const note = 'calls a second, 128 at once, 20 ms of network each, Node.js 24: longer is better';
  return { title: 'Many calls at once', note, groups: [{ name: '', bars: all }] };
}

/**
 * @param {Results} results
 * @returns {Panel}
 */
function coldPanel({ cold }) {
  const all = bars({
    'import wechatpay-presign': [cold['import wechatpay-presign']?.wall, OURS_TOO],
    'the same, and a first Authorization': [cold['import wechatpay-presign, and the first Authorization']?.wall, OURS],
    'import wechatpay-axios-plugin': [cold['import wechatpay-axios-plugin']?.wall, OTHERS],
    'import wechatpay-node-v3': [cold['import wechatpay-node-v3']?.wall, OTHERS],
  });
  const note = 'milliseconds, fresh processes of Node.js 24';
  return { title: 'A cold start', note, groups: [{ name: '', bars: all }] };
}

/**
 * @param {Results} results
 * @returns {Panel}
 */
function isolatePanel({ isolates }) {
  const idle = isolates['a worker that does nothing'];
  const cost = (/** @type {string} */ name, /** @type {'first' | 'second'} */ when) => {
    const isolate = isolates[name];
    return isolate && idle && Math.max(0, isolate[when].main - idle[when].main);
  };
  const all = bars({
    'client in the handler': [cost('the client, made in the handler', 'first'), OURS_TOO],
    'client in global scope': [cost('the client, made in global scope', 'first'), OURS],
    'signAuthorization, in the wasm': [cost('signAuthorization, in the wasm', 'first'), OURS_TOO],
    'WebCrypto by hand, unchecked': [cost('the same with WebCrypto by hand, unchecked', 'first'), HOST],
  });
  const note = 'milliseconds of CPU, less those of a worker that does nothing';
  return { title: 'A Worker’s first request', note, groups: [{ name: '', bars: all }] };
}

/**
 * The candidates that were measured.
 * @param {Record<string, [time: number | undefined, colour: string]>} candidates
 * @returns {Bar[]}
 */
function bars(candidates) {
  return Object.entries(candidates).flatMap(([name, [time, colour]]) => {
    return time === undefined ? [] : [{ name, time, colour }];
  });
}

/**
 * @param {Panel} panel
 * @param {number} top
 */
function draw({ title, note, groups }, top) {
  const parts = [text(16, top + 6, title, 'title'), text(LEFT + 10, top + 6, note, 'note')];
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ time }) => time)));
  let y = top + 20;
  for (const { name, bars } of groups) {
    parts.push(text(16, y + BAR - 4, name, 'name'));
    for (const bar of bars) {
      const length = (bar.time / longest) * LENGTH;
      parts.push(text(LEFT - 8, y + BAR - 4, bar.name, 'note', 'end'));
      parts.push(`<rect x="${LEFT}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 2}" fill="${bar.colour}"/>`);
      parts.push(text(LEFT + length + 6, y + BAR - 4, shown(bar.time), 'note'));
      y += BAR;
    }
    y += GAP;
  }
  return { parts, y: y + 18 };
}

/** @param {number} value */
function shown(value) {
  return value < 10 ? value.toFixed(2) : value < 1000 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {string} style
 * @param {'start' | 'end'} [anchor]
 */
function text(x, y, content, style, anchor = 'start') {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" class="${style}">${escaped}</text>`;
}

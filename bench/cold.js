// Cold starts: fresh processes of Node.js, from import to the first Authorization; and fresh isolates of workerd.
import { spawnSync } from 'node:child_process';
import { binary } from '../js-tests/runtimes/binaries.js';
import { root } from '../scripts/run.js';
import { median } from './interleave.js';
import { makeJob } from './job.js';
import { bundleWorker } from './worker-bundle.js';
import { configure, measureWorker } from './workerd.js';

/**
 * @typedef {{ wall: number, cpu: number }} Start  in milliseconds, measured inside of the process
 * @typedef {import('./workerd.js').Cost} Cost
 * @typedef {{ start: Cost, first: Cost, second: Cost }} Isolate
 */

const request = "{ method: 'POST', url: 'https://api.mch.weixin.qq.com/v3/x', body: '{}' }";
const merchant = "{ mchid: '1900000100', serial: '5F1C', privateKey: process.env.KEY }";
const signed = `w.signAuthorization(${request}, ${merchant})`;
const fields = `['1900000100', 'NONCE', 'SIGNATURE', String(Math.floor(Date.now() / 1000)), '5F1C']`;
const axiosPlugin = `([mchid, nonce, , timestamp, serial]) => {
  const message = w.Formatter.joinedByLineFeed('POST', '/v3/x', timestamp, nonce, '{}');
  return w.Formatter.authorization(mchid, nonce, w.Rsa.sign(message, process.env.KEY), timestamp, serial) }`;
const nodeV3 = `new w.default({ appid: 'wx', mchid: '1900000100', serial_no: '5F1C', publicKey: Buffer.from(process.env.CERT),
  privateKey: Buffer.from(process.env.KEY) }).buildAuthorization('POST', '/v3/x', {})`;

const presigned = `await (() => {
  const { status, headers, body } = JSON.parse(process.env.RESPONSE);
  const fetch = async () => new Response(body, { status, headers });
  const certs = { [headers['wechatpay-serial']]: process.env.CERT };
  const client = w.createClient({ mchid: '1900000100', serial: '5F1C', privateKey: process.env.KEY, certs, fetch });
  return client.presign(JSON.parse(process.env.PARAMS));
})()`;

/**
 * The module to import, the code to run with it, and whether the import is included in the time.
 * @type {Record<string, { from: string, then?: string, counted?: boolean, before?: string }>}
 */
const PROCESSES = {
  'import wechatpay-axios-plugin': { from: 'wechatpay-axios-plugin' },
  'the same, and its first Authorization': { from: 'wechatpay-axios-plugin', then: `(${axiosPlugin})(${fields})` },
  'import wechatpay-node-v3': { from: 'wechatpay-node-v3' },
  'the same, and the first Authorization of it': { from: 'wechatpay-node-v3', then: nodeV3 },
  'import wechatpay-presign': { from: 'wechatpay-presign' },
  'import wechatpay-presign, and the first Authorization': { from: 'wechatpay-presign', then: signed },
  'the first Authorization of wechatpay-presign alone': { from: 'wechatpay-presign', then: signed, counted: false },
  'import wechatpay-presign, createClient and the first pre-sign': { from: 'wechatpay-presign', then: presigned },
  'the same after undici is loaded': { from: 'wechatpay-presign', then: presigned, before: 'new Response()' },
  'the first crypto.sign alone, from the PEM': {
    from: 'node:crypto',
    then: `w.sign('sha256', '{}', process.env.KEY)`,
    counted: false,
  },
};

/**
 * @param {number} rounds  processes of each
 * @returns {Promise<Record<string, Start>>}
 */
export async function measureProcesses(rounds) {
  const { merchant, publicPem, response, params } = await makeJob();
  const env = {
    KEY: merchant.privateKey,
    CERT: publicPem,
    RESPONSE: JSON.stringify(response),
    PARAMS: JSON.stringify(params),
  };
  /** @type {Record<string, Start[]>} */
  const starts = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { from, then = 'w', counted = true, before = '' }] of Object.entries(PROCESSES)) {
      const begin = 'begun = performance.now(); cpu = process.cpuUsage();';
      const code = `
        let begun, cpu;
        ${before};
        ${begin}
        import('${from}').then(async (w) => {
          ${counted ? '' : begin}
          if (!(${then})) throw new Error('nothing came of it');
          const { user, system } = process.cpuUsage(cpu);
          console.log(JSON.stringify({ wall: performance.now() - begun, cpu: (user + system) / 1000 }));
        });`;
      (starts[name] ??= []).push(inProcess(code, env));
    }
  }
  return Object.fromEntries(
    Object.entries(starts).map(([name, all]) => [
      name,
      { wall: median(all.map(({ wall }) => wall)), cpu: median(all.map(({ cpu }) => cpu)) },
    ]),
  );
}

/**
 * @param {string} code  prints JSON
 * @param {Record<string, string>} env
 * @returns {Start}
 */
function inProcess(code, env) {
  const options = { cwd: root, env: { ...process.env, ...env }, encoding: /** @type {const} */ ('utf8') };
  const { status, stdout, stderr } = spawnSync(binary('NODE_24'), ['-e', code], options);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const WORKERS = {
  'a worker that does nothing': 'nothing.js',
  'signAuthorization, in the wasm': 'signs.js',
  'the client, made in the handler': 'in-handler.js',
  'the client, made in global scope': 'global.js',
  'the same with WebCrypto by hand, unchecked': 'by-hand.js',
};

/**
 * @param {number} rounds  processes of each
 * @returns {Promise<Record<string, Isolate>>}
 */
export async function measureIsolates(rounds) {
  const { merchant, publicPem, response } = await makeJob();
  const bindings = {
    KEY: merchant.privateKey,
    ID: response.headers['wechatpay-serial'] ?? '',
    PUBLIC_KEY: publicPem,
    RESPONSE: JSON.stringify(response),
  };
  const configs = Object.entries(WORKERS).map(
    ([name, main]) => /** @type {const} */ ([name, configure(bundleWorker(main), bindings)]),
  );
  /** @type {Record<string, Isolate[]>} */
  const isolates = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, config] of configs) (isolates[name] ??= []).push(await measureWorker(config));
  }
  return Object.fromEntries(Object.entries(isolates).map(([name, all]) => [name, medianIsolate(all)]));
}

/**
 * @param {Isolate[]} all
 * @returns {Isolate}
 */
function medianIsolate(all) {
  const cost = (/** @type {'start' | 'first' | 'second'} */ when) => ({
    main: median(all.map((isolate) => isolate[when].main)),
    all: median(all.map((isolate) => isolate[when].all)),
    wall: median(all.map((isolate) => isolate[when].wall)),
  });
  return { start: cost('start'), first: cost('first'), second: cost('second') };
}

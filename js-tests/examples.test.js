/** Runs every example in its runtime, against the embedded gateway over HTTP. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { env, overHttp, pathOf, testExample } from './examples/battery.js';
import { FRAMEWORKS } from './examples/frameworks.js';
import { binary } from './runtimes/binaries.js';
import { startEdgeFunction } from './runtimes/edge-runtime.js';
import { startServer } from './runtimes/server-process.js';
import { startWorker } from './runtimes/workerd.js';

const close = async () => {};

/** @type {Record<string, () => Promise<import('./examples/battery.js').Running>>} */
const STARTS = {
  'cloudflare-worker': () => overHttp(startWorker({ folder: pathOf('cloudflare-worker'), bindings: env })),
  deno: () => {
    const args = ['run', '--no-config', '--node-modules-dir=manual', '--no-prompt', '--allow-net', '--allow-env'];
    const all = { ...env, DENO_SERVE_ADDRESS: 'tcp:127.0.0.1:0' };
    return overHttp(startServer(binary('DENO'), [...args, pathOf('deno/main.js')], { env: all }));
  },
  bun: () => overHttp(startServer(binary('BUN'), [pathOf('bun/server.js')], { env: { ...env, BUN_PORT: '0' } })),
  'node-http': () =>
    overHttp(startServer(binary('NODE_20'), [pathOf('node-http/server.js')], { env: { ...env, PORT: '0' } })),
  'vercel-edge': async () => {
    const send = await startEdgeFunction(pathOf('vercel-edge/api/presign.js'), env);
    const ask = async (/** @type {string} */ route, /** @type {string} */ body) => {
      const response = await send(`https://edge.example${route}`, { method: 'POST', body });
      return { status: response.status, text: await response.text() };
    };
    return { ask, close };
  },
  'aws-lambda': () => startLambda(pathOf('aws-lambda/handler.js')),
};

/** @param {string} path  of a module that exports the handler of an AWS Lambda */
async function startLambda(path) {
  Object.assign(process.env, env);
  // By URL, so that tsc does not look for types.
  const { handler } = await import(pathToFileURL(path).href);
  let turn = 0;
  const ask = async (/** @type {string} */ rawPath, /** @type {string} */ text, headers = {}) => {
    const isBase64Encoded = (turn += 1) % 2 === 0;
    const body = isBase64Encoded ? Buffer.from(text).toString('base64') : text;
    const result = await handler({ rawPath, headers, body, isBase64Encoded });
    return { status: result.statusCode, text: result.body };
  };
  return { ask, close };
}

/** Bundles the Lambda into one file outside the repository, so it cannot find modules that the bundle lacks. */
async function startBundledLambda() {
  const folder = await mkdtemp(join(tmpdir(), 'wechatpay-presign-lambda-'));
  const outfile = join(folder, 'handler.mjs');
  const entryPoints = [pathOf('aws-lambda/handler.js')];
  await build({
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  const { ask } = await startLambda(outfile);
  return { ask, close: () => rm(folder, { recursive: true }) };
}

test('every example has a test, and is short', () => {
  const files = readdirSync(pathOf(''), { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('/'));
  const folderOf = (/** @type {string} */ file) => file.split('/')[0] ?? '';
  // These are not servers, and have their own tests: deliveries, journey, migration and opentelemetry.
  const others = ['postgres', 'journey', 'migration', 'opentelemetry'];
  const expected = [...Object.keys(STARTS), ...Object.keys(FRAMEWORKS), ...others];
  assert.deepEqual([...new Set(files.map(folderOf))].sort(), expected.sort());
  for (const file of files.filter((file) => /\.(js|ts)$/.test(file))) {
    const lines = readFileSync(pathOf(file), 'utf8').split('\n').length;
    const limit = [...Object.keys(FRAMEWORKS), 'migration', 'opentelemetry'].includes(folderOf(file)) ? 80 : 60;
    assert.ok(lines < limit, `${file} has ${lines} lines`);
  }
});

for (const [name, start] of Object.entries(STARTS)) {
  testExample(name, start, { hasNotifications: name !== 'vercel-edge' });
}
testExample('aws-lambda, bundled by esbuild', startBundledLambda);

/** Runs the suite in every runtime. A runtime that cannot be started is a failure. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { merchant, platform } from './fixtures.js';
import { binary } from './runtimes/binaries.js';
import { startEdgeFunction } from './runtimes/edge-runtime.js';
import { makeFixtures, manyMerchants } from './runtimes/fixtures.js';
import { openGateway } from './runtimes/gateway.js';
import { startWorker } from './runtimes/workerd.js';

/** @typedef {import('./suite/index.js').Fixtures} Fixtures */

const folder = await mkdtemp(join(tmpdir(), 'wechatpay-presign-suite-'));
after(() => rm(folder, { recursive: true }));

const fixtures = await makeFixtures();

/** @type {Record<string, (fixtures: Fixtures) => Promise<string>>} */
const RUNTIMES = {
  'Node.js 20': onConsole(binary('NODE_20')),
  'Node.js 22': onConsole(binary('NODE_22')),
  'Node.js 24': onConsole(binary('NODE_24')),
  'Node.js 26': onConsole(binary('NODE_26')),
  // Only the fixtures need --allow-read: loading the wasm needs no permission.
  Deno: onConsole(
    binary('DENO'),
    'run',
    '--node-modules-dir=manual',
    '--no-prompt',
    '--allow-net',
    `--allow-read=${folder}`,
  ),
  Bun: onConsole(binary('BUN')),
  'workerd, before it may compile': onWorkerd('2025-05-31'),
  'workerd, now': onWorkerd('2026-11-01'),
  'the Edge Runtime': onEdgeRuntime,
};

/** `npm run test:runtime -- deno` runs one of them; "node" stands for all versions of Node.js. */
const asked = (process.env.RUNTIMES ?? '').split(',').map(plain).filter(Boolean);
const chosen = Object.entries(RUNTIMES).filter(
  ([name]) => asked.length === 0 || asked.some((part) => plain(name).includes(part)),
);
assert.ok(chosen.length > 0, `RUNTIMES names none of: ${Object.keys(RUNTIMES).join(', ')}`);

/** `SUITE=transport,client` runs only these files of the suite, which is faster during development. */
const files = (process.env.SUITE ?? '').split(',').filter(Boolean);

/** @type {Map<string, string[]>} */
const ran = new Map();

for (const [runtime, run] of chosen) {
  test(runtime, async (context) => {
    const gateway = await openGateway({
      merchants: [merchant, ...manyMerchants],
      platform: [platform, fixtures.certificate],
    });
    const { baseUrl, control } = gateway;
    try {
      /** @type {import('./suite/index.js').Result[]} */
      const results = JSON.parse(await run({ ...fixtures, files, gateway: { baseUrl, control } }));
      ran.set(
        runtime,
        results.map(({ name }) => name),
      );
      for (const { name, error } of results) {
        await context.test(name, () => assert.ok(error === undefined, error));
      }
    } finally {
      await gateway.close();
    }
  });
}

test('every runtime ran the same tests', () => {
  const [first, ...others] = ran.values();
  assert.ok(first && (files.length > 0 || first.length > 200), String(first?.length));
  assert.equal(others.length, chosen.length - 1);
  for (const names of others) assert.deepEqual(names, first);
});

/**
 * Simplifies a name, so that `node-20` means Node.js 20.
 * @param {string} name
 */
function plain(name) {
  return name.toLowerCase().replace(/\.js|\W/g, '');
}

/**
 * @param {string} runtime
 * @param {string[]} args
 * @returns {(fixtures: Fixtures) => Promise<string>}
 */
function onConsole(runtime, ...args) {
  return async (fixtures) => {
    const file = join(folder, 'fixtures.json');
    await writeFile(file, JSON.stringify(fixtures));
    const script = fileURLToPath(new URL('runtimes/suite-on-console.js', import.meta.url));
    const options = { maxBuffer: 2 ** 26 };
    const { stdout } = await promisify(execFile)(runtime, [...args, script, file], options);
    return stdout;
  };
}

/**
 * @param {string} compatibilityDate
 * @returns {(fixtures: Fixtures) => Promise<string>}
 */
function onWorkerd(compatibilityDate) {
  return async (fixtures) => {
    const worker = await startWorker({
      folder: fileURLToPath(new URL('runtimes', import.meta.url)),
      compatibilityDate,
    });
    try {
      const response = await fetch(worker.url, { method: 'POST', body: JSON.stringify(fixtures) });
      return await response.text();
    } finally {
      await worker.close();
    }
  };
}

/** @param {Fixtures} fixtures */
async function onEdgeRuntime(fixtures) {
  const send = await startEdgeFunction(fileURLToPath(new URL('runtimes/suite-on-fetch.js', import.meta.url)));
  const response = await send('https://edge.example/', { method: 'POST', body: JSON.stringify(fixtures) });
  return response.text();
}

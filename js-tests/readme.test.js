/** Runs every example of the READMEs and the guides unchanged, in its own process, against the embedded gateway. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeCertificate } from '#testing/certificate.js';
import { API_V3_KEY, merchant, notification, PARAMS, platform } from './fixtures.js';
import { blocksIn, blocksOf, PAGES } from './readme-blocks.js';

const ROOT = new URL('..', import.meta.url);

/**
 * @typedef {object} Run  the result of running a snippet
 * @property {number} exitCode
 * @property {string} output
 * @property {string} complaints  its standard error
 * @property {import('#testing/gateway/gateway.js').RecordedRequest['outcome'][]} outcomes  the gateway's, for each request
 */

const certificate = await makeCertificate();

// A project that has the package installed.
const folder = await mkdtemp(join(tmpdir(), 'wechatpay-presign-readme-'));
await mkdir(join(folder, 'node_modules'));
await symlink(fileURLToPath(new URL('pkg', ROOT)), join(folder, 'node_modules/wechatpay-presign'), 'dir');
after(() => rm(folder, { recursive: true }));

for (const [page, blocks] of blocksOf) {
  for (const { line, language, purpose, code } of blocks) {
    if (language !== 'js' || !['', 'slim'].includes(purpose)) continue;

    test(`${page}:${line}: the example runs`, async () => {
      const { exitCode, complaints, outcomes } = await run(code);
      assert.equal(complaints, '');
      assert.equal(exitCode, 0);
      // Examples with createTestKit have their own gateway.
      const sends =
        /\bfetch\(|\.presign\(|presignLater\(params|\.post\(|\.upload\(|\.download\(|\.jsapi\(|\.doctor\(/.test(code);
      assert.equal(outcomes.length > 0, sends && !code.includes('createTestKit('));
      const rejected = outcomes.filter(({ status }) => status !== 200);
      assert.deepEqual(rejected, []);
    });

    const [, handler] = /^export (?:async )?function (\w+)\(request\)/m.exec(code) ?? [];
    if (handler === undefined || !code.includes('notifications.handle(')) continue;

    test(`${page}:${line}: the example handles a genuine notification once, and rejects a tampered one`, async () => {
      const { headers, body } = notification({ now: Math.floor(Date.now() / 1000) });
      const { output, complaints } = await run(`${code}
        const send = async (body) => {
          const init = { method: 'POST', headers: ${JSON.stringify(headers)}, body };
          console.log((await ${handler}(new Request('https://yoursite.com/wxpay.html', init))).status);
        };
        for (const body of ${JSON.stringify([body, body, `${body} `])}) await send(body);`);
      assert.equal(complaints, '');
      const [handled = '', ...statuses] = output.trim().split('\n');
      assert.ok(handled.endsWith('ENTRUST.SIGN 100001256'), output);
      assert.deepEqual(statuses, ['204', '204', '401']);
    });
  }
}

for (const language of /** @type {const} */ (['English', 'Chinese'])) {
  // This example promises never to throw.
  const fallbacks = blocksIn(language).filter(
    ({ language, purpose, code }) => language === 'js' && purpose === '' && code.includes('timeoutMs: 1000'),
  );
  test(`${language}: there is one example with a fallback`, () => assert.equal(fallbacks.length, 1));

  for (const fault of ['slow', 'reset', 'truncated', 'html-502', 'system-error', 'wrong-signature', 'not-json']) {
    test(`${language}: the example with a fallback continues after ${fault}`, async () => {
      const { exitCode, output, complaints } = await run(fallbacks[0]?.code ?? '', fault);
      assert.equal(exitCode, 0, complaints);
      assert.ok(output.includes(PARAMS.prepay_id), output);
      assert.notEqual(complaints, '');
    });
  }
}

test('the documented Postgres recipe is identical to the tested code', () => {
  for (const [page, blocks] of blocksOf) {
    const recipes = blocks.filter(({ language, purpose }) => purpose === 'postgres' || language === 'sql');
    if (page.endsWith('/notifications.md')) assert.equal(recipes.length, 2);
    for (const { purpose, code } of recipes) {
      const file = purpose === 'postgres' ? 'exactly-once.js' : 'schema.sql';
      const source = readFileSync(new URL(`examples/postgres/${file}`, ROOT), 'utf8');
      assert.equal(withoutComments(code), withoutComments(source), page);
    }
  }
});

/** @param {string} code */
const withoutComments = (code) =>
  code
    .replaceAll(/\/\*\*.*?\*\//gs, '')
    .replaceAll(/^ *(?:\/\/|--).*$/gm, '')
    .replaceAll(/\n\s*\n/g, '\n')
    .trim();

for (const [name, page] of PAGES.Chinese) {
  test(`${page} has the same blocks of code as ${name}`, () => {
    const kinds = (/** @type {string} */ page) =>
      blocksOf.get(page)?.map(({ language, purpose }) => [language, purpose].join(' '));
    assert.deepEqual(kinds(page), kinds(name));
  });
}

let runs = 0;

/**
 * Runs a snippet unchanged.
 * @param {string} code
 * @param {string[]} [flags]  of Node.js
 * @returns {Promise<Omit<Run, 'outcomes'>>}
 */
async function runAlone(code, flags = []) {
  const snippet = join(folder, `${++runs}.mjs`);
  await writeFile(snippet, code);
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, snippet], { cwd: folder }, (error, output, complaints) => {
      resolve({ exitCode: error ? Number(error.code ?? 1) : 0, output, complaints });
    });
  });
}

/**
 * Runs a snippet with the global names that the documentation uses.
 * @param {string} code
 * @param {string} [fault]  injected into the gateway's response
 * @returns {Promise<Run>}
 */
async function run(code, fault) {
  const base = join(folder, `given-${++runs}`);
  const files = { preload: `${base}.preload.mjs`, outcomes: `${base}.json` };
  await writeFile(files.preload, preload(files.outcomes, fault));
  const ended = await runAlone(code, ['--import', pathToFileURL(files.preload).href]);
  return { ...ended, outcomes: JSON.parse(await readFile(files.outcomes, 'utf8')) };
}

/**
 * A module that defines these names, and at the end writes the gateway's outcomes to a file.
 * @param {string} outcomes  the file
 * @param {string | undefined} fault
 */
function preload(outcomes, fault) {
  const names = {
    params: PARAMS,
    merchant: { mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey },
    certs: { [platform.serial]: platform.publicKey },
    platformSerial: platform.serial,
    apiV3Key: API_V3_KEY,
  };
  const environment = {
    WECHATPAY_MCHID: merchant.mchid,
    WECHATPAY_SERIAL: merchant.serial,
    WECHATPAY_PRIVATE_KEY: merchant.privateKey,
    WECHATPAY_PUBLIC_KEY_ID: platform.serial,
    WECHATPAY_PUBLIC_KEY: platform.publicKey,
  };
  const parties = {
    merchants: [{ ...merchant, apiV3Key: API_V3_KEY }],
    platform: [certificate, platform],
    certificates: [certificate],
  };
  return `
    import { writeFileSync } from 'node:fs';
    import { createClient } from 'wechatpay-presign';
    import { createGateway } from ${JSON.stringify(new URL('gateway/index.js', import.meta.url).href)};

    const gateway = createGateway(${JSON.stringify(parties)});
    ${fault === undefined ? '' : `gateway.injectFault(${JSON.stringify(fault)}, { delayMs: 60_000 });`}
    gateway.bills.set('2026-01-31', 'a bill');
    Object.assign(globalThis, ${JSON.stringify(names)}, { fetch: gateway.fetch });
    Object.assign(process.env, ${JSON.stringify(environment)});
    globalThis.client = createClient({ ...merchant, certs, apiV3Key });
    process.on('exit', () => {
      const outcomes = gateway.requests.map(({ outcome }) => outcome);
      writeFileSync(${JSON.stringify(outcomes)}, JSON.stringify(outcomes));
    });
  `;
}

/** Runs every example of the READMEs unchanged, in its own process, against the embedded gateway. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeCertificate } from '#testing/certificate.js';
import { API_V3_KEY, merchant, notification, PARAMS, platform } from './fixtures.js';
import { blocksOf } from './readme-blocks.js';

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

for (const [name, blocks] of blocksOf) {
  const snippets = blocks.filter(({ language, purpose }) => language === 'js' && ['', 'slim'].includes(purpose));

  test(`${name} has examples`, () => assert.ok(snippets.length > 0));

  for (const [index, { code }] of snippets.entries()) {
    test(`${name}: example ${index + 1} runs`, async () => {
      const { exitCode, complaints, outcomes } = await run(code);
      assert.equal(complaints, '');
      assert.equal(exitCode, 0);
      const sends = /\bfetch\(|\.presign\(|\.post\(|\.doctor\(/.test(code);
      assert.equal(outcomes.length > 0, sends);
      const rejected = outcomes.filter(({ status }) => status !== 200);
      assert.deepEqual(rejected, []);
    });
  }

  test(`${name}: the notification example accepts a genuine notification and rejects a tampered one`, async () => {
    const { code = '' } = snippets.find(({ code }) => code.includes('notifications.handle(')) ?? {};
    const { headers, body } = notification({ now: Math.floor(Date.now() / 1000) });
    const { output, complaints } = await run(`${code}
      const ask = async (body) => {
        const init = { method: 'POST', headers: ${JSON.stringify(headers)}, body };
        console.log((await onNotification(new Request('https://yoursite.com/wxpay.html', init))).status);
      };
      for (const body of ${JSON.stringify([body, body, `${body} `])}) await ask(body);`);
    assert.equal(complaints, '');
    assert.deepEqual(output.trim().split('\n'), ['ENTRUST.SIGN 100001256', '204', '204', '401']);
  });

  // This example promises never to throw.
  const fallbacks = snippets.filter(({ code }) => code.includes('timeoutMs: 1000'));
  test(`${name} has one example with a fallback`, () => assert.equal(fallbacks.length, 1));

  for (const fault of ['slow', 'reset', 'truncated', 'html-502', 'system-error', 'wrong-signature', 'not-json']) {
    test(`${name}: the example with a fallback goes on after ${fault}`, async () => {
      const { exitCode, output, complaints } = await run(fallbacks[0]?.code ?? '', fault);
      assert.equal(exitCode, 0, complaints);
      assert.ok(output.includes(PARAMS.prepay_id), output);
      assert.notEqual(complaints, '');
    });
  }
}

test('both READMEs have the same blocks of code', () => {
  const [english, chinese] = [...blocksOf.values()].map((blocks) =>
    blocks.map(({ language, purpose }) => [language, purpose]),
  );
  assert.deepEqual(chinese, english);
});

let runs = 0;

/**
 * Runs a snippet with the global names that the READMEs use.
 * @param {string} code
 * @param {string} [fault]  the fault of the gateway's response
 * @returns {Promise<Run>}
 */
async function run(code, fault) {
  const own = join(folder, String(++runs));
  const files = { snippet: `${own}.mjs`, preload: `${own}.preload.mjs`, outcomes: `${own}.json` };
  await writeFile(files.snippet, code);
  await writeFile(files.preload, preload(files.outcomes, fault));

  const args = ['--import', pathToFileURL(files.preload).href, files.snippet];
  const ended = await new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, output, complaints) => {
      resolve({ exitCode: error ? (error.code ?? 1) : 0, output, complaints });
    });
  });
  return { ...ended, outcomes: JSON.parse(await readFile(files.outcomes, 'utf8')) };
}

/**
 * A module that defines those names and writes the gateway's outcomes to a file at the end.
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
  const parties = {
    merchants: [{ ...merchant, apiV3Key: API_V3_KEY }],
    platform: [certificate, platform],
    certificates: [certificate],
  };
  return `
    import { writeFileSync } from 'node:fs';
    import { createGateway } from ${JSON.stringify(new URL('gateway/index.js', import.meta.url).href)};

    const gateway = createGateway(${JSON.stringify(parties)});
    ${fault === undefined ? '' : `gateway.injectFault(${JSON.stringify(fault)}, { delayMs: 60_000 });`}
    Object.assign(globalThis, ${JSON.stringify(names)}, { fetch: gateway.fetch });
    process.on('exit', () => {
      const outcomes = gateway.requests.map(({ outcome }) => outcome);
      writeFileSync(${JSON.stringify(outcomes)}, JSON.stringify(outcomes));
    });
  `;
}

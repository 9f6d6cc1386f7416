/** The package as it is published: packed, installed into an empty project, imported and required. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NOW, answer, merchant, platform } from './fixtures.js';

const PACKAGE = fileURLToPath(new URL('../pkg', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'wechatpay-presign-project-'));
/** @type {{ files: { path: string }[], filename: string }} */
let packed;

/** @param {string} command @param {string[]} args */
function run(command, ...args) {
  return execFileSync(command, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

before(() => {
  const listing = JSON.parse(run('npm', 'pack', PACKAGE, '--json', '--loglevel=error'));
  // npm 12 lists by name, older ones in an array.
  packed = /** @type {typeof packed} */ (Object.values(listing)[0]);
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "version": "1.0.0" }');
  run('npm', 'install', join(project, packed.filename), '--no-audit', '--no-fund', '--offline');
});
after(() => rmSync(project, { recursive: true }));

const JOB = `
  const Authorization = w.signAuthorization({ method: 'GET', url: '/v3/x' }, ${JSON.stringify(merchant)}, { timestamp: 1, nonce: 'N' });
  const data = w.verifyResponse(${JSON.stringify(answer())}, { certs: ${JSON.stringify({ [platform.serial]: platform.publicKey })} }, { now: ${NOW} });
  console.log(JSON.stringify({ scheme: Authorization.slice(0, 25), data }));`;
const DONE = { scheme: 'WECHATPAY2-SHA256-RSA2048', data: { mchid: '1900000100' } };

test('it signs and verifies from import', () => {
  writeFileSync(join(project, 'main.mjs'), `import * as w from 'wechatpay-presign';${JOB}`);
  assert.deepEqual(JSON.parse(run(process.execPath, 'main.mjs')), DONE);
});

test('it signs and verifies from require', () => {
  writeFileSync(join(project, 'main.cjs'), `const w = require('wechatpay-presign');${JOB}`);
  assert.deepEqual(JSON.parse(run(process.execPath, 'main.cjs')), DONE);
});

test('the tarball holds what is needed and nothing else', () => {
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), [
    'LICENSE-APACHE',
    'LICENSE-MIT',
    'README.md',
    'README.zh-CN.md',
    'index.d.ts',
    'package.json',
    'wasm/index.js',
    'wasm/wechatpay_presign_bg.wasm',
  ]);
});

test('a missing wasm is named, with what to do', () => {
  rmSync(join(project, 'node_modules/wechatpay-presign/wasm/wechatpay_presign_bg.wasm'));
  writeFileSync(
    join(project, 'lost.mjs'),
    `import { buildPresignRequest } from 'wechatpay-presign';
     try { buildPresignRequest({}) } catch (error) { console.log(error.code, error.message) }`,
  );
  assert.match(run(process.execPath, 'lost.mjs'), /^ERR_WASM_UNAVAILABLE .*wechatpay_presign_bg\.wasm.*external/);
});

test('no runtime dependencies, the promised engines, licence and version', () => {
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const cargo = readFileSync(new URL('../Cargo.toml', import.meta.url), 'utf8');
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.license, 'Apache-2.0 OR MIT');
  assert.equal(manifest.engines.node, '>=20.19');
  assert.match(cargo, new RegExp(`^version = "${manifest.version}"$`, 'm'));
});

test('the wasm imports the glue alone, and names no folder of the machine it was built on', () => {
  const bytes = readFileSync(join(PACKAGE, 'wasm/wechatpay_presign_bg.wasm'));
  const modules = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ module }) => module);
  assert.deepEqual([...new Set(modules)], ['./wechatpay_presign_bg.js']);
  assert.doesNotMatch(bytes.toString('latin1'), /\/(home|root|Users|tmp|work)\//);
});

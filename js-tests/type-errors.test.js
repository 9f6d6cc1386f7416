/** The compiler's messages about an environment variable that may be missing. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { command } from './runtimes/binaries.js';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-type-errors-'));
after(() => rmSync(folder, { recursive: true }));
symlinkSync(modules, join(folder, 'node_modules'), 'junction');
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

const CONFIG = {
  mchid: `'1900000100'`,
  serial: `'5157F09EFDC096DE15EBE81A47057A7232F1B8E1'`,
  privateKey: `'pem'`,
  certs: `{ PUB_KEY_ID_1: 'pem' }`,
};

/**
 * Compiles `createClient` with the given options.
 * @param {Record<string, string>} options  TypeScript expressions
 */
function compile(options) {
  const given = Object.entries(options).map(([name, value]) => `  ${name}: ${value},`);
  const lines = [
    `import { createClient } from 'wechatpay-presign';`,
    'declare const env: { readonly [name: string]: string | undefined };',
    'createClient({',
    ...given,
    '});',
  ];
  writeFileSync(join(folder, 'app.ts'), lines.join('\n'));
  const settings = '--noEmit --strict --skipLibCheck --module nodenext --target es2022 --lib es2022,dom --types node';
  const args = [command('typescript', 'tsc'), ...settings.split(' '), 'app.ts'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { stdout, lineOf: (/** @type {string} */ name) => 4 + Object.keys(options).indexOf(name) };
}

test('a complete configuration compiles', () => {
  assert.equal(compile(CONFIG).stdout, '');
});

for (const name of ['mchid', 'serial']) {
  test(`a missing ${name} is reported at its line`, () => {
    const { stdout, lineOf } = compile({ ...CONFIG, [name]: `env['X']` });
    assert.match(stdout, new RegExp(`^app\\.ts\\(${lineOf(name)},3\\): error .*'string \\| undefined' `));
  });
}

test('a missing key in certs is reported at its line', () => {
  const { stdout, lineOf } = compile({ ...CONFIG, certs: `{ PUB_KEY_ID_1: env['X'] }` });
  assert.match(stdout, new RegExp(`^app\\.ts\\(${lineOf('certs')},12\\): error .*'string \\| undefined'`));
});

test('a missing privateKey is named in the message', () => {
  const { stdout } = compile({ ...CONFIG, privateKey: `env['X']` });
  assert.match(stdout, /Types of property 'privateKey' are incompatible\.\s+Type 'string \| undefined'/);
});

test('a missing apiV3Key is named in the message if there are no certs', () => {
  const { certs: _, ...others } = CONFIG;
  const { stdout } = compile({ ...others, apiV3Key: `env['X']` });
  assert.match(stdout, /Types of property 'apiV3Key' are incompatible\.\s+Type 'string \| undefined'/);
});

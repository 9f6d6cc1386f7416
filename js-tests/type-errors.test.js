/** The compiler's messages about an environment variable that may be missing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile as compileModule } from './types/compile.js';

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
  const stdout = compileModule(lines.join('\n'));
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

test('the message names a missing privateKey', () => {
  const { stdout } = compile({ ...CONFIG, privateKey: `env['X']` });
  assert.match(stdout, /Types of property 'privateKey' are incompatible\.\s+Type 'string \| undefined'/);
});

test('the message names a missing apiV3Key if there are no certs', () => {
  const { certs: _, ...others } = CONFIG;
  const { stdout } = compile({ ...others, apiV3Key: `env['X']` });
  assert.match(stdout, /Types of property 'apiV3Key' are incompatible\.\s+Type 'string \| undefined'/);
});

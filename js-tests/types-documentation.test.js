/** The documentation in the types: there for every export, with an example. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as exported from 'wechatpay-presign';
import * as slim from 'wechatpay-presign/slim';

const read = (/** @type {string} */ name) => readFileSync(new URL(`../pkg/${name}.d.ts`, import.meta.url), 'utf8');
const EXPORT = /(\/\*\*(?:(?!\*\/).)*\*\/\n)?export (function|class|interface|type|const) (\w+)/gs;

for (const name of ['index', 'client', 'slim', 'wasm']) {
  test(`every export of ${name}.d.ts is documented, with an example`, () => {
    for (const [, documentation = '', , export_] of read(name).matchAll(EXPORT)) {
      assert.match(documentation, /^ \* @example\n \* ```/m, export_);
    }
  });
}

test('the types declare every export, and nothing else', () => {
  const values = (/** @type {string[]} */ ...names) =>
    names
      .flatMap((name) => [...read(name).matchAll(EXPORT)])
      .filter(([, , kind = '']) => ['function', 'class', 'const'].includes(kind))
      .map(([, , , name]) => name)
      .sort();
  assert.deepEqual(values('index', 'client'), Object.keys(exported).sort());
  assert.deepEqual(values('index', 'client', 'slim'), Object.keys(slim).sort());
});

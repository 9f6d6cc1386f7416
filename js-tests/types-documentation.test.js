/** The documentation in the types: there for every export, with an example that compiles. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { command } from './runtimes/binaries.js';
import * as exported from 'wechatpay-presign';
import * as slim from 'wechatpay-presign/slim';
import * as testing from 'wechatpay-presign/testing';

const read = (/** @type {string} */ name) => readFileSync(new URL(`../pkg/${name}.d.ts`, import.meta.url), 'utf8');
const EXPORT = /(\/\*\*(?:(?!\*\/).)*\*\/\n)?export (function|class|interface|type|const) (\w+)/gs;
const EXAMPLE = /^ *\* ```(js|ts)\n(.*?)^ *\* ```$/gms;

for (const name of ['index', 'client', 'slim', 'testing', 'wasm']) {
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
  assert.deepEqual(values('testing'), Object.keys(testing).sort());
});

// What the examples take for granted.
const GIVEN = `
  import type * as w from 'wechatpay-presign';
  import type { TestKit } from 'wechatpay-presign/testing';

  declare global {
    const common: w.PresignCommonParams;
    const payer: w.PresignMerchantParams;
    const request: w.PresignRequest & { signal: AbortSignal };
    const merchant: w.Merchant;
    const moment: w.SigningMoment;
    const client: w.Client;
    const config: w.ClientConfig;
    const contract: w.ContractName;
    const certs: Record<string, string>;
    const response: Response;
    const signature: Uint8Array;
    const bytes: Uint8Array<ArrayBuffer>;
    const timestamp: number;
    const mchid: string, serial: string, privateKey: string, nonce: string, pem: string;
    const publicKeyPem: string, publicKeyId: string, platformSerial: string, apiV3Key: string;
    const incoming: Request;
    const kit: TestKit;
    const notification: w.Notification;
    const transaction_id: string, out_trade_no: string;
    const kms: { sign(what: unknown): Promise<Uint8Array> };
    const reloadPlatformKeys: () => Promise<void>;
    // Their types are other ones in other examples.
    const params: any, error: any;
  }
`;

test('the examples compile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-examples-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(
      fileURLToPath(new URL('../pkg', import.meta.url)),
      join(folder, 'node_modules/wechatpay-presign'),
      'dir',
    );
    writeFileSync(join(folder, 'given.d.mts'), GIVEN);
    const files = ['given.d.mts'];
    for (const name of ['index', 'client', 'slim', 'testing', 'wasm']) {
      const text = read(name);
      for (const { 1: language = '', 2: commented = '', index } of text.matchAll(EXAMPLE)) {
        const line = text.slice(0, index).split('\n').length + 1;
        // The name is what tsc complains of.
        const file = `${name}.d.ts-line-${line}.${language === 'ts' ? 'mts' : 'mjs'}`;
        const code = commented.replaceAll(/^ *\* ?/gm, '');
        writeFileSync(join(folder, file), `${importsFor(code, language)}\n${code}`);
        files.push(file);
      }
    }
    assert.ok(files.length > 50, String(files.length));
    const settings = ['--noEmit', '--strict', '--noImplicitAny', 'false', '--allowJs', '--checkJs', '--skipLibCheck'];
    const platform = ['--target', 'es2022', '--lib', 'es2022,dom,esnext.disposable', '--module', 'nodenext'];
    const types = ['--types', 'node', '--typeRoots', fileURLToPath(new URL('../node_modules/@types', import.meta.url))];
    const args = [command('typescript', 'tsc'), ...settings, ...platform, ...types, ...files];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/**
 * Imports what an example uses and does not import itself. JavaScript cannot import types.
 * @param {string} code
 * @param {string} language
 */
function importsFor(code, language) {
  const own = code.match(/^import .*/gm)?.join('\n') ?? '';
  const uses = (/** @type {string} */ name) =>
    new RegExp(`\\b${name}\\b`).test(code.replace(own, '')) && !own.includes(name);
  /** @type {[string, string[]][]} */
  const sources = [
    ['wechatpay-presign', ['index', 'client']],
    ['wechatpay-presign/slim', ['slim']],
    ['wechatpay-presign/testing', ['testing']],
    ['wechatpay-presign/wasm', ['wasm']],
  ];
  return sources
    .map(([from, files]) => {
      const names = files
        .flatMap((file) => [...read(file).matchAll(EXPORT)])
        .filter(([, , kind = '']) => language === 'ts' || ['function', 'class', 'const'].includes(kind))
        .map(([, , , name = '']) => name)
        .filter(uses);
      return names.length === 0 ? '' : `import { ${names.join(', ')} } from '${from}';`;
    })
    .concat('export {};')
    .join(' ');
}

/** Every export of the published types is documented, with an example that compiles. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as exported from 'wechatpay-presign';
import * as slim from 'wechatpay-presign/slim';
import * as stores from 'wechatpay-presign/stores';
import * as testing from 'wechatpay-presign/testing';
import { command } from './runtimes/binaries.js';

const DIST = new URL('../pkg/dist/', import.meta.url);
/** The declarations of each entry point. */
const ENTRIES = /** @type {const} */ ({
  'wechatpay-presign': 'api.d.ts',
  'wechatpay-presign/slim': 'entrypoints/slim.d.ts',
  'wechatpay-presign/stores': 'stores/index.d.ts',
  'wechatpay-presign/testing': 'testing/index.d.ts',
  'wechatpay-presign/wasm': 'entrypoints/wasm.d.ts',
});
const DECLARATION =
  /(\/\*\*(?:(?!\*\/).)*\*\/\n)?^export (?:declare )?(?:abstract )?(function|class|interface|type|const) (\w+)/gms;
const REEXPORT = /^export (?:type )?(?:\*|\{([^}]*)\}) from '(.*?)\.js';$/gm;
const EXAMPLE = /^ *\* ```(js|ts)\n(.*?)^ *\* ```$/gms;

/** @typedef {{ name: string, kind: string, documentation: string }} Declaration  overloads have one each */

const read = (/** @type {URL} */ url) => readFileSync(url, 'utf8');

/**
 * The exports of a file, including re-exports.
 * @param {URL} url
 * @returns {Declaration[]}
 */
function exportsOf(url) {
  const text = read(url);
  const own = [...text.matchAll(DECLARATION)].map(([, documentation = '', kind = '', name = '']) => {
    return { name, kind, documentation };
  });
  const others = [...text.matchAll(REEXPORT)].flatMap(([, list, path]) => {
    const all = exportsOf(new URL(`${path}.d.ts`, url));
    if (list === undefined) return all;
    const names = list.split(',').map((name) => name.trim().replace(/^type /, ''));
    return all.filter(({ name }) => names.includes(name));
  });
  return [...own, ...others];
}

/** @param {keyof typeof ENTRIES} entry */
const declared = (entry) => exportsOf(new URL(ENTRIES[entry], DIST));
const isValue = (/** @type {Declaration} */ { kind }) => ['function', 'class', 'const'].includes(kind);

for (const entry of /** @type {(keyof typeof ENTRIES)[]} */ (Object.keys(ENTRIES))) {
  test(`every export of ${entry} is documented, with an example`, () => {
    const declarations = declared(entry);
    assert.ok(declarations.length > 0);
    for (const { name, documentation } of declarations) {
      assert.match(documentation, /^ \* @example\n \* ```/m, name);
    }
  });
}

test('the types declare every export, and nothing else', () => {
  const values = (/** @type {keyof typeof ENTRIES} */ entry) =>
    [
      ...new Set(
        declared(entry)
          .filter(isValue)
          .map(({ name }) => name),
      ),
    ].sort();
  assert.deepEqual(values('wechatpay-presign'), Object.keys(exported).sort());
  assert.deepEqual(values('wechatpay-presign/slim'), Object.keys(slim).sort());
  assert.deepEqual(values('wechatpay-presign/stores'), Object.keys(stores).sort());
  assert.deepEqual(values('wechatpay-presign/testing'), Object.keys(testing).sort());
});

// The examples use these without declaring them.
const GIVEN = `
  import type * as w from 'wechatpay-presign';
  import type { D1Database, DurableObjectNamespace, KVNamespace } from '@cloudflare/workers-types';
  import type { DenoKvLike } from 'wechatpay-presign/stores';
  import type { TestKit } from 'wechatpay-presign/testing';

  declare global {
    const common: w.PresignCommonParams;
    const payer: w.PresignMerchantParams;
    const request: w.PresignRequest & { signal: AbortSignal };
    const merchant: w.Merchant;
    const signingParams: w.SigningParams;
    const client: w.Client;
    const config: w.ClientConfig;
    const contract: w.ContractName;
    const contract_id: string;
    const orderFields: w.OrderCommon;
    const order: w.DirectOrder;
    const partnerOrder: w.PartnerOrder;
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
    const env: { NOTIFICATIONS: DurableObjectNamespace; DATABASE: D1Database; CERTIFICATES: KVNamespace };
    const Deno: { openKv(): Promise<DenoKvLike> };
    const reloadPlatformKeys: () => Promise<void>;
    // Their types differ between examples.
    const params: any, error: any;
  }
`;

test('the examples compile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-examples-'));
  try {
    mkdirSync(join(folder, 'node_modules/@cloudflare'), { recursive: true });
    const link = (/** @type {string} */ path, /** @type {string} */ name) =>
      symlinkSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), join(folder, 'node_modules', name), 'dir');
    link('pkg', 'wechatpay-presign');
    for (const name of ['redis', 'ioredis', '@cloudflare/workers-types']) link(`node_modules/${name}`, name);
    writeFileSync(join(folder, 'given.d.mts'), GIVEN);
    const files = ['given.d.mts'];
    const declarations = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.d.ts'),
    );
    for (const name of declarations) {
      const text = read(new URL(name, DIST));
      for (const { 1: language = '', 2: commented = '', index } of text.matchAll(EXAMPLE)) {
        const line = text.slice(0, index).split('\n').length + 1;
        // tsc names the file in its errors.
        const file = `${name.replaceAll('/', '-')}-line-${line}.${language === 'ts' ? 'mts' : 'mjs'}`;
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
 * Imports the names that an example uses and does not import itself. JavaScript cannot import types.
 * @param {string} code
 * @param {string} language
 */
function importsFor(code, language) {
  const own = code.match(/^import .*/gm)?.join('\n') ?? '';
  const uses = (/** @type {string} */ name) =>
    new RegExp(`\\b${name}\\b`).test(code.replace(own, '')) && !own.includes(name);
  return /** @type {(keyof typeof ENTRIES)[]} */ (Object.keys(ENTRIES))
    .map((entry) => {
      const all = declared(entry).filter((declaration) => language === 'ts' || isValue(declaration));
      // The other entry points also export some names of wechatpay-presign.
      const elsewhere = entry === 'wechatpay-presign' ? [] : declared('wechatpay-presign');
      const others = new Set(elsewhere.map(({ name }) => name));
      const names = [...new Set(all.map(({ name }) => name))].filter((name) => !others.has(name)).filter(uses);
      return names.length === 0 ? '' : `import { ${names.join(', ')} } from '${entry}';`;
    })
    .concat('export {};')
    .join(' ');
}

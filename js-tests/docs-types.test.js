/** The TypeScript of the documentation compiles. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { blocksOf } from './readme-blocks.js';
import { command } from './runtimes/binaries.js';

// The blocks use these without declaring them.
const GIVEN = `
  import type * as w from 'wechatpay-presign';
  import type { DurableObjectNamespace, KVNamespace } from '@cloudflare/workers-types';
  import type { Pool, PoolClient } from 'pg';
  import type { Wechatpay } from 'wechatpay-axios-plugin';
  import type WxPay from 'wechatpay-node-v3';
  import type { NodeRedisClient } from 'wechatpay-presign/stores';

  declare global {
    const merchant: w.Merchant;
    const certs: Record<string, string>;
    const apiV3Key: string, mchid: string, transaction_id: string, publicKeyPem: string, certificatePem: string;
    const client: w.Client;
    const params: w.PresignParams;
    const redis: NodeRedisClient;
    interface Env {
      NOTIFICATIONS: DurableObjectNamespace;
      CERTIFICATES: KVNamespace;
      merchant: w.Merchant;
      certs: Record<string, string>;
      WECHATPAY_API_V3_KEY: string;
    }
    const env: Env;
    const pool: Pool;
    const exactlyOnce: (
      pool: Pool,
      notification: { id: string },
      work: (database: PoolClient) => Promise<unknown>,
    ) => Promise<void>;
    const database: {
      claim(key: string, owner: string, leaseSeconds: number): Promise<'new' | 'busy' | 'done'>;
      finish(key: string, ttlSeconds: number): Promise<void>;
      release(key: string, owner: string): Promise<void>;
    };
    const wxpay: Wechatpay;
    const pay: WxPay;
  }
`;

const AMBIENT = `
  declare module 'cloudflare:workers' {
    export const env: { WECHATPAY: string; CERTIFICATES: KVNamespace };
    export function waitUntil(work: Promise<unknown>): void;
  }
`;

const INSTALLED = [
  'redis',
  'pg',
  'wechatpay-axios-plugin',
  'wechatpay-node-v3',
  '@cloudflare/workers-types',
  '@types/pg',
];

const blocks = [...blocksOf.values()].flat().filter(({ language }) => language === 'ts');
/** @param {{ page: string, line: number }} block */
const fileOf = ({ page, line }) => `${page.replaceAll('/', '-')}-line-${line}.mts`;
const complaints = compile();

for (const [page, all] of blocksOf) {
  const own = all.filter((block) => blocks.includes(block));
  if (own.length === 0) continue;
  test(`${page}: the TypeScript compiles`, () => {
    assert.deepEqual(
      complaints.filter((complaint) => own.some((block) => complaint.startsWith(fileOf(block)))),
      [],
    );
  });
}

test('the TypeScript of the documentation has no other errors', () => {
  assert.ok(blocks.length > 5, String(blocks.length));
  assert.deepEqual(
    complaints.filter((complaint) => !blocks.some((block) => complaint.startsWith(fileOf(block)))),
    [],
  );
});

/**
 * Compiles all blocks at once.
 * @returns {string[]}  the errors, each beginning with the name of its file
 */
function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-docs-'));
  try {
    const link = (/** @type {string} */ path, /** @type {string} */ name) => {
      const place = join(folder, 'node_modules', name);
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), place, 'dir');
    };
    link('pkg', 'wechatpay-presign');
    for (const name of INSTALLED) link(`node_modules/${name}`, name);
    writeFileSync(join(folder, 'given.d.mts'), GIVEN);
    writeFileSync(join(folder, 'ambient.d.ts'), AMBIENT);
    for (const block of blocks) writeFileSync(join(folder, fileOf(block)), block.code);
    const settings = ['--noEmit', '--pretty', 'false', '--strict', '--skipLibCheck'];
    const platform = [
      '--target',
      'es2022',
      '--lib',
      'es2022,dom,dom.iterable,esnext.disposable',
      '--module',
      'nodenext',
    ];
    const types = ['--types', 'node', '--typeRoots', fileURLToPath(new URL('../node_modules/@types', import.meta.url))];
    const files = ['given.d.mts', 'ambient.d.ts', ...blocks.map(fileOf)];
    const args = [command('typescript', 'tsc'), ...settings, ...platform, ...types, ...files];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const lines = stdout.split('\n').filter((line) => line !== '');
    return status === 0 || lines.length > 0 ? lines : [`tsc ended with ${status}`];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs in Node.js 24: bundles the worker that the environment names, starts it, and prints its address. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { parse } from 'smol-toml';
import { command } from './binaries.js';

const {
  folder,
  compatibilityDate,
  bindings = {},
} = /** @type {import('./workerd.js').Worker} */ (JSON.parse(process.env['WORKER'] ?? ''));
const out = mkdtempSync(join(tmpdir(), 'wechatpay-presign-worker-'));
execFileSync(process.execPath, [command('wrangler'), 'deploy', '--dry-run', '--outdir', out], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit'],
});

/** @type {any} */
const {
  main: source,
  compatibility_date,
  durable_objects,
  kv_namespaces,
  d1_databases,
} = parse(readFileSync(join(folder, 'wrangler.toml'), 'utf8'));
/** @type {{ name: string, class_name: string }[]} */
const objects = durable_objects?.bindings ?? [];
/** @type {{ binding: string }[]} */
const namespaces = kv_namespaces ?? [];
/** @type {{ binding: string }[]} */
const databases = d1_databases ?? [];
const main = source.replace(/^.*\//, '').replace(/\.ts$/, '.js');
const names = readdirSync(out).filter((name) => /\.(js|wasm)$/.test(name));
const modules = [main, ...names.filter((name) => name !== main)].map((path) => ({
  type: path.endsWith('.wasm') ? /** @type {const} */ ('CompiledWasm') : /** @type {const} */ ('ESModule'),
  path,
  contents: readFileSync(join(out, path)),
}));
rmSync(out, { recursive: true });

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules,
    bindings,
    compatibilityDate: compatibilityDate ?? compatibility_date,
    durableObjects: Object.fromEntries(
      objects.map(({ name, class_name: className }) => [name, { className, useSQLite: true }]),
    ),
    kvNamespaces: namespaces.map(({ binding }) => binding),
    d1Databases: databases.map(({ binding }) => binding),
    host: '127.0.0.1',
    port: 0,
  }),
);
for (const { binding } of databases) {
  const database = await miniflare.getD1Database(binding);
  const migrations = join(folder, 'migrations');
  for (const name of readdirSync(migrations).sort()) await database.exec(readFileSync(join(migrations, name), 'utf8'));
}
console.log(String(await miniflare.ready));
process.once('SIGTERM', () => void miniflare.dispose().then(() => process.exit()));

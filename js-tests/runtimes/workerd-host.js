/** Runs in Node.js 24: bundles the worker that the environment names, starts it, and prints its address. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
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

const [toml] = ['wrangler.toml'].map((name) => readFileSync(join(folder, name), 'utf8'));
/** @param {string} key */
const setting = (key) => new RegExp(`^${key} = "(.+)"$`, 'm').exec(toml ?? '')?.[1] ?? '';
const main = setting('main').replace(/^.*\//, '').replace(/\.ts$/, '.js');
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
    compatibilityDate: compatibilityDate ?? setting('compatibility_date'),
    host: '127.0.0.1',
    port: 0,
  }),
);
console.log(String(await miniflare.ready));
process.once('SIGTERM', () => void miniflare.dispose().then(() => process.exit()));

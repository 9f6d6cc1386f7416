/** Runs in Node.js 24: starts the bundled Worker that the environment names in workerd, and prints its URL. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';

const { bundle, options } = JSON.parse(process.env['WORKER'] ?? '');
const folder = dirname(bundle);
const wasm = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [
      { type: 'ESModule', path: 'worker.js', contents: readFileSync(bundle) },
      ...wasm.map((path) => ({
        type: /** @type {const} */ ('CompiledWasm'),
        path,
        contents: readFileSync(join(folder, path)),
      })),
    ],
    compatibilityDate: '2026-11-01',
    host: '127.0.0.1',
    port: 0,
    ...options,
  }),
);
console.log(String(await miniflare.ready));
process.once('SIGTERM', () => void miniflare.dispose().then(() => process.exit()));

// Bundles a worker with wrangler, as for a deployment.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary, command } from '../js-tests/runtimes/binaries.js';
import { root } from '../scripts/run.js';

/**
 * @param {string} main  a file in bench/worker/
 * @returns {{ folder: string, main: string, files: { name: string, content: Buffer }[] }}
 */
export function bundleWorker(main) {
  const folder = join(root, 'target/bench', main);
  rmSync(folder, { recursive: true, force: true });
  // wrangler needs a newer Node.js than this project.
  execFileSync(binary('NODE_24'), [command('wrangler'), 'deploy', main, '--dry-run', '--outdir', folder], {
    cwd: fileURLToPath(new URL('worker', import.meta.url)),
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const names = readdirSync(folder).filter((name) => /\.(js|wasm)$/.test(name));
  return { folder, main, files: names.map((name) => ({ name, content: readFileSync(join(folder, name)) })) };
}

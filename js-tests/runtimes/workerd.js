/** A Cloudflare Worker, bundled by wrangler as for a deployment, and run by workerd. */
import { fileURLToPath } from 'node:url';
import { binary } from './binaries.js';
import { startServer } from './server-process.js';

/**
 * @typedef {object} Worker
 * @property {string} folder  with a wrangler.toml that names the main module
 * @property {string} [compatibilityDate]  overrides the one in wrangler.toml
 * @property {Record<string, string>} [bindings]  variables and secrets
 */

/**
 * @param {Worker} worker
 * @returns {ReturnType<typeof startServer>}
 */
export function startWorker(worker) {
  // wrangler and miniflare need a newer Node.js than this project.
  return startServer(binary('NODE_24'), [fileURLToPath(new URL('workerd-host.js', import.meta.url))], {
    env: { WORKER: JSON.stringify(worker), WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: 'error' },
  });
}

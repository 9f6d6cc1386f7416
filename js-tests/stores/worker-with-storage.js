/** A bundled Worker in workerd, with Durable Objects, D1 and KV. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { binary } from '../runtimes/binaries.js';
import { startServer } from '../runtimes/server-process.js';

/** Each Durable Object is a file, and each write is flushed. A file system in memory takes a third of the time. */
export const STORAGE = ['/dev/shm', tmpdir()].find(existsSync) ?? tmpdir();

/**
 * @param {string} bundle  the file
 * @param {object} options  of miniflare: `durableObjects`, `d1Databases`, `kvNamespaces`, `bindings` and others
 */
export function startWorkerWithStorage(bundle, options) {
  // miniflare needs a newer Node.js than this project.
  return startServer(binary('NODE_24'), [fileURLToPath(new URL('worker-host.js', import.meta.url))], {
    env: { WORKER: JSON.stringify({ bundle, options }), TMPDIR: STORAGE },
  });
}

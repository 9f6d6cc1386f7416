/** Starts the examples of frameworks as users would: compiled by tsc, built by `next build`, bundled by wrangler. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary, command } from '../runtimes/binaries.js';
import { startServer } from '../runtimes/server-process.js';
import { startWorker } from '../runtimes/workerd.js';
import { startRedis } from '../stores/redis-server.js';
import { certificateEnv, env, overHttp, pathOf } from './battery.js';

/** Inside the repository, so that imports find its node_modules. */
const BUILDS = fileURLToPath(new URL('../../target/examples', import.meta.url));

/** @param {string} script @param {Record<string, string>} [others] */
const startNode = (script, others) =>
  startServer(binary('NODE_20'), [script], { env: { ...env, PORT: '0', ...others } });

/** Compiles a TypeScript example with its own tsconfig.json, and returns the folder of the result. @param {string} name */
function compile(name) {
  const folder = join(BUILDS, name);
  const args = [command('typescript', 'tsc'), '--project', pathOf(name), '--outDir', folder];
  execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return folder;
}

/** Builds the Next.js example with an empty environment, and returns the folder of the result. */
function buildNext() {
  const folder = join(BUILDS, 'nextjs');
  rmSync(folder, { recursive: true, force: true });
  cpSync(pathOf('nextjs'), folder, { recursive: true });
  const { PATH = '', HOME = '' } = process.env;
  // Like Next.js's own command, which sets NODE_ENV.
  execFileSync(binary('NODE_20'), [command('next'), 'build'], {
    cwd: folder,
    env: { PATH, HOME, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return folder;
}

/**
 * The way to start each framework, and its peculiarities.
 * @type {Record<string, import('./battery.js').Kind & { start: () => Promise<import('./battery.js').Running> }>}
 */
export const FRAMEWORKS = {
  express: {
    hasOwnParser: true,
    async start() {
      const folder = compile('express');
      const redis = await startRedis();
      const { ask, output, close } = await overHttp(startNode(join(folder, 'server.js'), { REDIS_URL: redis.url }));
      return { ask, output, close: () => close().finally(redis.stop) };
    },
  },
  koa: { hasOwnParser: true, start: () => overHttp(startNode(pathOf('koa/server.js'))) },
  fastify: { hasOwnParser: true, start: () => overHttp(startNode(pathOf('fastify/server.js'))) },
  nestjs: { hasOwnParser: true, start: async () => overHttp(startNode(join(compile('nestjs'), 'main.js'))) },
  nextjs: {
    async start() {
      const options = { cwd: buildNext(), env: { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } };
      return overHttp(startServer(binary('NODE_20'), [command('next'), 'start', '--port', '0'], options));
    },
  },
  hono: { start: () => overHttp(startNode(pathOf('hono/node.js'))) },
  'hono-worker': {
    hasCertificates: true,
    start: () => overHttp(startWorker({ folder: pathOf('hono-worker'), bindings: certificateEnv })),
  },
};

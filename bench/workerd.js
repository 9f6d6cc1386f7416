// Runs workerd with one worker, and measures its start and its first and second requests. Clocks stand still inside a worker, so
// the CPU time of the process is measured from outside.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTime } from './cpu-time.js';

/**
 * @typedef {{ main: number, all: number, wall: number }} Cost  in milliseconds; processor time of the thread that runs the
 *   worker, and of all threads
 */

/**
 * @param {ReturnType<typeof import('./worker-bundle.js').bundleWorker>} bundle
 * @param {Record<string, string>} bindings
 */
export function configure({ folder, main, files }, bindings) {
  const ordered = [...files].sort((one) => (one.name === main ? -1 : 1));
  const modules = ordered.map(({ name }) => {
    const kind = name.endsWith('.wasm') ? 'wasm' : 'esModule';
    return `(name = "${name}", ${kind} = embed "${name}")`;
  });
  for (const [name, text] of Object.entries(bindings)) writeFileSync(join(folder, `${name}.txt`), text);
  const texts = Object.keys(bindings).map((name) => `(name = "${name}", text = embed "${name}.txt")`);
  const path = join(folder, 'config.capnp');
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  bindings = [${texts.join(', ')}],
  compatibilityDate = "2026-11-01",
);
`,
  );
  return path;
}

/**
 * Measures a fresh process, and so a fresh isolate.
 * @param {string} config
 * @returns {Promise<{ start: Cost, first: Cost, second: Cost }>}
 */
export async function measureWorker(config) {
  // This is a dev dependency, so it is loaded only once those are installed.
  const workerd = createRequire(import.meta.url)('workerd').default;
  const begun = performance.now();
  const child = spawn(workerd, ['serve', config, '--control-fd=3'], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  try {
    const control = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
    const [line] = await once(control, 'data');
    const { port } = JSON.parse(String(line).split('\n')[0] ?? '');
    const wall = performance.now() - begun;
    const pid = child.pid ?? 0;
    await settled(pid);
    const start = { ...cpuTime(pid), wall };
    const first = await request(pid, port);
    const second = await request(pid, port);
    return { start, first, second };
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

/**
 * @param {number} pid
 * @param {number} port
 * @returns {Promise<Cost>}
 */
async function request(pid, port) {
  const before = cpuTime(pid);
  const begun = performance.now();
  const [response] = await once(get({ port, host: '127.0.0.1', agent: false }), 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  const wall = performance.now() - begun;
  if (!text.startsWith('WECHATPAY2-SHA256-RSA2048 ')) throw new Error(`the worker responded with ${text}`);
  await settled(pid);
  const after = cpuTime(pid);
  return { main: after.main - before.main, all: after.all - before.all, wall };
}

/**
 * Waits until all threads are idle: compilers continue to run beside the worker.
 * @param {number} pid
 */
async function settled(pid) {
  let [last, now] = [-1, cpuTime(pid).all];
  while (now - last > 0.01) {
    await sleep(10);
    [last, now] = [now, cpuTime(pid).all];
  }
}

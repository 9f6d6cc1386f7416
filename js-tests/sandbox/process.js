/** A sandbox in its own process and folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';

const SCRIPT = fileURLToPath(new URL('../../pkg/dist/cli.js', import.meta.url));

/** A free port, below the range from which systems choose one for port 0. */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return String(port);
  }
}

/**
 * Starts a sandbox, and resolves when it listens.
 * @param {{ args?: string[], port?: string, runtime?: string[], cwd?: string }} [options]  `runtime`: what runs the script
 */
export async function startSandbox({ args = [], port = '0', runtime = [process.execPath], cwd } = {}) {
  const folder = cwd ?? (await mkdtemp(join(tmpdir(), 'wechatpay-presign-sandbox-')));
  const [program = '', ...flags] = runtime;
  const options = ['--port', port, '--json', ...args];
  const child = spawn(program, [...flags, SCRIPT, 'sandbox', ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaints = text(child.stderr);
  const ended = once(child, 'close');
  /** @type {any[]} */
  const events = [];
  /** @type {(() => void)[]} */
  let listeners = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    events.push(JSON.parse(line));
    for (const listener of [...listeners]) listener();
  });
  lines.on('close', () => {
    for (const listener of [...listeners]) listener();
  });

  /**
   * Waits for an event that the sandbox prints.
   * @param {(event: any) => boolean} isWanted
   * @returns {Promise<any>}
   */
  function event(isWanted) {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = events.find(isWanted);
        const isOver = child.stdout.readableEnded;
        if (found === undefined && !isOver) return;
        listeners = listeners.filter((listener) => listener !== check);
        if (found !== undefined) resolve(found);
        else complaints.then((text) => reject(new Error(`the sandbox ended: ${text}\n${JSON.stringify(events)}`)));
      };
      listeners.push(check);
      check();
    });
  }

  const { baseUrl } = await event(({ event }) => event === 'started');
  const envFile = join(folder, '.wechatpay-sandbox/.env');

  return {
    baseUrl: String(baseUrl),
    folder,
    envFile,
    events,
    event,
    child,
    /** The variables that an application reads. */
    env: async () => /** @type {Record<string, string>} */ (parseEnv(await readFile(envFile, 'utf8'))),

    /**
     * Acts as the user, or injects faults.
     * @param {string} name
     * @param {object} [fields]
     */
    async control(name, fields = {}) {
      const response = await fetch(`${baseUrl}/__sandbox/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(fields),
      });
      return { status: response.status, body: /** @type {any} */ (await response.json()) };
    },

    /** @param {string} name  of a list */
    async read(name) {
      return /** @type {any} */ (await (await fetch(`${baseUrl}/__sandbox/${name}`)).json());
    },

    /** Ends the sandbox as Ctrl+C does. Its folder is kept if the caller passed it. */
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      const [code, signal] = await ended;
      if (cwd === undefined) await rm(folder, { recursive: true, force: true });
      return { code, signal, complaints: await complaints, summary: events.at(-1) };
    },
  };
}

/** A server in a separate process. The first URL that it prints is its address. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string | URL, env?: Record<string, string> }} [options]  `env` is added to the environment of this process
 * @returns {Promise<{ url: string, close: () => Promise<void>, kill: () => Promise<void>, output: () => string }>}
 */
export async function startServer(command, args, { cwd, env = {} } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    /** @param {Buffer} chunk */
    const listen = (chunk) => {
      output += chunk;
      // Deno prints the host it was given: 0.0.0.0 or localhost.
      const [, port] = /\bhttps?:\/\/[\w.[\]:]*:(\d+)\b/.exec(output) ?? [];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code} before it listened:\n${output}`)));
  });
  return {
    url,
    /** The whole output so far. */
    output: () => output,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
    /** Kills the process and its children at once, like a crash. */
    async kill() {
      const ended = once(child, 'exit');
      const { stdout } = spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' });
      child.kill('SIGKILL');
      for (const pid of stdout.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
      await ended;
    },
  };
}

/** Runs the command line: as a separate process, or in this process with everything injected. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { main } from '#cli/main.js';
import { binary } from '../runtimes/binaries.js';

const SCRIPT = fileURLToPath(new URL('../../pkg/dist/cli.js', import.meta.url));

/** How each runtime starts a script. */
export const RUNTIMES = /** @type {const} */ ({
  NODE_20: [],
  NODE_22: [],
  NODE_24: [],
  NODE_26: [],
  BUN: ['run'],
  DENO: ['run', '--allow-all', '--no-prompt'],
});

/**
 * Runs a command as a process. Its environment contains only `env`.
 * @param {readonly string[]} args
 * @param {{ runtime?: keyof typeof RUNTIMES, env?: Record<string, string>, cwd?: string, input?: string | Buffer | undefined,
 *   script?: string, onStart?: (child: import('node:child_process').ChildProcess) => void }} [options]
 */
export async function runCli(args, { runtime = 'NODE_24', env = {}, cwd, input = '', script = SCRIPT, onStart } = {}) {
  const { PATH = '', HOME = '', SystemRoot = '' } = process.env;
  const child = spawn(binary(runtime), [...RUNTIMES[runtime], script, ...args], {
    env: { PATH, HOME, SystemRoot, ...env },
    cwd,
    stdio: 'pipe',
  });
  // A command that ends without reading its input closes the pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  onStart?.(child);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    // A test may have closed the stream.
    child.stdout.destroyed ? '' : text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: /** @type {number | null} */ (code), signal, stdout, stderr };
}

/**
 * Runs a command in this process.
 * @param {readonly string[]} argv
 * @param {Partial<import('#cli/command.js').Host> & { input?: string | Uint8Array, isTerminal?: boolean }} [options]
 */
export async function runMain(argv, { input = '', isTerminal = false, ...host } = {}) {
  const printed = { stdout: '', stderr: '' };
  const stream = (/** @type {keyof typeof printed} */ name) => ({
    isTTY: isTerminal,
    write: (/** @type {string} */ text) => {
      printed[name] += text;
    },
  });
  const code = await main({
    argv,
    env: {},
    cwd: process.cwd(),
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    clock: Date.now,
    fetch: () => Promise.reject(new Error('this command must not use the network')),
    signal: new AbortController().signal,
    ...host,
  });
  return { code, ...printed };
}

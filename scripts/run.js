// Runs a command and shows it; if it fails, the script that called it ends.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * On Windows npm is a batch file, which only a shell runs.
 * @param {string} command
 */
const shell = (command) => process.platform === 'win32' && command === 'npm';

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, mayFail?: boolean }} [options]
 * @returns {boolean} Whether it succeeded; without `mayFail`, always.
 */
export function run(command, args, { env = {}, mayFail = false } = {}) {
  console.log(`$ ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: shell(command),
  });
  if (status === 0) return true;
  if (mayFail) return false;
  console.error(`${command} failed${error ? `: ${error.message}` : ` with exit code ${status}`}`);
  process.exit(1);
}

/**
 * The output of a command, or undefined if it is missing or fails (unless it may).
 * @param {string} command
 * @param {string[]} args
 * @param {{ mayFail?: boolean }} [options]
 */
export function output(command, args, { mayFail = false } = {}) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell: shell(command) });
  return status === 0 || mayFail ? stdout?.trim() : undefined;
}

// Runs a command, shown as it is run; a failure ends the script that called for it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, mayFail?: boolean }} [options]
 * @returns {boolean} Whether it succeeded; without `mayFail`, always.
 */
export function run(command, args, { env = {}, mayFail = false } = {}) {
  console.log(`$ ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status === 0) return true;
  if (mayFail) return false;
  console.error(`${command} failed${error ? `: ${error.message}` : ` with exit code ${status}`}`);
  process.exit(1);
}

/**
 * What a command prints, or undefined where it is not there or fails (unless it may).
 * @param {string} command
 * @param {string[]} args
 * @param {{ mayFail?: boolean }} [options]
 */
export function output(command, args, { mayFail = false } = {}) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return status === 0 || mayFail ? stdout?.trim() : undefined;
}

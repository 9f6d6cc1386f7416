/** The runtimes that come as binaries from npm. One that is missing is an error, never a skipped test. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const { platform, arch } = process;
const glibc = platform === 'linux' ? '-glibc' : '';
const oldArch = arch === 'arm64' ? 'aarch64' : arch;

/**
 * Each may be overruled by an environment variable of its name, such as NODE_22, with the path of a binary: npm has
 * Node.js for Linux on x64 only.
 */
const BINARIES = {
  NODE_20: 'node-20/bin/node',
  NODE_22: 'node-22/bin/node',
  NODE_24: 'node-24/bin/node',
  NODE_26: 'node-26/bin/node',
  // From the packages of the platform: those named deno and bun need an install script to work.
  DENO: `@deno/${platform}-${arch}${glibc}/deno`,
  BUN: `@oven/bun-${platform}-${oldArch}/bin/bun`,
};

/** @param {keyof typeof BINARIES} name */
export function binary(name) {
  const path = process.env[name] ?? join(MODULES, BINARIES[name]);
  if (existsSync(path)) return path;
  throw new Error(`there is no ${path}: run npm install, or put the path of a binary for this machine into ${name}`);
}

/**
 * The script behind a command of a dev dependency, to be run by the Node.js of one's choice.
 * @param {string} name  of the package
 * @param {string} [command]  where it has another name
 */
export function command(name, command = name) {
  const folder = join(MODULES, name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** The runtimes, as binaries from npm. A missing one is an error, never a skipped test. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const { platform, arch } = process;
const glibc = platform === 'linux' ? '-glibc' : '';
const oldArch = arch === 'arm64' ? 'aarch64' : arch;

/**
 * An environment variable of the same name, such as NODE_22, replaces the path of a binary: npm has Node.js for Linux on
 * x64 only.
 */
const BINARIES = {
  NODE_20: 'node-20/bin/node',
  NODE_22: 'node-22/bin/node',
  NODE_24: 'node-24/bin/node',
  NODE_26: 'node-26/bin/node',
  // From the packages for each platform: the packages deno and bun need install scripts.
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
 * The script of a dev dependency's command, for running it with another Node.js.
 * @param {string} name  of the package
 * @param {string} [command]  where it has another name
 */
export function command(name, command = name) {
  const folder = join(MODULES, name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

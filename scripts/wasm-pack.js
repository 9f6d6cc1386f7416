// A build of the wasm, as wasm-pack.toml says: that of the package, and that which the benchmark compares with.
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { output, root, run } from './run.js';
import { ensureDevDependencies, ensureRust, ensureTool, ensureWasmLibrary } from './toolchain.js';

ensureDevDependencies();
ensureRust();
// A dev dependency itself, so it can be loaded only now.
const { parse } = await import('smol-toml');

/**
 * @typedef {object} Settings
 * @property {{ 'wasm-pack': string, 'wasm-bindgen-cli': string, binaryen: string, esbuild: string }} tools
 * @property {{ target: string, profile: string, 'out-dir': string, 'out-name': string, features: string[], rustflags: string[],
 *   'relaxed-rustflags': string[] }} build
 */
export const { tools, build } = /** @type {Settings} */ (parse(readFileSync(join(root, 'wasm-pack.toml'), 'utf8')));

export const library = ensureWasmLibrary();

const flagsOfEach = rustFlags();

/**
 * @param {string} folder
 * @param {string} target  where cargo works: other flags in the same place would build everything anew each time
 * @param {object} [more]  beside what every build has
 * @param {string[]} [more.rustflags]
 * @param {string[]} [more.features]
 * @param {string[]} [more.cargoArgs]
 */
export function buildInto(folder, target, { rustflags = [], features = [], cargoArgs = [] } = {}) {
  const path = [
    ensureTool('wasm-pack', tools['wasm-pack']),
    ensureTool('wasm-bindgen-cli', tools['wasm-bindgen-cli']),
    join(root, 'node_modules/.bin'),
    process.env.PATH,
  ].join(delimiter);
  const flags = [...flagsOfEach, ...rustflags].join('\x1f');
  run(
    'wasm-pack',
    [
      ['build', '--mode', 'force', '--no-pack', '--no-gitignore'],
      ['--target', build.target, `--${build.profile}`],
      ['--out-dir', folder, '--out-name', build['out-name']],
      ['--', '--locked', ...[...build.features, ...features].flatMap((feature) => ['--features', feature])],
      [...library.cargoArgs, ...cargoArgs],
    ].flat(),
    { env: { ...library.env, PATH: path, CARGO_ENCODED_RUSTFLAGS: flags, CARGO_TARGET_DIR: target } },
  );
}

/** The pinned flags, and names for the folders whose paths would otherwise be in the wasm. */
function rustFlags() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const sysroot = output('rustc', ['--print', 'sysroot']) ?? '';
  // Their names are made from a registry's address, which differs from machine to machine.
  const sources = join(cargoHome, 'registry/src');
  run('cargo', ['fetch', '--locked', '--quiet']);
  const registries = readdirSync(sources).map((name) => `--remap-path-prefix=${join(sources, name)}=crates`);
  const commit = /commit-hash: (\w+)/.exec(output('rustc', ['-vV']) ?? '')?.[1];
  return [
    ...build.rustflags,
    `--remap-path-prefix=${root}=.`,
    `--remap-path-prefix=${cargoHome}=cargo`,
    ...registries,
    `--remap-path-prefix=${sysroot}/lib/rustlib/src/rust=/rustc/${commit}`,
  ];
}

// Builds the wasm with the settings of wasm-pack.toml.
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { output, root, run } from './run.js';
import { ensureDevDependencies, ensureRust, ensureTool, ensureWasmLibrary } from './toolchain.js';

ensureDevDependencies();
ensureRust();
// A dev dependency, so it is loaded only after the installation.
const { parse } = await import('smol-toml');

/**
 * @typedef {object} Settings
 * @property {{ 'wasm-pack': string, 'wasm-bindgen-cli': string, binaryen: string, esbuild: string }} tools
 * @property {{ target: string, profile: string, 'out-dir': string, 'out-name': string, features: string[], rustflags: string[],
 *   'relaxed-rustflags': string[] }} build
 */
export const { tools, build } = /** @type {Settings} */ (parse(readFileSync(join(root, 'wasm-pack.toml'), 'utf8')));

export const library = ensureWasmLibrary();

const commonFlags = rustFlags();

/**
 * @param {string} folder
 * @param {string} target  cargo's target folder: one for each set of flags, or each build would start from scratch
 * @param {object} [more]  in addition to the settings of every build
 * @param {string[]} [more.rustflags]
 */
export function buildInto(folder, target, { rustflags = [] } = {}) {
  const path = [
    ensureTool('wasm-pack', tools['wasm-pack']),
    ensureTool('wasm-bindgen-cli', tools['wasm-bindgen-cli']),
    join(root, 'node_modules/.bin'),
    process.env.PATH,
  ].join(delimiter);
  const flags = [...commonFlags, ...rustflags].join('\x1f');
  run(
    'wasm-pack',
    [
      ['build', '--mode', 'force', '--no-pack', '--no-gitignore'],
      ['--target', build.target, `--${build.profile}`],
      ['--out-dir', folder, '--out-name', build['out-name']],
      ['--', '--locked', ...build.features.flatMap((feature) => ['--features', feature])],
      library.cargoArgs,
    ].flat(),
    { env: { ...library.env, PATH: path, CARGO_ENCODED_RUSTFLAGS: flags, CARGO_TARGET_DIR: target } },
  );
}

/** The flags of wasm-pack.toml, and flags that keep this machine's paths out of the wasm. */
function rustFlags() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const sysroot = output('rustc', ['--print', 'sysroot']) ?? '';
  // Their names contain a hash of the registry's address, which differs between machines.
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

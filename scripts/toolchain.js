// Installs missing build tools: dev dependencies, the pinned Rust with its wasm target, and tools from
// crates.io, in .tools/ by version.
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { output, root, run } from './run.js';

const TARGET = 'wasm32-unknown-unknown';

/** Installs the dev dependencies, unless package-lock.json is older than the last installation. */
export function ensureDevDependencies() {
  const installed = join(root, 'node_modules/.package-lock.json');
  const lock = statSync(join(root, 'package-lock.json')).mtimeMs;
  if (existsSync(installed) && statSync(installed).mtimeMs >= lock) return;
  // Not `npm ci`: it rejects a lock file that lacks packages for other platforms, and some registries do not have them all.
  run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  // npm does not touch the file if nothing changed.
  utimesSync(installed, new Date(), new Date());
}

/**
 * Loads esbuild in the version of package-lock.json: from node_modules/, or else from .tools/, where it is installed alone with
 * the checksums of package-lock.json. node_modules/ is never changed.
 * @returns {Promise<typeof import('esbuild')>}
 */
export async function loadEsbuild() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { version } = lock.packages['node_modules/esbuild'];
  const folders = [root, join(root, `.tools/esbuild-${version}`)].map((folder) => join(folder, 'node_modules/esbuild'));
  let folder = folders.find((folder) => versionIn(folder) === version);
  if (folder === undefined) {
    folder = /** @type {string} */ (folders[1]);
    installAlone(dirname(dirname(folder)), 'esbuild', version, lock);
  }
  const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { default: esbuild } = await import(pathToFileURL(join(folder, main)).href);
  return esbuild;
}

/** @param {string} folder  of an installed package */
function versionIn(folder) {
  const manifest = join(folder, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

/**
 * Installs one dev dependency and its own dependencies in a separate folder.
 * @param {string} folder
 * @param {string} name
 * @param {string} version
 * @param {{ packages: Record<string, { dependencies?: object, optionalDependencies?: object }> }} lock
 */
function installAlone(folder, name, version, lock) {
  /** @type {Record<string, unknown>} */
  const packages = { '': { dependencies: { [name]: version } } };
  const add = (/** @type {string} */ dependency) => {
    const path = `node_modules/${dependency}`;
    const entry = lock.packages[path];
    if (entry === undefined || path in packages) return;
    packages[path] = { ...entry, dev: undefined };
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }).forEach(add);
  };
  add(name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
  run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Installs the Rust version of rust-toolchain.toml, if it is missing. */
export function ensureRust() {
  const channel = /channel = "(.+)"/.exec(readFileSync(join(root, 'rust-toolchain.toml'), 'utf8'))?.[1] ?? '';
  if (output('cargo', ['--version'])?.includes(channel)) return;
  if (output('rustup', ['--version']) === undefined) {
    console.error(`Rust ${channel} is missing, and so is rustup to install it: see https://rustup.rs`);
    process.exit(1);
  }
  run('rustup', [
    'toolchain',
    'install',
    channel,
    '--no-self-update',
    '--profile',
    'minimal',
    '--component',
    'clippy,rustfmt',
  ]);
}

/**
 * The Rust standard library for the wasm target.
 * @typedef {object} Library
 * @property {boolean} prebuilt  Whether it comes with the toolchain; only then do equal sources give equal bytes.
 * @property {string[]} cargoArgs  Arguments for cargo.
 * @property {Record<string, string>} env  Environment variables for cargo.
 */

/**
 * Installs the standard library for the wasm target: prebuilt, or else its sources.
 * @returns {Library}
 */
export function ensureWasmLibrary() {
  const rustlib = join(output('rustc', ['--print', 'sysroot']) ?? '', 'lib/rustlib');
  const prebuilt = join(rustlib, TARGET, 'lib');
  if (existsSync(prebuilt) || (run('rustup', ['target', 'add', TARGET], { mayFail: true }) && existsSync(prebuilt))) {
    return { prebuilt: true, cargoArgs: [], env: {} };
  }
  const sources = join(rustlib, 'src/rust/library');
  if (!existsSync(sources) && !run('rustup', ['component', 'add', 'rust-src'], { mayFail: true })) {
    unpackLibrarySources(sources);
  }
  return { prebuilt: false, cargoArgs: ['-Zbuild-std=std,panic_abort'], env: { RUSTC_BOOTSTRAP: '1' } };
}

/**
 * The last resort, if rustup cannot download: an archive of the library's sources, of the same version.
 * @param {string} folder
 */
function unpackLibrarySources(folder) {
  const version = output('rustc', ['--version'])?.split(' ')[1];
  const name = `rust-library-${version}.tar.xz`;
  const archive = [process.env.RUST_LIBRARY_ARCHIVE ?? '', join(root, '../shared/toolchain', name)].find(existsSync);
  if (archive === undefined) {
    console.error(
      `Neither the target ${TARGET} nor the component rust-src can be installed. ` +
        `Put the sources of Rust's library into ${name}, and its path into RUST_LIBRARY_ARCHIVE.`,
    );
    process.exit(1);
  }
  mkdirSync(dirname(folder), { recursive: true });
  run('tar', ['-xJf', archive, '-C', dirname(folder)]);
}

/**
 * Installs a tool from crates.io into .tools/, and returns the folder with its binary.
 * @param {'wasm-pack' | 'wasm-bindgen-cli' | 'cargo-deny' | 'typos-cli'} name
 * @param {string} version
 */
export function ensureTool(name, version) {
  const folder = join(root, '.tools', `${name}-${version}`);
  const binary = join(folder, 'bin', name.replace('-cli', ''));
  if (!existsSync(binary)) {
    // The lock file of wasm-bindgen-cli names crates that no longer build, so we keep our own.
    const crate = name === 'wasm-bindgen-cli' ? ['--path', 'scripts/wasm-bindgen'] : [name, '--version', version];
    run('cargo', ['install', ...crate, '--locked', '--root', folder], {
      env: { CARGO_TARGET_DIR: join(root, 'target/tools') },
    });
  }
  return dirname(binary);
}

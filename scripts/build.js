// Makes pkg/wasm/ from src/, as wasm-pack.toml says, and from the hand-written JavaScript; and copies the texts that
// belong to the package.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { homedir } from 'node:os';
import { output, root, run } from './run.js';
import { ensureDevDependencies, ensureRust, ensureTool, ensureWasmLibrary } from './toolchain.js';

ensureDevDependencies();
ensureRust();
// A dev dependency itself, so it can be loaded only now.
const { parse } = await import('smol-toml');
const settings = /** @type {Settings} */ (parse(readFileSync(join(root, 'wasm-pack.toml'), 'utf8')));

/**
 * @typedef {object} Settings
 * @property {{ 'wasm-pack': string, 'wasm-bindgen-cli': string, binaryen: string, esbuild: string }} tools
 * @property {{ target: string, profile: string, 'out-dir': string, 'out-name': string, features: string[], rustflags: string[],
 *   'relaxed-rustflags': string[] }} build
 */

const { tools, build } = settings;
const library = ensureWasmLibrary();
const path = [
  ensureTool('wasm-pack', tools['wasm-pack']),
  ensureTool('wasm-bindgen-cli', tools['wasm-bindgen-cli']),
  join(root, 'node_modules/.bin'),
  process.env.PATH,
].join(delimiter);

const out = join(root, build['out-dir']);
const relaxedOut = join(root, 'target/relaxed/out');
rmSync(out, { recursive: true, force: true });
buildInto(build['out-dir'], [], join(root, 'target'));
buildInto('target/relaxed/out', build['relaxed-rustflags'], join(root, 'target/relaxed'));

// Of the second build only the module is used: the JavaScript around it is the same.
const [glue, relaxedGlue] = [out, relaxedOut].map((folder) =>
  readFileSync(join(folder, `${build['out-name']}_bg.js`), 'utf8'),
);
if (glue !== relaxedGlue) throw new Error('the two builds need different JavaScript');
copyFileSync(join(relaxedOut, `${build['out-name']}_bg.wasm`), join(out, `${build['out-name']}_relaxed_bg.wasm`));

// wasm-bindgen declares what its entry point exports, but not the glue behind it, which is what we import.
const declarations = `export * from './${build['out-name']}.js'\nexport function __wbg_set_wasm(exports: unknown): void\n`;
writeFileSync(join(out, `${build['out-name']}_bg.d.ts`), declarations);

// Not used: its declarations stand in the way of importing the wasm as a module, its loader in the way of ours.
for (const leftover of ['_bg.wasm.d.ts', '.js']) rmSync(join(out, build['out-name'] + leftover));

// Uses a dev dependency too.
const { bundle } = await import('./bundle.js');
await bundle(out, build['out-name']);

// What npm shows, and what must go with every copy.
for (const file of ['README.md', 'README.zh-CN.md', 'LICENSE-APACHE', 'LICENSE-MIT']) {
  copyFileSync(join(root, file), join(root, 'pkg', file));
}

for (const name of [`${build['out-name']}_bg.wasm`, `${build['out-name']}_relaxed_bg.wasm`]) {
  const wasm = readFileSync(join(out, name));
  console.log(`${name}: ${kilobytes(wasm.length)}, gzipped ${kilobytes(gzipSync(wasm, { level: 9 }).length)}`);
}
if (!library.prebuilt) {
  console.warn(
    '\n!!! Built with Rust library compiled here (-Zbuild-std): the bytes may differ from the committed ones.\n',
  );
}
// For scripts/lint.js, which compares with what is committed.
writeFileSync(join(root, 'target/wasm-library'), library.prebuilt ? 'prebuilt' : 'compiled here');

/**
 * @param {string} folder
 * @param {string[]} rustflags  beside those of every build
 * @param {string} target  where cargo works: other flags in the same place would build everything anew each time
 */
function buildInto(folder, rustflags, target) {
  const flags = [...rustFlags(), ...rustflags].join('\x1f');
  run(
    'wasm-pack',
    [
      ['build', '--mode', 'force', '--no-pack', '--no-gitignore'],
      ['--target', build.target, `--${build.profile}`],
      ['--out-dir', folder, '--out-name', build['out-name']],
      ['--', '--locked', ...build.features.flatMap((feature) => ['--features', feature]), ...library.cargoArgs],
    ].flat(),
    { env: { ...library.env, PATH: path, CARGO_ENCODED_RUSTFLAGS: flags, CARGO_TARGET_DIR: target } },
  );
}

/** The pinned flags, and names for the folders whose paths would otherwise be in the wasm. */
function rustFlags() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const sysroot = output('rustc', ['--print', 'sysroot']) ?? '';
  const commit = /commit-hash: (\w+)/.exec(output('rustc', ['-vV']) ?? '')?.[1];
  return [
    ...build.rustflags,
    `--remap-path-prefix=${root}=.`,
    `--remap-path-prefix=${cargoHome}=cargo`,
    `--remap-path-prefix=${sysroot}/lib/rustlib/src/rust=/rustc/${commit}`,
  ];
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

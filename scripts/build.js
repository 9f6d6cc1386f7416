// Makes pkg/wasm/ from src/, as wasm-pack.toml says, and from the hand-written JavaScript; and copies the texts that
// belong to the package.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './run.js';
import { build, buildInto, library } from './wasm-pack.js';

const out = join(root, build['out-dir']);
const relaxedOut = join(root, 'target/relaxed/out');
rmSync(out, { recursive: true, force: true });
buildInto(build['out-dir'], join(root, 'target'));
buildInto('target/relaxed/out', join(root, 'target/relaxed'), { rustflags: build['relaxed-rustflags'] });

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

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

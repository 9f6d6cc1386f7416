// `npm run build:wasm`: makes pkg/wasm/ from the Rust crates, as wasm-pack.toml says.
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './run.js';
import { build, buildInto, library } from './wasm-pack.js';

const name = build['out-name'];
const out = join(root, build['out-dir']);
const relaxedOut = join(root, 'target/relaxed/out');
rmSync(out, { recursive: true, force: true });
buildInto(build['out-dir'], join(root, 'target'));
buildInto('target/relaxed/out', join(root, 'target/relaxed'), { rustflags: build['relaxed-rustflags'] });

// Only the module of the second build is used: the JavaScript around it is the same.
const [glue, relaxedGlue] = [out, relaxedOut].map((folder) => readFileSync(join(folder, `${name}_bg.js`), 'utf8'));
if (glue !== relaxedGlue) throw new Error('the two builds need different JavaScript');
copyFileSync(join(relaxedOut, `${name}_bg.wasm`), join(out, `${name}_relaxed_bg.wasm`));

// wasm-bindgen declares what its entry point exports. We import the glue behind it, which exports one more function.
const declarations = join(out, `${name}_bg.d.ts`);
renameSync(join(out, `${name}.d.ts`), declarations);
appendFileSync(
  declarations,
  '\n/**\n * Gives the glue the exports of a new instance, which it calls from then on.\n */\n' +
    'export function __wbg_set_wasm(exports: unknown): void;\n',
);

// Unused: these declarations would forbid importing the wasm as a module, and we have our own loaders.
for (const unused of ['_bg.wasm.d.ts', '.js']) rmSync(join(out, name + unused));

for (const file of [`${name}_bg.wasm`, `${name}_relaxed_bg.wasm`]) {
  const wasm = readFileSync(join(out, file));
  console.log(`${file}: ${kilobytes(wasm.length)}, gzipped ${kilobytes(gzipSync(wasm, { level: 9 }).length)}`);
}
if (!library.prebuilt) {
  console.warn(
    '\n!!! This machine compiled the Rust standard library itself (-Zbuild-std): the bytes may differ from the committed ones.\n',
  );
}
// For scripts/lint.js, which compares with the committed files.
mkdirSync(join(root, 'target'), { recursive: true });
writeFileSync(join(root, 'target/wasm-library'), library.prebuilt ? 'prebuilt' : 'compiled here');

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

// `npm run lint`: formatting, clippy for both targets, types, and whether the committed pkg/ comes from the sources.
// Builds nothing: run `npm run build` (or `npm test`) before it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { output, root, run } from './run.js';
import { ensureDevDependencies, ensureRust, ensureWasmLibrary } from './toolchain.js';

ensureDevDependencies();
ensureRust();
run('cargo', ['fmt', '--all', '--check']);
run('cargo', ['clippy', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings']);
const { cargoArgs, env } = ensureWasmLibrary();
const forWasm = ['--locked', '--workspace', '--target', 'wasm32-unknown-unknown', '--all-features', ...cargoArgs];
run('cargo', ['clippy', ...forWasm, '--', '-D', 'warnings'], { env });
run('node_modules/.bin/tsc', ['--project', 'tsconfig.json']);

const stale = output('git', ['status', '--porcelain', '--', 'pkg']);
if (stale === undefined || stale === '') {
  console.log('pkg/ is what the sources make.');
} else if (readFileSync(join(root, 'target/wasm-library'), 'utf8') === 'prebuilt') {
  console.error(
    `What is committed in pkg/ does not come from the sources; run \`npm run build\` and commit:\n${stale}`,
  );
  process.exit(1);
} else {
  console.warn(
    '!!! The committed pkg/wasm/ could not be compared: this machine compiled the Rust library itself, ' +
      `so bytes may differ. The tests ran against what was built here.\n${stale}`,
  );
}

// `npm run lint`: formatting, Biome, clippy for both targets, types, spelling, and whether the committed pkg/wasm/ comes from
// the sources. It does not build the wasm: run `npm run build` (or `npm test`) before it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDeclarations, ensureJavaScript } from './dist.js';
import { output, root, run } from './run.js';
import { ensureDevDependencies, ensureRust, ensureTool, ensureWasmLibrary } from './toolchain.js';

const TYPOS = '1.52.0';

ensureDevDependencies();
run('node_modules/.bin/biome', ['check', '--error-on-warnings']);
// The tests and examples import the package as it is published.
await ensureJavaScript();
await ensureDeclarations();
run('node_modules/.bin/tsc', ['--project', 'tsconfig.json']);
run(join(ensureTool('typos-cli', TYPOS), 'typos'), []);

ensureRust();
run('cargo', ['fmt', '--all', '--check']);
run('cargo', ['clippy', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings']);
const { cargoArgs, env } = ensureWasmLibrary();
const forWasm = ['--locked', '--workspace', '--target', 'wasm32-unknown-unknown', '--all-features', ...cargoArgs];
run('cargo', ['clippy', ...forWasm, '--', '-D', 'warnings'], { env });

const library = join(root, 'target/wasm-library');
const changed = output('git', ['status', '--porcelain', '--', 'pkg/wasm']);
if (changed === undefined || changed === '') {
  console.log('pkg/wasm/ is what was last built or committed.');
} else if (existsSync(library) && readFileSync(library, 'utf8') === 'prebuilt') {
  console.error(
    `The committed pkg/wasm/ does not come from the sources; run \`npm run build\` and commit:\n${changed}`,
  );
  process.exit(1);
} else {
  console.warn(
    '!!! The committed pkg/wasm/ could not be compared: this machine compiled the Rust standard library itself, ' +
      `so the bytes may differ. The tests ran against what was built here.\n${changed}`,
  );
}

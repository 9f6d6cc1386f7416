// `npm test`, on a machine that has nothing installed yet: everything, ending with the test runner's own summary.
//   npm run test:rust               the Rust crates alone
//   npm run test:js                 js-tests/, with the existing wasm
//   npm run test:js -- keys         only files with "keys" in their names
//   npm run test:runtime -- deno    the suite in one runtime: node-20, node-22, node-24, node-26, deno, bun, workerd or edge
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyTexts, ensureDeclarations, ensureJavaScript } from './dist.js';
import { root, run } from './run.js';
import { ensureDevDependencies, ensureRust } from './toolchain.js';

const [part = 'all', ...names] = process.argv.slice(2);
ensureDevDependencies();
if (part === 'all' || part === 'rust') {
  ensureRust();
  run('cargo', ['test', '--locked', '--workspace', '--quiet']);
}
if (part === 'all') run(process.execPath, ['scripts/build-wasm.js']);
if (part !== 'rust') {
  await ensureJavaScript();
  await ensureDeclarations();
  copyTexts();
  if (part === 'runtime') {
    run(process.execPath, ['--test', 'js-tests/runtimes.test.js'], { env: { RUNTIMES: names.join(',') } });
  } else {
    const tests = testFiles()
      .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
      .map((file) => `js-tests/${file}`);
    run(process.execPath, ['--test', ...tests]);
  }
}

/** The tests in js-tests/ and its folders. Deeper ones, in js-tests/packaging/, are for other test runners. */
function testFiles() {
  const tests = join(root, 'js-tests');
  const folders = readdirSync(tests, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return ['', ...folders.map(({ name }) => `${name}/`)]
    .flatMap((folder) => readdirSync(join(tests, folder)).map((file) => folder + file))
    .filter((file) => file.endsWith('.test.js'));
}

// `npm test`: everything, on a machine that has nothing of it yet. Ends with the test runner's own summary.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.js';
import { ensureDevDependencies, ensureRust } from './toolchain.js';

ensureDevDependencies();
ensureRust();
run('cargo', ['test', '--locked', '--workspace', '--quiet']);
run(process.execPath, ['scripts/build.js']);
const tests = readdirSync(join(root, 'js-tests'))
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => `js-tests/${name}`);
run(process.execPath, ['--test', ...tests]);

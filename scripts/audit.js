// `npm run audit`: checks the dependencies of the package and its tests. Licences, sources and duplicate versions need only the
// registries. Known vulnerabilities need their databases; the script warns if it cannot reach one.
import { join } from 'node:path';
import { output, run } from './run.js';
import { ensureDevDependencies, ensureRust, ensureTool } from './toolchain.js';

const CARGO_DENY = '0.20.2';

ensureDevDependencies();
ensureRust();
const deny = join(ensureTool('cargo-deny', CARGO_DENY), 'cargo-deny');
run(deny, ['--locked', 'check', 'bans', 'licenses', 'sources']);
if (run(deny, ['--locked', 'fetch', 'db'], { mayFail: true })) {
  run(deny, ['--locked', 'check', '--disable-fetch', 'advisories']);
} else {
  console.warn('!!! RustSec’s database cannot be reached: crates were not checked for vulnerabilities.');
}

const report = JSON.parse(output('npm', ['audit', '--json'], { mayFail: true }) || '{}');
const found = report.metadata?.vulnerabilities;
if (found === undefined) {
  console.warn('!!! The npm registry offers no audit: npm packages were not checked for vulnerabilities.');
} else if (found.total > 0) {
  run('npm', ['audit']);
} else {
  console.log('npm audit: no known vulnerabilities.');
}

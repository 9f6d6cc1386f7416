// `npm run audit`: what the package and its tests are made from. Licences, sources and doubled versions need nothing but the
// registries; known vulnerabilities need their databases, and where those cannot be reached, that is said.
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
  console.warn('!!! RustSec’s database cannot be reached: crates were not looked up in it.');
}

const report = JSON.parse(output('npm', ['audit', '--json'], { mayFail: true }) || '{}');
const found = report.metadata?.vulnerabilities;
if (found === undefined) {
  console.warn('!!! The registry answers no audits: development packages were not looked up.');
} else if (found.total > 0) {
  run('npm', ['audit']);
} else {
  console.log('npm audit: nothing is known.');
}

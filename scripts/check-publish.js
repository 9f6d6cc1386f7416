// Runs before `npm publish`. npm's provenance names the repository, so a package without one must not be published.
import { readFileSync } from 'node:fs';

const REQUIRED = ['repository', 'bugs', 'homepage'];

const manifest = JSON.parse(readFileSync(new URL('../pkg/package.json', import.meta.url), 'utf8'));
const missing = REQUIRED.filter((field) => manifest[field] === undefined);
if (missing.length > 0) {
  console.error(`pkg/package.json has no ${missing.join(', no ')}: add the public address first (see RELEASING.md).`);
  process.exit(1);
}

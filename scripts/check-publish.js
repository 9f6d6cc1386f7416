// Runs before `npm publish`, on pkg/package.json or the manifest given as argument. npm's provenance names the repository, so a
// package without one must not be published.
import { readFileSync } from 'node:fs';

const REQUIRED = ['repository', 'bugs', 'homepage'];

const path = process.argv[2] ?? new URL('../pkg/package.json', import.meta.url);
const manifest = JSON.parse(readFileSync(path, 'utf8'));
const missing = REQUIRED.filter((field) => manifest[field] === undefined);
if (missing.length > 0) {
  console.error(`package.json has no ${missing.join(', no ')}: add the public address first (see RELEASING.md).`);
  process.exit(1);
}

// `npm run format`: formats everything, and organises imports.
import { run } from './run.js';
import { ensureDevDependencies, ensureRust } from './toolchain.js';

ensureDevDependencies();
ensureRust();
run('cargo', ['fmt', '--all']);
run('node_modules/.bin/biome', ['check', '--write', '--linter-enabled=false']);

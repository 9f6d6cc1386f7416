// `npm run docs`: makes the reference of every export in target/docs/, from the types that are published.
import { join } from 'node:path';
import { deadLinks } from './dead-links.js';
import { ensureDeclarations, ensureJavaScript } from './dist.js';
import { root, run } from './run.js';
import { ensureDevDependencies } from './toolchain.js';

const OUT = join(root, 'target/docs');

ensureDevDependencies();
await ensureJavaScript();
await ensureDeclarations();
// typedoc needs an older TypeScript than the sources do, and reads only the declarations.
run(process.execPath, [
  join(root, 'scripts/reference/node_modules/typedoc/bin/typedoc'),
  ...['--options', join(root, 'scripts/reference/typedoc.json'), '--out', OUT],
]);

const dead = deadLinks(OUT, 'html');
if (dead.length > 0) {
  console.error(`Dead links in target/docs/:\n${dead.join('\n')}`);
  process.exit(1);
}
console.log(`open ${join(OUT, 'index.html')}`);

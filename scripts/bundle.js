// Makes the published JavaScript: a file for each entry point in pkg/entries/, and what they share in one more. Node takes
// longer to find ten small modules than to sign.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './run.js';

const entry = (/** @type {string} */ name) => join(root, 'pkg/entries', `${name}.js`);

/**
 * @param {string} out  The folder with the wasm and its glue.
 * @param {string} name  What they are called.
 */
export async function bundle(out, name) {
  for (const [wasm, script] of /** @type {const} */ ([
    [`${name}_bg.wasm`, 'base64.js'],
    [`${name}_relaxed_bg.wasm`, 'base64.relaxed.js'],
  ])) {
    const bytes = readFileSync(join(out, wasm));
    writeFileSync(join(out, script), `// ${wasm}\nexport default '${bytes.toString('base64')}';\n`);
  }

  const settings = /** @type {const} */ ({
    bundle: true,
    outdir: out,
    platform: 'neutral',
    target: 'es2022',
    supported: { 'import-attributes': true },
    charset: 'utf8',
    logLevel: 'warning',
  });
  await build({
    ...settings,
    entryPoints: ['node', 'bun', 'deno', 'workerd', 'edge-light', 'inline', 'slim'].map(entry),
    format: 'esm',
    splitting: true,
    chunkNames: 'core',
    // They stand in pkg/wasm/, which is ../wasm/ from the entry points as from where their bundles go.
    external: ['node:*', '*.wasm', '*.wasm?module', '../wasm/base64.js', '../wasm/base64.relaxed.js'],
  });
  // Shares nothing with the others.
  const kit = { ...settings, entryPoints: { testing: join(root, 'pkg/testing/index.js') } };
  await build({ ...kit, format: 'esm' });
  await build({ ...kit, format: 'cjs', outExtension: { '.js': '.cjs' } });
  for (const name of ['wasm.workerd', 'wasm.edge-light']) copyFileSync(entry(name), join(out, `${name}.js`));
  // For those that cannot require an ES module: Jest, and Node.js before 20.19.
  await build({
    ...settings,
    entryPoints: ['inline', 'slim'].map(entry),
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  });
  const types = ['index', 'client', 'slim', 'testing', 'wasm'];
  for (const name of types) {
    const text = readFileSync(join(root, 'pkg', `${name}.d.ts`), 'utf8');
    writeFileSync(join(out, `${name}.d.cts`), text.replace(/'\.\/(\w+)\.js'/g, "'./$1.cjs'"));
  }
}

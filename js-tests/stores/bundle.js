/** Bundles a module into one file, for runtimes that do not read a folder. */
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/**
 * For workerd. The WebAssembly modules that it imports are written next to it.
 * @param {string} file
 * @param {string} folder
 */
export function bundleForWorkerd(file, folder) {
  return bundle(file, folder, ['workerd', 'worker']);
}

/** @param {string} file @param {string} folder */
export function bundleForDeno(file, folder) {
  return bundle(file, folder, ['deno']);
}

/** @param {string} file @param {string} folder @param {string[]} conditions */
async function bundle(file, folder, conditions) {
  const outfile = join(folder, basename(file));
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    format: 'esm',
    conditions,
    external: ['node:*'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    logLevel: 'warning',
  });
  return outfile;
}

// The sizes of the package's files, and of Workers that use it.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../scripts/run.js';
import { bundleWorker } from './worker-bundle.js';

const FILES = [
  'wasm/wechatpay_presign_bg.wasm',
  'wasm/wechatpay_presign_relaxed_bg.wasm',
  'dist/core.js',
  'dist/node.js',
  'dist/workerd.js',
  'dist/inline.js',
  'dist/inline.cjs',
  'dist/inline-bytes.cjs',
];

/** The files that wrangler uploads: wasm included, not minified. */
const WORKERS = {
  'a Worker that signs': 'signs.js',
  'a Worker with the whole client': 'in-handler.js',
};

/**
 * @param {{ uploads: boolean }} options  whether to bundle Workers too, which takes a while
 * @returns {import('./results.js').Results['bytes']}
 */
export function measureBytes({ uploads: withUploads }) {
  const files = FILES.map((path) => [basename(path), sizeOf([readFileSync(join(root, 'pkg', path))])]);
  const uploads = Object.entries(withUploads ? WORKERS : {}).map(([name, main]) => {
    return [name, sizeOf(bundleWorker(main).files.map(({ content }) => content))];
  });
  return { files: Object.fromEntries(files), uploads: Object.fromEntries(uploads) };
}

/** @param {Buffer[]} contents */
function sizeOf(contents) {
  const sum = (/** @type {number[]} */ lengths) => lengths.reduce((total, length) => total + length, 0);
  return {
    raw: sum(contents.map(({ length }) => length)),
    gzipped: sum(contents.map((content) => gzipSync(content, { level: 9 }).length)),
  };
}

// Node.js: reads one of the two .wasm files when the module is first needed. Node.js 20 has no relaxed SIMD.
//
// node:fs and node:crypto are not imported: importing them as ES modules takes longer than reading the file.
import { useNodeCrypto } from '../client/cryptography/provider.js';
import { setPromiseScope } from '../client/promise-scope.js';
import { useNodeFiles } from '../file-reader.js';
import { loadFrom, runtimeName } from '../source.js';

/** A module with one function, (a) => f64x2.relaxed_madd(a, a, a). */
const RELAXED_SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic number, version
  ...[1, 6, 1, 96, 1, 123, 1, 123], // one type: v128 to v128
  ...[3, 2, 1, 0], // one function of that type
  ...[10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 135, 2, 11], // its code
);

/** Computed when the module is first needed, not when the package is imported. */
function wasmUrl(): URL {
  // Relative to the bundle, dist/node.js.
  return WebAssembly.validate(RELAXED_SIMD)
    ? new URL('../wasm/wechatpay_presign_relaxed_bg.wasm', import.meta.url)
    : new URL('../wasm/wechatpay_presign_bg.wasm', import.meta.url);
}

loadFrom({
  get runtime() {
    return runtimeName();
  },
  get tried() {
    return `to read and compile ${wasmUrl()}`;
  },
  fix: 'keep the package wechatpay-presign whole, or, if a bundler left the file out, mark the package as external',
  compile: () => new WebAssembly.Module(process.getBuiltinModule('node:fs').readFileSync(wasmUrl())),
});

useNodeCrypto(() => process.getBuiltinModule('node:crypto'));
setPromiseScope('process');
useNodeFiles();

export * from '../api.js';

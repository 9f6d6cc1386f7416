// Where the wasm comes from: the file beside this package's JavaScript.
import { readFileSync } from 'node:fs';
import { WechatPayError } from './errors.js';

/** @returns {WebAssembly.Module} */
export function compile() {
  const url = new URL('../wasm/wechatpay_presign_bg.wasm', import.meta.url);
  try {
    return new WebAssembly.Module(readFileSync(url));
  } catch (cause) {
    throw new WechatPayError(
      `the WebAssembly module cannot be loaded from ${url}: ${cause instanceof Error ? cause.message : cause}. ` +
        'If a bundler left it out, mark the package wechatpay-presign as external.',
      { code: 'ERR_WASM_UNAVAILABLE', cause },
    );
  }
}

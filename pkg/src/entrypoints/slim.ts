/**
 * The same interface, without the WebAssembly module: for runtimes and bundlers with their own way of loading `.wasm` files.
 * Give it the module once, before you call anything else.
 *
 * @example
 * ```js
 * import { readFileSync } from 'node:fs';
 * import { fileURLToPath } from 'node:url';
 * import { initSync, signAuthorization } from 'wechatpay-presign/slim';
 *
 * initSync(readFileSync(fileURLToPath(import.meta.resolve('wechatpay-presign/wasm'))));
 * ```
 *
 * @module wechatpay-presign/slim
 */
import { useWebCrypto } from '../client/cryptography/provider.js';
import { setPromiseScope } from '../client/promise-scope.js';
import { instance } from '../instance.js';
import { asModule, loadFrom, runtimeName, unavailable } from '../source.js';
import type { CompiledModule } from './wasm.js';

const attempt = {
  runtime: runtimeName(),
  tried: 'to use the module given to initSync or init',
  fix: 'pass it the WebAssembly.Module or the bytes of wechatpay-presign/wasm',
};

/**
 * The forms in which a `.wasm` file can be given: compiled, as bytes, or as the default export of a module that holds either.
 *
 * @example
 * ```js
 * const wasm = new WebAssembly.Module(bytes);
 * ```
 */
export type WasmModule = CompiledModule | ArrayBuffer | Uint8Array | { default: unknown };

/**
 * Starts the WebAssembly module. Does nothing if one is already running.
 *
 * @param wasm - The module of `wechatpay-presign/wasm`, of the same version.
 * @throws {@link WechatPayError} with code `ERR_WASM_UNAVAILABLE` if it cannot be compiled or started.
 *
 * @example
 * ```js
 * import wasm from 'wechatpay-presign/wasm'; // in a Cloudflare Worker
 * initSync(wasm);
 * ```
 */
export function initSync(wasm: WasmModule): void {
  start(wasm);
}

/**
 * The same as {@link initSync} for a module that arrives later, or from the network; it is then compiled in the
 * background.
 *
 * @param wasm - The module of `wechatpay-presign/wasm`, of the same version; a `Response` with its bytes; or a promise of
 *   either.
 * @returns A promise that resolves when the module runs.
 * @throws {@link WechatPayError} with code `ERR_WASM_UNAVAILABLE` if it cannot be fetched, compiled or started. A rejection
 *   of the given promise is passed on.
 *
 * @example
 * ```js
 * await init(fetch('https://cdn.example/wechatpay_presign_bg.wasm'));
 * ```
 */
export async function init(wasm: WasmModule | Response | PromiseLike<WasmModule | Response>): Promise<void> {
  const given = await wasm;
  start(given instanceof Response ? await compileResponse(given) : given);
}

function start(wasm: unknown): void {
  loadFrom({ ...attempt, compile: () => asModule(wasm) });
  instance();
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  try {
    if (!response.ok) throw new Error(`the response was ${response.status}`);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    throw unavailable(attempt, cause);
  }
}

useWebCrypto();

// The host is unknown. When a request ends, it may end the work that the request began.
setPromiseScope('request');

export * from '../api.js';

/**
 * The same interface, without the WebAssembly module: for runtimes and bundlers that load `.wasm` files in a way of their
 * own. Give it the module once, before anything else is called.
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
 * @packageDocumentation
 */

import type { CompiledModule } from './wasm.js';

export * from './index.js';

/**
 * What a `.wasm` file can be given as: compiled, as its bytes (263 kB), or as the default export of a module that holds
 * either.
 *
 * @example
 * ```js
 * const wasm = new WebAssembly.Module(bytes);
 * ```
 */
export type WasmModule = CompiledModule | ArrayBuffer | Uint8Array | { default: unknown };

/**
 * Starts the WebAssembly module. Where one is running already, that one stays and this does nothing.
 *
 * @param wasm - That of `wechatpay-presign/wasm`, of the same version.
 * @throws {@link WechatPayError} with code `ERR_WASM_UNAVAILABLE` where it cannot be compiled or started.
 *
 * @example
 * ```js
 * import wasm from 'wechatpay-presign/wasm'; // in a Cloudflare Worker
 * initSync(wasm);
 * ```
 */
export function initSync(wasm: WasmModule): void;

/**
 * The same as {@link initSync} for a module that comes later, or from the network; it is then compiled in the
 * background.
 *
 * @param wasm - That of `wechatpay-presign/wasm`, of the same version; or a `Response` with its bytes; or a promise of
 *   either.
 * @returns When it runs.
 * @throws {@link WechatPayError} with code `ERR_WASM_UNAVAILABLE` where it cannot be fetched, compiled or started. What
 *   the promise rejects with is passed on.
 *
 * @example
 * ```js
 * await init(fetch('https://cdn.example/wechatpay_presign_bg.wasm'));
 * ```
 */
export function init(wasm: WasmModule | Response | PromiseLike<WasmModule | Response>): Promise<void>;

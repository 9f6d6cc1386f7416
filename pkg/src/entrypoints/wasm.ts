/**
 * The WebAssembly module itself, for {@link https://www.npmjs.com/package/wechatpay-presign | wechatpay-presign/slim}.
 * The runtime or bundler decides what importing it gives: a compiled module in Cloudflare Workers and the Edge Runtime,
 * and elsewhere the result of its loader for `.wasm` files.
 *
 * @example
 * ```js
 * import wasm from 'wechatpay-presign/wasm';
 * import { initSync } from 'wechatpay-presign/slim';
 *
 * initSync(wasm);
 * ```
 *
 * @packageDocumentation
 */

// Only the types of wechatpay-presign/wasm come from here: its values are wasm.workerd.ts, wasm.edge-light.ts, and the file.
declare const wasm: CompiledModule;
export default wasm;

/**
 * `WebAssembly.Module`, where TypeScript knows WebAssembly: the types of Node.js alone do not declare it.
 *
 * @example
 * ```ts
 * const module: CompiledModule = await WebAssembly.compile(bytes);
 * ```
 */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module & object
  : object;

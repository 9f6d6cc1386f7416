/**
 * The WebAssembly module itself, for {@link https://www.npmjs.com/package/wechatpay-presign | wechatpay-presign/slim}. What
 * importing it gives is for the runtime or bundler to decide: a compiled module in Cloudflare Workers and the Edge Runtime,
 * elsewhere what its loader for `.wasm` files makes of it.
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
declare const wasm: CompiledModule;
export default wasm;

/**
 * `WebAssembly.Module`, where TypeScript has been told of WebAssembly: the types of Node.js alone know nothing of it.
 *
 * @example
 * ```ts
 * const module: CompiledModule = await WebAssembly.compile(bytes);
 * ```
 */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module & object
  : object;

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
declare const wasm: WebAssembly.Module;
export default wasm;

// The entry points for callers that load the wasm themselves: checked by tsc, never run.
import { readFileSync } from 'node:fs';
import type * as main from 'wechatpay-presign';
import { init, initSync, type signAuthorization, type WasmModule } from 'wechatpay-presign/slim';
import wasm from 'wechatpay-presign/wasm';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<Fact extends true>(_fact?: Fact): void {}

const module: WebAssembly.Module = wasm;
console.log(module);
holds<Equal<typeof signAuthorization, typeof main.signAuthorization>>();
holds<Equal<ReturnType<typeof initSync>, void>>();
holds<Equal<ReturnType<typeof init>, Promise<void>>>();

declare const bytes: ArrayBuffer;
for (const given of [wasm, bytes, new Uint8Array(bytes), readFileSync('x'), { default: wasm }] satisfies WasmModule[]) {
  initSync(given);
  await init(given);
  await init(Promise.resolve(given));
}
await init(fetch('https://cdn.example/wechatpay_presign_bg.wasm'));
await init(import('wechatpay-presign/wasm'));

// @ts-expect-error: nothing
initSync();
// @ts-expect-error: a path
initSync('./wechatpay_presign_bg.wasm');

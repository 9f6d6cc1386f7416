// Everywhere else, and in bundles: the bytes are in the JavaScript, which needs neither a file system nor a loader.
// For Deno too, where reading a file takes a permission.
import base64 from '../wasm/base64.js';
import { loadFrom, runtimeName } from '../lib/source.js';

loadFrom({
  runtime: runtimeName(),
  tried: 'to compile the bytes that the package carries',
  fix: 'compile the module of wechatpay-presign/wasm where that is allowed, and give it to wechatpay-presign/slim',
  compile: () => new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))),
});

export * from '../lib/api.js';

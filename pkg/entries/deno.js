// Deno, where reading a file takes a permission: the bytes are in the JavaScript. Its V8 has relaxed SIMD, and
// runs the wasm faster than its own cryptography.
import base64 from '../wasm/base64.relaxed.js';
import { compileBase64, loadFrom, runtimeName } from '../lib/source.js';

loadFrom({
  runtime: runtimeName(),
  tried: 'to compile the bytes that the package carries',
  fix: 'compile the module of wechatpay-presign/wasm where that is allowed, and give it to wechatpay-presign/slim',
  compile: () => compileBase64(base64),
});

export * from '../lib/api.js';

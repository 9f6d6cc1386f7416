// Deno: reading a file needs a permission, so the bytes are in the JavaScript. The wasm signs faster than Deno's WebCrypto.
import './inline-bytes.cjs';
import { setPromiseScope } from '../client/promise-scope.js';
import { useNodeFiles } from '../file-reader.js';
import { compileInlined, loadFrom, runtimeName } from '../source.js';

loadFrom({
  runtime: runtimeName(),
  tried: 'to compile the bytes that the package carries',
  fix: 'compile the module of wechatpay-presign/wasm where that is allowed, and give it to wechatpay-presign/slim',
  compile: () => compileInlined(INLINED_WASM),
});

setPromiseScope('process');
useNodeFiles();

export * from '../api.js';

// Every other runtime, and bundles: the bytes are in the JavaScript, so neither a file system nor a loader is needed.
// They are from the build that every engine accepts; including both builds would double the size.
import './inline-bytes.cjs';
import { useWebCrypto } from '../client/cryptography/provider.js';
import { setPromiseScope } from '../client/promise-scope.js';
import { useNodeFiles } from '../file-reader.js';
import { compileInlined, loadFrom, runtimeName } from '../source.js';

loadFrom({
  runtime: runtimeName(),
  tried: 'to compile the bytes that the package carries',
  fix: 'compile the module of wechatpay-presign/wasm where that is allowed, and give it to wechatpay-presign/slim',
  compile: () => compileInlined(INLINED_WASM),
});

useWebCrypto();

// The host is unknown. When a request ends, it may end the work that the request began.
setPromiseScope('request');
useNodeFiles();

export * from '../api.js';

// Everywhere else, and in bundles: the bytes are in the JavaScript, which needs neither a file system nor a loader. Those of
// the build that every engine takes; both would double what is loaded.
import base64 from '../wasm/base64.js';
import { compileBase64, loadFrom, runtimeName } from '../lib/source.js';
import { useWebCrypto } from '../lib/client/cryptography/provider.js';

loadFrom({
  runtime: runtimeName(),
  tried: 'to compile the bytes that the package carries',
  fix: 'compile the module of wechatpay-presign/wasm where that is allowed, and give it to wechatpay-presign/slim',
  compile: () => compileBase64(base64),
});

useWebCrypto();

export * from '../lib/api.js';

// Vercel's Edge Runtime compiles wasm at deployment: `?module` asks for the compiled module.
import wasm from '../../wasm/wechatpay_presign_bg.wasm?module';
import { useWebCrypto } from '../client/cryptography/provider.js';
import { setPromiseScope } from '../client/promise-scope.js';
import { asModule, loadFrom } from '../source.js';

loadFrom({
  runtime: 'the Edge Runtime',
  tried: 'to import wechatpay_presign_bg.wasm?module',
  fix: 'build with Next.js or the Vercel CLI, or leave out the condition edge-light in your bundler',
  compile: () => asModule(wasm),
});

useWebCrypto();

// When a request ends, the runtime may end the work that it began.
setPromiseScope('request');

export * from '../api.js';

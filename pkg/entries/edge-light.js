// Vercel's Edge Runtime, which compiles wasm when it is deployed: `?module` asks for the module.
import wasm from '../wasm/wechatpay_presign_bg.wasm?module';
import { asModule, loadFrom } from '../lib/source.js';
import { useWebCrypto } from '../lib/client/cryptography/provider.js';

loadFrom({
  runtime: 'the Edge Runtime',
  tried: 'to import wechatpay_presign_bg.wasm?module',
  fix: 'build with Next.js or the Vercel CLI, or leave out the condition edge-light in your bundler',
  compile: () => asModule(wasm),
});

useWebCrypto();

export * from '../lib/api.js';

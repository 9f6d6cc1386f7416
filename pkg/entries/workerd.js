// Cloudflare Workers, which compile wasm when they are deployed: the module is imported.
import wasm from '../wasm/wechatpay_presign_relaxed_bg.wasm';
import { asModule, loadFrom, runtimeName } from '../lib/source.js';
import { useWebCrypto } from '../lib/client/cryptography/provider.js';

loadFrom({
  runtime: runtimeName(),
  tried: 'to import wechatpay_presign_relaxed_bg.wasm as a module',
  fix: 'bundle with wrangler, or give the bundler the rule { type = "CompiledWasm", globs = ["**/*.wasm"] }',
  compile: () => asModule(wasm),
});

useWebCrypto();

export * from '../lib/api.js';

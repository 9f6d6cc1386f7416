// Cloudflare Workers compile wasm at deployment: the module is imported.
import wasm from '../../wasm/wechatpay_presign_relaxed_bg.wasm';
import { useWebCrypto } from '../client/cryptography/provider.js';
import { setPromiseScope } from '../client/promise-scope.js';
import { asModule, loadFrom, runtimeName } from '../source.js';

loadFrom({
  runtime: runtimeName(),
  tried: 'to import wechatpay_presign_relaxed_bg.wasm as a module',
  fix: 'bundle with wrangler, or give the bundler the rule { type = "CompiledWasm", globs = ["**/*.wasm"] }',
  compile: () => asModule(wasm),
});

useWebCrypto();

// When a request ends, the runtime ends the work that it began.
setPromiseScope('request');

export * from '../api.js';

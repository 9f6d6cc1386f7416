// Cloudflare Workers, which compile wasm when they are deployed: the module is imported.
import wasm from '../wasm/wechatpay_presign_relaxed_bg.wasm';
import { call } from '../lib/instance.js';
import { asModule, loadFrom, runtimeName } from '../lib/source.js';
import { useWebCrypto } from '../lib/client/cryptography/provider.js';

loadFrom({
  runtime: runtimeName(),
  tried: 'to import wechatpay_presign_relaxed_bg.wasm as a module',
  fix: 'bundle with wrangler, or give the bundler the rule { type = "CompiledWasm", globs = ["**/*.wasm"] }',
  compile: () => asModule(wasm),
});

useWebCrypto();

// A Worker's start is not counted against the time that its requests may take, and a first signature would take most of that.
try {
  call((wasm) => wasm.warmUp());
} catch {
  // The first call says what is wrong.
}

export * from '../lib/api.js';

// `npm run demo`: the demo on a bare checkout. It needs esbuild, and runs on the committed wasm.
import { ensureJavaScript } from './dist.js';

await ensureJavaScript();
await import('../demo/presign.js');

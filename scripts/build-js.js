// `npm run build:js`: makes pkg/dist/ from pkg/src/ and the committed pkg/wasm/, if it is stale. Needs no Rust.
import { copyTexts, ensureDeclarations, ensureJavaScript } from './dist.js';

await ensureJavaScript();
await ensureDeclarations();
copyTexts();

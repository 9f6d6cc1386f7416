// Bun: the file beside this one, read when the wasm is first needed. Imported as a file, so that `bun build` takes it
// along.
import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import path from '../wasm/wechatpay_presign_bg.wasm' with { type: 'file' };
import { useNodeCrypto } from '../lib/client/cryptography/provider.js';
import { loadFrom, runtimeName } from '../lib/source.js';

loadFrom({
  runtime: runtimeName(),
  tried: `to read and compile ${path}`,
  fix: 'keep the package wechatpay-presign whole, or mark it as external where a bundler left the file out',
  compile: () => new WebAssembly.Module(readFileSync(resolve(import.meta.dirname, String(path)))),
});

useNodeCrypto(() => crypto);

export * from '../lib/api.js';

// Node.js: the file beside this one, read when the wasm is first needed.
import { readFileSync } from 'node:fs';
import { loadFrom, runtimeName } from '../lib/source.js';

const url = new URL('../wasm/wechatpay_presign_bg.wasm', import.meta.url);

loadFrom({
  runtime: runtimeName(),
  tried: `to read and compile ${url}`,
  fix: 'keep the package wechatpay-presign whole, or mark it as external where a bundler left the file out',
  compile: () => new WebAssembly.Module(readFileSync(url)),
});

export * from '../lib/api.js';

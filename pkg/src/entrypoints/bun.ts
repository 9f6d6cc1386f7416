// Bun: reads the .wasm file when the module is first needed. It is imported as a file, so that `bun build` copies it.
import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import path from '../../wasm/wechatpay_presign_bg.wasm' with { type: 'file' };
import { useNodeCrypto } from '../client/cryptography/provider.js';
import { setPromiseScope } from '../client/promise-scope.js';
import { useNodeFiles } from '../file-reader.js';
import { loadFrom, runtimeName } from '../source.js';

loadFrom({
  runtime: runtimeName(),
  tried: `to read and compile ${path}`,
  fix: 'keep the package wechatpay-presign whole, or, if a bundler left the file out, mark the package as external',
  compile: () => new WebAssembly.Module(readFileSync(resolve(import.meta.dirname, String(path)))),
});

useNodeCrypto(() => crypto);
setPromiseScope('process');
useNodeFiles();

export * from '../api.js';

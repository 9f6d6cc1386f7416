// The interface without the wasm, for those who load it themselves.
import { life } from '../lib/instance.js';
import { asModule, loadFrom, runtimeName, unavailable } from '../lib/source.js';
import { useWebCrypto } from '../lib/client/cryptography/provider.js';

const attempt = {
  runtime: runtimeName(),
  tried: 'to use what initSync or init was given',
  fix: 'give it the WebAssembly.Module, or the bytes, of wechatpay-presign/wasm',
};

/** @param {unknown} wasm */
export function initSync(wasm) {
  loadFrom({ ...attempt, compile: () => asModule(wasm) });
  life();
}

/** @param {unknown} wasm */
export async function init(wasm) {
  const given = await wasm;
  initSync(given instanceof Response ? await compileAnswer(given) : given);
}

/** @param {Response} response */
async function compileAnswer(response) {
  try {
    if (!response.ok) throw new Error(`the answer was ${response.status}`);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    throw unavailable(attempt, cause);
  }
}

useWebCrypto();

export * from '../lib/api.js';

// The running wasm. It is instantiated when it is first needed, synchronously, so that importing costs nothing; and
// anew after a trap, which leaves an instance in an unknown state.
import * as glue from '../wasm/wechatpay_presign_bg.js';
import { fromRust, WechatPayError } from './errors.js';
import { startFromSource } from './source.js';

/**
 * One life of the wasm: what its instance exports. Keys are numbers in the memory of one, and mean nothing in the next.
 * @typedef {any} Life
 */

/**
 * Not called `module`: test runners that wrap this file have a variable of that name.
 * @type {WebAssembly.Module | undefined}
 */
let compiled;
/** @type {Life | undefined} */
let current;

/** The life that is running, or a new one. */
export function life() {
  current ??= startFromSource(start, compiled);
  return current;
}

/**
 * @param {WebAssembly.Module} module
 * @returns {Life}
 */
function start(module) {
  const imports = { './wechatpay_presign_bg.js': /** @type {any} */ (glue) };
  const exports = /** @type {Life} */ (new WebAssembly.Instance(module, imports).exports);
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  // Only one that starts is kept.
  compiled = module;
  return exports;
}

/**
 * Whether keys made in this life can still be used.
 * @param {Life} past
 */
export function isRunning(past) {
  return past === current;
}

/**
 * Calls into the wasm, and turns what it throws into this package's errors.
 * @template T
 * @param {(wasm: typeof glue) => T} use
 * @returns {T}
 */
export function call(use) {
  life();
  try {
    return use(glue);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw afterTrap(error);
    throw fromRust(error);
  }
}

/** @param {Error} trap */
function afterTrap(trap) {
  // The generated glue keeps views of the old memory until they are detached; growing by nothing detaches them.
  current?.memory.grow(0);
  current = undefined;
  return new WechatPayError(
    `the WebAssembly module failed (${trap.message}) and starts afresh with the next call; ` +
      'MerchantKey and PlatformKey objects made before must be made again',
    { code: 'ERR_WASM_TRAP', cause: trap },
  );
}

// The running wasm. It is instantiated when it is first needed, synchronously, so that importing costs nothing; and
// anew after a trap, which leaves an instance in an unknown state.
import * as glue from '../wasm/wechatpay_presign_bg.js';
import { fromRust, WechatPayError } from './errors.js';
import { compile } from './compile.js';

/** @typedef {typeof glue} Wasm */

/**
 * One life of the wasm. Keys are numbers in the memory of one, and mean nothing in the next.
 * @typedef {object} Life
 * @property {Wasm} wasm
 * @property {any} exports
 */

/** @type {WebAssembly.Module | undefined} */
let module;
/** @type {Life | undefined} */
let current;

/** The life that is running, or a new one. */
export function life() {
  if (current === undefined) {
    module ??= compile();
    const { exports } = new WebAssembly.Instance(module, {
      './wechatpay_presign_bg.js': /** @type {any} */ (glue),
    });
    current = { wasm: glue, exports };
    glue.__wbg_set_wasm(exports);
    current.exports.__wbindgen_start();
  }
  return current;
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
 * @param {(wasm: Wasm) => T} use
 * @returns {T}
 */
export function call(use) {
  const { wasm } = life();
  try {
    return use(wasm);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw afterTrap(error);
    throw fromRust(error);
  }
}

/** @param {Error} trap */
function afterTrap(trap) {
  // The generated glue keeps views of the old memory until they are detached; growing by nothing detaches them.
  current?.exports.memory.grow(0);
  current = undefined;
  return new WechatPayError(
    `the WebAssembly module failed (${trap.message}) and starts afresh with the next call; ` +
      'MerchantKey and PlatformKey objects made before must be made again',
    { code: 'ERR_WASM_TRAP', cause: trap },
  );
}

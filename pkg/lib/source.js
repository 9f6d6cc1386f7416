// Where the wasm comes from: each entry point names one source, before anything is called.
import { kindOf } from './arguments.js';
import { WechatPayError } from './errors.js';

/**
 * @typedef {object} Attempt  What the error says where the wasm cannot be had.
 * @property {string} runtime  What this is running in.
 * @property {string} tried  What is tried, as in "tried to read …".
 * @property {string} fix  What mends it, in one line, as in "To fix it, …".
 *
 * @typedef {Attempt & { compile: () => WebAssembly.Module }} Source  `compile` may throw whatever it likes.
 */

/** @type {Source} */
let source = {
  runtime: runtimeName(),
  tried: 'to use what initSync or init was given',
  fix: 'call initSync(module) or `await init(module)` first, or import wechatpay-presign, which brings its own module',
  compile() {
    throw new Error('neither has been called');
  },
};

/** @param {Source} given */
export function loadFrom(given) {
  source = given;
}

/**
 * Compiles the wasm and does with it what `start` does.
 * @template T
 * @param {(module: WebAssembly.Module) => T} start
 * @param {WebAssembly.Module} [compiled]  That of an earlier start.
 */
export function startFromSource(start, compiled) {
  try {
    return start(compiled ?? source.compile());
  } catch (cause) {
    throw unavailable(source, cause);
  }
}

/**
 * @param {Attempt} attempt
 * @param {unknown} cause
 */
export function unavailable({ runtime, tried, fix }, cause) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WechatPayError(
    `the WebAssembly module cannot be loaded in ${runtime}: tried ${tried}, but: ${reason}. To fix it, ${fix}.`,
    { code: 'ERR_WASM_UNAVAILABLE', cause },
  );
}

/**
 * The module in what a loader or a caller gives for it: the module itself, its bytes, or either as a default export.
 * @param {unknown} given
 * @returns {WebAssembly.Module}
 */
export function asModule(given) {
  const tag = Object.prototype.toString.call(given);
  // By their tags, since a host may give what belongs to another realm.
  if (tag === '[object WebAssembly.Module]') return /** @type {WebAssembly.Module} */ (given);
  if (tag === '[object ArrayBuffer]' || ArrayBuffer.isView(given)) {
    return new WebAssembly.Module(/** @type {BufferSource} */ (given));
  }
  if (typeof given === 'object' && given !== null && 'default' in given) return asModule(given.default);
  throw new TypeError(`there is ${kindOf(given)} in place of a WebAssembly.Module or its bytes`);
}

/** @param {string} base64 */
export function compileBase64(base64) {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

/** What this is running in, as it calls itself. */
export function runtimeName() {
  const { navigator, process } = /** @type {Partial<typeof globalThis>} */ (globalThis);
  return navigator?.userAgent ?? (process?.version ? `Node.js ${process.version}` : 'this runtime');
}

// The running wasm. It is instantiated synchronously when first needed, so that importing costs nothing; and again after a
// trap, which leaves an instance in an unknown state.
import * as glue from '../wasm/wechatpay_presign_bg.js';
import { fromPayload, HostError } from './errors.js';
import { startFromSource } from './source.js';

/** The exports of one instance. Keys are numbers in its memory, and mean nothing to the next instance. */
export interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_start: () => void;
}

// Not called `module`: test runners that wrap this file have a variable of that name.
let compiled: WebAssembly.Module | undefined;
let current: Instance | undefined;

/** The running instance, or a new one. */
export function instance(): Instance {
  current ??= startFromSource(start, compiled);
  return current;
}

function start(module: WebAssembly.Module): Instance {
  const imports = { './wechatpay_presign_bg.js': glue as unknown as WebAssembly.ModuleImports };
  const exports = new WebAssembly.Instance(module, imports).exports as unknown as Instance;
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  // Only a module that starts is kept.
  compiled = module;
  return exports;
}

/** Whether this generation is the running instance, so that keys made in it can still be used. */
export function isCurrent(generation: Instance): boolean {
  return generation === current;
}

/** Calls the wasm, and turns anything it throws into an error of this package. */
export function callWasm<T>(use: (wasm: typeof glue) => T): T {
  instance();
  try {
    return use(glue);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw afterTrap(error);
    throw fromPayload(error);
  }
}

function afterTrap(trap: Error): HostError {
  // The generated glue keeps views of the old memory until they are detached; growing by zero pages detaches them.
  current?.memory.grow(0);
  current = undefined;
  return new HostError(
    `the WebAssembly module failed (${trap.message}); the next call starts a new instance, ` +
      'so create MerchantKey and PlatformKey objects again',
    { code: 'ERR_WASM_TRAP', operation: 'wasm', cause: trap },
  );
}

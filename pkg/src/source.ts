// Where the wasm comes from. Each entry point names one source before anything is called.
import { kindOf } from './arguments.js';
import { HostError } from './errors.js';

/** The parts of the error message if the wasm cannot be loaded. */
export interface LoadAttempt {
  /** The name of the runtime. */
  runtime: string;
  /** The failed attempt, as in "tried to read …". */
  tried: string;
  /** The remedy in one line, as in "To fix it, …". */
  fix: string;
}

export interface WasmSource extends LoadAttempt {
  /** May throw anything. */
  compile: () => WebAssembly.Module;
}

let source: WasmSource = {
  runtime: runtimeName(),
  tried: 'to use the module given to initSync or init',
  fix: 'call initSync(module) or `await init(module)` first, or import wechatpay-presign, which brings its own module',
  compile() {
    throw new Error('neither has been called');
  },
};

export function loadFrom(given: WasmSource): void {
  source = given;
}

/** Compiles the wasm, unless an earlier start did, and starts it. */
export function startFromSource<T>(start: (module: WebAssembly.Module) => T, compiled?: WebAssembly.Module): T {
  try {
    return start(compiled ?? source.compile());
  } catch (cause) {
    throw unavailable(source, cause);
  }
}

export function unavailable({ runtime, tried, fix }: LoadAttempt, cause: unknown): HostError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HostError(
    `the WebAssembly module cannot be loaded in ${runtime}: tried ${tried}, but: ${reason}. To fix it, ${fix}.`,
    { code: 'ERR_WASM_UNAVAILABLE', operation: 'wasm', cause },
  );
}

/** The module in a value from a loader or caller: the module itself, its bytes, or either as a default export. */
export function asModule(given: unknown): WebAssembly.Module {
  // By tag, since a host may give an object of another realm.
  const tag = Object.prototype.toString.call(given);
  if (tag === '[object WebAssembly.Module]') return given as WebAssembly.Module;
  if (tag === '[object ArrayBuffer]' || ArrayBuffer.isView(given)) {
    return new WebAssembly.Module(given as BufferSource);
  }
  if (typeof given === 'object' && given !== null && 'default' in given) return asModule(given.default);
  throw new TypeError(`expected a WebAssembly.Module or its bytes, but got ${kindOf(given)}`);
}

/** Compiles the bytes that inline-bytes.cjs put on `globalThis` under this key, in Base64. */
export function compileInlined(key: string): WebAssembly.Module {
  const base64 = (globalThis as { [key: symbol]: unknown })[Symbol.for(key)];
  if (typeof base64 !== 'string') throw new Error('the file inline-bytes.cjs of the package was not loaded');
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

/** The name that the runtime gives itself. */
export function runtimeName(): string {
  const { navigator, process } = globalThis as Partial<typeof globalThis>;
  return navigator?.userAgent ?? (process?.version ? `Node.js ${process.version}` : 'this runtime');
}

// Importing a .wasm file gives a path, bytes or a module, depending on the runtime or bundler: the value is checked before use.
declare module '*.wasm' {
  const module: unknown;
  export default module;
}
declare module '*.wasm?module' {
  const module: unknown;
  export default module;
}

// Written by scripts/build-js.js: puts the wasm's bytes, in Base64, into globalThis[Symbol.for(INLINED_WASM)].
declare module '*/inline-bytes.cjs' {}

/** Replaced by scripts/build-js.js. It contains the digest of the wasm: two versions of the package never share bytes. */
declare const INLINED_WASM: string;

// What importing a .wasm file gives in the runtimes that allow it: it is looked at before it is used.
declare module '*.wasm' {
  const module: unknown;
  export default module;
}
declare module '*.wasm?module' {
  const module: unknown;
  export default module;
}

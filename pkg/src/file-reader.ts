// Reading files, on hosts that have them. Their entry points say so.

/** Reads a file. */
export type ReadFile = (path: string) => string | Uint8Array;

let hasFiles = false;

/** Says that the host may have `node:fs`. It is only looked up when a file is read. */
export function useNodeFiles(): void {
  hasFiles = true;
}

/** Reads files of the host; undefined if it has none. */
export function hostReadFile(): ReadFile | undefined {
  const { process } = globalThis as { process?: Pick<NodeJS.Process, 'getBuiltinModule'> };
  const fs = hasFiles ? process?.getBuiltinModule?.('node:fs') : undefined;
  return fs && ((path) => fs.readFileSync(path));
}

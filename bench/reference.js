// Loads the wasm that signs with the crate rsa, in any runtime.
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Reference
 * @property {{ fromPem(pem: string): PrivateKey }} ReferencePrivateKey
 * @property {{ fromPem(pem: string): PublicKey }} ReferencePublicKey
 *
 * @typedef {{ sign(message: Uint8Array): Uint8Array, signBlinded(message: Uint8Array): Uint8Array, free(): void }} PrivateKey
 * @typedef {{ verify(message: Uint8Array, signature: Uint8Array): boolean, free(): void }} PublicKey
 */

/**
 * @param {string} prefix  the common beginning of the URLs of the wasm and its glue
 * @returns {Promise<Reference>}
 */
export async function loadReference(prefix) {
  const glue = await import(`${prefix}_bg.js`);
  const module = new WebAssembly.Module(readFileSync(new URL(`${prefix}_bg.wasm`)));
  const [{ module: name = '' } = {}] = WebAssembly.Module.imports(module);
  const { exports } = new WebAssembly.Instance(module, { [name]: glue });
  glue.__wbg_set_wasm(exports);
  /** @type {any} */ (exports)['__wbindgen_start']();
  return glue;
}

// Whose cryptography a client signs and verifies with: one interface, and an implementation for each. Each entry point names
// the fastest of its host, before anything is called; a client may be told to use the wasm.
import { nodeCrypto } from './node.js';
import { subtleCrypto } from './subtle.js';

/**
 * @typedef {Uint8Array<any>} Bytes  from the wasm, in memory of its own
 * @typedef {(message: Bytes) => Bytes | Promise<Bytes>} Sign  RSASSA-PKCS1-v1_5 with SHA-256
 * @typedef {(message: Bytes, signature: Bytes) => boolean | Promise<boolean>} Verify  the same
 *
 * @typedef {object} CryptoProvider
 * @property {(pkcs8: Bytes) => Sign | Promise<Sign>} importPrivateKey  keeps nothing of the bytes, which are wiped
 * @property {(spki: Bytes) => Verify | Promise<Verify>} importPublicKey
 */

/** @type {CryptoProvider | undefined}  without one, the wasm does it */
let host;

// The first counts: an entry point without a wasm of its own may come second.

export function useWebCrypto() {
  host ??= subtleCrypto;
}

/** @param {() => import('./node.js').NodeCrypto} load */
export function useNodeCrypto(load) {
  host ??= nodeCrypto(load);
}

export function hostCrypto() {
  return host;
}

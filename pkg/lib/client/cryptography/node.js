// node:crypto, which is faster than WebCrypto where it is native: it does not wait for another thread.

/** @typedef {typeof import('node:crypto')} NodeCrypto */

/**
 * @param {() => NodeCrypto} load  when it is first needed: loading it takes longer than a signature
 * @returns {import('./provider.js').CryptoProvider}
 */
export function nodeCrypto(load) {
  return {
    importPrivateKey(pkcs8) {
      const { createPrivateKey, sign } = load();
      const key = createPrivateKey({ key: /** @type {any} */ (pkcs8), format: 'der', type: 'pkcs8' });
      return (message) => new Uint8Array(sign('sha256', message, key));
    },

    importPublicKey(spki) {
      const { createPublicKey, verify } = load();
      const key = createPublicKey({ key: /** @type {any} */ (spki), format: 'der', type: 'spki' });
      return (message, signature) => verify('sha256', message, key, signature);
    },
  };
}

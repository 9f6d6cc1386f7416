// node:crypto. Faster than WebCrypto where it is native, because it does not wait for another thread.
import type { CryptoProvider } from './provider.js';

export type NodeCrypto = typeof import('node:crypto');

export function nodeCrypto(load: () => NodeCrypto): CryptoProvider {
  return {
    importPrivateKey(pkcs8) {
      const { createPrivateKey, sign } = load();
      // The types ask for a Buffer. Node.js takes any Uint8Array.
      const key = createPrivateKey({ key: pkcs8 as Buffer, format: 'der', type: 'pkcs8' });
      return (message) => new Uint8Array(sign('sha256', message, key));
    },

    importPublicKey(spki) {
      const { createPublicKey, verify } = load();
      const key = createPublicKey({ key: spki as Buffer, format: 'der', type: 'spki' });
      return (message, signature) => verify('sha256', message, key, signature);
    },
  };
}

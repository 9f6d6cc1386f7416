// node:crypto. If nothing else is in flight, it signs at once, which is faster than waiting for another thread. If
// something is, another thread signs, so that the event loop goes on and all cores sign. Verifying takes less time than to
// involve another thread.
import { areOthersInFlight } from '../in-flight.js';
import type { CryptoProvider } from './provider.js';

export type NodeCrypto = typeof import('node:crypto');

export function nodeCrypto(load: () => NodeCrypto): CryptoProvider {
  return {
    verifiesAtOnce: true,

    importPrivateKey(pkcs8) {
      const { createPrivateKey, sign } = load();
      // The types ask for a Buffer. Node.js takes any Uint8Array.
      const key = createPrivateKey({ key: pkcs8 as Buffer, format: 'der', type: 'pkcs8' });
      return (message) => {
        if (!areOthersInFlight()) return new Uint8Array(sign('sha256', message, key));
        return new Promise((resolve, reject) => {
          sign('sha256', message, key, (error, signature) => {
            if (error === null) resolve(new Uint8Array(signature));
            else reject(error);
          });
        });
      };
    },

    importPublicKey(spki) {
      const { createPublicKey, verify } = load();
      const key = createPublicKey({ key: spki as Buffer, format: 'der', type: 'spki' });
      return (message, signature) => verify('sha256', message, key, signature);
    },
  };
}

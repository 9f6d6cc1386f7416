// WebCrypto, which every runtime has: native speed, and keys that cannot be exported.
import type { CryptoProvider } from './provider.js';

const RSA = Object.freeze({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' });

export const subtleCrypto: CryptoProvider = {
  verifiesAtOnce: false,

  async importPrivateKey(pkcs8) {
    const { subtle } = crypto;
    const key = await subtle.importKey('pkcs8', pkcs8, RSA, false, ['sign']);
    return async (message) => new Uint8Array(await subtle.sign(RSA.name, key, message));
  },

  async importPublicKey(spki) {
    const { subtle } = crypto;
    const key = await subtle.importKey('spki', spki, RSA, false, ['verify']);
    return (message, signature) => subtle.verify(RSA.name, key, signature, message);
  },
};

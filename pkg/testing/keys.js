/** Throw-away keys. */
import { derOf, pem, randomBytes, randomHex } from './bytes.js';

/** RSASSA-PKCS1-v1_5 with SHA-256, as WebCrypto calls it. */
export const RSA = Object.freeze({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' });

/**
 * @typedef {{ privateKey: string, publicKey: string }} KeyPair  PKCS#8 and SPKI, in PEM
 *
 * @param {{ mchid?: string, bits?: number }} [options]
 * @returns {Promise<{ mchid: string, serial: string, apiV3Key: string } & KeyPair>}
 */
export async function makeMerchant({ mchid = `19${digits(8)}`, bits = 2048 } = {}) {
  return { mchid, serial: randomHex(20).toUpperCase(), ...(await makeKeyPair(bits)), apiV3Key: randomHex(16) };
}

/** @returns {Promise<{ serial: string } & KeyPair>} */
export async function makePlatformKey() {
  return { serial: `PUB_KEY_ID_01${digits(26)}`, ...(await makeKeyPair(2048)) };
}

/**
 * @param {number} bits
 * @returns {Promise<KeyPair>}
 */
export async function makeKeyPair(bits) {
  const algorithm = { ...RSA, modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1) };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return {
    privateKey: pem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))),
    publicKey: pem('PUBLIC KEY', new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))),
  };
}

/** @param {string} privateKey  PKCS#8, in PEM */
export const importPrivateKey = (privateKey) =>
  crypto.subtle.importKey('pkcs8', derOf(privateKey), RSA, false, ['sign']);

/** @param {string} publicKey  SPKI, in PEM */
export const importPublicKey = (publicKey) => crypto.subtle.importKey('spki', derOf(publicKey), RSA, false, ['verify']);

/** @param {number} count */
function digits(count) {
  return Array.from(randomBytes(count), (byte) => byte % 10).join('');
}

/** Throw-away keys for demonstrations and tests. */
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';

/**
 * @param {{ mchid?: string, bits?: number }} [options]
 * @returns {{ mchid: string, serial: string, privateKey: string, publicKey: string, apiV3Key: string }}  keys as PKCS#8
 *   and SPKI PEM
 */
export function makeMerchant({ mchid = `19${digits(8)}`, bits = 2048 } = {}) {
  const serial = randomBytes(20).toString('hex').toUpperCase();
  return { mchid, serial, ...rsaKeyPair(bits), apiV3Key: randomBytes(16).toString('hex') };
}

/** @returns {{ serial: string, privateKey: string, publicKey: string }}  keys as PKCS#8 and SPKI PEM */
export function makePlatformKey() {
  return { serial: `PUB_KEY_ID_01${digits(26)}`, ...rsaKeyPair(2048) };
}

/** @param {number} bits */
function rsaKeyPair(bits) {
  return generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** @param {number} count */
function digits(count) {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

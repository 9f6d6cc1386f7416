/** What only one merchant can read: AES-256-GCM under its APIv3 key. */
import { createCipheriv, randomBytes } from 'node:crypto';

/**
 * @typedef {object} Encrypted
 * @property {'AEAD_AES_256_GCM'} algorithm
 * @property {string} nonce
 * @property {string} associated_data
 * @property {string} ciphertext  Base64 of the ciphertext and, behind it, the tag
 *
 * @typedef {(mchid: string, plaintext: string, associatedData: string) => Encrypted | undefined} Encrypt
 *   undefined for a merchant without a key
 */

/**
 * @param {import('./judge/identity.js').Merchant[]} merchants  where one is listed twice, its first key counts
 * @returns {Encrypt}
 */
export function createEncryption(merchants) {
  /** @type {Map<string, Buffer>} */
  const keys = new Map();
  for (const { mchid, apiV3Key } of merchants) {
    if (apiV3Key === undefined) continue;
    const key = Buffer.from(apiV3Key);
    if (key.length !== 32) throw new TypeError(`the APIv3 key of merchant ${mchid} is not of 32 bytes`);
    if (!keys.has(mchid)) keys.set(mchid, key);
  }

  return function encrypt(mchid, plaintext, associated_data) {
    const key = keys.get(mchid);
    if (!key) return undefined;
    const nonce = randomBytes(6).toString('hex'); // as text, and of the 12 bytes GCM wants
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associated_data));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data, ciphertext: ciphertext.toString('base64') };
  };
}

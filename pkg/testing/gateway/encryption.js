/** What only one merchant can read: AES-256-GCM under its APIv3 key. */
import { base64, randomHex, utf8 } from '../bytes.js';

/**
 * @typedef {object} Encrypted
 * @property {'AEAD_AES_256_GCM'} algorithm
 * @property {string} nonce
 * @property {string} associated_data
 * @property {string} ciphertext  Base64 of the ciphertext and, behind it, the tag
 *
 * @typedef {(mchid: string, plaintext: string, associatedData: string) => Promise<Encrypted | undefined>} Encrypt
 *   undefined for a merchant without a key
 */

/**
 * @param {import('./judge/identity.js').Merchant[]} merchants  where one is listed twice, its first key counts
 * @returns {Encrypt}
 */
export function createEncryption(merchants) {
  /** @type {Map<string, string>} */
  const keys = new Map();
  for (const { mchid, apiV3Key } of merchants) {
    if (apiV3Key === undefined) continue;
    if (utf8(apiV3Key).length !== 32) throw new TypeError(`the APIv3 key of merchant ${mchid} is not of 32 bytes`);
    if (!keys.has(mchid)) keys.set(mchid, apiV3Key);
  }

  return async function encrypt(mchid, plaintext, associated_data) {
    const key = keys.get(mchid);
    return key === undefined ? undefined : seal(key, plaintext, associated_data);
  };
}

/**
 * @param {string} apiV3Key
 * @param {string} plaintext
 * @param {string} associated_data
 * @returns {Promise<Encrypted>}
 */
export async function seal(apiV3Key, plaintext, associated_data) {
  const key = await crypto.subtle.importKey('raw', utf8(apiV3Key), 'AES-GCM', false, ['encrypt']);
  const nonce = randomHex(6); // as text, and of the 12 bytes GCM wants
  const sealing = { name: 'AES-GCM', iv: utf8(nonce), additionalData: utf8(associated_data) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(sealing, key, utf8(plaintext)));
  return { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data, ciphertext: base64(sealed) };
}

/** Encrypts for one merchant: AES-256-GCM under its APIv3 key. */
import { base64, randomHex, utf8 } from '../bytes.js';
import type { KnownMerchant } from './checks/identity.js';

export interface EncryptedResource {
  algorithm: 'AEAD_AES_256_GCM';
  nonce: string;
  associated_data: string;
  /** Base64 of the ciphertext followed by the tag. */
  ciphertext: string;
}

/** Resolves to undefined if the merchant has no APIv3 key. */
export type EncryptFor = (
  mchid: string,
  plaintext: string,
  associatedData: string,
) => Promise<EncryptedResource | undefined>;

/** If a merchant is listed more than once, its first APIv3 key is used. */
export function createEncryption(merchants: readonly KnownMerchant[]): EncryptFor {
  const keys = new Map<string, string>();
  for (const { mchid, apiV3Key } of merchants) {
    if (apiV3Key === undefined) continue;
    if (utf8(apiV3Key).length !== 32) throw new TypeError(`the apiV3Key of merchant ${mchid} must be 32 bytes long`);
    if (!keys.has(mchid)) keys.set(mchid, apiV3Key);
  }

  return async (mchid, plaintext, associatedData) => {
    const key = keys.get(mchid);
    return key === undefined ? undefined : encrypt(key, plaintext, associatedData);
  };
}

async function encrypt(apiV3Key: string, plaintext: string, associatedData: string): Promise<EncryptedResource> {
  const key = await crypto.subtle.importKey('raw', utf8(apiV3Key), 'AES-GCM', false, ['encrypt']);
  const nonce = randomHex(6); // 12 characters: the 12 bytes that GCM needs
  const algorithm = { name: 'AES-GCM', iv: utf8(nonce), additionalData: utf8(associatedData) };
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, utf8(plaintext)));
  return { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data: associatedData, ciphertext: base64(ciphertext) };
}

/** Throw-away keys. */
import { derOf, pem, randomDigits, randomHex } from './bytes.js';

/**
 * RSASSA-PKCS1-v1_5 with SHA-256, by its WebCrypto name.
 *
 * @internal
 */
export const RSA = Object.freeze({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' });

/**
 * A merchant that exists only in a test.
 *
 * @example
 * ```ts
 * const other: TestMerchant = await makeMerchant({ mchid: '1900000100' });
 * ```
 */
export interface TestMerchant {
  mchid: string;
  /** Serial number of the merchant API certificate: 40 hexadecimal digits. */
  serial: string;
  /** PKCS#8, in PEM. */
  privateKey: string;
  /** SPKI, in PEM. */
  publicKey: string;
  /** 32 characters. */
  apiV3Key: string;
}

/**
 * A key for the gateway to sign with.
 *
 * @example
 * ```ts
 * const platform: TestPlatformKey = await makePlatformKey();
 * ```
 */
export interface TestPlatformKey {
  /** An id that begins with `PUB_KEY_ID_`, or the serial number of a certificate. */
  serial: string;
  /** PKCS#8, in PEM. */
  privateKey: string;
  /** SPKI, in PEM. */
  publicKey: string;
}

interface KeyPair {
  privateKey: string;
  publicKey: string;
}

/**
 * Makes a merchant.
 *
 * @param options - `mchid`: random by default. `bits`: the size of the RSA key, 2048 by default.
 *
 * @example
 * ```js
 * const other = await makeMerchant({ mchid: '1900000100' });
 * ```
 */
export async function makeMerchant({
  mchid = `19${randomDigits(8)}`,
  bits = 2048,
}: {
  mchid?: string;
  bits?: number;
} = {}): Promise<TestMerchant> {
  return { mchid, serial: randomHex(20).toUpperCase(), ...(await makeKeyPair(bits)), apiV3Key: randomHex(16) };
}

/**
 * Makes a WeChat Pay public key.
 *
 * @example
 * ```js
 * const { serial, publicKey } = await makePlatformKey();
 * ```
 */
export async function makePlatformKey(): Promise<TestPlatformKey> {
  return { serial: `PUB_KEY_ID_01${randomDigits(26)}`, ...(await makeKeyPair(2048)) };
}

/** @internal */
export async function makeKeyPair(bits: number): Promise<KeyPair> {
  const algorithm = { ...RSA, modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1) };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return {
    privateKey: pem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))),
    publicKey: pem('PUBLIC KEY', new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))),
  };
}

/**
 * Imports a PKCS#8 key in PEM.
 *
 * @internal
 */
export const importPrivateKey = (privateKey: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', derOf(privateKey), RSA, false, ['sign']);

/**
 * Imports an SPKI key in PEM.
 *
 * @internal
 */
export const importPublicKey = (publicKey: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('spki', derOf(publicKey), RSA, false, ['verify']);

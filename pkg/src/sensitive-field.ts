// Sensitive fields: encrypted for WeChat Pay, or decrypted if WeChat Pay encrypted them for the merchant.
import { kindOf } from './arguments.js';
import { InvalidParameterError } from './errors.js';
import { callWasm } from './instance.js';
import type { PrivateKeyInput, PublicKeyInput } from './key-input.js';
import { merchantKeyNumber, platformKeyNumber } from './keys.js';
import { toFieldMap, toFieldValue } from './plain-data.js';

/**
 * Encrypts a sensitive field (敏感信息字段) for WeChat Pay: RSAES-OAEP with SHA-1 and MGF1 with SHA-1. Each call gives a
 * different ciphertext. Name the key in the `Wechatpay-Serial` header of the request.
 *
 * @param plaintext - For a 2048-bit key, at most 214 bytes in UTF-8: 42 less than the length of the key.
 * @param platformKey - WeChat Pay's public key, or a platform certificate.
 * @returns The ciphertext, in Base64.
 * @throws {@link InvalidParameterError} if the plaintext is not a string, or is too long; {@link InvalidKeyError};
 *   {@link HostError} with code `ERR_NO_RANDOMNESS` if the host provides no random bytes.
 *
 * @example
 * ```js
 * const json = { receivers: [{ name: encryptField('张三', certs[platformSerial]) }] };
 * await client.v3.profitsharing.receivers.add.post({ json, headers: { 'Wechatpay-Serial': platformSerial } });
 * ```
 */
export function encryptField(plaintext: string, platformKey: PublicKeyInput): string {
  const key = platformKeyNumber('platformKey', platformKey);
  const text = toFieldValue(plaintext);
  if (typeof text !== 'string') {
    const fields = toFieldMap({ plaintext });
    return callWasm((wasm) => wasm.encryptField(undefined, fields, key));
  }
  // Encode as bytes, because bytes can be wiped.
  const bytes = new TextEncoder().encode(text);
  try {
    return callWasm((wasm) => wasm.encryptField(bytes, {}, key));
  } finally {
    bytes.fill(0);
  }
}

/**
 * Decrypts a sensitive field that WeChat Pay encrypted with the public key of the merchant API certificate.
 *
 * @param ciphertext - In Base64.
 * @param merchantKey - The merchant's private key.
 * @returns The plaintext.
 * @throws {@link InvalidParameterError} if the ciphertext is not Base64; {@link InvalidKeyError};
 *   {@link DecryptionError} in all other cases, with the same message and after the same time in each of them.
 *
 * @example
 * ```js
 * const name = decryptField(params.payer_name, privateKey);
 * ```
 */
export function decryptField(ciphertext: string, merchantKey: PrivateKeyInput): string {
  const key = merchantKeyNumber(merchantKey, 'merchantKey');
  if (key === undefined) {
    const rule = merchantKey === undefined ? 'required' : 'type';
    const explanation = `must be a PEM, its bytes, a KeyObject or a MerchantKey, but is ${kindOf(merchantKey)}`;
    throw InvalidParameterError.about('merchantKey', rule, explanation);
  }
  const fields = toFieldMap({ ciphertext });
  const bytes = callWasm((wasm) => wasm.decryptField(fields, key));
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  } finally {
    bytes.fill(0);
  }
}

// Sensitive fields: encrypted for WeChat Pay, and decrypted where it encrypted them for the merchant.
import { kindOf } from './arguments.js';
import { InvalidParameterError } from './errors.js';
import { pack } from './crossing.js';
import { call } from './instance.js';
import { merchantKeyNumber, platformKeyNumber } from './keys.js';

/**
 * @param {unknown} plaintext
 * @param {unknown} platformKey
 */
export function encryptField(plaintext, platformKey) {
  const key = platformKeyNumber('platformKey', platformKey);
  return call((wasm) => wasm.encryptField(pack({ plaintext }), key));
}

/**
 * @param {unknown} ciphertext
 * @param {unknown} merchantKey
 */
export function decryptField(ciphertext, merchantKey) {
  const key = merchantKeyNumber(merchantKey);
  if (key === undefined) {
    const rule = merchantKey === undefined ? 'required' : 'type';
    const explanation = `must be a PEM or a MerchantKey, but is ${kindOf(merchantKey)}`;
    throw InvalidParameterError.about('merchantKey', rule, explanation);
  }
  return call((wasm) => wasm.decryptField(pack({ ciphertext }), key));
}

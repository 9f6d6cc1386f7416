// Verifying what a client receives, with the host's cryptography where it has one. Everything but the arithmetic is done in
// the wasm, before and after.
import { packSigned } from '../crossing.js';
import { call } from '../instance.js';
import { packPlatformKeys, platformKeyNumber } from '../keys.js';

/**
 * @typedef {import('./cryptography/provider.js').Verify} Verify
 * @typedef {import('./trust.js').Certs} Certs
 * @typedef {import('../crossing.js').Signed} Signed
 */

export class Verifier {
  #provider;
  #now;
  /** By what was given as a key: a PEM, or a PlatformKey. @type {Map<unknown, Verify>} */
  #keys = new Map();

  /**
   * @param {import('./cryptography/provider.js').CryptoProvider | undefined} provider
   * @param {() => number | undefined} now  in seconds
   */
  constructor(provider, now) {
    this.#provider = provider;
    this.#now = now;
  }

  /**
   * Judges what was received, at one moment, and by what the host says of its signature.
   * @template T
   * @param {{ headers: Headers, body: Uint8Array }} received
   * @param {Certs} certs
   * @param {(signed: Signed, keys: string, window: { now: number | undefined }, verdict: boolean | undefined) => T} judge
   */
  async judge({ headers, body }, certs, judge) {
    const now = this.#now();
    const signed = packSigned(headers, body);
    const verdict = await this.#verdict(signed, certs, now);
    // The numbers of keys end with the wasm that gave them, which may have been while the host was asked.
    return judge(signed, packPlatformKeys(certs), { now }, verdict);
  }

  /**
   * What the host says of a signature; undefined where the wasm has to say it.
   * @param {Signed} signed
   * @param {Certs} certs
   * @param {number | undefined} now
   * @returns {Promise<boolean | undefined>}
   */
  async #verdict({ headers, text, bytes }, certs, now) {
    if (this.#provider === undefined) return undefined;
    const keys = packPlatformKeys(certs);
    const toCheck = call((wasm) => wasm.signatureToCheck(headers, text, bytes, keys, now));
    if (toCheck === undefined) return undefined;
    const { place, message, signature } = unpackCheck(toCheck);
    try {
      const key = Object.values(certs)[place];
      const verify = this.#keys.get(key) ?? (await this.#import(this.#provider, key));
      const verdict = verify(message, signature);
      return typeof verdict === 'boolean' ? verdict : await verdict;
    } catch {
      // A host without this algorithm, or this key.
      return undefined;
    }
  }

  /**
   * @param {import('./cryptography/provider.js').CryptoProvider} provider
   * @param {unknown} key
   */
  async #import(provider, key) {
    const number = platformKeyNumber('certs', key);
    const spki = call((wasm) => wasm.platformKeySpki(number));
    const verify = await provider.importPublicKey(spki);
    this.#keys.set(key, verify);
    return verify;
  }
}

/**
 * What the wasm gave, as src/boundary.rs lays it out.
 * @param {Uint8Array} packed
 */
function unpackCheck(packed) {
  const numbers = new DataView(packed.buffer, packed.byteOffset);
  const place = numbers.getUint32(0, true);
  const end = 8 + numbers.getUint32(4, true);
  return { place, signature: packed.subarray(8, end), message: packed.subarray(end) };
}

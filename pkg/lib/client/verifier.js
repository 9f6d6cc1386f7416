// Verifying what a client receives, with the host's cryptography where it has one. Everything but the arithmetic is done in
// the wasm, before and after.
import { call } from '../instance.js';
import { platformKeyNumber, platformKeyNumbers } from '../keys.js';

/**
 * @typedef {import('./cryptography/provider.js').Verify} Verify
 * @typedef {import('./trust.js').Certs} Certs
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
   * @param {(window: { now: number | undefined }, verdict: boolean | undefined) => T} judge
   */
  async judge(received, certs, judge) {
    const now = this.#now();
    return judge({ now }, await this.#verdict(received, certs, now));
  }

  /**
   * What the host says of a signature; undefined where the wasm has to say it.
   * @param {{ headers: Headers, body: Uint8Array }} received
   * @param {Certs} certs
   * @param {number | undefined} now
   * @returns {Promise<boolean | undefined>}
   */
  async #verdict({ headers, body }, certs, now) {
    if (this.#provider === undefined) return undefined;
    const numbers = platformKeyNumbers(certs);
    const toCheck = call((wasm) => wasm.signatureToCheck(headers, body, numbers, now));
    if (toCheck === undefined) return undefined;
    const { serial, message, signature } = toCheck;
    try {
      const verify = await this.#keyOf(this.#provider, certs[serial]);
      return await verify(message, signature);
    } catch {
      // A host without this algorithm, or this key.
      return undefined;
    }
  }

  /**
   * @param {import('./cryptography/provider.js').CryptoProvider} provider
   * @param {unknown} key
   */
  async #keyOf(provider, key) {
    const known = this.#keys.get(key);
    if (known) return known;
    const number = platformKeyNumber('certs', key);
    const spki = call((wasm) => wasm.platformKeySpki(number));
    const verify = await provider.importPublicKey(spki);
    this.#keys.set(key, verify);
    return verify;
  }
}

// Which of WeChat's keys a client trusts: those it was configured with, and the certificates that it downloaded.
import { call } from '../instance.js';
import { platformKeyNumber } from '../keys.js';

/**
 * @typedef {{ serial_no: string, effective_time: string, expire_time: string, certificate: string }} PlatformCertificate
 * @typedef {Record<string, unknown>} Certs  keys by their serials
 */

export class Trust {
  #configured;
  #ownSerial;
  #now;
  /** @type {Certs} */
  #certs;
  /** @type {string | undefined} */
  #preferred;
  /** When the last of the certificates expires, in Unix seconds; undefined where there are none. @type {number | undefined} */
  lastExpiry;

  /** @param {{ certs: Certs, platformSerial: string | undefined, now: () => number | undefined }} configuration */
  constructor({ certs, platformSerial, now }) {
    this.#configured = certs;
    this.#ownSerial = platformSerial;
    this.#now = now;
    this.#certs = certs;
    this.#look();
  }

  get certs() {
    return this.#certs;
  }

  get isEmpty() {
    return Object.keys(this.#certs).length === 0;
  }

  /** Which key WeChat is asked to sign with. */
  get platformSerial() {
    return this.#ownSerial ?? this.#preferred;
  }

  /** Those that can still verify: certificates expire. */
  get valid() {
    const now = this.#now() ?? 0;
    return Object.fromEntries(Object.entries(this.#certs).filter(([, key]) => now <= expiryOf(key)));
  }

  /**
   * Trusts certificates in the place of those that were downloaded before. What was configured stays.
   * @param {PlatformCertificate[]} certificates
   */
  adopt(certificates) {
    const downloaded = certificates.map(({ serial_no, certificate }) => [serial_no, certificate]);
    this.#certs = { ...Object.fromEntries(downloaded), ...this.#configured };
    this.#look();
  }

  /** What is asked for with every call is found out once. */
  #look() {
    this.#preferred = preferredSerial(this.#certs);
    const dates = Object.values(this.#certs).map(expiryOf).filter(Number.isFinite);
    this.lastExpiry = dates.length === 0 ? undefined : Math.max(...dates);
  }
}

/**
 * The public key where there is one, else the newest certificate.
 * @param {Certs} certs
 */
function preferredSerial(certs) {
  const serials = Object.keys(certs);
  const publicKey = serials.find((serial) => serial.startsWith('PUB_KEY_ID_'));
  if (publicKey !== undefined) return publicKey;
  const validSince = (/** @type {string} */ serial) => validityOf(certs[serial])[0] ?? 0;
  return serials.sort((one, other) => validSince(other) - validSince(one))[0];
}

/** @param {unknown} key */
function expiryOf(key) {
  return validityOf(key)[1] ?? Infinity;
}

/**
 * Since and until when a certificate is valid; nothing, of a plain public key.
 * @param {unknown} key
 * @returns {number[]}
 */
function validityOf(key) {
  const number = platformKeyNumber('certs', key);
  return [...(call((wasm) => wasm.platformKeyValidity(number)) ?? [])];
}

// Keys with very few or very many bits set in their private exponents modulo the primes. If the time of an implementation depends
// on the bits of an exponent, the difference is largest between these two. Real keys are not like this.
import { checkPrimeSync, createPrivateKey } from 'node:crypto';

const E = 65_537n;
/** The length of the exponents in bits: E times one of them is twice a prime of 1024 bits, less 1. */
const BITS = 1009n;
/** The number of bits that differ from the others. */
const ODD_ONES_OUT = 12;
/** With this bit set as well, twice the prime would have 1026 bits. */
const HIGH = 1n << (BITS - 16n);

/**
 * @param {'sparse' | 'dense'} kind
 * @param {() => number} random  from 0 to 1
 * @returns {string}  PKCS#8, in PEM
 */
export function makeExtremeKey(kind, random) {
  const [first, second] = [findPrime(kind, random), findPrime(kind, random)];
  const [one, other] = first.prime > second.prime ? [first, second] : [second, first];
  const [p, q] = [one.prime, other.prime];
  const totient = (p - 1n) * (q - 1n);
  const number = (/** @type {bigint} */ value) => {
    const hex = value.toString(16);
    return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
  };
  const jwk = {
    kty: 'RSA',
    n: number(p * q),
    e: number(E),
    d: number(inverse(E, totient)),
    p: number(p),
    q: number(q),
    dp: number(one.exponent),
    dq: number(other.exponent),
    qi: number(inverse(q, p)),
  };
  return String(createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }));
}

/**
 * A prime p, and the exponent d with E·d = 1 modulo p - 1: from d, by p = (E·d - 1)/2 + 1.
 * @param {'sparse' | 'dense'} kind
 * @param {() => number} random
 */
function findPrime(kind, random) {
  for (;;) {
    let flips = 0n;
    for (let index = 0; index < ODD_ONES_OUT; index += 1) flips |= 1n << BigInt(2 + Math.floor(random() * 990));
    // Both begin with 11, so that the modulus has 2048 bits, and end with 01, so that p is odd.
    const [none, all] = [(0b11n << (BITS - 2n)) | 1n, (1n << BITS) - 1n - HIGH - 2n];
    const exponent = kind === 'sparse' ? none | flips : all & ~flips;
    const prime = (E * exponent + 1n) / 2n;
    if (prime >> 1022n === 3n && checkPrimeSync(prime) && (prime - 1n) % E !== 0n) return { prime, exponent };
  }
}

/**
 * @param {bigint} number
 * @param {bigint} modulus
 */
function inverse(number, modulus) {
  let [r, next, s, following] = [modulus, number, 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [s, following] = [following, s - quotient * following];
  }
  return ((s % modulus) + modulus) % modulus;
}

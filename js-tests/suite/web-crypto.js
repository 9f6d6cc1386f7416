/** The runtime's own cryptography, which shares no code with the package. */

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {Uint8Array} bytes */
export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** @param {string} text */
export const bytesOfBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** @param {(string | Uint8Array)[]} parts  strings are encoded as UTF-8 */
export function concat(...parts) {
  const arrays = parts.map((part) => (typeof part === 'string' ? utf8(part) : part));
  const whole = new Uint8Array(arrays.reduce((length, { byteLength }) => length + byteLength, 0));
  let offset = 0;
  for (const array of arrays) {
    whole.set(array, offset);
    offset += array.byteLength;
  }
  return whole;
}

/** @param {string} pem */
export const derOf = (pem) => bytesOfBase64(pem.replace(/-----.*?-----|\s/g, ''));

/**
 * @param {string} pem  in PKCS#8
 * @param {boolean} [extractable]
 */
export const importKey = (pem, extractable = false) =>
  crypto.subtle.importKey('pkcs8', derOf(pem), ALGORITHM, extractable, ['sign']);

/**
 * @param {string} pem  in PKCS#8
 * @param {string | Uint8Array} message
 */
export async function sign(pem, message) {
  const signature = await crypto.subtle.sign(ALGORITHM.name, await importKey(pem), concat(message));
  return new Uint8Array(signature);
}

/**
 * @param {string} pem  an SPKI public key
 * @param {string | Uint8Array} message
 * @param {Uint8Array<ArrayBuffer>} signature
 */
export async function verify(pem, message, signature) {
  const key = await crypto.subtle.importKey('spki', derOf(pem), ALGORITHM, false, ['verify']);
  return crypto.subtle.verify(ALGORITHM.name, key, signature, concat(message));
}

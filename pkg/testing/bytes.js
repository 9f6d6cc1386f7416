/** Texts and bytes, by what every runtime has. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {string} text @returns {Bytes} */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {string} text  of characters below U+0100, each a byte @returns {Bytes} */
export const latin1 = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** @param {Uint8Array} bytes */
export const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/**
 * The bytes of a Base64 text; undefined where a strict reader would refuse it.
 * @param {string} text
 * @returns {Bytes | undefined}
 */
export function fromBase64(text) {
  try {
    const bytes = latin1(atob(text));
    // atob forgives what others refuse (blanks, missing padding): compare by encoding again.
    return base64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Uint8Array[]} parts @returns {Bytes} */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** @param {number} count */
export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** @param {Uint8Array} bytes  two digits each */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {number} count  of bytes */
export const randomHex = (count) => hex(randomBytes(count));

/** @param {string} label @param {Uint8Array} der */
export const pem = (label, der) =>
  `-----BEGIN ${label}-----\n${base64(der).replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

/** @param {string} text  a PEM @returns {Bytes} */
export function derOf(text) {
  const [, content = ''] = /-----BEGIN [^-]+-----([^-]+)-----END /.exec(text) ?? [];
  return latin1(atob(content.replace(/\s/g, '')));
}

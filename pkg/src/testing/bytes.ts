/** Conversions between text and bytes, using only APIs that every runtime has. */

export type Bytes = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** Each character must be below U+0100 and becomes one byte. */
export const latin1 = (text: string): Bytes => Uint8Array.from(text, (character) => character.charCodeAt(0));

export const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Returns undefined if a strict decoder would reject the text. */
export function fromBase64(text: string): Bytes | undefined {
  try {
    const bytes = latin1(atob(text));
    // atob accepts spaces and missing padding. Encoding the bytes again shows whether there were any.
    return base64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

export function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export const randomBytes = (count: number): Bytes => crypto.getRandomValues(new Uint8Array(count));

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Two digits for each of `count` bytes. */
export const randomHex = (count: number): string => hex(randomBytes(count));

export const randomDigits = (count: number): string => Array.from(randomBytes(count), (byte) => byte % 10).join('');

export const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${base64(der).replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

/** The DER inside a PEM block. */
export function derOf(text: string): Bytes {
  const [, content = ''] = /-----BEGIN [^-]+-----([^-]+)-----END /.exec(text) ?? [];
  return latin1(atob(content.replace(/\s/g, '')));
}

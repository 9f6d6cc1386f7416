/** Certificates as WeChat Pay's platform has them (X.509 v3, RSA with SHA-256), from an authority of one's own. */
import { concat, derOf, hex, pem, randomBytes, utf8 } from './bytes.js';
import { RSA, importPrivateKey, makeKeyPair } from './keys.js';

/**
 * @typedef {import('./bytes.js').Bytes} Bytes
 *
 * @typedef {object} Certificate
 * @property {string} serial  40 hexadecimal digits, in upper case
 * @property {string} certificate  PEM
 * @property {string} privateKey  PKCS#8, in PEM
 * @property {string} publicKey  SPKI, in PEM
 * @property {string} effective_time  RFC 3339, like expire_time
 * @property {string} expire_time
 *
 * @typedef {object} CertificateOptions
 * @property {string} [subject]  its common name ("Tenpay.com sign")
 * @property {string} [serial]  40 hexadecimal digits (random)
 * @property {number} [notBefore]  Unix seconds (a day ago)
 * @property {number} [notAfter]  Unix seconds (five years after)
 * @property {Pick<Certificate, 'certificate' | 'privateKey'>} [issuer]  (itself)
 */

const DAY = 86_400;

/**
 * @param {CertificateOptions} [options]
 * @returns {Promise<Certificate>}
 */
export async function makeCertificate({
  subject = 'Tenpay.com sign',
  serial = newSerial(),
  notBefore = Math.floor(Date.now() / 1000) - DAY,
  notAfter = notBefore + 5 * 365 * DAY,
  issuer,
} = {}) {
  const keys = await makeKeyPair(2048);
  const name = distinguishedName(subject);
  const content = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(fromHex(serial)),
    SHA256_WITH_RSA,
    issuer ? subjectOf(issuer.certificate) : name,
    sequence(utcTime(notBefore), utcTime(notAfter)),
    name,
    derOf(keys.publicKey),
  );
  const key = await importPrivateKey(issuer?.privateKey ?? keys.privateKey);
  const signature = new Uint8Array(await crypto.subtle.sign(RSA.name, key, content));
  const certificate = sequence(content, SHA256_WITH_RSA, bitString(signature));
  return {
    serial: serial.toUpperCase(),
    certificate: pem('CERTIFICATE', certificate),
    ...keys,
    effective_time: new Date(notBefore * 1000).toISOString(),
    expire_time: new Date(notAfter * 1000).toISOString(),
  };
}

/** Of 20 bytes, the first of which is neither 0 nor negative. */
function newSerial() {
  const bytes = randomBytes(20).map((byte, index) => (index === 0 ? (byte & 0x7f) | 0x40 : byte));
  return hex(bytes).toUpperCase();
}

// ---- DER (X.690), as much of it as a certificate takes ----

/** @param {number} tag @param {Bytes} content */
function tagged(tag, content) {
  const { length } = content;
  if (length < 0x80) return concat(Uint8Array.of(tag, length), content);
  if (length < 0x100) return concat(Uint8Array.of(tag, 0x81, length), content);
  return concat(Uint8Array.of(tag, 0x82, length >> 8, length & 0xff), content);
}

/** @param {Bytes[]} parts */
const sequence = (...parts) => tagged(0x30, concat(...parts));

/** @param {Bytes} bytes  not negative */
function integer(bytes) {
  const [first = 0] = bytes;
  return tagged(0x02, first < 0x80 ? bytes : concat(Uint8Array.of(0), bytes));
}

/** @param {Bytes} bytes */
const bitString = (bytes) => tagged(0x03, concat(Uint8Array.of(0), bytes));

/** @param {number} seconds */
function utcTime(seconds) {
  const digits = new Date(seconds * 1000).toISOString().replace(/\D/g, '');
  return tagged(0x17, utf8(`${digits.slice(2, 14)}Z`));
}

/** sha256WithRSAEncryption (1.2.840.113549.1.1.11), with its NULL. */
const SHA256_WITH_RSA = sequence(
  tagged(0x06, fromHex('2A864886F70D01010B')),
  tagged(0x05, /** @type {Bytes} */ (new Uint8Array())),
);

/** @param {string} commonName */
function distinguishedName(commonName) {
  const attribute = sequence(tagged(0x06, fromHex('550403')), tagged(0x0c, utf8(commonName)));
  return sequence(tagged(0x31, attribute));
}

/**
 * The subject of a certificate that was made here: what stands behind the two times.
 * @param {string} certificate
 */
function subjectOf(certificate) {
  const [content] = elements(derOf(certificate));
  const [, , , , , subject] = elements(content);
  if (subject === undefined) throw new TypeError('the issuer is no certificate');
  return subject;
}

/**
 * The elements in a constructed one.
 * @param {Bytes | undefined} der
 */
function elements(der = new Uint8Array()) {
  /** @type {Bytes[]} */
  const parts = [];
  for (let rest = contentOf(der); rest.length > 0;) {
    const end = rest.length - contentOf(rest, true).length;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return parts;
}

/**
 * What is in the first element, or behind it.
 * @param {Bytes} der
 * @param {boolean} [behind]
 */
function contentOf(der, behind = false) {
  const [, first = 0, second = 0, third = 0] = der;
  const [head, length] = first < 0x80 ? [2, first] : first === 0x81 ? [3, second] : [4, (second << 8) | third];
  return behind ? der.slice(head + length) : der.slice(head, head + length);
}

/** @param {string} hex @returns {Bytes} */
function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

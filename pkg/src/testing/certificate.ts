/** Makes X.509 v3 certificates like those of WeChat Pay: RSA with SHA-256, self-signed or signed by another certificate. */
import { type Bytes, concat, derOf, hex, pem, randomBytes, utf8 } from './bytes.js';
import { importPrivateKey, makeKeyPair, RSA, type TestPlatformKey } from './keys.js';

/**
 * A key for the gateway to sign with, and its certificate.
 *
 * @example
 * ```ts
 * const next: TestCertificate = await makeCertificate();
 * ```
 */
export interface TestCertificate extends TestPlatformKey {
  /** X.509 v3, in PEM. */
  certificate: string;
  /** RFC 3339. */
  effective_time: string;
  /** RFC 3339. */
  expire_time: string;
}

/**
 * The subject of a certificate, in the order in which the attributes are written.
 *
 * @example
 * ```ts
 * // The subject of a merchant's own certificate.
 * const subject: CertificateSubject = { O: '微信商户系统', CN: '1900000100' };
 * ```
 */
export type CertificateSubject = Partial<Record<'C' | 'O' | 'OU' | 'CN', string>>;

/**
 * Options of {@link makeCertificate}.
 *
 * @example
 * ```ts
 * const expired: CertificateOptions = { notBefore: 1_500_000_000, notAfter: 1_600_000_000 };
 * ```
 */
export interface CertificateOptions {
  /** A common name, or several attributes. Default: the subject of WeChat Pay's platform certificates. */
  subject?: string | CertificateSubject;
  /** 40 hexadecimal digits. Default: random. */
  serial?: string;
  /** Unix seconds. Default: a day ago. */
  notBefore?: number;
  /** Unix seconds. Default: five years after `notBefore`. */
  notAfter?: number;
  /** The certificate that signs this one. Default: this one signs itself. */
  issuer?: Pick<TestCertificate, 'certificate' | 'privateKey'>;
}

const DAY = 86_400;

/** The subject of a platform certificate in WeChat Pay's Java SDK. */
const PLATFORM_SUBJECT: CertificateSubject = { O: 'Tenpay.com', OU: 'Tenpay.com CA Center', CN: 'Tenpay.com sign' };

/**
 * Makes a platform certificate.
 *
 * @example
 * ```js
 * const root = await makeCertificate({ subject: 'My Root CA' });
 * const { certificate } = await makeCertificate({ issuer: root });
 * ```
 */
export async function makeCertificate({
  subject = PLATFORM_SUBJECT,
  serial = randomSerial(),
  notBefore = Math.floor(Date.now() / 1000) - DAY,
  notAfter = notBefore + 5 * 365 * DAY,
  issuer,
}: CertificateOptions = {}): Promise<TestCertificate> {
  const keys = await makeKeyPair(2048);
  const name = distinguishedName(typeof subject === 'string' ? { CN: subject } : subject);
  const content = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(fromHex(serial)),
    SHA256_WITH_RSA,
    issuer ? subjectOf(issuer.certificate) : name,
    sequence(utcTime(notBefore), utcTime(notAfter)),
    name,
    derOf(keys.publicKey),
    // A certificate may issue others only if it says so.
    ...(issuer === undefined ? [tagged(0xa3, sequence(IS_AUTHORITY))] : []),
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

/** 20 bytes. The first is neither zero nor negative in DER. */
function randomSerial(): string {
  const bytes = randomBytes(20).map((byte, index) => (index === 0 ? (byte & 0x7f) | 0x40 : byte));
  return hex(bytes).toUpperCase();
}

// ---- The parts of DER (X.690) that a certificate needs ----

function tagged(tag: number, content: Bytes): Bytes {
  const { length } = content;
  if (length < 0x80) return concat(Uint8Array.of(tag, length), content);
  if (length < 0x100) return concat(Uint8Array.of(tag, 0x81, length), content);
  return concat(Uint8Array.of(tag, 0x82, length >> 8, length & 0xff), content);
}

const sequence = (...parts: Bytes[]): Bytes => tagged(0x30, concat(...parts));

/** Encodes an unsigned number. */
function integer(bytes: Bytes): Bytes {
  const [first = 0] = bytes;
  return tagged(0x02, first < 0x80 ? bytes : concat(Uint8Array.of(0), bytes));
}

const bitString = (bytes: Bytes): Bytes => tagged(0x03, concat(Uint8Array.of(0), bytes));

function utcTime(seconds: number): Bytes {
  const digits = new Date(seconds * 1000).toISOString().replace(/\D/g, '');
  return tagged(0x17, utf8(`${digits.slice(2, 14)}Z`));
}

/** sha256WithRSAEncryption (1.2.840.113549.1.1.11) and its NULL parameters. */
const SHA256_WITH_RSA = sequence(tagged(0x06, fromHex('2A864886F70D01010B')), tagged(0x05, new Uint8Array()));

/** The extension basicConstraints (2.5.29.19): critical, with cA TRUE. */
const IS_AUTHORITY = sequence(
  tagged(0x06, fromHex('551D13')),
  tagged(0x01, Uint8Array.of(0xff)),
  tagged(0x04, sequence(tagged(0x01, Uint8Array.of(0xff)))),
);

/** The object identifiers 2.5.4.6, .10, .11 and .3. */
const ATTRIBUTES = { C: '550406', O: '55040A', OU: '55040B', CN: '550403' } as const;

function distinguishedName(subject: CertificateSubject): Bytes {
  const names = Object.entries(subject).map(([attribute, value]) => {
    const identifier = ATTRIBUTES[attribute as keyof typeof ATTRIBUTES];
    if (identifier === undefined) throw new TypeError(`subject.${attribute} is not supported: use C, O, OU or CN`);
    // A country is a PrintableString; the others are UTF8Strings.
    const text = tagged(attribute === 'C' ? 0x13 : 0x0c, utf8(value));
    return tagged(0x31, sequence(tagged(0x06, fromHex(identifier)), text));
  });
  return sequence(...names);
}

/** The subject of a certificate made here: the sixth element, after the validity. */
function subjectOf(certificate: string): Bytes {
  const [content] = elements(derOf(certificate));
  const [, , , , , subject] = elements(content);
  if (subject === undefined) throw new TypeError('issuer.certificate must be a certificate from makeCertificate');
  return subject;
}

/** The elements inside a constructed element. */
function elements(der: Bytes = new Uint8Array()): Bytes[] {
  const parts: Bytes[] = [];
  let rest = split(der).content;
  while (rest.length > 0) {
    const { after } = split(rest);
    const end = rest.length - after.length;
    parts.push(rest.slice(0, end));
    rest = after;
  }
  return parts;
}

/** The content of the first element, and the bytes after that element. */
function split(der: Bytes): { content: Bytes; after: Bytes } {
  const [, first = 0, second = 0, third = 0] = der;
  const [head, length] = first < 0x80 ? [2, first] : first === 0x81 ? [3, second] : [4, (second << 8) | third];
  return { content: der.slice(head, head + length), after: der.slice(head + length) };
}

function fromHex(digits: string): Bytes {
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

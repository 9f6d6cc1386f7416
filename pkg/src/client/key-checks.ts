// Checks that a client's keys are of the right kind, belong together, and are in the right places.
import { isBytes, kindOf } from '../arguments.js';
import { InvalidParameterError } from '../errors.js';
import { callWasm } from '../instance.js';
import { copyKeyBytes } from '../key-input.js';
import { certsField, hostKeyOf, merchantKeyNumber, platformKeyNumber, toPemOrKey } from '../keys.js';
import type { IssueCollector } from './issue-collector.js';
import { isPublicKeyId, type PlatformKeys } from './platform-key-store.js';

/** A configuration before it is checked. */
type Unchecked = Record<string, unknown>;

/** The keys of the merchant, as the client keeps them. */
export interface MerchantKeys {
  /** A PEM, the client's own copy of bytes, a MerchantKey or a CryptoKey; undefined if there is a signer. */
  privateKey?: unknown;
  /** The public half, as SPKI; undefined if it cannot be known. */
  publicKey?: Uint8Array;
  /** A PEM or a PlatformKey. */
  certificate?: unknown;
}

/** The facts about the merchant that the checks of platform keys need. */
interface MerchantContext {
  publicKey: Uint8Array | undefined;
  serial: unknown;
}

/**
 * Checks that either `privateKey` or `signer` is given, and that `certificate` fits the key and the serial.
 *
 * @param isForHost - Whether the host signs. The numbers of the key are then not computed with: if they do not belong
 *   together, the first signature shows it.
 */
export function readMerchantKeys(
  { privateKey, signer, certificate, serial, apiV3Key }: Unchecked,
  isForHost: boolean,
  issues: IssueCollector,
): MerchantKeys {
  if (apiV3Key !== undefined) checkApiV3Key(apiV3Key, issues);
  const key = readSigner(privateKey, signer, isForHost, issues);
  if (certificate === undefined) return key;
  return { ...key, certificate: readCertificate(certificate, { publicKey: key.publicKey, serial }, issues) };
}

function readSigner(privateKey: unknown, signer: unknown, isForHost: boolean, issues: IssueCollector): MerchantKeys {
  if (signer !== undefined) {
    if (!hasSign(signer)) issues.reject('signer', 'type', 'must be an object with a function `sign`');
    if (privateKey !== undefined) {
      issues.reject('signer', 'choice', 'and privateKey are both given: remove one of them');
    }
    return {};
  }
  if (isCryptoKey(privateKey)) {
    const { type, algorithm, usages } = privateKey;
    const { name, hash } = algorithm as { name: string; hash?: { name: string } };
    if (type !== 'private' || name !== 'RSASSA-PKCS1-v1_5' || hash?.name !== 'SHA-256' || !usages.includes('sign')) {
      issues.reject('privateKey', 'key', 'must be a private key for RSASSA-PKCS1-v1_5 with SHA-256, with usage `sign`');
    }
    return { privateKey };
  }
  if (privateKey === undefined) {
    issues.reject('privateKey', 'required', 'is undefined: is the environment variable set?');
    return {};
  }
  return issues.collect(() => readPrivateKey(privateKey, isForHost)) ?? {};
}

function readPrivateKey(given: unknown, isForHost: boolean): MerchantKeys {
  const bytes = copyKeyBytes('privateKey', given, 'private');
  try {
    const privateKey = bytes ?? given;
    return { privateKey, publicKey: publicHalfOf(privateKey, isForHost) };
  } catch (error) {
    bytes?.fill(0);
    throw error;
  }
}

function publicHalfOf(key: unknown, isForHost: boolean): Uint8Array {
  if (isForHost && (typeof key === 'string' || isBytes(key))) {
    const { pkcs8, spki } = hostKeyOf(key);
    pkcs8.fill(0);
    return spki;
  }
  const number = merchantKeyNumber(key);
  if (number !== undefined) return callWasm((wasm) => wasm.merchantKeySpki(number));
  const explanation = `must be a PEM, its bytes, a KeyObject, a MerchantKey or a CryptoKey, but is ${kindOf(key)}`;
  throw InvalidParameterError.about('privateKey', 'type', explanation);
}

/** Wipes the copy of a private key that was given as bytes. */
export function wipe({ privateKey }: MerchantKeys): void {
  if (isBytes(privateKey)) privateKey.fill(0);
}

function readCertificate(given: unknown, { publicKey, serial }: MerchantContext, issues: IssueCollector): unknown {
  const read = readPlatformKey('certificate', given, issues);
  if (read === undefined) return undefined;
  const { key, number } = read;
  const actual = serialOf(number);
  if (actual !== undefined && typeof serial === 'string' && !isSameSerial(actual, serial)) {
    issues.reject('serial', 'key', `does not match the certificate, whose serial number is ${actual}`);
  }
  if (publicKey !== undefined && !isSameKey(number, publicKey)) {
    issues.reject(
      'privateKey',
      'key',
      'does not belong to the certificate: one of them is outdated, or belongs to another merchant',
    );
  }
  return key;
}

/** A public key or certificate in the form that the client keeps, and its number. */
function readPlatformKey(
  field: string,
  given: unknown,
  issues: IssueCollector,
): { key: unknown; number: number } | undefined {
  return issues.collect(() => {
    const key = toPemOrKey(field, given);
    return { key, number: platformKeyNumber(field, key) };
  }, field);
}

/**
 * Checks that every key can be read, is listed under its own serial or id, and is WeChat Pay's. A common mistake is to list
 * the merchant's own key, with which no response could be verified.
 */
export function readCerts(
  certs: Unchecked,
  { publicKey, serial, canDownload }: MerchantContext & { canDownload: boolean },
  issues: IssueCollector,
): PlatformKeys {
  if (Object.keys(certs).length === 0 && !canDownload) {
    issues.reject(
      'certs',
      'required',
      'is empty: add WeChat Pay’s public key or certificates, or set apiV3Key to download certificates',
    );
  }
  const keys: [string, unknown][] = [];
  for (const [name, given] of Object.entries(certs)) {
    const field = certsField(name);
    const read = readPlatformKey(field, given, issues);
    if (read === undefined) continue;
    const { key, number } = read;
    keys.push([name, key]);
    const isMerchantKey = publicKey !== undefined && isSameKey(number, publicKey);
    const actual = serialOf(number);
    if (isMerchantKey || (typeof serial === 'string' && isSameSerial(actual ?? name, serial))) {
      issues.reject(
        field,
        'key',
        'is the merchant’s own: use WeChat Pay’s public key (PUB_KEY_ID_…) or its platform certificates',
      );
    } else if (actual === undefined) {
      if (!isPublicKeyId(name)) issues.reject(field, 'key', `is a public key: ${idFor(name)}`);
    } else if (!isSameSerial(actual, name)) {
      issues.reject(field, 'key', `is the certificate with the serial number ${actual}: put it under that name`);
    }
  }
  return Object.fromEntries(keys);
}

/** The name under which a public key must be listed, for an error message. */
function idFor(name: string): string {
  // The serial number of a certificate has 40 hexadecimal digits, the id of a public key about 34 decimal ones.
  const digits = /^(?:pub_key_id_)?(\d{24,38})$/i.exec(name)?.[1];
  return digits === undefined
    ? 'put it under its id, PUB_KEY_ID_…, not under the serial number of a certificate'
    : `write its id with the prefix, PUB_KEY_ID_${digits}`;
}

/** Checks that the serial that WeChat Pay is asked to sign with is not an id that lacks its prefix. */
export function checkPlatformSerial(serial: unknown, certs: PlatformKeys, issues: IssueCollector): void {
  if (typeof serial === 'string' && Object.hasOwn(certs, `PUB_KEY_ID_${serial}`)) {
    issues.reject('platformSerial', 'key', `lacks the prefix of an id: write PUB_KEY_ID_${serial}`);
  }
}

/** Checks that the root certificate is a certificate. */
export function readRoot(root: unknown, issues: IssueCollector): unknown {
  if (root === undefined) return undefined;
  const read = readPlatformKey('rootCertificate', root, issues);
  if (read !== undefined && serialOf(read.number) === undefined) {
    issues.reject(
      'rootCertificate',
      'key',
      'is a public key, but must be the certificate of the authority that issues WeChat Pay’s certificates',
    );
  }
  return read?.key;
}

function checkApiV3Key(key: unknown, issues: IssueCollector): void {
  if (typeof key !== 'string') {
    issues.reject('apiV3Key', 'type', `must be a string, but is ${kindOf(key)}`);
  } else if (key.trim() === key) {
    issues.collect(() => callWasm((wasm) => wasm.checkApiV3Key(key)), 'apiV3Key');
  } else {
    issues.reject('apiV3Key', 'key', 'has a blank or a line break at its beginning or end: remove it, as with trim()');
  }
}

/** The serial of a certificate; undefined for a public key. */
function serialOf(number: number): string | undefined {
  return callWasm((wasm) => wasm.platformKeySerial(number));
}

function isSameSerial(one: string, other: string): boolean {
  return callWasm((wasm) => wasm.isSameSerial(one, other));
}

/** Whether a certificate or public key is this one, given as SPKI. */
function isSameKey(number: number, spki: Uint8Array): boolean {
  const own = callWasm((wasm) => wasm.platformKeySpki(number));
  return own.length === spki.length && own.every((byte, index) => byte === spki[index]);
}

export function isCryptoKey(key: unknown): key is CryptoKey {
  return Object.prototype.toString.call(key) === '[object CryptoKey]';
}

function hasSign(signer: unknown): boolean {
  return typeof signer === 'object' && signer !== null && 'sign' in signer && typeof signer.sign === 'function';
}

// Checks that a client's keys are of the right kind, belong together, and are in the right places.
import { kindOf } from '../arguments.js';
import { InvalidParameterError } from '../errors.js';
import { callWasm } from '../instance.js';
import { certsField, merchantKeyNumber, platformKeyNumber } from '../keys.js';
import type { IssueCollector } from './issue-collector.js';

/** A configuration before it is checked. */
type Unchecked = Record<string, unknown>;

/** The facts about the merchant that the checks of platform keys need. */
interface MerchantContext {
  /** The number of the merchant's key; undefined if it is not in the WebAssembly module. */
  merchantKey: number | undefined;
  serial: unknown;
}

/**
 * Checks that either `privateKey` or `signer` is given, and that `certificate` fits the key and the serial.
 *
 * @returns The number of the merchant's key; undefined if it is not in the WebAssembly module.
 */
export function checkSigningKey(
  { privateKey, signer, certificate, serial, apiV3Key }: Unchecked,
  issues: IssueCollector,
): number | undefined {
  if (apiV3Key !== undefined) checkApiV3Key(apiV3Key, issues);
  const merchantKey = checkSigner(privateKey, signer, issues);
  if (certificate !== undefined) checkCertificate(certificate, { merchantKey, serial }, issues);
  return merchantKey;
}

function checkSigner(privateKey: unknown, signer: unknown, issues: IssueCollector): number | undefined {
  if (signer !== undefined) {
    if (!hasSign(signer)) issues.reject('signer', 'type', 'must be an object with a function `sign`');
    if (privateKey !== undefined) {
      issues.reject('signer', 'choice', 'and privateKey are both given: remove one of them');
    }
    return undefined;
  }
  if (isCryptoKey(privateKey)) {
    const { type, algorithm, usages } = privateKey;
    const { name, hash } = algorithm as { name: string; hash?: { name: string } };
    if (type !== 'private' || name !== 'RSASSA-PKCS1-v1_5' || hash?.name !== 'SHA-256' || !usages.includes('sign')) {
      issues.reject('privateKey', 'key', 'must be a private key for RSASSA-PKCS1-v1_5 with SHA-256, with usage `sign`');
    }
    return undefined;
  }
  if (privateKey === undefined) {
    issues.reject('privateKey', 'required', 'is undefined: is the environment variable set?');
    return undefined;
  }
  return issues.collect(() => {
    const number = merchantKeyNumber(privateKey);
    if (number !== undefined) return number;
    const explanation = `must be a PEM, a MerchantKey or a CryptoKey, but is ${kindOf(privateKey)}`;
    throw InvalidParameterError.about('privateKey', 'type', explanation);
  });
}

function checkCertificate(
  certificate: unknown,
  { merchantKey, serial }: MerchantContext,
  issues: IssueCollector,
): void {
  const number = issues.collect(() => platformKeyNumber('certificate', certificate), 'certificate');
  if (number === undefined) return;
  const actual = serialOf(number);
  if (actual !== undefined && typeof serial === 'string' && !isSameSerial(actual, serial)) {
    issues.reject('serial', 'key', `does not match the certificate, whose serial number is ${actual}`);
  }
  if (merchantKey !== undefined && !belongTogether(number, merchantKey)) {
    issues.reject(
      'privateKey',
      'key',
      'does not belong to the certificate: one of them is outdated, or belongs to another merchant',
    );
  }
}

/**
 * Checks that every key can be read, is listed under its own serial, and is WeChat Pay's. A common mistake is to list
 * the merchant's own key, with which no response could be verified.
 */
export function checkCerts(
  certs: Unchecked,
  { merchantKey, serial, canDownload }: MerchantContext & { canDownload: boolean },
  issues: IssueCollector,
): void {
  if (Object.keys(certs).length === 0 && !canDownload) {
    issues.reject(
      'certs',
      'required',
      'is empty: add WeChat Pay’s public key or certificates, or set apiV3Key to download certificates',
    );
  }
  for (const [name, key] of Object.entries(certs)) {
    const field = certsField(name);
    const number = issues.collect(() => platformKeyNumber(field, key), field);
    if (number === undefined) continue;
    const isMerchantKey = merchantKey !== undefined && belongTogether(number, merchantKey);
    const actual = serialOf(number);
    if (isMerchantKey || (typeof serial === 'string' && isSameSerial(actual ?? name, serial))) {
      issues.reject(
        field,
        'key',
        'is the merchant’s own: use WeChat Pay’s public key (PUB_KEY_ID_…) or its platform certificates',
      );
    } else if (actual !== undefined && !isSameSerial(actual, name)) {
      issues.reject(field, 'key', `is the certificate with the serial number ${actual}: put it under that name`);
    }
  }
}

/** Checks that the root certificate is a certificate. */
export function checkRoot(root: unknown, issues: IssueCollector): void {
  if (root === undefined) return;
  const number = issues.collect(() => platformKeyNumber('rootCertificate', root), 'rootCertificate');
  if (number !== undefined && serialOf(number) === undefined) {
    issues.reject(
      'rootCertificate',
      'key',
      'is a public key, but must be the certificate of the authority that issues WeChat Pay’s certificates',
    );
  }
}

function checkApiV3Key(key: unknown, issues: IssueCollector): void {
  if (typeof key === 'string') issues.collect(() => callWasm((wasm) => wasm.checkApiV3Key(key)), 'apiV3Key');
  else issues.reject('apiV3Key', 'type', `must be a string, but is ${kindOf(key)}`);
}

/** The serial of a certificate; undefined for a public key. */
function serialOf(number: number): string | undefined {
  return callWasm((wasm) => wasm.platformKeySerial(number));
}

function isSameSerial(one: string, other: string): boolean {
  return callWasm((wasm) => wasm.isSameSerial(one, other));
}

/** Whether a certificate or public key and a private key are a pair. */
function belongTogether(certificate: number, merchantKey: number): boolean {
  return callWasm((wasm) => wasm.platformKeyIsOf(certificate, merchantKey));
}

export function isCryptoKey(key: unknown): key is CryptoKey {
  return Object.prototype.toString.call(key) === '[object CryptoKey]';
}

function hasSign(signer: unknown): boolean {
  return typeof signer === 'object' && signer !== null && 'sign' in signer && typeof signer.sign === 'function';
}

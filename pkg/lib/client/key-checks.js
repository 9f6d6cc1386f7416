// Whether a client's keys are what they are configured as, and belong together.
import { kindOf } from '../arguments.js';
import { InvalidParameterError } from '../errors.js';
import { call } from '../instance.js';
import { certsField, merchantKeyNumber, platformKeyNumber } from '../keys.js';

/**
 * @typedef {import('./configuration.js').Findings} Findings
 * @typedef {Record<string, unknown>} Config
 */

/**
 * Exactly one of `privateKey` and `signer`; `certificate`, where it is given, is that of the key, and has the serial.
 * @param {Config} config
 * @param {Findings} findings
 * @returns {number | undefined}  the merchant's key, where it is in the wasm
 */
export function checkSigningKey({ privateKey, signer, certificate, serial, apiV3Key }, findings) {
  if (apiV3Key !== undefined) checkApiV3Key(apiV3Key, findings);
  const merchant = checkSigner(privateKey, signer, findings);
  if (certificate !== undefined) checkCertificate(certificate, { merchant, serial }, findings);
  return merchant;
}

/**
 * @param {unknown} privateKey
 * @param {unknown} signer
 * @param {Findings} findings
 */
function checkSigner(privateKey, signer, findings) {
  if (signer !== undefined) {
    if (!hasSign(signer)) findings.refuse('signer', 'type', 'must be an object with a function `sign`');
    if (privateKey !== undefined) {
      findings.refuse('signer', 'choice', 'and privateKey are both given, and one is to sign');
    }
    return undefined;
  }
  if (isCryptoKey(privateKey)) {
    const { type, algorithm, usages } = privateKey;
    const { name, hash } = /** @type {RsaHashedKeyAlgorithm} */ (algorithm);
    if (type !== 'private' || name !== 'RSASSA-PKCS1-v1_5' || hash?.name !== 'SHA-256' || !usages.includes('sign')) {
      findings.refuse('privateKey', 'key', 'must be a private key for RSASSA-PKCS1-v1_5 with SHA-256 that may sign');
    }
    return undefined;
  }
  if (privateKey === undefined) {
    findings.refuse('privateKey', 'required', 'is undefined: is the environment variable set?');
    return undefined;
  }
  return findings.of(() => {
    const number = merchantKeyNumber(privateKey);
    if (number !== undefined) return number;
    const explanation = `must be a PEM, a MerchantKey or a CryptoKey, but is ${kindOf(privateKey)}`;
    throw InvalidParameterError.about('privateKey', 'type', explanation);
  });
}

/**
 * @param {unknown} certificate
 * @param {{ merchant: number | undefined, serial: unknown }} configured
 * @param {Findings} findings
 */
function checkCertificate(certificate, { merchant, serial }, findings) {
  const own = findings.of(() => platformKeyNumber('certificate', certificate), 'certificate');
  if (own === undefined) return;
  const ownSerial = serialOf(own);
  if (ownSerial !== undefined && typeof serial === 'string' && !isSame(ownSerial, serial)) {
    findings.refuse('serial', 'key', `is not that of the certificate, which is ${ownSerial}`);
  }
  if (merchant !== undefined && !isOf(own, merchant)) {
    findings.refuse('privateKey', 'key', 'is not that of the certificate: one of them is old, or of another merchant');
  }
}

/**
 * Every key can be read, is filed under its own serial, and is WeChat's: with the merchant's own, a usual slip, no answer
 * could be verified.
 * @param {Config} certs
 * @param {{ merchant: number | undefined, serial: unknown, mayDownload: boolean }} configured
 * @param {Findings} findings
 */
export function checkCerts(certs, { merchant, serial, mayDownload }, findings) {
  if (Object.keys(certs).length === 0 && !mayDownload) {
    findings.refuse(
      'certs',
      'required',
      'is empty: WeChat Pay’s public key or certificates are needed to verify answers, or apiV3Key to download certificates',
    );
  }
  for (const [filed, key] of Object.entries(certs)) {
    const field = certsField(filed);
    const number = findings.of(() => platformKeyNumber(field, key), field);
    if (number === undefined) continue;
    const isOwnKey = merchant !== undefined && isOf(number, merchant);
    const actual = serialOf(number);
    if (isOwnKey || (typeof serial === 'string' && isSame(actual ?? filed, serial))) {
      findings.refuse(
        field,
        'key',
        'is the merchant’s own: WeChat Pay’s belong here, its public key (PUB_KEY_ID_…) or its platform certificates',
      );
    } else if (actual !== undefined && !isSame(actual, filed)) {
      findings.refuse(
        field,
        'key',
        `is the certificate with the serial number ${actual}, and must be filed under that`,
      );
    }
  }
}

/**
 * @param {unknown} root
 * @param {Findings} findings
 */
export function checkRoot(root, findings) {
  if (root === undefined) return;
  const number = findings.of(() => platformKeyNumber('rootCertificate', root), 'rootCertificate');
  if (number !== undefined && serialOf(number) === undefined) {
    findings.refuse(
      'rootCertificate',
      'key',
      'is a public key, and must be a certificate: that of who issues WeChat Pay’s',
    );
  }
}

/**
 * @param {unknown} key
 * @param {Findings} findings
 */
function checkApiV3Key(key, findings) {
  if (typeof key === 'string') findings.of(() => call((wasm) => wasm.checkApiV3Key(key)), 'apiV3Key');
  else findings.refuse('apiV3Key', 'type', `must be a string, but is ${kindOf(key)}`);
}

/**
 * The serial of the certificate that a key came in.
 * @param {number} number
 */
function serialOf(number) {
  return call((wasm) => wasm.platformKeySerial(number));
}

/** @param {string} one @param {string} other */
function isSame(one, other) {
  return call((wasm) => wasm.isSameSerial(one, other));
}

/** @param {number} certificate @param {number} merchant */
function isOf(certificate, merchant) {
  return call((wasm) => wasm.platformKeyIsOf(certificate, merchant));
}

/**
 * @param {unknown} key
 * @returns {key is CryptoKey}
 */
export function isCryptoKey(key) {
  return Object.prototype.toString.call(key) === '[object CryptoKey]';
}

/**
 * @param {unknown} signer
 * @returns {signer is { sign: (message: Uint8Array) => unknown }}
 */
function hasSign(signer) {
  return typeof signer === 'object' && signer !== null && 'sign' in signer && typeof signer.sign === 'function';
}

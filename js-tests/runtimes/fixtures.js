/** The fixtures of the suite, made outside its runtime with node:crypto and openssl. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePlatformKey } from '#testing/keys.js';
import { merchant, NOW, PARAMS, platform, withOpenssl } from '../fixtures.js';

/** The merchants of the load test: a hundred numbers that share one key. */
export const manyMerchants = Array.from({ length: 100 }, (_, index) => ({ ...merchant, mchid: `1900${index}` }));

export async function makeFixtures() {
  return {
    NOW,
    PARAMS,
    merchant,
    platform,
    otherPlatform: await makePlatformKey(),
    privateKeys: [2048, 3072, 4096].flatMap(makePrivateKeys),
    ...withOpenssl(makeCertificate),
    olderCertificate: withOpenssl(makeOlderCertificate),
    unusableKeys: withOpenssl(makeUnusableKeys),
    mistakenKeys: withOpenssl(makeMistakenKeys),
  };
}

/**
 * A key in every form, and as PKCS#8, the only form that WebCrypto imports.
 * @param {number} bits
 */
function makePrivateKeys(bits) {
  return withOpenssl((openssl) => {
    openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`, '-quiet', '-out', 'key.pem');
    const pkcs8 = openssl('pkey', '-in', 'key.pem');
    return Object.entries({
      'PKCS#8': pkcs8,
      'PKCS#1': openssl('rsa', '-in', 'key.pem', '-traditional'),
      'with its numbers as text': openssl('pkey', '-in', 'key.pem', '-text'),
      'with Windows line ends': pkcs8.replaceAll('\n', '\r\n'),
      indented: `\n  ${pkcs8.replaceAll('\n', ' \n ')}`,
    }).map(([form, pem]) => ({ form: `${bits} bits, ${form}`, pem, pkcs8 }));
  });
}

/** @param {(...args: string[]) => string} openssl */
function makeCertificate(openssl) {
  const subject = ['-subj', '/CN=Tenpay', '-set_serial', '0x05C1E5A9', '-days', '3650'];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'c.pem', ...subject);
  const pem = openssl('x509', '-in', 'c.pem', '-text');
  const { validFrom, validTo, serialNumber } = new X509Certificate(pem);
  const seconds = (/** @type {string} */ date) => Date.parse(date) / 1000;
  return {
    certificate: {
      pem,
      serial: serialNumber,
      validFrom: seconds(validFrom),
      validTo: seconds(validTo),
      privateKey: openssl('pkey', '-in', 'key.pem'),
    },
    /** The public key of the certificate, in formats without a serial. */
    publicKeys: {
      SPKI: openssl('rsa', '-in', 'key.pem', '-pubout'),
      'PKCS#1': openssl('rsa', '-in', 'key.pem', '-RSAPublicKey_out'),
    },
  };
}

/**
 * Another certificate by its serial, valid since 2020.
 * @param {(...args: string[]) => string} openssl
 * @param {string} folder
 */
function makeOlderCertificate(openssl, folder) {
  const settings =
    '[ca]\ndefault_ca=a\n[a]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\nCN=supplied\n';
  for (const [name, content] of Object.entries({ settings, index: '', serial: 'ABCDEF' })) {
    writeFileSync(join(folder, name), content);
  }
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'r.pem', '-subj', '/CN=Tenpay');
  const dates = ['-startdate', '20200101000000Z', '-enddate', '20500101000000Z'];
  openssl(
    'ca',
    '-batch',
    '-selfsign',
    '-config',
    'settings',
    '-keyfile',
    'key.pem',
    '-in',
    'r.pem',
    '-out',
    'c.pem',
    ...dates,
  );
  return { ABCDEF: openssl('x509', '-in', 'c.pem') };
}

/**
 * @param {(...args: string[]) => string} openssl
 * @returns {Record<string, { pem: string, says: string }>}  what is wrong, and what the error must mention
 */
function makeUnusableKeys(openssl) {
  const good = merchant.privateKey;
  const pass = ['-passout', 'pass:secret'];
  openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-quiet', '-out', 'k.pem');
  const generate = (/** @type {string} */ algorithm, /** @type {string} */ option) =>
    openssl('genpkey', '-algorithm', algorithm, '-pkeyopt', option, '-quiet');
  return {
    'too short a key': { pem: generate('RSA', 'rsa_keygen_bits:1024'), says: '1024 bits' },
    'an elliptic curve': { pem: generate('EC', 'ec_paramgen_curve:P-256'), says: 'not an RSA key' },
    'an encrypted PKCS#8': { pem: openssl('pkcs8', '-topk8', '-in', 'k.pem', ...pass), says: 'decrypt' },
    'an encrypted PKCS#1': {
      pem: openssl('rsa', '-in', 'k.pem', '-traditional', '-aes128', ...pass),
      says: 'encrypted',
    },
    'a public key': { pem: merchant.publicKey, says: 'apiclient_key.pem' },
    'tabs that are written out': { pem: good.replaceAll('\n', '\\t'), says: 'not Base64' },
    'half a PEM': { pem: good.slice(0, 500), says: 'cut short' },
    'a PEM that lacks a line': { pem: good.replace(/.{64}\n/, ''), says: 'damaged' },
    'an empty text': { pem: '', says: 'environment variable' },
    'another text': { pem: 'hello', says: 'not a PEM' },
  };
}

/**
 * Files and texts that are not the expected key, and the words that the error must contain if they are passed as a private key
 * or as WeChat Pay's key. Files are in Base64.
 * @param {(...args: string[]) => string} openssl
 * @param {string} folder
 * @returns {Record<string, { text?: string, file?: string, asPrivate?: string, asPublic?: string }>}
 */
function makeMistakenKeys(openssl, folder) {
  const file = (/** @type {string[]} */ ...args) => {
    openssl(...args, '-out', 'made');
    return readFileSync(join(folder, 'made')).toString('base64');
  };
  const generate = (/** @type {string[]} */ ...args) => openssl('genpkey', '-quiet', '-algorithm', ...args);
  const keys = {
    'an EC key': generate('EC', '-pkeyopt', 'ec_paramgen_curve:P-256'),
    'an SM2 key': generate('SM2'),
    'an Ed25519 key': generate('ED25519'),
    'an RSA-PSS key': generate('RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'),
  };
  const others = Object.entries(keys).flatMap(([name, pem]) => {
    writeFileSync(join(folder, 'other.pem'), pem);
    const says = `${name}, not an RSA key`;
    const inDer = ['pkcs8', '-topk8', '-nocrypt', '-in', 'other.pem', '-outform', 'DER'];
    return [
      [name, { text: pem, asPrivate: says, asPublic: 'never a private key' }],
      [`${name} in DER`, { file: file(...inDer), asPrivate: says }],
      [`the public half of ${name}`, { text: openssl('pkey', '-in', 'other.pem', '-pubout'), asPublic: says }],
    ];
  });
  writeFileSync(join(folder, 'ec.pem'), keys['an EC key']);
  const sec1 = file('ec', '-in', 'ec.pem', '-outform', 'DER');
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'k.pem', '-out', 'c.pem', '-subj', '/CN=x');
  const pem = readFileSync(join(folder, 'k.pem'), 'utf8');
  const base64 = pem.replace(/-----.*?-----|\s/g, '');
  const encrypted = file('pkcs8', '-topk8', '-in', 'k.pem', '-passout', 'pass:word', '-outform', 'DER');
  const p12 = file('pkcs12', '-export', '-inkey', 'k.pem', '-in', 'c.pem', '-passout', 'pass:1900000100');
  const aPath = "is a path, not a key: pass the file's content, readFileSync('…/apiclient_key.pem')";
  const aFileUrl = 'is a file URL, not a key: pass the file';
  const bareBase64 = "is not a PEM but bare Base64: pass the decoded bytes, Buffer.from(…, 'base64')";
  const pemInBase64 = "is not a PEM but a PEM in Base64: decode it first, Buffer.from(…, 'base64')";
  return {
    ...Object.fromEntries(others),
    'an EC key in SEC1': { file: sec1, asPrivate: 'is an EC key, not an RSA key', asPublic: 'never a private key' },
    'a path': { text: '/home/me/keys/apiclient_key.pem', asPrivate: aPath, asPublic: aPath },
    'a path in bytes': { file: btoa('./apiclient_key.pem'), asPrivate: aPath, asPublic: aPath },
    'a file URL': { text: 'file:///home/me/apiclient_key.pem', asPrivate: aFileUrl, asPublic: aFileUrl },
    'bare Base64': { text: base64, asPrivate: bareBase64, asPublic: bareBase64 },
    'a PEM in Base64': { text: btoa(pem), asPrivate: pemInBase64, asPublic: pemInBase64 },
    'a PKCS#12 file': {
      file: p12,
      asPrivate:
        'is a PKCS#12 file (.p12), but must be a private key in PKCS#8 or PKCS#1: take the key out of it, openssl pkcs12',
      asPublic: 'is a PKCS#12 file (.p12)',
    },
    'an encrypted key in DER': {
      file: encrypted,
      asPrivate: 'openssl pkcs8 -topk8 -nocrypt',
      asPublic: 'is encrypted',
    },
    'a certificate': {
      text: readFileSync(join(folder, 'c.pem'), 'utf8'),
      asPrivate: 'holds CERTIFICATE, but must hold PRIVATE KEY',
    },
    'a certificate in DER': { file: file('x509', '-in', 'c.pem', '-outform', 'DER'), asPrivate: 'is a certificate' },
    'a public key in DER': {
      file: file('pkey', '-in', 'k.pem', '-pubout', '-outform', 'DER'),
      asPrivate: 'is a public key',
    },
    'a private key': { text: pem, asPublic: 'never a private key' },
    'a private key in DER': { file: base64, asPublic: 'is a private key' },
    'an empty file': { file: '', asPrivate: 'is empty', asPublic: 'is empty' },
    'a text in UTF-16': {
      file: Buffer.from(`\ufeff${pem}`, 'utf16le').toString('base64'),
      asPrivate: 'UTF-8',
      asPublic: 'UTF-8',
    },
  };
}

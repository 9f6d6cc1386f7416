/** The fixtures of the suite, made outside its runtime with node:crypto and openssl. */
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
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
  };
}

/**
 * One key in every form, and as PKCS#8, the only form that WebCrypto imports.
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

/** Secrets do not stay in the memory of the WebAssembly module: the plaintext of a field, and a key that the host signs with. */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { merchant, NOW, PARAMS, platform, signedResponse } from './fixtures.js';

/** The instances that the package starts. It starts the first one with the first call. */
const instances = /** @type {WebAssembly.Instance[]} */ ([]);
WebAssembly.Instance = class extends WebAssembly.Instance {
  /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} [imports] */
  constructor(module, imports) {
    super(module, imports);
    instances.push(this);
  }
};
const { createClient, decryptField, encryptField, signAuthorization } = await import('wechatpay-presign');

/** @param {string | Buffer} text */
function isInMemory(text) {
  const memories = instances.map(({ exports }) => /** @type {WebAssembly.Memory} */ (exports.memory));
  assert.equal(memories.length, 1);
  return memories.some(({ buffer }) => Buffer.from(buffer).includes(text));
}

const PLAINTEXTS = ['VISIBLE-PLAINTEXT-4111111111111111', '张三身份证号码一二三四五六七八九十'];

for (const plaintext of PLAINTEXTS) {
  test(`encryptField leaves no copy of ${plaintext}`, () => {
    encryptField(plaintext, platform.publicKey);
    assert.equal(isInMemory(plaintext), false);
  });

  test(`decryptField leaves no copy of ${plaintext}`, () => {
    const ciphertext = encryptField(plaintext, merchant.publicKey);
    assert.equal(decryptField(ciphertext, merchant.privateKey), plaintext);
    assert.equal(isInMemory(plaintext), false);
  });

  test(`encryptField that fails leaves no copy of ${plaintext}`, () => {
    assert.throws(() => encryptField(plaintext.repeat(20), platform.publicKey), { code: 'ERR_INVALID_PARAMETER' });
    assert.equal(isInMemory(plaintext), false);
  });
}

test('the search finds a text in the memory', () => {
  const nonce = 'A-NONCE-THAT-IS-NOT-SECRET';
  signAuthorization({ method: 'GET', url: '/v3/x' }, merchant, { nonce });
  assert.equal(isInMemory(nonce), true);
});

const der = createPrivateKey(merchant.privateKey).export({ type: 'pkcs8', format: 'der' });
// The private exponent and the primes, as the file has them.
const { d, p, q } = createPrivateKey(merchant.privateKey).export({ format: 'jwk' });
const secrets = [d, p, q].map((number = '') => Buffer.from(number, 'base64url').subarray(20, 60));

for (const [form, privateKey] of Object.entries({
  'a PEM': merchant.privateKey,
  'the bytes of a PEM': Buffer.from(merchant.privateKey),
  DER: der,
  'a KeyObject': createPrivateKey(merchant.privateKey),
})) {
  test(`a client that signs with the host leaves no copy of a private key that is ${form}`, async () => {
    const { status, headers, body } = signedResponse();
    const fetch = async () => new Response(String(body), { status, headers });
    const { mchid, serial } = merchant;
    const certs = { [platform.serial]: platform.publicKey };
    const client = createClient({ mchid, serial, privateKey, certs, clock: () => NOW * 1000, fetch });
    await client.presign(PARAMS);
    for (const secret of secrets) assert.equal(isInMemory(secret), false);
    assert.equal(isInMemory(merchant.privateKey.slice(200, 260)), false);
  });
}

test('the secret numbers are in the key file', () => {
  for (const secret of secrets) assert.equal(der.includes(secret), true);
});

/** The plaintext of a sensitive field does not stay in the memory of the WebAssembly module. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merchant, platform } from './fixtures.js';

/** The instances that the package starts, which it does with the first call. */
const instances = /** @type {WebAssembly.Instance[]} */ ([]);
WebAssembly.Instance = class extends WebAssembly.Instance {
  /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} [imports] */
  constructor(module, imports) {
    super(module, imports);
    instances.push(this);
  }
};
const { decryptField, encryptField, signAuthorization } = await import('wechatpay-presign');

/** @param {string} text */
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

test('the search finds a text that is in the memory', () => {
  const nonce = 'A-NONCE-THAT-IS-NOT-SECRET';
  signAuthorization({ method: 'GET', url: '/v3/x' }, merchant, { nonce });
  assert.equal(isInMemory(nonce), true);
});

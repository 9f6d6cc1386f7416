/** Sensitive fields: the runtime's WebCrypto decrypts fields that the package encrypted, and vice versa. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { thrownBy } from './thrown-by.js';
import { base64, bytesOfBase64, derOf, utf8 } from './web-crypto.js';

const OAEP = { name: 'RSA-OAEP', hash: 'SHA-1' };

/** @param {import('./index.js').Suite} suite */
export default function define({ test, fixtures }) {
  const { merchant, platform, certificate, publicKeys, privateKeys } = fixtures;
  const ownKey = () => w.MerchantKey.fromPem(merchant.privateKey);
  // The most bytes that a 2048-bit key can encrypt.
  const longest = `${'张'.repeat(71)}x`;
  const texts = ['x', '张三', '🙂', 'a\u0000b', longest];

  /** @param {string} privateKey @param {string} ciphertext */
  async function decrypted(privateKey, ciphertext) {
    const key = await crypto.subtle.importKey('pkcs8', derOf(privateKey), OAEP, false, ['decrypt']);
    const bytes = await crypto.subtle.decrypt(OAEP.name, key, bytesOfBase64(ciphertext));
    return new TextDecoder().decode(bytes);
  }

  /** @param {string} publicKey @param {Uint8Array<ArrayBuffer>} plaintext @param {string} [hash] */
  async function encrypted(publicKey, plaintext, hash = OAEP.hash) {
    const algorithm = { name: OAEP.name, hash };
    const key = await crypto.subtle.importKey('spki', derOf(publicKey), algorithm, false, ['encrypt']);
    return new Uint8Array(await crypto.subtle.encrypt(OAEP.name, key, plaintext));
  }

  test('WebCrypto decrypts a field from encryptField, with every form of a key', async () => {
    for (const text of texts) {
      assert.strictEqual(await decrypted(platform.privateKey, w.encryptField(text, platform.publicKey)), text);
    }
    for (const key of [
      certificate.pem,
      publicKeys.SPKI,
      publicKeys['PKCS#1'],
      w.PlatformKey.fromPem(certificate.pem),
    ]) {
      assert.strictEqual(await decrypted(certificate.privateKey, w.encryptField('张三', key)), '张三');
    }
  });

  test('never makes the same ciphertext twice', () => {
    const all = new Set(Array.from({ length: 20 }, () => w.encryptField('张三', platform.publicKey)));
    assert.strictEqual(all.size, 20);
  });

  test('decryptField decrypts a field from WebCrypto', async () => {
    for (const text of texts) {
      const ciphertext = base64(await encrypted(merchant.publicKey, utf8(text)));
      assert.strictEqual(w.decryptField(ciphertext, merchant.privateKey), text);
    }
    const key = ownKey();
    assert.strictEqual(w.decryptField(base64(await encrypted(merchant.publicKey, utf8('x'))), key), 'x');
    assert.strictEqual(w.decryptField(base64(await encrypted(merchant.publicKey, new Uint8Array())), key), '');
  });

  test('encrypts and decrypts with keys of all sizes', async () => {
    for (const { pem, pkcs8, form } of privateKeys.filter(({ form }) => / PKCS#8$/.test(form))) {
      const { kty, n, e } = await crypto.subtle.exportKey(
        'jwk',
        await crypto.subtle.importKey('pkcs8', derOf(pkcs8), OAEP, true, ['decrypt']),
      );
      const key = await crypto.subtle.importKey('jwk', /** @type {any} */ ({ kty, n, e }), OAEP, true, ['encrypt']);
      const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key));
      const publicKey = `-----BEGIN PUBLIC KEY-----\n${base64(spki)}\n-----END PUBLIC KEY-----\n`;
      const text = 'x'.repeat(Number.parseInt(form, 10) / 8 - 42);
      const ciphertext = w.encryptField(text, publicKey);
      assert.strictEqual(await decrypted(pkcs8, ciphertext), text, form);
      assert.strictEqual(w.decryptField(ciphertext, pem), text, form);
      assert.strictEqual((await thrownBy(() => w.encryptField(`${text}x`, publicKey))).rule, 'max-length', form);
    }
  });

  for (const [name, plaintext, rule] of /** @type {[string, any, string][]} */ ([
    ['no plaintext', undefined, 'required'],
    ['an empty plaintext', '', 'required'],
    ['a plaintext that is too long', `${longest}x`, 'max-length'],
    ['a plaintext that is not a string', 5, 'type'],
    ['half a character', '\ud83d', 'characters'],
  ])) {
    test(`rejects ${name}`, async () => {
      const error = await thrownBy(() => w.encryptField(plaintext, platform.publicKey));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.deepEqual([error.field, error.rule], ['plaintext', rule]);
      assert.notInclude(error.message, longest);
    });
  }

  test('rejects values that are not keys', async () => {
    for (const key of [undefined, null, 5, {}, ownKey()]) {
      const error = await thrownBy(() => w.encryptField('x', /** @type {any} */ (key)));
      assert.ok(error instanceof w.InvalidParameterError && error.field === 'platformKey', String(error));
    }
    for (const key of [undefined, null, 5, {}, w.PlatformKey.fromPem(certificate.pem)]) {
      const error = await thrownBy(() => w.decryptField('AAAA', /** @type {any} */ (key)));
      assert.ok(error instanceof w.InvalidParameterError && error.field === 'merchantKey', String(error));
    }
    assert.ok((await thrownBy(() => w.encryptField('x', merchant.privateKey))) instanceof w.InvalidKeyError);
    assert.ok((await thrownBy(() => w.decryptField('AAAA', platform.publicKey))) instanceof w.InvalidKeyError);
  });

  for (const [name, ciphertext, rule] of /** @type {[string, any, string][]} */ ([
    ['no ciphertext', undefined, 'required'],
    ['a ciphertext that is not Base64', '***', 'base64'],
    ['bytes', new Uint8Array(256), 'type'],
  ])) {
    test(`rejects ${name} as a ciphertext`, async () => {
      const error = await thrownBy(() => w.decryptField(ciphertext, merchant.privateKey));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.deepEqual([error.field, error.rule], ['ciphertext', rule]);
    });
  }

  test('gives the same error for every wrong ciphertext', async () => {
    const good = await encrypted(merchant.publicKey, utf8('张三'));
    const changed = (/** @type {number} */ place) => good.map((byte, index) => (index === place ? byte ^ 1 : byte));
    /** @type {Record<string, Uint8Array>} */
    const wrong = {
      'its first byte': changed(0),
      'its last byte': changed(255),
      'another key': await encrypted(platform.publicKey, utf8('张三')),
      'another padding': await encrypted(merchant.publicKey, utf8('张三'), 'SHA-256'),
      'no text': await encrypted(merchant.publicKey, Uint8Array.of(0xff, 0xfe)),
      'too short': good.subarray(1),
      'too long': Uint8Array.of(0, ...good),
      nothing: new Uint8Array(256),
      one: new Uint8Array(256).map((_, index) => Number(index === 255)),
      'beyond the modulus': new Uint8Array(256).fill(0xff),
    };
    const messages = new Set();
    for (const [name, bytes] of Object.entries(wrong)) {
      const error = await thrownBy(() => w.decryptField(base64(bytes), merchant.privateKey));
      assert.ok(error instanceof w.DecryptionError, `${name}: ${error}`);
      messages.add(`${error.code} ${error.message} ${Object.keys(error)}`);
    }
    assert.strictEqual(messages.size, 1, [...messages].join('\n'));
  });
}

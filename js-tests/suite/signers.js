/** The signers of a client: the wasm, the host's cryptography, a CryptoKey, and an external signer. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { scriptedFetch } from './scripted-fetch.js';
import { responder } from './signed-response.js';
import { thrownBy } from './thrown-by.js';
import { importKey, sign } from './web-crypto.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, PARAMS, merchant, platform, certificate } = fixtures;
  const respond = responder(fixtures);
  const certs = { [platform.serial]: platform.publicKey };
  const common = { mchid: merchant.mchid, certs, clock: () => NOW * 1000, nonce: () => 'NONCE', retries: 0 };
  const own = { ...common, serial: certificate.serial, certificate: certificate.pem };

  /** @param {any} config */
  async function authorizationOf(config) {
    const { fetch, requests } = scriptedFetch(() => respond());
    await w.createClient({ ...config, fetch }).presign(PARAMS);
    return requests[0]?.headers['Authorization'];
  }

  /** @param {any} config */
  async function refusalOf(config) {
    const { fetch, requests } = scriptedFetch(() => respond());
    const error = await thrownBy(() => w.createClient({ ...config, fetch }).presign(PARAMS));
    assert.strictEqual(requests.length, 0);
    return error;
  }

  test('all signers make the same header', async () => {
    const { privateKey } = certificate;
    /** Like a KMS: it holds the key, receives the message and returns the signature. */
    const kms = { sign: async (/** @type {Uint8Array} */ message) => sign(privateKey, message) };
    const byWasm = await authorizationOf({ ...own, privateKey, crypto: 'wasm' });
    assert.strictEqual(await authorizationOf({ ...own, privateKey }), byWasm);
    assert.strictEqual(await authorizationOf({ ...own, privateKey: w.MerchantKey.fromPem(privateKey) }), byWasm);
    assert.match(byWasm ?? '', /^WECHATPAY2-SHA256-RSA2048 mchid=/);
    assert.strictEqual(await authorizationOf({ ...own, privateKey: await importKey(privateKey) }), byWasm);
    assert.strictEqual(await authorizationOf({ ...own, signer: kms }), byWasm);
    assert.strictEqual(await authorizationOf({ ...own, certificate: undefined, signer: kms }), byWasm);
  });

  for (const { form, pem } of fixtures.privateKeys) {
    test(`the host and the wasm make the same signature with ${form}`, async () => {
      const config = { ...common, serial: merchant.serial, privateKey: pem };
      assert.strictEqual(
        await authorizationOf({ ...config, crypto: 'host' }),
        await authorizationOf({ ...config, crypto: 'wasm' }),
      );
    });
  }

  test('the host and the wasm verify alike with every form of a key', async () => {
    const id = 'PUB_KEY_ID_0119000001002025010100111111111111';
    const keys = [
      ...Object.values(fixtures.publicKeys).map((key) => /** @type {const} */ ([id, key])),
      /** @type {const} */ ([certificate.serial, w.PlatformKey.fromPem(certificate.pem)]),
      /** @type {const} */ ([certificate.serial, certificate.pem]),
    ];
    for (const crypto of /** @type {const} */ (['host', 'wasm'])) {
      for (const [serial, key] of keys) {
        const certs = { [serial]: key };
        const by = { ...certificate, serial };
        const now = certificate.validFrom + 60;
        const config = { ...common, certs, crypto, serial: merchant.serial, privateKey: merchant.privateKey };
        const clock = () => now * 1000;
        const ask = (/** @type {any} */ making) =>
          w
            .createClient({
              ...config,
              clock,
              fetch: async () => respond({ by, timestamp: now, ...making }),
            })
            .presign(PARAMS);
        assert.strictEqual((await ask({})).mchid, '1900000100');
        for (const [making, reason] of /** @type {[any, string][]} */ ([
          [{ by: { ...platform, serial } }, 'bad-signature'],
          [{ by: { ...certificate, serial: 'ABC' } }, 'unknown-serial'],
          [{ timestamp: now - 301 }, 'stale-timestamp'],
          [{ headers: { 'Wechatpay-Signature': '***' } }, 'bad-signature'],
          [{ headers: { 'Wechatpay-Signature': 'AAAA' } }, 'bad-signature'],
          [{ headers: { 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/x' } }, 'sign-test'],
          [{ headers: { 'Wechatpay-Nonce': 'other' } }, 'bad-signature'],
        ])) {
          assert.strictEqual((await thrownBy(() => ask(making))).reason, reason, `${crypto} ${JSON.stringify(making)}`);
        }
      }
    }
  });

  test('the option crypto is host or wasm', async () => {
    const config = { ...common, serial: merchant.serial, privateKey: merchant.privateKey, crypto: 'node' };
    const error = await thrownBy(() => w.createClient(/** @type {any} */ (config)));
    assert.deepEqual([error.field, error.rule], ['crypto', 'choice']);
  });

  test('createClient rejects a CryptoKey for another algorithm or usage', async () => {
    const algorithm = {
      name: 'RSA-PSS',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    };
    const usages = /** @type {const} */ (['sign', 'verify']);
    const { privateKey } = /** @type {CryptoKeyPair} */ (
      await crypto.subtle.generateKey(algorithm, false, [...usages])
    );
    const error = await thrownBy(() => w.createClient(/** @type {any} */ ({ ...own, privateKey })));
    assert.ok(error instanceof w.InvalidKeyError, String(error));
    assert.match(error.message, /RSASSA-PKCS1-v1_5/);
  });

  for (const [name, signature] of /** @type {[string, unknown][]} */ ([
    ['nothing', undefined],
    ['a string', 'c2lnbmF0dXJl'],
    ['too few bytes', new Uint8Array(64)],
    ['too many bytes', new Uint8Array(1024)],
    ['an ArrayBuffer', new ArrayBuffer(256)],
  ])) {
    test(`if a signer returns ${name}, nothing is sent`, async () => {
      const error = await refusalOf({ ...common, serial: merchant.serial, signer: { sign: () => signature } });
      assert.strictEqual(error.code, 'ERR_SIGNING');
    });
  }

  test('with a certificate, nothing is sent if a signer signs another message or with another key', async () => {
    const { privateKey } = certificate;
    for (const [by, change] of /** @type {[string, (message: Uint8Array) => any][]} */ ([
      [merchant.privateKey, (message) => message],
      [privateKey, (message) => message.subarray(1)],
      [privateKey, async (message) => new Uint8Array(await crypto.subtle.digest('SHA-256', message.slice()))],
    ])) {
      const signer = { sign: async (/** @type {Uint8Array} */ message) => sign(by, await change(message)) };
      const error = await refusalOf({ ...own, signer });
      assert.strictEqual(error.code, 'ERR_SIGNING');
      assert.match(error.message, /certificate/);
    }
    // Changing the message in place does not make its signature pass either.
    const scribbling = async (/** @type {Uint8Array} */ message) => sign(privateKey, message.fill(65));
    assert.strictEqual((await refusalOf({ ...own, signer: { sign: scribbling } })).code, 'ERR_SIGNING');
  });

  test('an error of a signer becomes the cause of a HostError', async () => {
    const denied = new Error('AccessDenied');
    const rejecting = { sign: () => Promise.reject(denied) };
    const error = await refusalOf({ ...own, signer: rejecting });
    assert.ok(error instanceof w.HostError, String(error));
    assert.deepEqual([error.code, error.operation, error.cause], ['ERR_SIGNING', 'signer', denied]);
  });

  test('an error of a signer does not claim that nothing was sent, if an earlier attempt was', async () => {
    let calls = 0;
    const signing = { sign: () => (++calls === 1 ? new Uint8Array(256) : Promise.reject(new Error('AccessDenied'))) };
    const { fetch, requests } = scriptedFetch(() => Promise.reject(new TypeError('fetch failed')));
    const options = { mchid: merchant.mchid, serial: merchant.serial, signer: signing, retries: 1, retryDelayMs: 1 };
    const client = w.createClient({ ...common, ...options, fetch });
    const error = await thrownBy(() => client.chain('v3/pay/transactions/jsapi').post({ json: {} }));
    assert.deepEqual([error.code, error.outcomeUnknown, requests.length], ['ERR_SIGNING', true, 1]);
    assert.notMatch(error.message, /nothing was sent/);
  });
}

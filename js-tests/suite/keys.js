/** Keys in every accepted format, made by openssl, and their lifetime. */
import { assert } from 'chai';
import {
  buildPresignRequest,
  InvalidKeyError,
  InvalidParameterError,
  MerchantKey,
  PlatformKey,
  signAuthorization,
  verifyResponse,
} from 'wechatpay-presign';
import { responseSigner } from './signed-response.js';
import { thrownBy } from './thrown-by.js';
import { base64, sign } from './web-crypto.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant, platform, certificate, publicKeys } = fixtures;
  const signedResponse = responseSigner(fixtures);
  const request = { method: 'GET', url: 'https://api.mch.weixin.qq.com/v3/certificates' };
  const signingParams = { timestamp: NOW, nonce: 'N' };

  /** @param {string | MerchantKey} privateKey */
  function signatureWith(privateKey) {
    const header = signAuthorization(request, { ...merchant, privateKey }, signingParams);
    return /signature="(.*?)"/.exec(header)?.[1];
  }

  /** @param {string} pkcs8 */
  async function expected(pkcs8) {
    return base64(await sign(pkcs8, `GET\n/v3/certificates\n${NOW}\nN\n\n`));
  }

  /** @param {string} text @param {string} pem */
  function assertNothingOf(text, pem) {
    for (const line of pem.split('\n')) {
      if (/^[A-Za-z0-9+/=]{40,}$/.test(line)) assert.notInclude(text, line.slice(0, 16));
    }
  }

  for (const { form, pem, pkcs8 } of fixtures.privateKeys) {
    test(`signs with a private key: ${form}`, async () =>
      assert.strictEqual(signatureWith(pem), await expected(pkcs8)));
  }

  for (const [form, pem] of Object.entries({ certificate: certificate.pem, ...publicKeys })) {
    test(`verifies with a platform key: ${form}`, async () => {
      const now = certificate.validFrom;
      const response = await signedResponse({ by: certificate, timestamp: now });
      for (const serial of [certificate.serial, '5C1E5A9', '05c1e5a9', '0005C1E5A9']) {
        for (const key of [pem, PlatformKey.fromPem(pem)]) {
          assert.deepEqual(verifyResponse(response, { certs: { [serial]: key } }, { now }), { mchid: '1900000100' });
        }
      }
      assert.strictEqual(PlatformKey.fromPem(pem).serial, form === 'certificate' ? certificate.serial : undefined);
    });
  }

  test('rejects a certificate listed under another serial', async () => {
    const response = await signedResponse({ by: certificate, timestamp: certificate.validFrom });
    const trust = { certs: { ABC: certificate.pem } };
    const error = await thrownBy(() => verifyResponse(response, trust, { now: certificate.validFrom }));
    assert.ok(error instanceof InvalidKeyError, String(error));
    assert.match(error.message, /ABC.*05C1E5A9/);
  });

  test('rejects a certificate before and after its validity', async () => {
    const { validFrom, validTo } = certificate;
    const trust = { certs: { [certificate.serial]: certificate.pem } };
    for (const [now, says] of /** @type {[number, RegExp | undefined][]} */ ([
      [validFrom - 1, /not valid before/],
      [validFrom, undefined],
      [validTo, undefined],
      [validTo + 1, /expired/],
    ])) {
      const response = await signedResponse({ by: certificate, timestamp: now });
      if (says === undefined) {
        assert.ok(verifyResponse(response, trust, { now }));
      } else {
        const error = await thrownBy(() => verifyResponse(response, trust, { now }));
        assert.ok(error instanceof InvalidKeyError, String(error));
        assert.match(error.message, says);
        assert.strictEqual(error.requestId, '08F78BB5AF0610D302-0');
      }
    }
  });

  for (const [name, { pem, says }] of Object.entries(fixtures.unusableKeys)) {
    test(`rejects ${name}, and shows none of it`, async () => {
      const error = await thrownBy(() => MerchantKey.fromPem(pem));
      assert.ok(error instanceof InvalidKeyError, String(error));
      assert.include(error.message, says);
      assertNothingOf(`${error}${error.stack}${JSON.stringify(error)}`, pem);
    });
  }

  test('rejects a private key in place of a platform key', async () => {
    const error = await thrownBy(() => PlatformKey.fromPem(merchant.privateKey));
    assert.match(error.message, /never a private key/);
  });

  test('rejects a missing key', async () => {
    const error = await thrownBy(() => MerchantKey.fromPem(/** @type {any} */ (undefined)));
    assert.strictEqual(error.field, 'privateKey');
    assert.match(error.message, /environment variable/);
  });

  test('a key prints nothing of itself, and only fromPem makes one', async () => {
    const key = MerchantKey.fromPem(merchant.privateKey);
    assert.strictEqual(JSON.stringify(key), '{}');
    assert.deepEqual(Reflect.ownKeys(key), []);
    assert.strictEqual(String(key), '[object Object]');
    for (const Class of [MerchantKey, PlatformKey]) {
      const error = await thrownBy(() => Reflect.construct(Class, []));
      assert.ok(error instanceof InvalidParameterError, String(error));
      assert.include(error.message, `use ${Class.name}.fromPem(pem)`);
    }
  });

  test('free and dispose free a key, and using it afterwards fails', async () => {
    for (const end of [(/** @type {any} */ key) => key.free(), (/** @type {any} */ key) => key[DISPOSE]()]) {
      const key = MerchantKey.fromPem(merchant.privateKey);
      assert.strictEqual(signatureWith(key), await expected(merchant.privateKey));
      end(key);
      end(key);
      const error = await thrownBy(() => signatureWith(key));
      assert.ok(error instanceof InvalidKeyError, String(error));
      assert.match(error.message, /MerchantKey has been freed/);
    }
    const key = PlatformKey.fromPem(platform.publicKey);
    key.free();
    assert.match((await thrownBy(() => key.serial)).message, /PlatformKey has been freed/);
    assert.strictEqual(signatureWith(merchant.privateKey), await expected(merchant.privateKey));
  });

  test('does not quote a key that stands in place of a name', async () => {
    const pem = merchant.privateKey;
    const response = await signedResponse();
    /** @type {(() => unknown)[]} */
    const slips = [
      () => verifyResponse(response, { certs: { [pem]: platform.publicKey } }, { now: NOW }),
      () => verifyResponse(response, { certs: { [pem]: 'x' } }),
      () => verifyResponse(response, { certs: { [pem]: /** @type {any} */ (1) } }),
      () => verifyResponse(response, { certs: { [pem]: certificate.pem } }, { now: NOW }),
      () => signAuthorization(request, merchant, /** @type {any} */ ({ [pem]: 1 })),
      () => buildPresignRequest(/** @type {any} */ ({ [pem]: 1 })),
      () =>
        signAuthorization(
          { method: pem, url: pem, body: pem },
          { ...merchant, mchid: pem, serial: pem },
          { nonce: pem },
        ),
    ];
    for (const slip of slips) {
      const error = await thrownBy(slip);
      assertNothingOf(`${error}${error.stack}${JSON.stringify(error)}`, pem);
    }
  });
}

// Where the host lacks Symbol.dispose, the package uses this symbol.
const DISPOSE = Symbol.dispose ?? Symbol.for('Symbol.dispose');

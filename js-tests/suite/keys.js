/** Keys in every accepted format, made by openssl, and their lifetime. */
import { assert } from 'chai';
import {
  buildPresignRequest,
  createClient,
  decryptField,
  encryptField,
  InvalidKeyError,
  InvalidParameterError,
  MerchantKey,
  PlatformKey,
  signAuthorization,
  signPaymentParams,
  verifyResponse,
} from 'wechatpay-presign';
import { scriptedFetch } from './scripted-fetch.js';
import { responder, responseSigner } from './signed-response.js';
import { thrownBy } from './thrown-by.js';
import { base64, bytesOfBase64, derOf, importKey, sign, utf8 } from './web-crypto.js';

/** node:crypto, if the runtime has it. */
const nodeCrypto = /** @type {any} */ (globalThis).process?.getBuiltinModule?.('node:crypto');

/** @param {string} pem @param {'pkcs8' | 'spki'} type */
const likeKeyObject = (pem, type) => ({ type: type === 'pkcs8' ? 'private' : 'public', export: () => derOf(pem) });

/** @param {string} pem @param {'pkcs8' | 'spki'} type */
const keyObject = (pem, type) => nodeCrypto[type === 'pkcs8' ? 'createPrivateKey' : 'createPublicKey'](pem);

/**
 * Every form in which a key may be passed.
 * @param {string} pem
 * @param {'pkcs8' | 'spki'} [type]  none for a certificate
 * @returns {Record<string, any>}
 */
function formsOf(pem, type) {
  const spacious = new Uint8Array(10_000);
  spacious.set(derOf(pem), 100);
  return {
    'a PEM': pem,
    'a PEM with \\n written out': pem.replaceAll('\n', '\\n'),
    'the bytes of a PEM': utf8(pem),
    DER: derOf(pem),
    'DER in the middle of a buffer': spacious.subarray(100, 100 + derOf(pem).length),
    // Runtimes without Node.js's Buffer and KeyObject use similar objects.
    'a Buffer': globalThis.Buffer?.from(pem) ?? new (class extends Uint8Array {})(utf8(pem)),
    ...(type && {
      'an object like a KeyObject': likeKeyObject(pem, type),
      'a KeyObject': nodeCrypto === undefined ? likeKeyObject(pem, type) : keyObject(pem, type),
    }),
  };
}

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant, platform, certificate, publicKeys } = fixtures;
  const signedResponse = responseSigner(fixtures);
  const request = { method: 'GET', url: 'https://api.mch.weixin.qq.com/v3/certificates' };
  const signingParams = { timestamp: NOW, nonce: 'N' };

  const respond = responder(fixtures);
  const certs = { [platform.serial]: platform.publicKey };
  const common = {
    mchid: merchant.mchid,
    serial: merchant.serial,
    privateKey: merchant.privateKey,
    nonce: () => 'N',
    retries: 0,
  };

  /**
   * Makes a client and calls it twice.
   * @param {any} others
   * @param {{ serial: string, privateKey: string }} by  who signs the responses
   * @returns {Promise<string[]>}  the Authorization headers, each once
   */
  async function clientWith(others, by = platform) {
    const now = by === platform ? NOW : certificate.validFrom;
    const { fetch, requests } = scriptedFetch(() => respond({ by, timestamp: now }));
    const client = createClient({ ...common, clock: () => now * 1000, fetch, ...others });
    for (let call = 0; call < 2; call += 1) await client.presign(fixtures.PARAMS);
    return [...new Set(requests.map(({ headers }) => String(headers['Authorization'])))];
  }

  /** @param {any} privateKey */
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

  for (const [form, given] of Object.entries(formsOf(merchant.privateKey, 'pkcs8'))) {
    test(`every function accepts a private key that is ${form}`, async () => {
      const signature = await expected(merchant.privateKey);
      for (let turn = 0; turn < 2; turn += 1) {
        assert.strictEqual(signatureWith(given), signature);
        assert.strictEqual(signatureWith(MerchantKey.fromPem(given)), signature);
        const payment = { appId: 'wx1', prepay_id: 'wx2', timestamp: NOW, nonce: 'N' };
        const { paySign } = signPaymentParams(payment, { privateKey: given }, 'jsapi');
        assert.strictEqual(paySign, base64(await sign(merchant.privateKey, `wx1\n${NOW}\nN\nprepay_id=wx2\n`)));
        assert.strictEqual(decryptField(encryptField('张三', merchant.publicKey), given), '张三');
      }
    });

    test(`createClient accepts a private key that is ${form}`, async () => {
      const clientOf = (/** @type {any} */ others) => clientWith({ ...others, certs });
      const [expectedHeader] = await clientOf({ privateKey: merchant.privateKey });
      for (const crypto of ['host', 'wasm']) {
        assert.deepEqual(await clientOf({ privateKey: given, crypto }), [expectedHeader], crypto);
      }
    });
  }

  const certificateForms = formsOf(onlyPem(certificate.pem));
  const publicForms = Object.entries(formsOf(publicKeys.SPKI, 'spki')).concat(
    Object.entries(certificateForms).map(([form, key]) => [`${form} of a certificate`, key]),
  );
  for (const [form, given] of publicForms) {
    const isCertificate = form.endsWith('certificate');
    const serial = isCertificate ? certificate.serial : ID;

    test(`every function accepts a platform key that is ${form}`, async () => {
      const now = certificate.validFrom;
      const response = await signedResponse({ by: { ...certificate, serial }, timestamp: now });
      for (let turn = 0; turn < 2; turn += 1) {
        for (const key of [given, PlatformKey.fromPem(given)]) {
          assert.deepEqual(verifyResponse(response, { certs: { [serial]: key } }, { now }), { mchid: '1900000100' });
          assert.strictEqual(decryptField(encryptField('张三', key), certificate.privateKey), '张三');
        }
      }
      assert.strictEqual(PlatformKey.fromPem(given).serial, isCertificate ? certificate.serial : undefined);
    });

    test(`createClient accepts a platform key that is ${form}`, async () => {
      const by = { ...certificate, serial };
      for (const crypto of ['host', 'wasm']) {
        const sent = await clientWith({ certs: { [serial]: given }, crypto }, by);
        assert.strictEqual(sent.length, 1);
      }
    });

    if (isCertificate) {
      test(`createClient accepts ${form} as certificate and rootCertificate`, async () => {
        const { privateKey, serial } = certificate;
        await clientWith({ certs, privateKey, serial, certificate: given, rootCertificate: given });
        const error = await thrownBy(() => clientWith({ certs, certificate: given }));
        assert.match(error.message, /privateKey does not belong to the certificate/);
      });
    }
  }

  test('a client copies the bytes of a key, and never wipes the caller’s array', async () => {
    const privateKey = derOf(merchant.privateKey);
    const platformKey = derOf(platform.publicKey);
    for (const crypto of /** @type {const} */ (['host', 'wasm'])) {
      const given = { privateKey: privateKey.slice(), certs: { [platform.serial]: platformKey.slice() } };
      const { fetch, requests } = scriptedFetch(() => respond());
      const client = createClient({ ...common, ...given, crypto, clock: () => NOW * 1000, fetch });
      assert.deepEqual(given, { privateKey, certs: { [platform.serial]: platformKey } });
      given.privateKey.fill(0);
      given.certs[platform.serial]?.fill(0);
      for (let call = 0; call < 3; call += 1) await client.presign(fixtures.PARAMS);
      assert.strictEqual(new Set(requests.map(({ headers }) => headers['Authorization'])).size, 1);
    }
  });

  test('an array of bytes that has changed is read as a new key', async () => {
    const bytes = derOf(merchant.privateKey);
    assert.strictEqual(signatureWith(bytes), await expected(merchant.privateKey));
    assert.deepEqual(bytes, derOf(merchant.privateKey));
    const other = derOf(certificate.privateKey);
    const room = new Uint8Array(Math.max(bytes.length, other.length));
    room.set(bytes);
    assert.strictEqual(signatureWith(room.subarray(0, bytes.length)), await expected(merchant.privateKey));
    room.set(other);
    assert.strictEqual(signatureWith(room.subarray(0, other.length)), await expected(certificate.privateKey));
  });

  test('wipes the bytes exported from a KeyObject', async () => {
    /** @type {Uint8Array[]} */
    const exported = [];
    const key = {
      type: 'private',
      export(/** @type {any} */ options) {
        assert.deepEqual(options, { type: 'pkcs8', format: 'der' });
        exported.push(derOf(merchant.privateKey));
        return exported.at(-1);
      },
    };
    signatureWith(key);
    MerchantKey.fromPem(key);
    await clientWith({ certs, privateKey: key });
    assert.strictEqual(exported.length, 3);
    for (const bytes of exported) assert.ok(bytes.every((byte) => byte === 0));
  });

  for (const [mistake, { text, file, asPrivate, asPublic }] of Object.entries(fixtures.mistakenKeys)) {
    test(`names ${mistake} that is given as a key`, async () => {
      const given = /** @type {any} */ (text ?? bytesOfBase64(file ?? ''));
      /** @type {[string, (() => unknown)[], string | undefined][]} */
      const places = [
        [
          'privateKey',
          [
            () => MerchantKey.fromPem(given),
            () => signatureWith(given),
            () => signPaymentParams({ appId: 'wx1', prepay_id: 'wx2' }, { privateKey: given }, 'jsapi'),
            () => clientWith({ certs, privateKey: given }),
            () => clientWith({ certs, privateKey: given, crypto: 'wasm' }),
          ],
          asPrivate,
        ],
        ['merchantKey', [() => decryptField('AAAA', given)], asPrivate],
        ['platformKey', [() => encryptField('x', given)], asPublic],
        ['certificate', [() => clientWith({ certs, certificate: given })], asPublic],
        ['rootCertificate', [() => clientWith({ certs, rootCertificate: given })], asPublic],
        [
          `certs["${ID}"]`,
          [
            () => clientWith({ certs: { [ID]: given } }),
            () => verifyResponse({ status: 200, headers: {}, body: '' }, { certs: { [ID]: given } }),
          ],
          asPublic,
        ],
      ];
      for (const [field, slips, says] of places) {
        for (const slip of says === undefined ? [] : slips) {
          const error = await thrownBy(slip);
          assert.ok(error instanceof InvalidKeyError, `${field}: ${error}`);
          assert.include(error.message, String(says));
          assert.ok(error.message.startsWith(field), error.message);
          const shown = `${error}${error.stack}${JSON.stringify(error)}`;
          assertNothingOf(shown, text ?? '');
          for (const part of [file, text].filter((part) => part?.length).map((part) => String(part).slice(40, 60))) {
            if (part.length === 20) assert.notInclude(shown, part);
          }
          assert.notInclude(shown, '/home/me');
        }
      }
    });
  }

  for (const [mistake, { given, asPrivate, asPublic }] of Object.entries(mistakenObjects(fixtures))) {
    test(`names ${mistake} that is given as a key`, async () => {
      const made = /** @type {any} */ (await given());
      // A Promise is wrapped, because it would otherwise be awaited.
      const key = made.of ?? made;
      for (const [says, slips] of /** @type {const} */ ([
        [asPrivate, [() => MerchantKey.fromPem(key), () => signatureWith(key), () => decryptField('AAAA', key)]],
        [
          asPublic,
          [() => PlatformKey.fromPem(key), () => encryptField('x', key), () => clientWith({ certs: { [ID]: key } })],
        ],
      ])) {
        for (const slip of says === undefined ? [] : slips) {
          const error = await thrownBy(slip);
          assert.ok(error instanceof InvalidKeyError || error instanceof InvalidParameterError, String(error));
          assert.match(error.message, /** @type {RegExp} */ (says));
        }
      }
    });
  }

  test('an error thrown by a KeyObject’s export becomes the cause', async () => {
    const cause = new Error('foreign');
    const fail = () => {
      throw cause;
    };
    for (const [type, slips] of /** @type {const} */ ([
      [
        'private',
        [signatureWith, MerchantKey.fromPem, (/** @type {any} */ key) => clientWith({ certs, privateKey: key })],
      ],
      ['public', [PlatformKey.fromPem, (/** @type {any} */ key) => clientWith({ certs: { [ID]: key } })]],
    ])) {
      for (const key of [{ type, export: fail }, Object.defineProperty({ export: fail }, 'type', { get: fail })]) {
        for (const slip of slips) {
          const error = await thrownBy(() => slip(/** @type {any} */ (key)));
          assert.ok(error instanceof InvalidParameterError, String(error));
          if (error.issues.length === 1 && error.cause !== undefined) assert.strictEqual(error.cause, cause);
          assert.match(error.message, /cannot be read/);
        }
      }
      const odd = await thrownBy(() =>
        (type === 'private' ? signatureWith : PlatformKey.fromPem)(/** @type {any} */ ({ type, export: () => 'x' })),
      );
      assert.match(odd.message, /exports a string in place of bytes/);
    }
  });

  for (const [form, given] of Object.entries({
    'a PEM': damagedPem(merchant.privateKey),
    DER: derOf(damagedPem(merchant.privateKey)),
  })) {
    test(`with a damaged private key that is ${form}, nothing is sent, and the doctor reports the key`, async () => {
      for (const crypto of /** @type {const} */ (['host', 'wasm'])) {
        const { fetch, requests } = scriptedFetch(() => respond());
        const make = () =>
          createClient({ ...common, certs, privateKey: given, crypto, fetch, clock: () => NOW * 1000 });
        for (let call = 0; call < 2; call += 1) {
          const error = await thrownBy(() => make().presign(fixtures.PARAMS));
          assert.ok(error instanceof InvalidKeyError, String(error));
          assert.match(error.message, /privateKey is damaged: its numbers do not belong together/);
          assertNothingOf(`${error}${error.stack}`, merchant.privateKey);
        }
        // If the host does not sign, createClient already fails.
        const made = await Promise.resolve()
          .then(make)
          .catch(() => undefined);
        const report = await made?.doctor();
        assert.deepInclude(report?.checks[0] ?? { name: 'keys', ok: false }, { name: 'keys', ok: false });
        if (report !== undefined) assert.match(String(report), /✗ keys: privateKey is damaged/);
        assert.strictEqual(requests.length, 0);
      }
    });
  }

  const BARE_ID = ID.slice('PUB_KEY_ID_'.length);
  for (const [name, others, says] of /** @type {[string, any, RegExp][]} */ ([
    [
      'an id without its prefix',
      { certs: { [BARE_ID]: platform.publicKey } },
      new RegExp(`write its id with the prefix, ${ID}`),
    ],
    [
      'an id in lower case',
      { certs: { [ID.toLowerCase()]: platform.publicKey } },
      new RegExp(`write its id with the prefix, ${ID}`),
    ],
    [
      'a public key under the serial number of a certificate',
      { certs: { '7132D72A03E93CDDF8C03BBD1F37EEDF4CFB5F2E': platform.publicKey } },
      /is a public key: put it under its id, PUB_KEY_ID_…, not under the serial number of a certificate/,
    ],
    [
      'a certificate under an id',
      { certs: { [ID]: certificate.pem } },
      /is the certificate with the serial number 05C1E5A9: put it under that name/,
    ],
    [
      'a platformSerial without its prefix',
      { certs: { [ID]: platform.publicKey }, platformSerial: BARE_ID },
      new RegExp(`platformSerial lacks the prefix of an id: write ${ID}`),
    ],
  ])) {
    test(`createClient finds ${name}`, async () => {
      const error = await thrownBy(() => clientWith(others));
      assert.ok(error instanceof InvalidKeyError, String(error));
      assert.match(error.message, says);
    });
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

  test('printing a key reveals nothing, and only fromPem creates one', async () => {
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

  test('does not quote a key passed in place of a name', async () => {
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

/**
 * Damages a private key: its private exponent and the exponent of its first prime, so that every way of signing fails.
 * @param {string} pem  in PKCS#8
 */
function damagedPem(pem) {
  const der = derOf(pem);
  // The numbers of a key of 2048 bits follow each other: modulus, 65537, then these two and the primes between them.
  const publicExponent = der.findIndex((_, at) => [2, 3, 1, 0, 1].every((byte, index) => der[at + index] === byte));
  let at = publicExponent + 5;
  for (let number = 0; number < 4; number += 1) {
    const [size = 0, second = 0, third = 0] = der.subarray(at + 1, at + 4);
    const header = size < 0x80 ? 2 : size === 0x81 ? 3 : 4;
    const length = size < 0x80 ? size : size === 0x81 ? second : second * 256 + third;
    const last = at + header + length - 1;
    if (number === 0 || number === 3) der[last] = (der[last] ?? 0) ^ 2;
    at = last + 1;
  }
  return `-----BEGIN PRIVATE KEY-----\n${base64(der)}\n-----END PRIVATE KEY-----\n`;
}

const ID = 'PUB_KEY_ID_0119000001002025010100111111111111';

/** @param {string} text  with a PEM in it */
const onlyPem = (text) => text.slice(text.indexOf('-----BEGIN'));

/**
 * Objects that are not keys, and the expected error if they are passed as a private or a public key.
 * @param {import('./index.js').Fixtures} fixtures
 * @returns {Record<string, { given: () => unknown, asPrivate?: RegExp, asPublic?: RegExp }>}
 */
function mistakenObjects({ merchant, platform }) {
  const ofType = (/** @type {string} */ type) => ({ type, export: () => new Uint8Array(32) });
  return {
    'a Promise': {
      given: () => ({ of: Promise.resolve(merchant.privateKey) }),
      asPrivate: /put `await` before it/,
      asPublic: /put `await` before it/,
    },
    'an ArrayBuffer': {
      given: () => derOf(merchant.privateKey).buffer,
      asPrivate: /new Uint8Array\(buffer\)/,
      asPublic: /new Uint8Array\(buffer\)/,
    },
    'a URL': {
      given: () => new URL('file:///secrets/apiclient_key.pem'),
      asPrivate: /is a URL.*readFileSync\(url\)/,
      asPublic: /is a URL.*readFileSync\(url\)/,
    },
    'a MerchantKey': { given: () => MerchantKey.fromPem(merchant.privateKey), asPublic: /is a MerchantKey/ },
    'a PlatformKey': {
      given: () => PlatformKey.fromPem(platform.publicKey),
      asPrivate: /is a PlatformKey|must be a PEM/,
    },
    'a public KeyObject': { given: () => ofType('public'), asPrivate: /is a public key; .*apiclient_key\.pem/ },
    'a private KeyObject': { given: () => ofType('private'), asPublic: /never a private key/ },
    'a secret KeyObject': { given: () => ofType('secret'), asPrivate: /for a secret/, asPublic: /for a secret/ },
    'an X509Certificate': {
      given: () => ({ raw: new Uint8Array(3) }),
      asPrivate: /its property `raw`/,
      asPublic: /its property `raw`/,
    },
    'a private CryptoKey': {
      given: () => importKey(merchant.privateKey),
      asPrivate: /use createClient/,
      asPublic: /is a CryptoKey/,
    },
    'a file of 70 kilobytes': {
      given: () => new Uint8Array(70_000),
      asPrivate: /70000 bytes, which no key has/,
      asPublic: /70000 bytes, which no key has/,
    },
  };
}

// Where the host lacks Symbol.dispose, the package uses this symbol.
const DISPOSE = Symbol.dispose ?? Symbol.for('Symbol.dispose');

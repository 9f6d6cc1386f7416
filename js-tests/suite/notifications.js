/** Notifications: accepted ones, and attacks by name. WebCrypto signs and encrypts them. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { thrownBy } from './thrown-by.js';
import { base64, sign, utf8 } from './web-crypto.js';

const API_V3_KEY = '0123456789abcdef0123456789ABCDEF';
const CONTRACT = {
  mchid: '1900000100',
  out_contract_code: '100001256',
  contract_id: 'Wx15463511252015071056489715',
  openid: 'o张',
};

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant, platform, otherPlatform, certificate, publicKeys } = fixtures;
  const certs = { [platform.serial]: platform.publicKey };

  /**
   * A notification as WeChat sends it.
   * @param {{ id?: string, timestamp?: number | string, key?: string, nonce?: string, sealedFor?: string, associated_data?: string | null,
   *   algorithm?: string, plaintext?: string, envelope?: unknown, by?: { privateKey: string, serial: string } }} [making]
   */
  async function made({
    id = 'EV-1',
    timestamp = NOW,
    key = API_V3_KEY,
    nonce = 'abcdefghijkl',
    sealedFor = 'contract',
    ...making
  } = {}) {
    const {
      associated_data = sealedFor,
      algorithm = 'AEAD_AES_256_GCM',
      plaintext = JSON.stringify(CONTRACT),
      by = platform,
    } = making;
    const aes = await crypto.subtle.importKey('raw', utf8(key), 'AES-GCM', false, ['encrypt']);
    const sealing = { name: 'AES-GCM', iv: utf8(nonce), additionalData: utf8(sealedFor) };
    const ciphertext = base64(new Uint8Array(await crypto.subtle.encrypt(sealing, aes, utf8(plaintext))));
    const resource = {
      original_type: 'entrust',
      algorithm,
      nonce,
      ciphertext,
      ...(associated_data !== null && { associated_data }),
    };
    const envelope = {
      id,
      create_time: '2023-11-14T22:13:20+00:00',
      event_type: 'ENTRUST.SIGN',
      resource_type: 'encrypt-resource',
      summary: '签约成功',
      resource,
    };
    const body = JSON.stringify('envelope' in making ? making.envelope : envelope);
    /** @type {Record<string, string>} */
    const headers = {
      'Wechatpay-Timestamp': String(timestamp),
      'Wechatpay-Nonce': 'NONCE',
      'Wechatpay-Signature': base64(await sign(by.privateKey, `${timestamp}\nNONCE\n${body}\n`)),
      'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
      'Wechatpay-Serial': by.serial,
      'Request-ID': '08F78BB5AF0610D302-0',
    };
    return { headers, body };
  }

  /** @type {(notification: any, trust?: any, options?: any) => any} */
  const verify = (notification, trust = { certs, apiV3Key: API_V3_KEY }, options = { now: NOW }) =>
    w.verifyNotification(notification, trust, options);

  test('accepts a notification as text and as bytes, with headers of every form and case', async () => {
    const { headers, body } = await made();
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    for (const given of [headers, lower, upper, new Headers(headers)]) {
      for (const content of [body, utf8(body)]) {
        assert.deepEqual(verify({ headers: given, body: content }), { ...JSON.parse(body), resource: CONTRACT });
      }
    }
  });

  test('passes on unknown events and unknown fields', async () => {
    const { resource } = JSON.parse((await made()).body);
    const envelope = { id: 'X', event_type: 'SOMETHING.NEW', more: [1], resource };
    assert.deepEqual(verify(await made({ envelope })), { ...envelope, resource: CONTRACT });
  });

  test('associated_data may be missing if none was used for encryption', async () => {
    assert.deepEqual(verify(await made({ sealedFor: '', associated_data: null })).resource, CONTRACT);
  });

  // ---- Signatures ----

  for (const [attack, spoil, reason] of /** @type {[string, (made: any) => any, string][]} */ ([
    ['one changed byte', ({ headers, body }) => ({ headers, body: body.replace('EV-1', 'EV-2') }), 'bad-signature'],
    [
      'a re-serialised body',
      ({ headers, body }) => ({ headers, body: JSON.stringify(JSON.parse(body), null, 1) }),
      'bad-signature',
    ],
    ['a body with an additional line feed', ({ headers, body }) => ({ headers, body: `${body}\n` }), 'bad-signature'],
    ['a body swapped between two notifications', ({ headers }) => ({ headers, body: other.body }), 'bad-signature'],
    [
      'SIGNTEST',
      ({ headers, body }) => ({
        headers: { ...headers, 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${'a'.repeat(336)}` },
        body,
      }),
      'sign-test',
    ],
    [
      'no signature',
      ({ headers: { 'Wechatpay-Signature': _, ...headers }, body }) => ({ headers, body }),
      'missing-header',
    ],
    ['no headers at all', ({ body }) => ({ headers: {}, body }), 'missing-header'],
    [
      'a duplicated header',
      ({ headers, body }) => ({ headers: { ...headers, 'wechatpay-serial': platform.serial }, body }),
      'unknown-serial',
    ],
    [
      'a header duplicated in another case, once wrong and once right',
      ({ headers, body }) => ({
        headers: { 'WECHATPAY-SIGNATURE': 'AAAA', ...headers },
        body,
      }),
      'bad-signature',
    ],
    [
      'a timestamp duplicated in another case',
      ({ headers, body }) => ({ headers: { 'WECHATPAY-TIMESTAMP': String(NOW), ...headers }, body }),
      'stale-timestamp',
    ],
    [
      'an unknown serial',
      ({ headers, body }) => ({ headers: { ...headers, 'Wechatpay-Serial': 'PUB_KEY_ID_9' }, body }),
      'unknown-serial',
    ],
    [
      'another signature algorithm',
      ({ headers, body }) => ({ headers: { ...headers, 'Wechatpay-Signature-Type': 'WECHATPAY2-SM2-WITH-SM3' }, body }),
      'bad-signature',
    ],
  ])) {
    test(`rejects ${attack}`, async () => {
      const error = await thrownBy(async () => verify(spoil(await made())));
      assert.ok(error instanceof w.SignatureVerificationError, String(error));
      assert.strictEqual(error.reason, reason);
    });
  }
  const other = await made({ id: 'EV-9' });

  for (const [attack, making] of /** @type {[string, any][]} */ ([
    ['a notification from the past', { timestamp: NOW - 301 }],
    ['a notification from the future', { timestamp: NOW + 301 }],
    ['a notification whose time is not a number', { timestamp: 'NaN' }],
  ])) {
    test(`rejects ${attack}, although it is signed`, async () => {
      assert.strictEqual((await thrownBy(async () => verify(await made(making)))).reason, 'stale-timestamp');
    });
  }

  test('rejects a notification signed by the merchant or by another platform key', async () => {
    for (const { privateKey } of [merchant, otherPlatform, certificate]) {
      const forged = await made({ by: { privateKey, serial: platform.serial } });
      assert.strictEqual((await thrownBy(() => verify(forged))).reason, 'bad-signature');
    }
    const all = { certs: { ...certs, [otherPlatform.serial]: otherPlatform.publicKey }, apiV3Key: API_V3_KEY };
    const swapped = await made({ by: { ...otherPlatform, serial: platform.serial } });
    assert.strictEqual((await thrownBy(() => verify(swapped, all))).reason, 'bad-signature');
    assert.ok(verify(await made({ by: otherPlatform }), all));
  });

  test('rejects an expired certificate, and one under another serial', async () => {
    const { pem, serial, validTo } = certificate;
    const late = await made({ by: certificate, timestamp: validTo + 1 });
    const expired = await thrownBy(() =>
      verify(late, { certs: { [serial]: pem }, apiV3Key: API_V3_KEY }, { now: validTo + 1 }),
    );
    assert.ok(expired instanceof w.InvalidKeyError && /expired/.test(expired.message), String(expired));
    const misfiled = await thrownBy(async () =>
      verify(await made(), { certs: { ...certs, ABC: pem }, apiV3Key: API_V3_KEY }),
    );
    assert.ok(misfiled instanceof w.InvalidKeyError && /ABC/.test(misfiled.message), String(misfiled));
    assert.ok(verify(await made({ by: certificate }), { certs: { [serial]: publicKeys.SPKI }, apiV3Key: API_V3_KEY }));
  });

  // ---- Encryption ----

  for (const [attack, making] of /** @type {[string, any][]} */ ([
    ['another APIv3 key', { key: 'x'.repeat(32) }],
    ['wrong associated data', { associated_data: 'certificate' }],
    ['a notification without the associated data of its encryption', { associated_data: null }],
    ['a nonce of another length than 12 bytes', { nonce: 'abcdefghijklmnop' }],
    ['an unknown algorithm', { algorithm: 'AEAD_SM4_GCM' }],
    ['a plaintext that is not JSON', { plaintext: 'success' }],
    ['no resource', { envelope: { id: 'EV-1' } }],
    ['a resource that is a string', { envelope: { id: 'EV-1', resource: 'x' } }],
    ['an envelope that is a number', { envelope: 5 }],
    ['an envelope that is null', { envelope: null }],
    ['an empty resource', { envelope: { resource: {} } }],
  ])) {
    test(`does not decrypt ${attack}`, async () => {
      const error = await thrownBy(async () => verify(await made(making)));
      assert.ok(error instanceof w.DecryptionError, String(error));
      assert.deepEqual([error.code, error.requestId], ['ERR_DECRYPTION', '08F78BB5AF0610D302-0']);
      assert.notInclude(`${error}${error.stack}`, API_V3_KEY);
    });
  }

  test('does not decrypt a ciphertext with a truncated tag or any changed byte', async () => {
    const { resource, ...envelope } = JSON.parse((await made()).body);
    const bytes = Uint8Array.from(atob(resource.ciphertext), (character) => character.charCodeAt(0));
    const flipped = bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte));
    for (const spoiled of [
      bytes.subarray(0, -1),
      bytes.subarray(0, -16),
      bytes.subarray(1),
      flipped,
      new Uint8Array(),
    ]) {
      const changed = { ...envelope, resource: { ...resource, ciphertext: base64(spoiled) } };
      const error = await thrownBy(async () => verify(await made({ envelope: changed })));
      assert.ok(error instanceof w.DecryptionError, String(error));
    }
  });

  test('decrypts nothing that was not verified', async () => {
    // Both are wrong, and the signature is what is told.
    const { headers, body } = await made({ key: 'x'.repeat(32), associated_data: 'other' });
    const error = await thrownBy(() => verify({ headers, body: `${body} ` }));
    assert.ok(error instanceof w.SignatureVerificationError, String(error));
  });

  for (const [name, notification, trust, field] of /** @type {[string, any, any, string][]} */ ([
    ['no notification', undefined, undefined, 'notification'],
    ['no headers', { body: '' }, undefined, 'headers'],
    ['a body that was parsed', { headers: {}, body: {} }, undefined, 'body'],
    ['no certs', { headers: {}, body: '' }, { apiV3Key: API_V3_KEY }, 'certs'],
    ['no APIv3 key', { headers: {}, body: '' }, { certs }, 'apiV3Key'],
    ['an APIv3 key that is not a string', { headers: {}, body: '' }, { certs, apiV3Key: 5 }, 'apiV3Key'],
  ])) {
    test(`rejects ${name}`, async () => {
      const error = await thrownBy(() => verify(notification, trust));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.strictEqual(error.field, field);
    });
  }

  test('rejects an APIv3 key of another length, as an InvalidKeyError', async () => {
    for (const apiV3Key of ['', API_V3_KEY.slice(1), `${API_V3_KEY}0`]) {
      const error = await thrownBy(async () => verify(await made(), { certs, apiV3Key }));
      assert.ok(error instanceof w.InvalidKeyError, String(error));
    }
  });

  // ---- Handlers ----

  /** @param {object} [others] */
  const clientOf = (others) =>
    w.createClient({
      ...{ mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey },
      ...{ certs, apiV3Key: API_V3_KEY, clock: () => NOW * 1000, ...others },
    });
  const requestOf = (/** @type {{ headers: any, body: any }} */ { headers, body }) =>
    new Request('https://shop.example/notify', { method: 'POST', headers, body });

  test('parse tells a handler that a replayed notification came before', async () => {
    const { notifications } = clientOf();
    const one = await made();
    const first = await notifications.parse(requestOf(one));
    assert.deepEqual(first, { ...JSON.parse(one.body), resource: CONTRACT, repeated: false });
    assert.strictEqual((await notifications.parse(requestOf(one))).repeated, true);
    assert.strictEqual((await notifications.parse(requestOf(await made({ id: 'EV-2' })))).repeated, false);
    // Each client has a memory of its own.
    assert.strictEqual((await clientOf().notifications.parse(requestOf(one))).repeated, false);
  });

  test('seen is called for genuine notifications only', async () => {
    /** @type {string[]} */
    const asked = [];
    const seen = async (/** @type {string} */ id) => asked.push(id) > 1;
    const { notifications } = clientOf({ seen });
    const good = await made();
    await thrownBy(() => notifications.parse(requestOf({ ...good, body: `${good.body} ` })));
    assert.strictEqual((await notifications.parse(requestOf(good))).repeated, false);
    assert.strictEqual((await notifications.parse(requestOf(good))).repeated, true);
    assert.deepEqual(asked, ['EV-1', 'EV-1']);
    const down = new Error('the database is down');
    const failing = clientOf({ seen: () => Promise.reject(down) });
    assert.strictEqual(await thrownBy(() => failing.notifications.parse(requestOf(good))), down);
  });

  test('parse rejects other values than a Request, an oversized body, and a missing APIv3 key', async () => {
    const good = await made();
    for (const request of [undefined, 'x', {}, good]) {
      assert.strictEqual(
        (await thrownBy(() => clientOf().notifications.parse(/** @type {any} */ (request)))).field,
        'request',
      );
    }
    const small = clientOf({ maxResponseBytes: 100 });
    assert.strictEqual((await thrownBy(() => small.notifications.parse(requestOf(good)))).rule, 'max-length');
    const keyless = clientOf({ apiV3Key: undefined });
    assert.strictEqual((await thrownBy(() => keyless.notifications.parse(requestOf(good)))).field, 'apiV3Key');
  });

  test('acknowledge and reject make the responses that WeChat Pay expects', async () => {
    const { notifications } = clientOf();
    const accepted = notifications.acknowledge();
    assert.deepEqual([accepted.status, await accepted.text()], [204, '']);
    const refused = notifications.reject('余额不足', 400);
    assert.deepEqual([refused.status, await refused.json()], [400, { code: 'FAIL', message: '余额不足' }]);
    assert.strictEqual(notifications.reject().status, 500);
  });
}

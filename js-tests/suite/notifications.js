/** Notifications: accepted ones, and attacks by name. WebCrypto signs and encrypts them. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { API_V3_KEY, CONTRACT, notificationMaker } from './made-notification.js';
import { thrownBy } from './thrown-by.js';
import { base64, utf8 } from './web-crypto.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant, platform, otherPlatform, certificate, publicKeys } = fixtures;
  const certs = { [platform.serial]: platform.publicKey };

  const made = notificationMaker(fixtures);

  /** @type {(notification: any, trust?: any, options?: any) => any} */
  const verify = (notification, trust = { certs, apiV3Key: API_V3_KEY }, options = { now: NOW }) =>
    w.verifyNotification(notification, trust, options);

  /** Every way of verifying: the function, a client on the host's cryptography, and a client on the wasm. */
  const ways = Object.entries({
    verifyNotification: verify,
    ...Object.fromEntries(
      /** @type {const} */ (['host', 'wasm']).map((crypto) => {
        const { mchid, serial, privateKey } = merchant;
        const fetch = async () => new Response('', { status: 500 });
        const config = { mchid, serial, privateKey, certs, apiV3Key: API_V3_KEY, crypto, fetch, retries: 0 };
        const client = w.createClient({ ...config, clock: () => NOW * 1000 });
        return [`a client with crypto: '${crypto}'`, (/** @type {any} */ given) => client.notifications.parse(given)];
      }),
    ),
  });

  test('every way of verifying accepts a notification', async () => {
    const { headers, body } = await made();
    for (const [way, verifyNow] of ways) {
      assert.deepEqual(await verifyNow({ headers, body }), { ...JSON.parse(body), resource: CONTRACT }, way);
    }
  });

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
      for (const [way, verifyNow] of ways) {
        const error = await thrownBy(async () => verifyNow(spoil(await made())));
        assert.ok(error instanceof w.SignatureVerificationError, `${way}: ${error}`);
        assert.strictEqual(error.reason, reason, way);
      }
    });
  }
  const other = await made({ id: 'EV-9' });

  for (const [attack, making] of /** @type {[string, any][]} */ ([
    ['a notification from the past', { timestamp: NOW - 301 }],
    ['a notification from the future', { timestamp: NOW + 301 }],
    ['a notification whose time is not a number', { timestamp: 'NaN' }],
  ])) {
    test(`rejects ${attack}, even if it is signed`, async () => {
      for (const [way, verifyNow] of ways) {
        assert.strictEqual((await thrownBy(async () => verifyNow(await made(making)))).reason, 'stale-timestamp', way);
      }
    });
  }

  test('rejects a notification signed by the merchant or by another platform key', async () => {
    for (const { privateKey } of [merchant, otherPlatform, certificate]) {
      const forged = await made({ by: { privateKey, serial: platform.serial } });
      for (const [way, verifyNow] of ways) {
        assert.strictEqual((await thrownBy(() => verifyNow(forged))).reason, 'bad-signature', way);
      }
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
    ['a nonce that does not have 12 bytes', { nonce: 'abcdefghijklmnop' }],
    ['an unknown algorithm', { algorithm: 'AEAD_SM4_GCM' }],
    ['a plaintext that is not JSON', { plaintext: 'success' }],
    ['no resource', { envelope: { id: 'EV-1' } }],
    ['a resource that is a string', { envelope: { id: 'EV-1', resource: 'x' } }],
    ['an envelope that is a number', { envelope: 5 }],
    ['an envelope that is null', { envelope: null }],
    ['an empty resource', { envelope: { resource: {} } }],
  ])) {
    test(`does not decrypt ${attack}`, async () => {
      for (const [way, verifyNow] of ways) {
        const error = await thrownBy(async () => verifyNow(await made(making)));
        assert.ok(error instanceof w.DecryptionError, `${way}: ${error}`);
        assert.deepEqual([error.code, error.requestId], ['ERR_DECRYPTION', '08F78BB5AF0610D302-0'], way);
        assert.notInclude(`${error}${error.stack}`, API_V3_KEY, way);
      }
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
    // Both the signature and the encryption are wrong; the signature is reported.
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

  test('parse verifies and decrypts, and remembers nothing', async () => {
    const { notifications } = clientOf();
    const one = await made();
    const expected = { ...JSON.parse(one.body), resource: CONTRACT };
    for (const _delivery of [1, 2]) assert.deepEqual(await notifications.parse(requestOf(one)), expected);
  });

  test('parse works as a detached function', async () => {
    const { parse } = clientOf().notifications;
    assert.strictEqual((await parse(requestOf(await made()))).id, 'EV-1');
  });

  test('createClient rejects the option seen, and parse returns no field repeated', async () => {
    assert.strictEqual((await thrownBy(() => clientOf({ seen: () => true }))).field, 'seen');
    assert.notProperty(await clientOf().notifications.parse(requestOf(await made())), 'repeated');
  });

  test('parse accepts a raw body of every kind, with headers of every kind', async () => {
    const { parse } = clientOf().notifications;
    const { headers, body } = await made();
    const bytes = utf8(body);
    const padded = new Uint8Array([0, ...bytes, 0]);
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const kinds = {
      string: () => body,
      Uint8Array: () => bytes,
      'part of a buffer': () => padded.subarray(1, -1),
      'a subclass, as Buffer is': () => new (class Buffer extends Uint8Array {})(bytes),
      ArrayBuffer: () => bytes.buffer,
      DataView: () => new DataView(padded.buffer, 1, bytes.length),
      ReadableStream: () => new Response(body).body,
      'an asynchronous iterable, as a stream of Node.js is': async function* () {
        yield bytes.subarray(0, 7);
        yield bytes.subarray(7);
      },
    };
    for (const [kind, bodyOf] of Object.entries(kinds)) {
      const given = kind.startsWith('an asynchronous') ? /** @type {any} */ (bodyOf)() : bodyOf();
      assert.strictEqual((await parse({ headers, body: given })).id, 'EV-1', kind);
    }
    const arrays = Object.fromEntries(Object.entries(lower).map(([name, value]) => [name, [value]]));
    for (const some of [headers, lower, arrays, new Headers(headers), new Map(Object.entries(lower))]) {
      assert.strictEqual((await parse({ headers: /** @type {any} */ (some), body })).id, 'EV-1');
    }
  });

  test('changing the buffer of a body during verification has no effect', async () => {
    const { headers, body } = await made();
    const bytes = utf8(body);
    const parsing = clientOf().notifications.parse({ headers, body: bytes });
    bytes.fill(0);
    headers['Wechatpay-Signature'] = 'AAAA';
    assert.strictEqual((await parsing).id, 'EV-1');
  });

  const express = () => {
    const stream = new ReadableStream();
    return { method: 'POST', url: '/notify', socket: {}, on: () => {}, pipe: () => {}, stream };
  };
  for (const [what, requestFrom] of /** @type {[string, (made: any) => unknown][]} */ ([
    ['a parsed body in place of a request', ({ body }) => JSON.parse(body)],
    ['a body that a framework has parsed', ({ headers, body }) => ({ headers, body: JSON.parse(body) })],
    ['a body that a form parser made', ({ headers }) => ({ headers, body: [] })],
    ['a request of Express or Fastify whose body was parsed', (m) => ({ ...express(), headers: m.headers, body: {} })],
    ['a request of Express or Koa without a parser', ({ headers }) => ({ ...express(), headers, body: undefined })],
    ['a missing body', ({ headers }) => ({ headers })],
    ['a body that is null', ({ headers }) => ({ headers, body: null })],
    ['a body that is a number', ({ headers }) => ({ headers, body: 5 })],
    [
      'a locked stream',
      ({ headers, body }) => {
        const stream = new Response(body).body;
        stream?.getReader();
        return { headers, body: stream };
      },
    ],
    [
      'a stream of Node.js that was read already',
      ({ headers, body }) => ({
        headers,
        body: { readableDidRead: true, [Symbol.asyncIterator]: () => [utf8(body)][Symbol.iterator]() },
      }),
    ],
  ])) {
    test(`parse asks for the raw body, and names the fix for Express: ${what}`, async () => {
      const request = requestFrom(await made());
      const error = await thrownBy(() => clientOf().notifications.parse(/** @type {any} */ (request)));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.strictEqual(error.field, 'request');
      assert.include(error.message, 'raw body');
      assert.include(error.message, "express.raw({ type: 'application/json' })");
      assert.notInclude(error.message, '\n');
    });
  }

  test('parse asks for the raw body if the request was already read', async () => {
    const request = requestOf(await made());
    await request.text();
    const error = await thrownBy(() => clientOf().notifications.parse(request));
    assert.ok(error instanceof w.InvalidParameterError, String(error));
    assert.match(error.message, /raw body that was already read.*express\.raw/);
  });

  test('the error about a stream of text names the fix', async () => {
    async function* texts() {
      yield '{"id":"EV-1"}';
    }
    const error = await thrownBy(() =>
      clientOf().notifications.parse(/** @type {any} */ ({ headers: {}, body: texts() })),
    );
    assert.deepEqual([error.code, error.operation], ['ERR_HANDLER', 'stream']);
    assert.strictEqual(
      error.message,
      'the body of the notification cannot be read: a chunk is a string, but must be a Uint8Array; ' +
        'pass the stream without setEncoding() or a decoder before it',
    );
  });

  test('the error about a notification without the headers of a signature names the fix', async () => {
    for (const headers of [{}, new Headers(), { 'content-type': 'application/json' }]) {
      const error = await thrownBy(() => clientOf().notifications.parse({ headers, body: '{}' }));
      assert.deepEqual([error.code, error.reason], ['ERR_SIGNATURE_VERIFICATION', 'missing-header']);
      assert.match(error.message, /^the notification is not signed: .*: pass all headers of the request/);
      assert.ok(error.message.endsWith(error.hint));
    }
    const without = await thrownBy(() => clientOf().notifications.parse(/** @type {any} */ ({ body: '{}' })));
    assert.match(without.message, /has no headers: pass those of the request; in Express, /);
  });

  test('an error of the stream becomes the cause of a HostError', async () => {
    const { headers } = await made();
    const cause = new Error('connection reset');
    const body = new ReadableStream({ pull: (controller) => controller.error(cause) });
    const error = await thrownBy(() => clientOf().notifications.parse({ headers, body }));
    assert.ok(error instanceof w.HostError, String(error));
    assert.deepEqual([error.code, error.operation, error.cause], ['ERR_HANDLER', 'stream', cause]);
  });

  test('parse stops waiting for the body after timeoutMs', async () => {
    const { headers } = await made();
    const body = new ReadableStream();
    const error = await thrownBy(() => clientOf().notifications.parse({ headers, body }, { timeoutMs: 20 }));
    assert.match(error.message, /did not arrive completely within 20 ms/);
    for (const options of [{ timeoutMs: 'x' }, { retries: 1 }, { seen: () => true }]) {
      const rejected = await thrownBy(() =>
        clientOf().notifications.parse({ headers, body: '' }, /** @type {any} */ (options)),
      );
      assert.ok(rejected instanceof w.InvalidParameterError, String(rejected));
    }
  });

  test('parse rejects a value that is not a request, an oversized body, and a missing APIv3 key', async () => {
    const good = await made();
    for (const request of [undefined, null, 'x', 5, [], {}, good.body, utf8(good.body)]) {
      assert.strictEqual(
        (await thrownBy(() => clientOf().notifications.parse(/** @type {any} */ (request)))).field,
        'request',
      );
    }
    const small = clientOf({ maxResponseBytes: 100 });
    for (const request of [requestOf(good), good, { ...good, body: utf8(good.body) }]) {
      assert.strictEqual((await thrownBy(() => small.notifications.parse(request))).rule, 'max-length');
    }
    const keyless = clientOf({ apiV3Key: undefined });
    assert.strictEqual((await thrownBy(() => keyless.notifications.parse(requestOf(good)))).field, 'apiV3Key');
  });

  test('parse rejects a request without a body, since nothing in it is signed', async () => {
    const request = new Request('https://shop.example/notify', { method: 'POST' });
    assert.strictEqual((await thrownBy(() => clientOf().notifications.parse(request))).reason, 'missing-header');
  });
}

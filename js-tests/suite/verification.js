/** Verifying responses: the order of the checks, headers in all their forms, and the details of errors. */
import { assert } from 'chai';
import {
  ApiError,
  createClient,
  InvalidParameterError,
  SignatureVerificationError,
  verifyResponse,
} from 'wechatpay-presign';
import { withReplaced } from './replaced.js';
import { responseSigner } from './signed-response.js';
import { thrownBy } from './thrown-by.js';
import { base64, utf8 } from './web-crypto.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, platform } = fixtures;
  const signedResponse = responseSigner(fixtures);

  const certs = { [platform.serial]: platform.publicKey };

  /** @type {(response: any, options?: any, trust?: any) => unknown} */
  const verify = (response, options = { now: NOW }, trust = { certs }) => verifyResponse(response, trust, options);

  /** Every way of verifying: the function, a client on the host's cryptography, and a client on the wasm. */
  const ways = Object.entries({
    verifyResponse: (/** @type {any} */ response) => verify(response),
    "a client with crypto: 'host'": verifyingClient('host'),
    "a client with crypto: 'wasm'": verifyingClient('wasm'),
  });

  /** @param {'host' | 'wasm'} crypto */
  function verifyingClient(crypto) {
    let received = /** @type {any} */ (undefined);
    const fetch = async () => {
      const { status, headers, body } = received;
      return new Response(status === 204 ? null : body, { status, headers });
    };
    const { mchid, serial, privateKey } = fixtures.merchant;
    const config = { mchid, serial, privateKey, certs, crypto, fetch, retries: 0, clock: () => NOW * 1000 };
    const client = createClient(/** @type {any} */ (config));
    return async (/** @type {any} */ response) => {
      received = response;
      return (await client.chain('v3/x').get()).data;
    };
  }

  test('every way of verifying accepts good responses, and rejects them after any change', async () => {
    const body = '{"a":"张三"}';
    for (const [way, verifyNow] of ways) {
      assert.deepEqual(await verifyNow(await signedResponse({ body })), JSON.parse(body), way);
      assert.strictEqual(await verifyNow(await signedResponse({ status: 204, body: '' })), null, way);
      const { headers, ...others } = await signedResponse({ body });
      const bytes = utf8(body);
      for (const index of bytes.keys()) {
        const changed = bytes.map((byte, at) => (at === index ? byte ^ 1 : byte));
        const error = await thrownBy(() => verifyNow({ ...others, headers, body: changed }));
        assert.strictEqual(error.reason, 'bad-signature', `${way}, byte ${index}`);
      }
      for (const changes of [
        { 'Wechatpay-Nonce': 'OTHER' },
        { 'Wechatpay-Timestamp': String(NOW - 1) },
        { 'Wechatpay-Signature': `${headers['Wechatpay-Signature'].slice(0, -4)}AAA=` },
        { 'Wechatpay-Signature': `AAAA${headers['Wechatpay-Signature']}` },
        { 'Wechatpay-Signature': 'AAAA' },
      ]) {
        const error = await thrownBy(() => verifyNow({ ...others, headers: { ...headers, ...changes }, body }));
        assert.strictEqual(error.reason, 'bad-signature', `${way}, ${JSON.stringify(changes)}`);
      }
    }
  });

  /** @param {any} response @param {Record<string, string | undefined>} headers */
  function withHeaders(response, headers) {
    const all = Object.entries({ ...response.headers, ...headers }).filter(([, value]) => value !== undefined);
    return { ...response, headers: Object.fromEntries(all) };
  }

  test('accepts a good response, as a string and as bytes', async () => {
    for (const body of ['{"a":"张三","b":[1,null]}', ' {"a":1}\n']) {
      assert.deepEqual(verify(await signedResponse({ body })), JSON.parse(body));
      assert.deepEqual(verify({ ...(await signedResponse({ body })), body: utf8(body) }), JSON.parse(body));
    }
    assert.strictEqual(verify(await signedResponse({ status: 204, body: '' })), null);
    assert.strictEqual(verify({ ...(await signedResponse({ body: '' })), body: undefined }), null);
  });

  test('rejects a nonce with a line feed, which could absorb a part of the body', async () => {
    const body = '{"mchid":"1900000100"}';
    const response = await signedResponse({ body: `first\n${body}` });
    // The same signed message, split differently into nonce and body. Headers in plain objects may contain any character.
    const split = { ...withHeaders(response, { 'Wechatpay-Nonce': 'NONCE\nfirst' }), body };
    const error = await thrownBy(() => verify(split));
    assert.strictEqual(error.reason, 'bad-signature');
    assert.match(error.message, /Wechatpay-Nonce must not contain control characters/);
  });

  /** Each step adds one defect to the previous ones, and the new defect is the one reported. */
  const breaks = /** @type {const} */ ([
    ['bad-signature', { 'Wechatpay-Signature': base64(new Uint8Array(256)) }],
    ['unknown-serial', { 'Wechatpay-Serial': 'PUB_KEY_ID_9' }],
    ['stale-timestamp', { 'Wechatpay-Timestamp': String(NOW - 301) }],
    ['missing-header', { 'Wechatpay-Nonce': undefined }],
  ]);
  for (const [index, [reason]] of breaks.entries()) {
    test(`${reason} is reported before ${breaks[index - 1]?.[0] ?? 'nothing'}`, async () => {
      const headers = Object.assign({}, ...breaks.slice(0, index + 1).map(([, headers]) => headers));
      for (const [way, verifyNow] of ways) {
        const error = await thrownBy(async () => verifyNow(withHeaders(await signedResponse(), headers)));
        assert.ok(error instanceof SignatureVerificationError, `${way}: ${error}`);
        assert.deepEqual(
          [error.code, error.reason, error.requestId],
          ['ERR_SIGNATURE_VERIFICATION', reason, '08F78BB5AF0610D302-0'],
          way,
        );
      }
    });
  }

  for (const name of ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial']) {
    test(`rejects a response without ${name}, or with an empty one`, async () => {
      for (const value of [undefined, '']) {
        const error = await thrownBy(async () => verify(withHeaders(await signedResponse(), { [name]: value })));
        assert.strictEqual(error.reason, 'missing-header');
        assert.ok(error.message.includes(name));
      }
    });
  }

  test('accepts timestamps within 300 seconds, or within the given tolerance', async () => {
    for (const away of [-300, 300]) assert.ok(verify(await signedResponse({ timestamp: NOW + away })));
    for (const away of [-301, 301]) {
      const response = await signedResponse({ timestamp: NOW + away });
      assert.strictEqual((await thrownBy(() => verify(response))).reason, 'stale-timestamp');
      assert.ok(verify(response, { now: NOW, toleranceSeconds: 301 }));
    }
    assert.strictEqual(
      (
        await thrownBy(async () =>
          verify(await signedResponse({ timestamp: NOW - 1 }), { now: NOW, toleranceSeconds: 0 }),
        )
      ).reason,
      'stale-timestamp',
    );
  });

  test('uses the clock of the host by default', async () => {
    const response = await signedResponse();
    /** @param {number} seconds */
    const verifyAt = (seconds) =>
      withReplaced(
        Date,
        'now',
        () => seconds * 1000,
        () => verify(response, {}),
      );
    assert.ok(verifyAt(NOW));
    assert.strictEqual((await thrownBy(() => verifyAt(NOW + 301))).reason, 'stale-timestamp');
    assert.strictEqual((await thrownBy(() => verifyAt(0))).code, 'ERR_NO_CLOCK');
  });

  for (const timestamp of [
    'NaN',
    '+1700000000',
    ' 1700000000',
    '1.7e9',
    '1700000000.0',
    '0x6553f100',
    '1700000000, 1700000000',
    '99999999999999999999',
  ]) {
    test(`rejects the timestamp ${JSON.stringify(timestamp)}, even if it is signed`, async () => {
      assert.strictEqual(
        (await thrownBy(async () => verify(await signedResponse({ timestamp })))).reason,
        'stale-timestamp',
      );
    });
  }

  test('recognises WeChat’s probe, even if it is not Base64', async () => {
    const probe = `WECHATPAY/SIGNTEST/${'a'.repeat(336)}`;
    assert.strictEqual(probe.length, 355);
    const response = withHeaders(await signedResponse(), { 'Wechatpay-Signature': probe });
    assert.strictEqual((await thrownBy(() => verify(response))).reason, 'sign-test');
    const failed = await thrownBy(() => verify({ ...response, status: 500 }));
    assert.ok(failed instanceof ApiError);
    assert.strictEqual(/** @type {any} */ (failed.cause).reason, 'sign-test');
  });

  test('reports other algorithms and invalid Base64 as bad signatures', async () => {
    for (const headers of [
      { 'Wechatpay-Signature-Type': 'WECHATPAY2-SM2-WITH-SM3' },
      { 'Wechatpay-Signature': '***' },
      { 'Wechatpay-Signature': 'AAAA' },
    ]) {
      assert.strictEqual(
        (await thrownBy(async () => verify(withHeaders(await signedResponse(), headers)))).reason,
        'bad-signature',
      );
    }
    assert.ok(verify(withHeaders(await signedResponse(), { 'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048' })));
  });

  test('rejects a body with one changed byte, or the same JSON formatted differently', async () => {
    for (const body of ['{"mchid":"1900000101"}', '{ "mchid":"1900000100"}', '{"mchid":"1900000100"}\n', '']) {
      assert.strictEqual(
        (await thrownBy(async () => verify({ ...(await signedResponse()), body }))).reason,
        'bad-signature',
      );
    }
  });

  test('tries only the key listed under the serial', async () => {
    const other = fixtures.otherPlatform;
    const all = { [other.serial]: other.publicKey, ...certs };
    assert.ok(verify(await signedResponse(), { now: NOW }, { certs: all }));
    assert.ok(verify(await signedResponse({ by: other }), { now: NOW }, { certs: all }));
    const response = withHeaders(await signedResponse(), { 'Wechatpay-Serial': other.serial });
    assert.strictEqual((await thrownBy(() => verify(response, { now: NOW }, { certs: all }))).reason, 'bad-signature');
  });

  test('looks up serials among own properties only', async () => {
    for (const serial of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const response = withHeaders(await signedResponse(), { 'Wechatpay-Serial': serial });
      assert.strictEqual((await thrownBy(() => verify(response))).reason, 'unknown-serial');
    }
    assert.strictEqual(
      (await thrownBy(async () => verify(await signedResponse(), { now: NOW }, { certs: Object.create(certs) })))
        .reason,
      'unknown-serial',
    );
    assert.match(
      (await thrownBy(async () => verify(await signedResponse(), { now: NOW }, { certs: {} }))).message,
      /certs is empty/,
    );
  });

  test('reads headers in every form that hosts use', async () => {
    const response = await signedResponse();
    const entries = Object.entries(response.headers);
    const lower = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
    const upper = Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), value]));
    const likeHeaders = { get: (/** @type {string} */ name) => lower[name.toLowerCase()] ?? null };
    const arrays = Object.fromEntries(entries.map(([name, value]) => [name, [value]]));
    for (const headers of [
      lower,
      upper,
      new Headers(response.headers),
      likeHeaders,
      arrays,
      Object.assign(Object.create(null), lower),
    ]) {
      assert.deepEqual(verify({ ...response, headers }), { mchid: '1900000100' });
    }
  });

  test('rejects a repeated header', async () => {
    const response = await signedResponse();
    const twice = new Headers(response.headers);
    twice.append('Wechatpay-Serial', platform.serial);
    const record = { ...response.headers, 'wechatpay-serial': platform.serial };
    for (const headers of [twice, record]) {
      assert.strictEqual((await thrownBy(() => verify({ ...response, headers }))).reason, 'unknown-serial');
    }
  });

  test('treats headers whose get throws as missing', async () => {
    const get = () => {
      throw new Error('boom');
    };
    assert.strictEqual(
      (await thrownBy(async () => verify({ ...(await signedResponse()), headers: { get } }))).reason,
      'missing-header',
    );
    assert.ok(verify(await signedResponse()));
  });

  const errorBody = JSON.stringify({ code: 'PARAM_ERROR', message: '参数错误', detail: { field: 'appid' } });
  for (const [status, retryable] of /** @type {const} */ ([
    [400, false],
    [401, false],
    [404, false],
    [429, true],
    [500, true],
    [502, true],
    [503, true],
    [504, true],
    [302, false],
  ])) {
    test(`reports status ${status}, signed or unsigned, as an ApiError`, async () => {
      const response = await signedResponse({ status, body: errorBody });
      for (const [given, verified] of /** @type {[any, boolean][]} */ ([
        [response, true],
        [{ ...response, headers: { 'request-id': '08F78BB5AF0610D302-0' } }, false],
        [withHeaders(response, { 'Wechatpay-Timestamp': '1' }), false],
      ])) {
        const error = await thrownBy(() => verify(given));
        assert.ok(error instanceof ApiError, String(error));
        const { code, apiCode, message, detail, requestId } = error;
        assert.deepEqual(
          {
            status: error.status,
            code,
            apiCode,
            message,
            detail,
            requestId,
            retryable: error.retryable,
            verified: error.verified,
          },
          {
            status,
            code: 'ERR_API',
            apiCode: 'PARAM_ERROR',
            message: '参数错误',
            detail: { field: 'appid' },
            requestId: '08F78BB5AF0610D302-0',
            retryable,
            verified,
          },
        );
        assert.strictEqual(error.cause instanceof SignatureVerificationError, !verified);
      }
    });
  }

  test('reads errors that are not JSON, or JSON of another shape', async () => {
    for (const body of ['<html>502</html>', '', '[]', 'null', '"x"', '{"code":1,"message":{}}', '{"code":']) {
      const error = await thrownBy(() => verify({ status: 502, headers: {}, body }));
      assert.ok(error instanceof ApiError, String(error));
      assert.deepEqual([error.status, error.apiCode, error.verified], [502, undefined, false]);
      assert.match(error.message, /502/);
    }
  });

  test('reports a verified 2xx response that is not JSON as an ApiError', async () => {
    for (const body of ['<html>', '{"a":', new Uint8Array([0x22, 0xff, 0x22])]) {
      const error = await thrownBy(async () => verify(await signedResponse({ body })));
      assert.ok(error instanceof ApiError, String(error));
      assert.deepEqual([error.status, error.verified, error.retryable], [200, true, false]);
      assert.match(error.message, /not JSON/);
    }
  });

  test('never accepts an unsigned 2xx, whatever it contains', async () => {
    for (const status of [200, 201, 202, 204, 299]) {
      const error = await thrownBy(() => verify({ status, headers: {}, body: '{"mchid":"1"}' }));
      assert.strictEqual(error.reason, 'missing-header');
    }
  });

  for (const [name, response, options, trust, field] of /** @type {[string, any, any, any, string][]} */ ([
    ['a status that is a string', { ...(await signedResponse()), status: '200' }, {}, { certs }, 'status'],
    ['a status out of range', { ...(await signedResponse()), status: 0 }, {}, { certs }, 'status'],
    ['no headers', { status: 200, body: '' }, {}, { certs }, 'headers'],
    ['a body already parsed', { ...(await signedResponse()), body: { mchid: '1' } }, {}, { certs }, 'body'],
    ['no certs', await signedResponse(), {}, {}, 'certs'],
    ['a certificate that is undefined', await signedResponse(), {}, { certs: { AB: undefined } }, 'certs["AB"]'],
    ['milliseconds', await signedResponse(), { now: NOW * 1000 }, { certs }, 'now'],
    ['an infinite tolerance', await signedResponse(), { toleranceSeconds: Infinity }, { certs }, 'toleranceSeconds'],
    ['an unknown option', await signedResponse(), { tolerance: 1 }, { certs }, 'tolerance'],
  ])) {
    test(`rejects ${name}`, async () => {
      const error = await thrownBy(() => verify(response, options, trust));
      assert.ok(error instanceof InvalidParameterError, String(error));
      assert.strictEqual(error.field, field);
    });
  }

  test('reports all errors in the arguments at once', async () => {
    const error = await thrownBy(async () =>
      verify({ ...(await signedResponse()), status: '200', body: 5 }, { now: -1, tolerance: 1 }),
    );
    assert.deepEqual(
      error.issues.map((/** @type {any} */ issue) => [issue.field, issue.rule]),
      [
        ['status', 'type'],
        ['body', 'type'],
        ['now', 'integer'],
        ['tolerance', 'unknown-field'],
      ],
    );
  });
}

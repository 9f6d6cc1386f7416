/** Printed and logged keys, clients and errors show useful details, and no secrets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { buildPresignRequest, createClient, MerchantKey, signAuthorization } from 'wechatpay-presign';
import { API_V3_KEY, merchant, NOW, notification, PARAMS, platform, signedResponse } from './fixtures.js';

test('inspecting a key reveals nothing', () => {
  const key = MerchantKey.fromPem(merchant.privateKey);
  assert.equal(inspect(key, { showHidden: true, depth: 9 }), 'MerchantKey {}');
});

test('inspecting a client or a chain of endpoints shows no key and sends nothing', async () => {
  let sent = 0;
  const client = createClient({
    ...{ mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey },
    certs: { [platform.serial]: platform.publicKey },
    fetch: async () => {
      sent += 1;
      return new Response();
    },
  });
  for (const showProxy of [false, true]) {
    for (const value of [client.v3, client.chain('v3/x'), client]) {
      const shown = inspect(value, { showHidden: true, depth: 9, showProxy });
      assert.ok(!shown.includes(merchant.privateKey.slice(100, 120)), shown);
    }
  }
  assert.equal(sent, 0);
});

test('inspecting an error shows no key, even if a key was given in the wrong place', () => {
  const pem = merchant.privateKey;
  const line = pem.split('\n')[1] ?? '';
  for (const slip of [
    () => MerchantKey.fromPem(pem.slice(0, 500)),
    () => buildPresignRequest(/** @type {any} */ ({ [pem]: pem })),
    () => signAuthorization({ method: pem, url: pem, body: pem }, { ...merchant, mchid: pem, serial: pem }),
  ]) {
    assert.throws(slip, (error) => !inspect(error, { showHidden: true, depth: 9 }).includes(line.slice(0, 16)));
  }
});

test('printing a forged SIGN_ERROR or its events shows nothing of the request that it repeats', async () => {
  /** @type {unknown[]} */
  const events = [];
  const client = createClient({
    ...{ mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey, retries: 0 },
    certs: { [platform.serial]: platform.publicKey },
    fetch: /** @type {any} */ (
      async (/** @type {string} */ _url, /** @type {any} */ { body, headers }) => {
        const sign_information = { truncated_sign_message: `POST\n${body}\n`, sign_message_length: body.length };
        const detail = { body, sent: headers.Authorization, sign_information };
        return Response.json({ code: 'SIGN_ERROR', message: 'no', detail }, { status: 401 });
      }
    ),
    onRequest: (event) => void events.push(event),
    onResponse: (event) => void events.push(event),
  });
  const call = client.chain('v3/x').post({ json: { openid: 'oSecret' }, headers: { Cookie: 'Secret' } });
  await assert.rejects(call, (error) => {
    const shown = inspect(error, { depth: 9 }) + inspect(events, { depth: 9 });
    assert.match(shown, /SIGN_ERROR/);
    assert.doesNotMatch(shown, /Secret|signature="/);
    return true;
  });
});

// ---- Errors in a log ----

const COOKIE = 'session=secret-of-a-cookie';
const OPENID = 'oSecretOfTheBody';

/** The secrets that a program handles during a call, as they would appear in a log. */
const SECRETS = {
  'the private key': merchant.privateKey.split('\n')[5] ?? '',
  'the APIv3 key': API_V3_KEY,
  'a signature of ours': 'signature="',
  'a cookie': 'secret-of-a-cookie',
  'the body': OPENID,
};

/** Sends back everything that it receives, as a proxy's error page or WeChat Pay's `detail` might. */
const echo = {
  html: (/** @type {any} */ { body, headers }) =>
    new Response(`<p>${body} ${headers.Cookie} ${headers.Authorization}</p>`, { status: 502 }),
  json: (/** @type {any} */ { body, headers }) => {
    const detail = { body, headers, sign_information: { truncated_sign_message: body, sign_message_length: 1 } };
    const text = JSON.stringify({ code: 'SIGN_ERROR', message: 'no', detail });
    return new Response(text, { status: 401, headers: { 'Request-ID': 'REQ-1' } });
  },
};

/** @param {object} [others] */
function shop(others) {
  return createClient(
    /** @type {any} */ ({
      ...{ mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey, apiV3Key: API_V3_KEY },
      certs: { [platform.serial]: platform.publicKey },
      ...{ retries: 0, clock: () => NOW * 1000 },
      ...others,
    }),
  );
}
/** @param {(request: any) => any} respond */
function callOf(respond) {
  const fetch = async (/** @type {string} */ _url, /** @type {any} */ init) => respond(init);
  return () =>
    shop({ fetch })
      .chain('v3/x')
      .post({ json: { openid: OPENID }, headers: { Cookie: COOKIE } });
}

/** @type {Record<string, [() => Promise<unknown>, object]>} Each class of error, and what its log entry must have. */
const FAILURES = {
  'ApiError from JSON that repeats the request': [
    callOf(echo.json),
    { code: 'ERR_API', status: 401, apiCode: 'SIGN_ERROR', requestId: 'REQ-1', endpoint: 'POST /v3/x', attempts: 1 },
  ],
  'ApiError from HTML that repeats the request': [
    callOf(echo.html),
    { code: 'ERR_API', status: 502, endpoint: 'POST /v3/x', outcomeUnknown: true },
  ],
  SignatureVerificationError: [
    callOf(({ body }) => {
      const { headers } = signedResponse({ body: '{}' });
      return new Response(body, { headers });
    }),
    { code: 'ERR_SIGNATURE_VERIFICATION', reason: 'bad-signature', requestId: '08F78BB5AF0610D302-0' },
  ],
  NetworkError: [
    callOf(() => Promise.reject(new TypeError('fetch failed'))),
    { code: 'ERR_NETWORK', retryable: true, endpoint: 'POST /v3/x', attempts: 1 },
  ],
  DecryptionError: [
    () => shop().notifications.parse(notification({ now: NOW, key: 'x'.repeat(32) })),
    { code: 'ERR_DECRYPTION' },
  ],
  'HostError from a signer': [
    () => {
      const sign = (/** @type {Uint8Array} */ _message) => Promise.reject(new Error('the KMS is away'));
      return shop({ privateKey: undefined, signer: { sign } }).presign({ ...PARAMS, openid: OPENID });
    },
    { code: 'ERR_SIGNING', operation: 'signer', retryable: true, outcomeUnknown: false },
  ],
  'InvalidParameterError, with secrets in the wrong fields': [
    () => {
      const wrong = { ...PARAMS, appid: merchant.privateKey, openid: `${OPENID} `, notify_url: API_V3_KEY };
      return shop().presign({ .../** @type {any} */ (wrong), [COOKIE]: COOKIE });
    },
    { code: 'ERR_INVALID_PARAMETER', field: 'appid' },
  ],
  'InvalidKeyError, with secrets in the wrong fields': [
    async () => shop({ privateKey: merchant.privateKey.slice(0, 900), certs: { [platform.serial]: API_V3_KEY } }),
    { code: 'ERR_INVALID_KEY' },
  ],
};

/** Everything that writes a log. @type {Record<string, (error: any) => string>} */
const LOGS = {
  'pino, the error alone': (error) => logged((log) => log.error(error)),
  'pino, as err': (error) => logged((log) => log.error({ err: error }, 'the offer failed')),
  'pino, among other things': (error) => logged((log) => log.warn({ error, nested: { error } }, 'the offer failed')),
  'JSON.stringify': (error) => JSON.stringify({ error }),
  'structuredClone of toJSON': (error) => JSON.stringify(structuredClone(error.toJSON())),
  'console.log': (error) => inspect(error),
  'console.log, in full': (error) => inspect({ error }, { depth: 9 }),
};

/** @param {(log: import('pino').Logger) => void} write */
function logged(write) {
  /** @type {string[]} */
  const lines = [];
  write(pino({}, { write: (line) => void lines.push(line) }));
  return lines.join('');
}

for (const [name, [call, needed]] of Object.entries(FAILURES)) {
  test(`a log shows the useful parts of an error, and no secret: ${name}`, async () => {
    const error = await call().then(
      () => assert.fail('no error'),
      (thrown) => thrown,
    );
    for (const [log, write] of Object.entries(LOGS)) {
      const shown = write(error);
      for (const [what, secret] of Object.entries(SECRETS)) {
        assert.ok(secret.length > 9 && !shown.includes(secret), `${log} shows ${what}: ${shown}`);
      }
      for (const [key, value] of Object.entries(needed)) {
        assert.match(shown, new RegExp(`"?${key}"?: ?['"]?${value}`), `${log} does not show ${key}: ${shown}`);
      }
      assert.ok(shown.includes(/[^"'\\\n]+/.exec(error.message)?.[0] ?? '?'), `${log} does not show the message`);
    }
  });
}

test('detail and bodyExcerpt are available to a program that asks for them', async () => {
  for (const [respond, name] of /** @type {[(request: any) => any, string][]} */ ([
    [echo.json, 'detail'],
    [echo.html, 'bodyExcerpt'],
  ])) {
    await assert.rejects(callOf(respond), (/** @type {any} */ error) => {
      assert.ok(JSON.stringify(error[name]).includes(OPENID));
      return true;
    });
  }
});

test('the log of an error contains the line of its caller', async () => {
  const { stack = '' } = new Error('here');
  const file = /\(?(file:[^\s:]*:[^\s:]*|[^\s:()]*):\d+:\d+\)?$/.exec(stack.split('\n')[1] ?? '')?.[1];
  const error = await callOf(() => Promise.reject(new TypeError('fetch failed')))().catch((thrown) => thrown);
  for (const write of [LOGS['pino, as err'], LOGS['console.log']]) {
    assert.ok(write?.(error).includes(String(file)), write?.(error));
  }
});

test('printing a client shows which merchant and which keys it has', () => {
  const { mchid, serial } = merchant;
  const shown = inspect(shop());
  assert.match(shown, /^Client \{/);
  for (const needed of [mchid, serial, platform.serial, 'https://api.mch.weixin.qq.com'])
    assert.ok(shown.includes(needed));
  for (const text of [shown, logged((log) => log.info({ client: shop() }, 'started')), JSON.stringify(shop())]) {
    for (const secret of Object.values(SECRETS)) assert.ok(!text.includes(secret), text);
  }
});

/** The hints of errors, and the doctor. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { createTestKit, makeCertificate, makePlatformKey } from 'wechatpay-presign/testing';
import { scriptedFetch } from './scripted-fetch.js';
import { responder } from './signed-response.js';
import { thrownBy } from './thrown-by.js';

const ID = 'PUB_KEY_ID_0119000001002025010100111111111111';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, PARAMS, merchant, platform, certificate, gateway } = fixtures;
  const respond = responder(fixtures);
  const { mchid, serial, privateKey } = merchant;
  const certs = { [platform.serial]: platform.publicKey };
  const config = { mchid, serial, privateKey, certs, retries: 0 };
  const atGateway = { ...config, baseUrl: gateway.baseUrl };

  /** @param {(url: string, init: any) => [string, any]} change  changes a request on its way */
  const tampering = (change) => (/** @type {string} */ url, /** @type {any} */ init) => fetch(...change(url, init));

  for (const [name, change, words] of /** @type {[string, (url: string, init: any) => [string, any], RegExp][]} */ ([
    [
      'a path that was rewritten',
      (url, init) => [url.replace('?a=1', '?a=2'), init],
      /the path and query differs: you signed "\/v3\/x\?a=1", but WeChat Pay received "\/v3\/x\?a=2"/,
    ],
    [
      'a body that was rewritten',
      (url, init) => [url, { ...init, body: ` ${init.body}` }],
      /the body differs from byte 1/,
    ],
    ['a body that became longer', (url, init) => [url, { ...init, body: `${init.body}\n` }], /the body differs.*bytes/],
    [
      'a method that was changed',
      (url, init) => [url, { ...init, method: 'PUT' }],
      /the method differs: you signed "POST"/,
    ],
  ])) {
    test(`SIGN_ERROR after ${name}`, async () => {
      const client = w.createClient({ ...atGateway, fetch: /** @type {any} */ (tampering(change)) });
      const call = () =>
        /** @type {any} */ (client.v3)['x'].post({ json: { name: '张三', more: 'x'.repeat(100) }, query: { a: 1 } });
      const error = await thrownBy(call);
      assert.ok(error instanceof w.ApiError, String(error));
      assert.strictEqual(error.apiCode, 'SIGN_ERROR');
      assert.match(String(error.hint), words);
      assert.ok(error.message.endsWith(String(error.hint)));
      assert.match(String(error.requestId), /^08/);
    });
  }

  test('a forged SIGN_ERROR never makes an error or a hook quote the body', async () => {
    /** @type {unknown[]} */
    const events = [];
    const forge = async (/** @type {any} */ url, /** @type {any} */ init) => {
      const { pathname } = new URL(url);
      const [, nonce, timestamp] = /nonce_str="(.*?)".*timestamp="(.*?)"/.exec(init.headers.Authorization) ?? [];
      const truncated_sign_message = `POST\n${pathname}\n${timestamp}\n${nonce}\n\n`;
      const detail = { sign_information: { truncated_sign_message } };
      return new Response(JSON.stringify({ code: 'SIGN_ERROR', message: 'no', detail }), { status: 401 });
    };
    const onResponse = (/** @type {unknown} */ event) => void events.push(event);
    const client = w.createClient({ ...config, fetch: /** @type {any} */ (forge), onResponse });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.match(error.hint, /the body differs from byte 1 /);
    const told = [error.message, JSON.stringify(error), JSON.stringify(events)].join('\n');
    for (const value of Object.values(PARAMS)) assert.notInclude(told, String(value));
  });

  test('SIGN_ERROR with the key of another merchant', async () => {
    const client = w.createClient({ ...atGateway, privateKey: certificate.privateKey });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.strictEqual(error.apiCode, 'SIGN_ERROR');
    assert.match(error.hint, /most likely the key.* serial/);
  });

  for (const [name, echo] of /** @type {[string, (message: string, body: string) => string][]} */ ([
    ['in place of the path', (message, body) => message.replace(/\n.*?\n/, `\n${body}\n`)],
    ['in place of the method', (message, body) => message.replace(/^.*?\n/, `${body}\n`)],
    ['in place of the nonce', (message, body) => message.replace(/\n[^\n]*\n[^\n]*\n$/, `\n${body}\n${body}\n`)],
    ['as the whole message', (_message, body) => body],
    ['with one changed value', (message) => message.replace('oSecretOpenid', 'oSecretOpenie')],
    ['with an additional field', (message) => message.replace('}', ',"more":"Secret"}')],
    ['on every line', (_message, body) => `${body}\n`.repeat(5)],
  ])) {
    test(`a forged SIGN_ERROR that repeats the body ${name} puts none of it into errors or hooks`, async () => {
      /** @type {any[]} */
      const events = [];
      const onResponse = (/** @type {any} */ event) => void events.push(event);
      const fetch = async (/** @type {string} */ _url, /** @type {any} */ { body }) => {
        const message = `POST\n/v3/x\n${NOW}\nN\n${body}\n`;
        const sign_information = { truncated_sign_message: echo(message, body), sign_message_length: message.length };
        return Response.json({ code: 'SIGN_ERROR', message: 'no', detail: { sign_information } }, { status: 401 });
      };
      const limits = { clock: () => NOW * 1000, nonce: () => 'N', onResponse };
      const client = w.createClient({ ...config, ...limits, fetch: /** @type {any} */ (fetch) });
      const json = { openid: 'oSecretOpenid', name: 'SecretName' };
      const error = await thrownBy(() => client.chain('v3/x').post({ json }));
      assert.deepEqual([error.apiCode, error.verified], ['SIGN_ERROR', false]);
      const shown = [error.message, error.hint, error.stack, JSON.stringify(error), JSON.stringify({ ...error })];
      assert.notMatch(`${shown} ${JSON.stringify(events)}`, /Secret/);
    });
  }

  test('SIGN_ERROR without anything to compare has no hint', async () => {
    for (const detail of [
      undefined,
      null,
      5,
      {},
      { sign_information: null },
      { sign_information: { truncated_sign_message: 5 } },
    ]) {
      const body = JSON.stringify({ code: 'SIGN_ERROR', message: 'no', detail });
      const { fetch } = scriptedFetch(() => respond({ status: 401, body }));
      const client = w.createClient({ ...config, fetch, clock: () => NOW * 1000 });
      const error = await thrownBy(() => client.presign(PARAMS));
      assert.deepEqual([error.apiCode, error.hint, error.message], ['SIGN_ERROR', undefined, 'no']);
    }
  });

  for (const [ahead, words] of /** @type {[number, RegExp][]} */ ([
    [400, /the clock of this machine is (399|40[0-2]) s ahead of WeChat Pay’s/],
    [-400, /the clock of this machine is (39[89]|40[01]) s behind WeChat Pay’s/],
  ])) {
    test(`the hint names a clock that is wrong by ${ahead} s`, async () => {
      const client = w.createClient({ ...atGateway, clock: () => Date.now() + ahead * 1000 });
      assert.match((await thrownBy(() => client.presign(PARAMS))).hint, words);
      // With such a clock, genuine responses are rejected too.
      const { fetch } = scriptedFetch(() => respond());
      const other = w.createClient({ ...config, fetch, clock: () => (NOW + ahead) * 1000 });
      const error = await thrownBy(() => other.presign(PARAMS));
      assert.strictEqual(error.reason, 'stale-timestamp');
      assert.match(error.hint, words);
    });
  }

  test('a redirect is not followed, and the hint names it', async () => {
    const redirect = () => new Response(null, { status: 302, headers: { Location: 'https://evil.example/' } });
    const { fetch, requests } = scriptedFetch(redirect);
    const error = await thrownBy(() => w.createClient({ ...config, fetch }).presign(PARAMS));
    assert.deepEqual([error.status, error.retryable, requests.length], [302, false, 1]);
    assert.match(error.hint, /redirect is never followed/);
  });

  // ---- The doctor ----

  /** @param {any} report */
  const byName = ({ checks }) =>
    Object.fromEntries(checks.map((/** @type {any} */ { name, ...check }) => [name, check]));

  const CHECKS = ['keys', 'serials', 'reachability', 'clock', 'signature', 'responses', 'mode'];

  test('the doctor finds nothing wrong in public key mode', async () => {
    const report = await w.createClient(atGateway).doctor();
    assert.ok(report.ok, String(report));
    assert.deepEqual(
      report.checks.map(({ name }) => name),
      CHECKS,
    );
    assert.match(byName(report).mode.detail, /public key mode is live/);
    assert.strictEqual(String(report).split('\n').length, 7);
    assert.match(String(report), /^✓ keys: /);
  });

  /**
   * A merchant of each mode, and the doctor's requests if nothing is wrong.
   * @type {[mode: 'public-key' | 'certificate' | 'both', asked: string[], says: RegExp][]}
   */
  const MODES = [
    [
      'public-key',
      ['POST /v3/security/echo'],
      /^public key mode is live: POST \/v3\/security\/echo was verified with the public key$/,
    ],
    ['certificate', ['GET /v3/certificates'], /^certificate mode is live \([0-9A-F]+\)$/],
    ['both', ['GET /v3/certificates'], /^certificate mode is live \([0-9A-F]+\), and public key mode is configured$/],
  ];
  for (const [mode, asked, says] of MODES) {
    /** @type {Promise<import('wechatpay-presign/testing').TestKit> | undefined} */
    let made;
    const kitOf = () => (made ??= createTestKit({ mode }));

    test(`the doctor finds nothing wrong in mode ${mode}, and sends only the requests it needs`, async () => {
      const { config, gateway } = await kitOf();
      const before = gateway.requests.length;
      const report = await w.createClient(config).doctor();
      assert.ok(report.ok, String(report));
      assert.deepEqual(
        report.checks.map(({ name }) => name),
        CHECKS,
      );
      assert.match(byName(report).mode.detail, says);
      assert.strictEqual(byName(report).responses.detail, 'the response was verified');
      const requests = gateway.requests.slice(before);
      assert.deepEqual(
        requests.map(({ method, path }) => `${method} ${path}`),
        asked,
      );
      for (const { body } of requests) assert.notInclude(new TextDecoder().decode(body), 'notify_url');
    });

    for (const [
      name,
      others,
      check,
      words,
    ] of /** @type {[string, (kit: import('wechatpay-presign/testing').TestKit) => any, string, RegExp][]} */ ([
      [
        'the key of another merchant',
        () => ({ privateKey: certificate.privateKey }),
        'signature',
        /most likely the key/,
      ],
      ['a wrong serial', () => ({ serial: 'ABCDEF' }), 'signature', /./],
      ['a clock that is behind', () => ({ clock: () => Date.now() - 400_000 }), 'clock', /(399|40[01]) s behind/],
      ['a clock that is ahead', () => ({ clock: () => Date.now() + 400_000 }), 'clock', /(399|40[012]) s ahead/],
      [
        'a network that is down',
        () => ({ fetch: () => Promise.reject(new TypeError('fetch failed')) }),
        'reachability',
        /nothing was received: fetch failed/,
      ],
      [
        'the wrong key under the right name',
        async ({ certs }) => ({ certs: await withOtherKeys(certs) }),
        'responses',
        /Wechatpay-Signature does not match this response/,
      ],
      [
        'a response signed with another key',
        () => ({ certs: { [ID]: platform.publicKey }, platformSerial: ID, apiV3Key: undefined }),
        'responses',
        /certs has no key for Wechatpay-Serial/,
      ],
    ])) {
      test(`the doctor finds ${name}, in mode ${mode}`, async () => {
        const kit = await kitOf();
        const config = { ...kit.config, ...(await others(kit)) };
        const report = await w.createClient(config).doctor();
        assert.strictEqual(report.ok, false, String(report));
        assert.strictEqual(byName(report)[check].ok, false, String(report));
        assert.match(byName(report)[check].detail, words);
        assert.include(String(report), `✗ ${check}: `);
        const secrets = [kit.merchant.privateKey.split('\n')[2], kit.config.apiV3Key];
        for (const secret of secrets) assert.notInclude(String(report), String(secret));
      });
    }

    test(`createClient finds swapped keys, in mode ${mode}`, async () => {
      const { config, certs } = await kitOf();
      const [[id = '', key = ''] = []] = Object.entries(certs);
      const error = await thrownBy(() =>
        w.createClient({ ...config, privateKey: key, certs: { [id]: config.privateKey } }),
      );
      assert.ok(error instanceof w.InvalidKeyError, String(error));
      assert.match(error.message, /^privateKey holds .*apiclient_key\.pem; certs.* holds PRIVATE KEY/);
    });
  }

  for (const [status, code] of /** @type {const} */ ([
    [404, 'RESOURCE_NOT_EXISTS'],
    [500, 'SYSTEM_ERROR'],
    [403, 'NO_AUTH'],
  ])) {
    const noCertificates = () => Response.json({ code, message: 'none' }, { status });
    const both = { ...certs, [certificate.serial]: certificate.pem };

    test(`${status} ${code} of /v3/certificates is no failure if the public key verifies an echo`, async () => {
      const { fetch, requests } = scriptedFetch(noCertificates, () => respond({ body: '{"echo_message":"x"}' }));
      const report = await w.createClient({ ...config, certs: both, fetch, clock: () => NOW * 1000 }).doctor();
      assert.ok(report.ok, String(report));
      assert.match(byName(report).mode.detail, /^public key mode is live: .*no certificates for this merchant$/);
      assert.deepEqual(
        requests.map(({ method, url, headers }) => [method, new URL(url).pathname, headers['Wechatpay-Serial']]),
        [
          ['GET', '/v3/certificates', platform.serial],
          ['POST', '/v3/security/echo', platform.serial],
        ],
      );
    });

    test(`${status} ${code} of an echo in public key mode is a failure`, async () => {
      const { fetch, requests } = scriptedFetch(noCertificates);
      const report = await w.createClient({ ...config, fetch, clock: () => NOW * 1000 }).doctor();
      assert.deepEqual([report.ok, requests.length, byName(report).mode.ok], [false, 1, false]);
      assert.match(byName(report).mode.detail, /^cannot be determined: none$/);
    });

    test(`an echo signed with the wrong key is a failure after ${status} ${code} of /v3/certificates`, async () => {
      const stranger = { ...(await makePlatformKey()), serial: platform.serial };
      const { fetch } = scriptedFetch(noCertificates, () => respond({ by: stranger }));
      const report = await w.createClient({ ...config, certs: both, fetch, clock: () => NOW * 1000 }).doctor();
      assert.deepEqual([report.ok, byName(report).responses.ok], [false, false]);
      assert.match(byName(report).responses.detail, /Wechatpay-Signature does not match this response/);
    });
  }

  for (const [name, others, check, words] of /** @type {[string, () => any, string, RegExp][]} */ ([
    ['a clock that is behind', () => ({ clock: () => Date.now() - 100_000 }), 'clock', /behind/],
    ['an unreachable host', () => ({ baseUrl: 'http://127.0.0.1:1' }), 'reachability', /nothing was received/],
    [
      'configured certificates of a merchant without certificates',
      () => ({ certs: { [certificate.serial]: certificate.pem } }),
      'mode',
      /put its public key into certs, under PUB_KEY_ID_/,
    ],
    [
      'a response that cannot be verified',
      () => ({ fetch: scriptedFetch(() => new Response('{"data":[]}')).fetch }),
      'responses',
      /Wechatpay-/,
    ],
  ])) {
    test(`the doctor finds ${name}`, async () => {
      const report = await w.createClient({ ...atGateway, ...others() }).doctor();
      assert.strictEqual(report.ok, false);
      assert.strictEqual(byName(report)[check].ok, false, String(report));
      assert.match(byName(report)[check].detail, words);
      assert.include(String(report), `✗ ${check}: `);
      assert.notInclude(String(report), String(privateKey.split('\n')[2]));
    });
  }

  test('the doctor lists the certificates in use', async () => {
    const body = JSON.stringify({ data: [{ serial_no: 'ABC123' }] });
    const { fetch } = scriptedFetch(() => respond({ body }));
    const both = { ...certs, [certificate.serial]: certificate.pem };
    const report = await w.createClient({ ...config, certs: both, fetch, clock: () => NOW * 1000 }).doctor();
    assert.ok(report.ok, String(report));
    assert.match(byName(report).mode.detail, /certificate mode is live \(ABC123\), and public key mode/);
  });
}

/**
 * Replaces each key, and keeps the names.
 * @param {Record<string, string>} certs
 */
async function withOtherKeys(certs) {
  const others = Object.keys(certs).map(async (name) => {
    const isPublicKey = name.startsWith('PUB_KEY_ID_');
    const { publicKey } = await makePlatformKey();
    return [name, isPublicKey ? publicKey : (await makeCertificate({ serial: name })).certificate];
  });
  return Object.fromEntries(await Promise.all(others));
}

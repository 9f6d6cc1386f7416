/** The error classes: the properties of each, its JSON, and the secrets it must not show. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { withReplaced } from './replaced.js';
import { responseSigner } from './signed-response.js';
import { thrownBy } from './thrown-by.js';

const REQUEST_ID = '08F78BB5AF0610D302-0';
const SECRET = 'sk-this-text-must-not-appear';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, PARAMS, merchant, platform } = fixtures;
  const signedResponse = responseSigner(fixtures);
  const policy = { certs: { [platform.serial]: platform.publicKey } };
  const request = { method: 'GET', url: '/v3/x' };
  const signingParams = { timestamp: 1, nonce: 'N' };
  const { mchid, serial } = merchant;
  const verify = (/** @type {any} */ response) => w.verifyResponse(response, policy, { now: NOW });
  const config = { mchid, serial, certs: policy.certs, retries: 0 };

  /** @param {Parameters<typeof signedResponse>[0]} making */
  const errorOf = async (making) => {
    const response = await signedResponse(making);
    return thrownBy(() => verify(response));
  };

  /** One error of each class, made by calls that fail. */
  const makeErrors = async () => ({
    InvalidParameterError: await thrownBy(() => w.buildPresignRequest(/** @type {any} */ ({}))),
    InvalidKeyError: await thrownBy(() => w.MerchantKey.fromPem(SECRET)),
    SignatureVerificationError: await thrownBy(() => verify({ status: 200, headers: {}, body: '' })),
    ApiError: await errorOf({
      status: 400,
      body: '{"code":"PARAM_ERROR","message":"openid is wrong","detail":{"a":1}}',
    }),
    DecryptionError: await thrownBy(() => w.decryptField('AAAA', merchant.privateKey)),
    NetworkError: await thrownBy(() => {
      const fetch = () => Promise.reject(new TypeError('fetch failed'));
      return w.createClient({ ...config, privateKey: merchant.privateKey, fetch }).presign(PARAMS);
    }),
    HostError: await thrownBy(() => {
      const signer = { sign: () => new Uint8Array(3) };
      return w.createClient({ ...config, signer }).presign(PARAMS);
    }),
  });

  test('every class has its name, its code and both flags', async () => {
    const codes = {
      InvalidParameterError: 'ERR_INVALID_PARAMETER',
      InvalidKeyError: 'ERR_INVALID_KEY',
      SignatureVerificationError: 'ERR_SIGNATURE_VERIFICATION',
      ApiError: 'ERR_API',
      DecryptionError: 'ERR_DECRYPTION',
      NetworkError: 'ERR_NETWORK',
      HostError: 'ERR_SIGNING',
    };
    const errors = await makeErrors();
    assert.sameMembers(Object.keys(errors), Object.keys(codes));
    for (const [name, error] of Object.entries(errors)) {
      const known = /** @type {keyof typeof codes} */ (name);
      assert.ok(error instanceof w[known], `${name}: ${error}`);
      assert.ok(error instanceof w.WechatPayError && error instanceof Error, name);
      assert.deepEqual([error.name, error.code], [name, codes[known]]);
      assert.deepEqual([typeof error.retryable, typeof error.outcomeUnknown], ['boolean', 'boolean'], name);
      assert.ok(String(error).startsWith(`${name}: `), String(error));
    }
  });

  test('every class can be created with a message alone, for your own tests', async () => {
    for (const name of Object.keys(await makeErrors())) {
      const Class = /** @type {any} */ (w)[name];
      const error = new Class('a message');
      assert.deepEqual([error.name, error.message], [name, 'a message']);
      assert.ok(w.isWechatPayError(error), name);
      assert.deepEqual([typeof error.code, error.retryable, typeof error.outcomeUnknown], ['string', false, 'boolean']);
      assert.deepEqual(structuredClone(error.toJSON()), JSON.parse(JSON.stringify(error)));
    }
  });

  test('toJSON of every error is plain data: it can be cloned, and survives JSON', async () => {
    for (const [name, error] of Object.entries(await makeErrors())) {
      const json = error.toJSON();
      assert.strictEqual(Object.getPrototypeOf(json), Object.prototype, name);
      assert.deepEqual(structuredClone(json), json, name);
      assert.deepEqual(JSON.parse(JSON.stringify(error)), json, name);
      const { code, retryable, outcomeUnknown } = error;
      assert.deepInclude(json, { name, message: error.message, code, retryable, outcomeUnknown });
    }
  });

  test('toJSON has the details of each class', async () => {
    const errors = await makeErrors();
    const { field, rule, issues } = errors.InvalidParameterError;
    assert.deepInclude(errors.InvalidParameterError.toJSON(), { field, rule, issues });
    assert.notStrictEqual(errors.InvalidParameterError.toJSON().issues[0], issues[0]);
    assert.deepInclude(errors.SignatureVerificationError.toJSON(), { reason: 'missing-header' });
    assert.deepInclude(errors.ApiError.toJSON(), {
      ...{ status: 400, apiCode: 'PARAM_ERROR', apiMessage: 'openid is wrong', verified: true },
      requestId: REQUEST_ID,
    });
    assert.deepInclude(errors.HostError.toJSON(), { operation: 'signer' });
  });

  test('toJSON leaves out properties added by other code', async () => {
    const { InvalidKeyError: error } = await makeErrors();
    Object.assign(error, { request: { authorization: SECRET }, callback: () => SECRET });
    assert.doesNotThrow(() => structuredClone(error.toJSON()));
    assert.notInclude(JSON.stringify(error), SECRET);
  });

  test('detail and bodyExcerpt are neither enumerable, nor in toJSON, nor in the message', async () => {
    const body = JSON.stringify({ code: 'PARAM_ERROR', message: 'openid is wrong', detail: { value: SECRET } });
    const withDetail = await errorOf({ status: 400, body });
    assert.deepEqual(withDetail.detail, { value: SECRET });
    assert.isUndefined(withDetail.bodyExcerpt);
    const page = `<html>${SECRET}${'<p>'.repeat(1000)}`;
    const withPage = await errorOf({ status: 502, body: page });
    assert.strictEqual(withPage.bodyExcerpt, page.slice(0, 200));
    assert.deepEqual([withPage.apiCode, withPage.apiMessage], [undefined, undefined]);
    for (const error of [withDetail, withPage]) {
      assert.notInclude(Object.keys(error), 'detail');
      assert.notInclude(Object.keys(error), 'bodyExcerpt');
      assert.notInclude(JSON.stringify({ ...error }), SECRET);
      assert.notInclude(JSON.stringify(error) + error.message + error.stack, SECRET);
    }
  });

  test('bodyExcerpt never splits a character, and reads bytes as well as text', async () => {
    const body = '\u{20000}'.repeat(300);
    for (const given of [body, new TextEncoder().encode(body)]) {
      const { bodyExcerpt } = await errorOf({ status: 502, body: given });
      assert.strictEqual(bodyExcerpt, '\u{20000}'.repeat(200));
    }
  });

  test('apiMessage is WeChat’s own text, with or without a code; undefined if there is none', async () => {
    const apiMessageOf = async (/** @type {string} */ body) => (await errorOf({ status: 400, body })).apiMessage;
    assert.strictEqual(await apiMessageOf('{"code":"X","message":"said"}'), 'said');
    assert.strictEqual(await apiMessageOf('{"message":"said"}'), 'said');
    for (const body of ['{"code":"X"}', '{"message":""}', '{"message":1}', '"message"', 'null', '']) {
      assert.isUndefined(await apiMessageOf(body), body);
    }
  });

  test('outcomeUnknown is set only if WeChat Pay may have acted', async () => {
    const bad = { by: { ...platform, serial: 'AB12' } };
    assert.deepEqual(
      {
        'a 2xx with a signature that cannot be trusted': (await errorOf(bad)).outcomeUnknown,
        'a signed 200 that is not JSON': (await errorOf({ body: '<' })).outcomeUnknown,
        'a 500': (await errorOf({ status: 500, body: '{}' })).outcomeUnknown,
        'a 400': (await errorOf({ status: 400, body: '{}' })).outcomeUnknown,
        'a 429': (await errorOf({ status: 429, body: '{}' })).outcomeUnknown,
      },
      {
        'a 2xx with a signature that cannot be trusted': true,
        'a signed 200 that is not JSON': true,
        'a 500': true,
        'a 400': false,
        'a 429': false,
      },
    );
    const errors = await makeErrors();
    assert.strictEqual(errors.NetworkError.outcomeUnknown, true);
    for (const error of [
      errors.InvalidParameterError,
      errors.InvalidKeyError,
      errors.DecryptionError,
      errors.HostError,
    ]) {
      assert.strictEqual(error.outcomeUnknown, false, error.name);
    }
  });

  test('a notification that cannot be trusted leaves no outcome unknown', async () => {
    const { headers, body } = await signedResponse({ by: { ...platform, serial: 'AB12' } });
    const apiV3Key = '0123456789abcdef0123456789ABCDEF';
    const error = await thrownBy(() => w.verifyNotification({ headers, body }, { ...policy, apiV3Key }, { now: NOW }));
    assert.deepEqual([error.reason, error.outcomeUnknown], ['unknown-serial', false]);
  });

  test('an ApiError is retryable after 429 and server errors', async () => {
    for (const [status, retryable] of [
      [400, false],
      [404, false],
      [429, true],
      [500, true],
      [503, true],
    ]) {
      const error = await errorOf({ status: Number(status), body: '{}' });
      assert.strictEqual(error.retryable, retryable, String(status));
    }
  });

  test('a host without a clock or randomness is a HostError that names the operation', async () => {
    const sign = () => w.signAuthorization(request, merchant);
    const noClock = await thrownBy(() => withReplaced(Date, 'now', () => 0, sign));
    assert.ok(noClock instanceof w.HostError, String(noClock));
    assert.deepEqual([noClock.code, noClock.operation], ['ERR_NO_CLOCK', 'clock']);
    const fail = () => {
      throw new Error('not in the global scope');
    };
    const noRandomness = await thrownBy(() => withReplaced(crypto, 'getRandomValues', fail, sign));
    assert.ok(noRandomness instanceof w.HostError, String(noRandomness));
    assert.deepEqual([noRandomness.code, noRandomness.operation], ['ERR_NO_RANDOMNESS', 'randomness']);
  });

  test('isWechatPayError accepts only errors of this package or of another copy of it', async () => {
    for (const [name, error] of Object.entries(await makeErrors())) assert.ok(w.isWechatPayError(error), name);
    const ofAnotherCopy = Object.assign(new Error('x'), { [Symbol.for('wechatpay-presign.error')]: true });
    assert.ok(w.isWechatPayError(ofAnotherCopy));
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const value of [new Error('x'), { code: 'ERR_API' }, 'ERR_API', null, undefined, 1, () => 1, revoked.proxy]) {
      assert.notOk(w.isWechatPayError(value));
    }
  });

  test('an error thrown by a getter becomes the cause of an InvalidParameterError that names the argument', async () => {
    const foreign = new Error('a getter that throws');
    const hostile = (/** @type {string} */ name) =>
      Object.defineProperty({}, name, {
        enumerable: true,
        get() {
          throw foreign;
        },
      });
    /** @type {Record<string, () => unknown>} */
    const calls = {
      params: () => w.buildPresignRequest(/** @type {any} */ (hostile('appid'))),
      options: () => w.buildPresignRequest(PARAMS, hostile('mode')),
      request: () => w.signAuthorization(/** @type {any} */ (hostile('body')), merchant, signingParams),
      merchant: () => w.signAuthorization(request, /** @type {any} */ (hostile('serial')), signingParams),
      signingParams: () => w.signingMessage(request, /** @type {any} */ (hostile('nonce'))),
      parts: () => w.authorizationHeader(/** @type {any} */ (hostile('mchid'))),
      response: () => verify(hostile('status')),
      policy: () => w.verifyResponse({ status: 200, headers: {}, body: '' }, /** @type {any} */ (hostile('certs'))),
      certs: () => w.verifyResponse({ status: 200, headers: {}, body: '' }, { certs: hostile('A') }),
      headers: () => verify({ status: 200, headers: hostile('Request-ID'), body: '' }),
      payment: () => w.signPaymentParams(/** @type {any} */ (hostile('appId')), merchant, 'jsapi'),
    };
    for (const [field, call] of Object.entries(calls)) {
      const error = await thrownBy(call);
      assert.ok(error instanceof w.InvalidParameterError, `${field}: ${error}`);
      assert.deepEqual([error.field, error.rule, error.cause], [field, 'type', foreign]);
    }
  });

  // No function ends in a tail call: JavaScriptCore would drop its frame.
  /** @type {Record<string, (client: w.Client) => Promise<unknown>>} */
  const calls = {
    presign: async function inMyShop(client) {
      await client.presign(PARAMS);
    },
    'presign, without await': function inMyShop(client) {
      const result = client.presign(PARAMS);
      return result.then((value) => value);
    },
    'presign among others': async function inMyShop(client) {
      await Promise.all([1, 2].map(() => client.presign(PARAMS)));
    },
    'contracts.query': async function inMyShop(client) {
      await client.contracts.query({ service_id: 1, out_contract_code: 'a' });
    },
    'contracts.terminate': async function inMyShop(client) {
      await client.contracts.terminate({ service_id: 1, out_contract_code: 'a' }, { contract_termination_remark: 'x' });
    },
    'certificates.download': async function inMyShop(client) {
      await client.certificates.download();
    },
    'notifications.parse': async function inMyShop(client) {
      await client.notifications.parse({ headers: {}, body: '{}' });
    },
    'chain().get': async function inMyShop(client) {
      await client.chain('v3/x').get();
    },
    "['v3/…'].get": async function inMyShop(client) {
      await /** @type {any} */ (client)['v3/x'].get();
    },
    'v3.x.post': async function inMyShop(client) {
      await /** @type {any} */ (client.v3).x.post({ json: {} });
    },
    'transactions.query': async function inMyShop(client) {
      await client.transactions.query({ out_trade_no: '1217752501201407033233368018' });
    },
    'transactions.close': async function inMyShop(client) {
      await client.transactions.close({ out_trade_no: '1217752501201407033233368018' });
    },
    'transactions.jsapi': async function inMyShop(client) {
      await client.transactions.jsapi(/** @type {any} */ ({}));
    },
    'transactions.jsapiWithContract': async function inMyShop(client) {
      await client.transactions.jsapiWithContract(/** @type {any} */ ({}));
    },
    paymentParams: async function inMyShop(client) {
      await client.paymentParams(/** @type {any} */ ({}), 'jsapi');
    },
    upload: async function inMyShop(client) {
      await client.upload('v3/x', { file: new Uint8Array(1), filename: 'x.png' });
    },
    download: async function inMyShop(client) {
      await client.download({ download_url: 'https://api.mch.weixin.qq.com/x' }, { unverified: true });
    },
  };
  for (const [name, call] of Object.entries(calls)) {
    test(`the stack of an error of ${name} names its caller`, async () => {
      // Two attempts with a wait between them, so that the caller is no longer on the stack.
      const fetch = () => new Promise((_resolve, reject) => setTimeout(reject, 1, new TypeError('fetch failed')));
      const { privateKey } = merchant;
      const sending = { retries: 1, retryDelayMs: 1, fetch: /** @type {any} */ (fetch) };
      const client = w.createClient({ ...config, ...sending, privateKey, apiV3Key: '0'.repeat(32) });
      const error = await thrownBy(() => call(client));
      assert.ok(w.isWechatPayError(error), String(error));
      const frames = String(error.stack).split('\n');
      assert.strictEqual(frames.filter((frame) => frame.includes('inMyShop')).length, 1, error.stack);
      assert.notInclude(Object.keys(error), 'stack');
    });
  }

  test('the stack of an error of each synchronous function names its caller', async () => {
    const wrong = /** @type {any} */ ({});
    const calls = {
      createClient: () => w.createClient(wrong),
      configFromEnv: () => w.configFromEnv(wrong),
      buildPresignRequest: () => w.buildPresignRequest(wrong),
      signAuthorization: () => w.signAuthorization(request, wrong),
      signingMessage: () => w.signingMessage(wrong, signingParams),
      authorizationHeader: () => w.authorizationHeader(wrong),
      signPaymentParams: () => w.signPaymentParams(wrong, wrong, 'jsapi'),
      verifyResponse: () => w.verifyResponse(wrong, policy),
      verifyNotification: () => w.verifyNotification(wrong, wrong),
      encryptField: () => w.encryptField('x', wrong),
      decryptField: () => w.decryptField('x', wrong),
      'MerchantKey.fromPem': () => w.MerchantKey.fromPem(wrong),
      'PlatformKey.fromPem': () => w.PlatformKey.fromPem(wrong),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await thrownBy(function inMyShop() {
        call();
        assert.fail(`${name} threw nothing`);
      });
      assert.ok(w.isWechatPayError(error), name);
      assert.include(error.stack, 'inMyShop', name);
    }
  });

  test('the stack of an error passed to onError names the caller of handle', async () => {
    /** @type {any[]} */
    const errors = [];
    const { privateKey } = merchant;
    const notifications = { onError: (/** @type {unknown} */ error) => errors.push(error) };
    const client = w.createClient({ ...config, privateKey, apiV3Key: '0'.repeat(32), notifications });
    async function inMyShop() {
      await client.notifications.handle({ headers: {}, body: '{}' }, () => {});
    }
    await inMyShop();
    assert.include(errors[0].stack, 'inMyShop');
  });

  test('the stack of an error that several calls share names only one caller', async () => {
    // Without a valid key, the two calls wait for one download, and fail with its error.
    const apiV3Key = '0'.repeat(32);
    const { privateKey } = merchant;
    const shared = new TypeError('fetch failed');
    const fetch = () => Promise.reject(shared);
    const client = w.createClient({ ...config, certs: undefined, privateKey, apiV3Key, fetch });
    async function callFirst() {
      await client.presign(PARAMS);
    }
    async function callSecond() {
      await client.presign(PARAMS);
    }
    for (const error of await Promise.all([thrownBy(callFirst), thrownBy(callSecond)])) {
      const named = ['callFirst', 'callSecond'].filter((name) => error.stack.includes(name));
      assert.strictEqual(named.length, 1, error.stack);
    }
  });

  test('the stack of an error begins with its whole message', async () => {
    const { privateKey } = merchant;
    const body = JSON.stringify({ code: 'RESOURCE_NOT_EXISTS', message: 'none' });
    const fetch = async () => new Response(body, { status: 404 });
    const client = w.createClient({ ...config, privateKey, apiV3Key: '0'.repeat(32), fetch });
    const error = await thrownBy(() => client.certificates.download());
    assert.isString(error.hint);
    assert.strictEqual(error.stack.split('\n')[0].replace(/^\w+: /, ''), error.message);
  });

  test('errors are the same if the host formats stacks differently or has none', async () => {
    const { privateKey } = merchant;
    const client = w.createClient({
      ...config,
      privateKey,
      fetch: () => Promise.reject(new TypeError('fetch failed')),
    });
    const ask = () => thrownBy(() => client.presign(PARAMS));
    const prepareStackTrace = () => ({ toString: () => 'own format' });
    const host = /** @type {any} */ (Error);
    for (const replaced of [{ prepareStackTrace }, { captureStackTrace: undefined }, { stackTraceLimit: 0 }]) {
      const [name = ''] = Object.keys(replaced);
      const own = Object.getOwnPropertyDescriptor(host, name);
      Object.assign(host, replaced);
      try {
        const error = await ask();
        assert.deepEqual([error.code, error.message], ['ERR_NETWORK', 'nothing was received: fetch failed']);
      } finally {
        // Bun keeps a formatter that is deleted.
        host[name] = undefined;
        if (own === undefined) delete host[name];
        else Object.defineProperty(host, name, own);
      }
    }
  });

  test('no error shows the private key that was given', async () => {
    const lines = merchant.privateKey.split('\n').filter((line) => /^[\w+/]{40,}/.test(line));
    assert.isAbove(lines.length, 10);
    const { privateKey } = merchant;
    for (const call of [
      () => w.MerchantKey.fromPem(privateKey.slice(0, -100)),
      () => w.signAuthorization(request, { mchid: privateKey, serial: privateKey, privateKey }, signingParams),
      () => w.verifyResponse({ status: 200, headers: {}, body: '' }, { certs: { [privateKey]: privateKey } }),
      () => w.encryptField('x', privateKey),
    ]) {
      const error = await thrownBy(call);
      assert.ok(error instanceof w.WechatPayError, String(error));
      const text = JSON.stringify(error) + error.message + error.stack;
      for (const line of lines) assert.notInclude(text, line.slice(0, 20));
    }
  });
}

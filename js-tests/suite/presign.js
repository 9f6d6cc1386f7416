/** Building the pre-sign request from JavaScript values of every type. */
import { assert } from 'chai';
import { buildPresignRequest, InvalidParameterError, signAuthorization } from 'wechatpay-presign';
import { thrownBy } from './thrown-by.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { PARAMS, merchant } = fixtures;

  /** @type {(params: any, options?: any) => any} */
  const build = buildPresignRequest;

  test('builds the request of the documentation', async () => {
    const request = build(PARAMS);
    assert.strictEqual(request.method, 'POST');
    assert.strictEqual(
      request.url,
      'https://api.mch.weixin.qq.com/v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign',
    );
    assert.strictEqual(request.body, JSON.stringify(PARAMS));
    assert.ok(request.body.includes('张三'));
    assert.strictEqual(request.headers.Accept, 'application/json');
    assert.strictEqual(request.headers['Content-Type'], 'application/json');
    assert.match(request.headers['User-Agent'], /^wechatpay-presign\/\d+\.\d+\.\d+$/);
    assert.ok(!('Wechatpay-Serial' in request.headers));
  });

  test('always writes the fields in the documented order', async () => {
    const backwards = Object.fromEntries(Object.entries(PARAMS).reverse());
    assert.strictEqual(build(backwards).body, JSON.stringify(PARAMS));
  });

  test('escapes strings exactly as JSON.stringify does', async () => {
    const all = Array.from({ length: 31 }, (_, index) => String.fromCharCode(index + 1)).join('');
    for (const contract_display_account of [all, '"\\/\u007f\u2028\u2029€“”', '<script>&amp;']) {
      const params = { ...PARAMS, contract_display_account };
      assert.strictEqual(build(params).body, JSON.stringify(params));
    }
  });

  test('keeps strings separate, whatever they contain', async () => {
    for (const contract_display_account of [
      '9:prepay_idt1:x',
      '6:openid',
      'é:1;',
      '张三3:é',
      ':',
      '1:',
      't0:',
      '\ufeff\uffff',
    ]) {
      const params = { ...PARAMS, contract_display_account };
      assert.strictEqual(build(params).body, JSON.stringify(params), contract_display_account);
    }
    // Unusual characters in field names.
    for (const name of ['6:openidt1:x', '张:1', '😀', '\ud83d', '']) {
      const { issues } = /** @type {any} */ (await thrownBy(() => build({ ...PARAMS, [name]: 'x' })));
      assert.deepEqual([issues.length, issues[0].rule], [1, 'unknown-field'], name);
    }
  });

  test('puts platformSerial into a header and baseUrl into the URL', async () => {
    const { url, headers } = build(PARAMS, { platformSerial: 'PUB_KEY_ID_01', baseUrl: 'http://127.0.0.1:8080/' });
    assert.strictEqual(headers['Wechatpay-Serial'], 'PUB_KEY_ID_01');
    assert.ok(url.startsWith('http://127.0.0.1:8080/v3/'));
  });

  test('reports every bad field at once, each with its rule', async () => {
    const error = await thrownBy(() => build({ appid: 1, service_id: '1234', out_contract_codes: 'x' }));
    assert.ok(error instanceof InvalidParameterError);
    assert.strictEqual(error.code, 'ERR_INVALID_PARAMETER');
    assert.strictEqual(error.field, 'appid');
    assert.strictEqual(error.rule, 'type');
    assert.deepEqual(
      error.issues.map(({ field, rule }) => [field, rule]),
      [
        ['appid', 'type'],
        ['service_id', 'type'],
        ['out_contract_code', 'required'],
        ['notify_url', 'required'],
        ['contract_display_account', 'required'],
        ['prepay_id', 'required'],
        ['openid', 'required'],
        ['out_contract_codes', 'unknown-field'],
      ],
    );
  });

  /** @type {Record<string, unknown>} */
  const NEVER = {
    null: null,
    boolean: true,
    BigInt: 12n,
    symbol: Symbol('x'),
    function: () => 'x',
    array: ['x'],
    object: { toString: () => 'x' },
    NaN: NaN,
    Infinity: Infinity,
    'an empty text': '',
    'a boxed text': Object('x'),
    'a date': new Date(0),
  };
  for (const field of Object.keys(PARAMS)) {
    for (const [name, value] of Object.entries(NEVER)) {
      test(`rejects ${name} as ${field}`, async () => {
        const error = await thrownBy(() => build({ ...PARAMS, [field]: value }));
        assert.ok(error instanceof InvalidParameterError, String(error));
        assert.deepEqual(new Set(error.issues.map((issue) => issue.field)), new Set([field]));
      });
    }
  }

  for (const [field, value, rule] of /** @type {[string, unknown, string][]} */ ([
    ['service_id', 1.5, 'integer'],
    ['service_id', 2 ** 53, 'integer'],
    ['service_id', -1, 'integer'],
    ['service_id', '1234', 'type'],
    ['openid', 'o'.repeat(129), 'max-length'],
    ['openid', 'o'.repeat(2 ** 21), 'type'],
    ['contract_display_account', '张'.repeat(33), 'max-length'],
    ['contract_display_account', '张三😀', 'characters'],
    ['contract_display_account', 'a\ud800', 'characters'],
    ['contract_display_account', 'a\0b', 'characters'],
    ['out_contract_code', 'a-b', 'characters'],
    ['notify_url', 'https://a.example/x?y=1', 'url'],
    ['notify_url', 'http://a.example/x', 'url'],
    ['notify_url', 'https://a.example/x#y', 'url'],
  ])) {
    test(`${field}: ${JSON.stringify(value).slice(0, 40)} breaks the rule ${rule}`, async () => {
      const error = await thrownBy(() => build({ ...PARAMS, [field]: value }));
      assert.deepEqual([error.field, error.rule, error.issues.length], [field, rule, 1]);
    });
  }

  test('counts lengths in characters, and accepts other limits', async () => {
    const params = { ...PARAMS, contract_display_account: '张'.repeat(32) };
    assert.strictEqual(build(params).body, JSON.stringify(params));
    const longer = { ...PARAMS, contract_display_account: '张'.repeat(40) };
    assert.strictEqual(build(longer, { limits: { contract_display_account: 40 } }).body, JSON.stringify(longer));
    assert.strictEqual((await thrownBy(() => build(PARAMS, { limits: { appid: 3 } }))).field, 'appid');
    assert.strictEqual((await thrownBy(() => build(PARAMS, { limits: { app_id: 3 } }))).field, 'limits.app_id');
  });

  test('rejects misspelt options by name', async () => {
    assert.deepEqual(
      (await thrownBy(() => build(PARAMS, { platformserial: 'A', scene: 'pay' }))).issues.map(
        (/** @type {any} */ i) => i.field,
      ),
      ['scene', 'platformserial'],
    );
  });

  test('builds requests of the other modes and the other scene', async () => {
    const { appid, openid, prepay_id, ...shared } = PARAMS;
    assert.ok(appid && openid && prepay_id);
    const partner = { ...shared, sub_mchid: '1900000109', sub_appid: 'wx2' };
    assert.match(build(PARAMS, { mode: 'normal' }).url, /\/contracts\/normal\//);
    assert.match(
      build({ ...partner, sp_appid: 'wx1', sub_openid: 'o', prepay_id }, { mode: 'service-provider' }).url,
      /\/contracts\/service-provider\//,
    );
    assert.match(
      build({ ...partner, appid, openid }, { mode: 'qs', scene: 'mini-program' }).url,
      /\/contracts\/qs\/pre-entrust-sign\/mini-program$/,
    );
    assert.strictEqual((await thrownBy(() => build(PARAMS, { scene: 'mini-program' }))).field, 'prepay_id');
    assert.strictEqual(
      (await thrownBy(() => build({ ...partner, appid, prepay_id }, { mode: 'qs' }))).rule,
      'required',
    );
  });

  test('rejects arguments that are not objects', async () => {
    for (const [args, field] of /** @type {[any[], string][]} */ ([
      [[], 'params'],
      [[null], 'params'],
      [[[]], 'params'],
      [['x'], 'params'],
      [[PARAMS, 1], 'options'],
      [[PARAMS, { limits: 1 }], 'limits'],
    ])) {
      assert.strictEqual((await thrownBy(() => build(args[0], ...args.slice(1)))).field, field);
    }
  });

  test('an error thrown by a getter or proxy becomes the cause, and the next call works', async () => {
    const boom = new Error('boom');
    const throwing = () => {
      throw boom;
    };
    for (const params of [
      Object.defineProperty({ ...PARAMS }, 'openid', { enumerable: true, get: throwing }),
      new Proxy({}, { ownKeys: throwing }),
    ]) {
      const error = await thrownBy(() => build(params));
      assert.deepEqual([error.code, error.field], ['ERR_INVALID_PARAMETER', 'params']);
      assert.strictEqual(error.cause, boom);
      assert.ok(signAuthorization(build(PARAMS), merchant));
    }
  });

  test('ignores inherited fields and prototypes', async () => {
    assert.strictEqual((await thrownBy(() => build(Object.create(PARAMS)))).issues.length, 7);
    const hostile = JSON.parse('{"__proto__":{"appid":"x"},"constructor":1}');
    assert.ok(
      (await thrownBy(() => build(hostile))).issues.some((/** @type {any} */ issue) => issue.field === '__proto__'),
    );
  });
}

/** Building the request, from JavaScript values of every kind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidParameterError, buildPresignRequest, signAuthorization } from '../pkg/index.js';
import { PARAMS, merchant, thrownBy } from './fixtures.js';

/** @type {(params: any, options?: any) => any} */
const build = buildPresignRequest;

test('the request of the documentation', () => {
  const request = build(PARAMS);
  assert.equal(request.method, 'POST');
  assert.equal(
    request.url,
    'https://api.mch.weixin.qq.com/v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign',
  );
  assert.equal(request.body, JSON.stringify(PARAMS));
  assert.ok(request.body.includes('张三'));
  assert.equal(request.headers.Accept, 'application/json');
  assert.equal(request.headers['Content-Type'], 'application/json');
  assert.match(request.headers['User-Agent'], /^wechatpay-presign\/\d+\.\d+\.\d+$/);
  assert.ok(!('Wechatpay-Serial' in request.headers));
});

test('the order of the fields is the documented one, whatever the caller wrote', () => {
  const backwards = Object.fromEntries(Object.entries(PARAMS).reverse());
  assert.equal(build(backwards).body, JSON.stringify(PARAMS));
});

test('text is escaped exactly as JSON.stringify does', () => {
  const all = Array.from({ length: 31 }, (_, index) => String.fromCharCode(index + 1)).join('');
  for (const contract_display_account of [all, '"\\/\u007f\u2028\u2029€“”', '<script>&amp;']) {
    const params = { ...PARAMS, contract_display_account };
    assert.equal(build(params).body, JSON.stringify(params));
  }
});

test('platformSerial and baseUrl', () => {
  const { url, headers } = build(PARAMS, { platformSerial: 'PUB_KEY_ID_01', baseUrl: 'http://127.0.0.1:8080/' });
  assert.equal(headers['Wechatpay-Serial'], 'PUB_KEY_ID_01');
  assert.ok(url.startsWith('http://127.0.0.1:8080/v3/'));
});

test('every bad field at once, each with its rule', () => {
  const error = thrownBy(() => build({ appid: 1, service_id: '1234', out_contract_codes: 'x' }));
  assert.ok(error instanceof InvalidParameterError);
  assert.equal(error.code, 'ERR_INVALID_PARAMETER');
  assert.equal(error.field, 'appid');
  assert.equal(error.rule, 'type');
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
    test(`${field}: ${name} is refused`, () => {
      const error = thrownBy(() => build({ ...PARAMS, [field]: value }));
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
  test(`${field}: ${JSON.stringify(value).slice(0, 40)} breaks ${rule}`, () => {
    const error = thrownBy(() => build({ ...PARAMS, [field]: value }));
    assert.deepEqual([error.field, error.rule, error.issues.length], [field, rule, 1]);
  });
}

test('lengths count characters, and may be overridden', () => {
  const params = { ...PARAMS, contract_display_account: '张'.repeat(32) };
  assert.equal(build(params).body, JSON.stringify(params));
  const longer = { ...PARAMS, contract_display_account: '张'.repeat(40) };
  assert.equal(build(longer, { limits: { contract_display_account: 40 } }).body, JSON.stringify(longer));
  assert.equal(thrownBy(() => build(PARAMS, { limits: { appid: 3 } })).field, 'appid');
  assert.equal(thrownBy(() => build(PARAMS, { limits: { app_id: 3 } })).field, 'limits.app_id');
});

test('options with typing errors are refused by name', () => {
  assert.deepEqual(
    thrownBy(() => build(PARAMS, { platformserial: 'A', scene: 'pay' })).issues.map((/** @type {any} */ i) => i.field),
    ['scene', 'platformserial'],
  );
});

test('the other modes and the other scene', () => {
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
  assert.equal(thrownBy(() => build(PARAMS, { scene: 'mini-program' })).field, 'prepay_id');
  assert.equal(thrownBy(() => build({ ...partner, appid, prepay_id }, { mode: 'qs' })).rule, 'required');
});

test('arguments that are no objects', () => {
  for (const [args, field] of /** @type {[any[], string][]} */ ([
    [[], 'params'],
    [[null], 'params'],
    [[[]], 'params'],
    [['x'], 'params'],
    [[PARAMS, 1], 'options'],
    [[PARAMS, { limits: 1 }], 'limits'],
  ])) {
    assert.equal(thrownBy(() => build(args[0], ...args.slice(1))).field, field);
  }
});

test('foreign code that throws is let through, and the module works on', () => {
  const boom = new Error('boom');
  const throwing = () => {
    throw boom;
  };
  for (const params of [
    Object.defineProperty({ ...PARAMS }, 'openid', { enumerable: true, get: throwing }),
    new Proxy({}, { ownKeys: throwing }),
  ]) {
    assert.equal(
      thrownBy(() => build(params)),
      boom,
    );
    assert.ok(signAuthorization(build(PARAMS), merchant));
  }
});

test('inherited fields and prototypes do not count', () => {
  assert.equal(thrownBy(() => build(Object.create(PARAMS))).issues.length, 7);
  const hostile = JSON.parse('{"__proto__":{"appid":"x"},"constructor":1}');
  assert.ok(thrownBy(() => build(hostile)).issues.some((/** @type {any} */ issue) => issue.field === '__proto__'));
});

/** The embedded gateway. These tests sign requests and verify responses with node:crypto only. */
import assert from 'node:assert/strict';
import { createHash, verify, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { makeCertificate } from '#testing/certificate.js';
import { createNonceMemory } from '#testing/gateway/checks/nonces.js';
import { makeMerchant, makePlatformKey } from '#testing/keys.js';
import { createTestKit } from '#testing/kit.js';
import { withOpenssl } from './fixtures.js';
import { createGateway } from './gateway/index.js';
import { decrypt, isSigned, requestMaker } from './gateway/signed-request.js';

const NOW = 1_700_000_000;
const merchant = await makeMerchant({ mchid: '1900000001' });
const otherMerchant = await makeMerchant({ mchid: '1900000002' });
const publicKeyMode = await makePlatformKey();
const certificateMode = { ...(await makePlatformKey()), serial: '05C1E5A9D7F0B3A2468ACE13579BDF0246813579' };

const CONTRACTS = '/v3/password-exempt-contract/contracts';
const PATH = `${CONTRACTS}/ecommerce/pre-entrust-sign/pay-redirect-sign`;
const CONTRACT = {
  appid: 'wxd678efh567hg6787',
  service_id: 500001,
  out_contract_code: 'Contract20240101',
  notify_url: 'https://shop.example.com/wechat/signed',
  contract_display_account: '微信用户',
  prepay_id: 'wx201410272009395522657a690389285100',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
};
/** @typedef {Record<string, unknown>} Fields */
const { appid: _, openid: __, ...PARTNER_CONTRACT } = CONTRACT;
/** @type {Record<string, Fields>} */
const PAYERS = {
  ecommerce: { appid: 'wx1', openid: 'o1' },
  normal: { appid: 'wx1', openid: 'o1' },
  'service-provider': { sp_appid: 'wx1', sub_mchid: '1900000109', sub_appid: 'wx2', sub_openid: 'o2' },
  qs: { appid: 'wx1', sub_mchid: '1900000109', sub_appid: 'wx2', openid: 'o1' },
};

/** @typedef {import('./gateway/signed-request.js').RequestOptions} RequestOptions */

const make = requestMaker({ method: 'POST', path: PATH, body: JSON.stringify(CONTRACT), by: merchant, timestamp: NOW });

/** @param {Partial<import('./gateway/index.js').GatewayOptions>} [options] */
const open = (options) =>
  createGateway({ merchants: [merchant, otherMerchant], platform: publicKeyMode, now: () => NOW, ...options });

/**
 * @param {import('./gateway/index.js').Gateway} gateway
 * @param {RequestOptions} [options]
 */
async function ask(gateway, options) {
  const { path, ...init } = make(options);
  const response = await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
  return { status: response.status, json: JSON.parse(await response.text()) };
}

/** @param {Fields} fields */
const contract = (fields) => JSON.stringify({ ...CONTRACT, ...fields });

/**
 * @typedef {(path: string, init: RequestInit) => Promise<Response>} Send
 * @type {Record<string, (gateway: import('./gateway/index.js').Gateway, t: import('node:test').TestContext) => Promise<Send>>}
 */
const transports = {
  'in process': async (gateway) => (path, init) => gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init),
  'over HTTP': async (gateway, t) => {
    const baseUrl = await gateway.listen();
    t.after(gateway.close);
    return (path, init) => fetch(`${baseUrl}${path}`, init);
  },
};

for (const [how, connectTo] of Object.entries(transports)) {
  test(`accepts a valid request ${how} and signs the response`, async (t) => {
    const gateway = open({ nonce: () => 'RESPONSENONCE' });
    const send = await connectTo(gateway, t);
    const { path, ...init } = make();
    const response = await send(path, init);
    const body = await response.text();

    assert.equal(response.status, 200);
    const { out_contract_code, service_id } = CONTRACT;
    assert.deepEqual(JSON.parse(body), { mchid: merchant.mchid, service_id, out_contract_code });
    assert.ok(isSigned(response, body, publicKeyMode));
    assert.equal(response.headers.get('wechatpay-timestamp'), String(NOW));
    assert.equal(response.headers.get('wechatpay-nonce'), 'RESPONSENONCE');
    assert.equal(response.headers.get('wechatpay-serial'), publicKeyMode.serial);
    assert.equal(response.headers.get('wechatpay-signature-type'), 'WECHATPAY2-SHA256-RSA2048');
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(response.headers.get('date'), new Date(NOW * 1000).toUTCString());
    assert.match(response.headers.get('request-id') ?? '', /^[0-9A-F]+-0$/);
  });

  test(`records requests ${how} byte for byte`, async (t) => {
    const gateway = open();
    const send = await connectTo(gateway, t);
    const { path, ...init } = make({ path: `${PATH}?a=%E4%BD%A0&b=1` });
    await send(`${path}#fragment`, init);
    const [recorded] = gateway.requests;
    assert.equal(recorded?.method, 'POST');
    assert.equal(recorded?.path, `${PATH}?a=%E4%BD%A0&b=1`);
    assert.ok(recorded?.body instanceof Uint8Array);
    assert.equal(new TextDecoder().decode(recorded?.body), JSON.stringify(CONTRACT));
    assert.equal(recorded?.headers['user-agent'], 'gateway-test/1.0');
    assert.equal(recorded?.headers.authorization, init.headers.authorization);
    assert.deepEqual(recorded?.outcome, { status: 200, code: 'OK', message: '' });
    assert.equal(recorded?.fault, undefined);
  });

  test(`signs an API error ${how}`, async (t) => {
    const send = await connectTo(open(), t);
    const { path, ...init } = make({ signedBody: 'something else' });
    const response = await send(path, init);
    const body = await response.text();
    assert.equal(response.status, 401);
    assert.ok(isSigned(response, body, publicKeyMode));
    assert.match(response.headers.get('request-id') ?? '', /^[0-9A-F]+-[1-9]\d*$/);
  });
}

test('fetch accepts a URL and a Request, and verifies the bytes of any body type', async () => {
  const gateway = open();
  const { path, ...init } = make({ body: Buffer.from(contract({ contract_display_account: '昵称' })) });
  const first = await gateway.fetch(new URL(path, 'https://api.mch.weixin.qq.com'), init);
  const { path: again, ...second } = make({ body: contract({ contract_display_account: '昵称' }) });
  const repeat = await gateway.fetch(new Request(`https://api.mch.weixin.qq.com${again}`, second));
  assert.deepEqual([first.status, repeat.status], [200, 200]);
});

test('signs with the key that Wechatpay-Serial names, or else with the first key', async () => {
  const gateway = open({ platform: [publicKeyMode, certificateMode] });
  /** @type {[string | undefined, { serial: string, publicKey: string }][]} */
  const cases = [
    [undefined, publicKeyMode],
    [certificateMode.serial, certificateMode],
    [certificateMode.serial.slice(1).toLowerCase(), certificateMode], // without its leading zero
    [publicKeyMode.serial, publicKeyMode],
    ['PUB_KEY_ID_0', publicKeyMode],
  ];
  for (const [wanted, key] of cases) {
    const { path, ...init } = make({ headers: { 'wechatpay-serial': wanted } });
    const response = await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
    assert.equal(response.headers.get('wechatpay-serial'), key.serial);
    assert.ok(isSigned(response, await response.text(), key));
  }
});

/** @type {(pattern: RegExp, by: string) => (header: string) => string} */
const replace = (pattern, by) => (header) => {
  assert.match(header, pattern);
  return header.replace(pattern, by);
};

/** Each request has one defect. @type {[string, RequestOptions, number, string, RegExp][]} */
const BROKEN = [
  ['no User-Agent', { headers: { 'user-agent': undefined } }, 400, 'INVALID_REQUEST', /缺少Accept或User-Agent/],
  ['a blank User-Agent', { headers: { 'user-agent': ' ' } }, 400, 'INVALID_REQUEST', /缺少Accept或User-Agent/],
  ['no Accept', { headers: { accept: undefined } }, 400, 'INVALID_REQUEST', /缺少Accept或User-Agent/],
  ['an Accept without JSON', { headers: { accept: 'text/html, application/xml' } }, 400, 'INVALID_REQUEST', /Accept/],
  ['an Accept that excludes JSON', { headers: { accept: 'application/json;q=0' } }, 400, 'INVALID_REQUEST', /Accept/],
  ['a body of another type', { headers: { 'content-type': 'text/plain' } }, 400, 'INVALID_REQUEST', /Content-Type/],
  [
    'a body in another charset',
    { headers: { 'content-type': 'application/json; charset=gbk' } },
    400,
    'INVALID_REQUEST',
    /Content-Type/,
  ],

  ['no Authorization', { headers: { authorization: undefined } }, 401, 'SIGN_ERROR', /值格式错误/],
  ['another scheme', { authorization: replace(/RSA2048/, 'RSA4096') }, 401, 'SIGN_ERROR', /认证类型不正确/],
  [
    'a scheme in lower case',
    { authorization: replace(/WECHATPAY2/, 'wechatpay2') },
    401,
    'SIGN_ERROR',
    /认证类型不正确/,
  ],
  ['two spaces after the scheme', { authorization: replace(/ /, '  ') }, 401, 'SIGN_ERROR', /值格式错误/],
  ['a space after a comma', { authorization: replace(/,/, ', ') }, 401, 'SIGN_ERROR', /值格式错误/],
  ['a missing field', { authorization: replace(/nonce_str="\w+",/, '') }, 401, 'SIGN_ERROR', /值格式错误/],
  ['a field twice', { authorization: replace(/(mchid="\d+"),/, '$1,$1,') }, 401, 'SIGN_ERROR', /值格式错误/],
  [
    'a field that replaces another and so appears twice',
    { authorization: replace(/nonce_str="\w+"/, 'mchid="1"') },
    401,
    'SIGN_ERROR',
    /值格式错误/,
  ],
  ['an unknown field', { authorization: replace(/$/, ',appid="wx1"') }, 401, 'SIGN_ERROR', /值格式错误/],
  ['a trailing comma', { authorization: replace(/$/, ',') }, 401, 'SIGN_ERROR', /值格式错误/],
  [
    'a value without quotes',
    { authorization: replace(/timestamp="(\d+)"/, 'timestamp=$1') },
    401,
    'SIGN_ERROR',
    /值格式错误/,
  ],
  ['an empty value', { authorization: replace(/nonce_str="\w+"/, 'nonce_str=""') }, 401, 'SIGN_ERROR', /值格式错误/],

  ['a timestamp that is not decimal', { timestamp: '0x6553F100' }, 401, 'SIGN_ERROR', /值格式错误/],
  ['a timestamp with a fraction', { timestamp: `${NOW}.0` }, 401, 'SIGN_ERROR', /值格式错误/],
  ['a timestamp of NaN', { timestamp: 'NaN' }, 401, 'SIGN_ERROR', /值格式错误/],
  ['a timestamp in milliseconds', { timestamp: NOW * 1000 }, 401, 'SIGN_ERROR', /不得超过5分钟/],
  ['a timestamp 301 s old', { timestamp: NOW - 301 }, 401, 'SIGN_ERROR', /不得超过5分钟/],
  ['a timestamp 301 s ahead', { timestamp: NOW + 301 }, 401, 'SIGN_ERROR', /不得超过5分钟/],
  ['an unknown mchid', { by: { ...merchant, mchid: '1900000003' } }, 401, 'SIGN_ERROR', /商户号/],
  ["another merchant's serial", { serial: otherMerchant.serial }, 401, 'SIGN_ERROR', /商户证书序列号有误/],
  ['a serial in lower case', { serial: merchant.serial.toLowerCase() }, 401, 'SIGN_ERROR', /商户证书序列号有误/],

  [
    'a signature by another key',
    { by: { ...merchant, privateKey: otherMerchant.privateKey } },
    401,
    'SIGN_ERROR',
    /错误的签名/,
  ],
  ['a signature over another body', { signedBody: `${JSON.stringify(CONTRACT)}\n` }, 401, 'SIGN_ERROR', /错误的签名/],
  [
    'a signature over the decoded path',
    { path: `${PATH}?a=%20`, signedPath: `${PATH}?a= ` },
    401,
    'SIGN_ERROR',
    /错误的签名/,
  ],
  [
    'a signature over the path without its query',
    { path: `${PATH}?a=1`, signedPath: PATH },
    401,
    'SIGN_ERROR',
    /错误的签名/,
  ],
  [
    'a timestamp other than the signed one',
    { authorization: replace(/timestamp="\d+"/, `timestamp="${NOW + 1}"`) },
    401,
    'SIGN_ERROR',
    /错误的签名/,
  ],
  ['a nonce other than the signed one', { authorization: replace(/NONCE/, 'OTHER') }, 401, 'SIGN_ERROR', /错误的签名/],
  [
    'a signature in URL-safe Base64',
    { signature: (text) => Buffer.from(text, 'base64').toString('base64url') },
    401,
    'SIGN_ERROR',
    /错误的签名/,
  ],
  ['a signature without padding', { signature: replace(/=+$/, '') }, 401, 'SIGN_ERROR', /错误的签名/],

  ['an unknown path', { path: '/v3/no/such/path' }, 404, 'NOT_FOUND', /不存在/],
  ['an unknown mode', { path: PATH.replace('ecommerce', 'eCommerce') }, 404, 'NOT_FOUND', /不存在/],
  ['a path with a slash at its end', { path: `${PATH}/` }, 404, 'NOT_FOUND', /不存在/],
  ['a GET', { method: 'GET', signedBody: '' }, 405, 'METHOD_NOT_ALLOWED', /POST/],
  ['a PUT', { method: 'PUT' }, 405, 'METHOD_NOT_ALLOWED', /POST/],

  ['no body', { body: '' }, 400, 'PARAM_ERROR', /JSON/],
  ['a body that is not JSON', { body: '{"appid":' }, 400, 'PARAM_ERROR', /JSON/],
  ['a body that is not an object', { body: '[]' }, 400, 'PARAM_ERROR', /JSON对象/],
  ['a body of null', { body: 'null' }, 400, 'PARAM_ERROR', /JSON对象/],
  ['a byte order mark', { body: `\uFEFF${JSON.stringify(CONTRACT)}` }, 400, 'PARAM_ERROR', /JSON/],
  [
    'a body that is not UTF-8',
    { body: Buffer.from(JSON.stringify(CONTRACT).replace('微信用户', '\xE9'), 'latin1') },
    400,
    'PARAM_ERROR',
    /UTF-8/,
  ],
];

for (const [what, options, status, code, message] of BROKEN) {
  test(`rejects ${what}`, async () => {
    const gateway = open();
    const { status: actual, json } = await ask(gateway, options);
    assert.deepEqual([actual, json.code], [status, code]);
    assert.match(json.message, message);
    assert.deepEqual(gateway.requests[0]?.outcome, { status, code, message: json.message });
  });
}

/** @type {[string, string, unknown, RegExp?][]} */
const BAD_FIELDS = [
  ['service_id as a string', 'service_id', '500001', /64 位有符号整数/],
  ['service_id with a fraction', 'service_id', 1.5, /64 位有符号整数/],
  ['service_id of null', 'service_id', null],
  ['openid of null', 'openid', null, /string 类型/],
  ['appid as a number', 'appid', 1, /string 类型/],
  ['an empty prepay_id', 'prepay_id', '', /小于最小值 1/],
  ['a missing prepay_id', 'prepay_id', undefined, /必填/],
  ['a missing service_id', 'service_id', undefined, /必填/],
  ['appid of 33', 'appid', 'a'.repeat(33), /字符数 33，大于最大值 32/],
  ['out_contract_code of 33', 'out_contract_code', 'a'.repeat(33), /字符数 33，大于最大值 32/],
  ['contract_display_account of 33', 'contract_display_account', '微'.repeat(33), /字符数 33，大于最大值 32/],
  ['prepay_id of 65', 'prepay_id', 'a'.repeat(65), /字符数 65，大于最大值 64/],
  ['openid of 129', 'openid', 'a'.repeat(129), /字符数 129，大于最大值 128/],
  ['notify_url of 257', 'notify_url', `https://a.example/${'a'.repeat(239)}`, /字符数 257，大于最大值 256/],
  ['out_contract_code with a dash', 'out_contract_code', 'a-b', /正则表达式/],
  ['out_contract_code with a full-width digit', 'out_contract_code', '１', /正则表达式/],
  ['out_contract_code with a line end', 'out_contract_code', 'a\n', /正则表达式/],
  ['notify_url over plain HTTP', 'notify_url', 'http://a.example/', /正则表达式/],
  ['notify_url with a query', 'notify_url', 'https://a.example/?a=1', /正则表达式/],
  ['notify_url with an empty query', 'notify_url', 'https://a.example/?', /正则表达式/],
  ['notify_url with a fragment', 'notify_url', 'https://a.example/#a', /正则表达式/],
  ['notify_url without a host', 'notify_url', 'https:///a', /正则表达式/],
  ['an emoji', 'contract_display_account', '用户😀', /1至3字节/],
  ['half an emoji', 'contract_display_account', '用户\uD83D', /1至3字节/],
  ['an unknown field', 'sub_appid', 'wx1', /未在API文档中定义/],
];

for (const [what, field, value, message = /./] of BAD_FIELDS) {
  test(`rejects ${what} and names the field`, async () => {
    const { status, json } = await ask(open(), { body: contract({ [field]: value }) });
    assert.deepEqual([status, json.code, json.detail.field], [400, 'PARAM_ERROR', `/${field}`]);
    assert.match(json.message, message);
  });
}

for (const literal of ['500001.0', '5e5', '9007199254740993']) {
  test(`rejects service_id written as ${literal}`, async () => {
    const { status, json } = await ask(open(), { body: contract({}).replace('500001', literal) });
    assert.deepEqual([status, json.detail?.field], [400, '/service_id']);
  });
}

/** Requests that are unusual but valid. @type {[string, RequestOptions][]} */
const ACCEPTED = [
  ['Accept: */*', { headers: { accept: '*/*' } }],
  ['JSON among other types', { headers: { accept: 'text/html, application/json;q=0.9' } }],
  ['a charset of UTF-8', { headers: { 'content-type': 'application/json; charset=utf-8' } }],
  ['the five fields in another order', { authorization: replace(/(mchid="\d+"),(.*)$/, '$2,$1') }],
  ['a timestamp 300 s old', { timestamp: NOW - 300 }],
  ['a timestamp 300 s ahead', { timestamp: NOW + 300 }],
  ['an encoded query', { path: `${PATH}?a=%2F%20%E4%BD%A0` }],
  ['a body that ends with a line feed', { body: `${contract({})}\n` }],
  ['spaces in the JSON', { body: JSON.stringify(CONTRACT, null, 2) }],
  [
    'the longest values',
    {
      body: contract({
        appid: 'a'.repeat(32),
        contract_display_account: '微'.repeat(32),
        out_contract_code: 'a0'.repeat(16),
        openid: 'a'.repeat(128),
        prepay_id: 'a'.repeat(64),
        notify_url: `https://a.example/${'a'.repeat(238)}`,
      }),
    },
  ],
  ['notify_url without a path', { body: contract({ notify_url: 'https://a.example' }) }],
  ['a name with quotes that looks like a field', { body: contract({ contract_display_account: '"service_id":"1",' }) }],
];

for (const [what, options] of ACCEPTED) {
  test(`accepts ${what}`, async () => {
    assert.deepEqual(await ask(open(), options), {
      status: 200,
      json: {
        mchid: merchant.mchid,
        service_id: 500001,
        out_contract_code: JSON.parse(String(options.body ?? contract({}))).out_contract_code,
      },
    });
  });
}

for (const [what, headers, message] of /** @type {[string, string[], RegExp][]} */ ([
  ['no User-Agent', ['User-Agent'], /缺少Accept或User-Agent/],
  ['no Accept', ['Accept'], /缺少Accept或User-Agent/],
])) {
  test(`rejects ${what} over HTTP`, async (t) => {
    const gateway = open();
    t.after(gateway.close);
    const baseUrl = await gateway.listen();
    const { path, method, body, ...rest } = make();
    for (const name of headers) delete rest.headers[name.toLowerCase()];
    assert.match(await rawRequest(baseUrl, path, { method, headers: rest.headers }, String(body)), message);
  });
}

test('rejects two Authorization headers over HTTP', async (t) => {
  const gateway = open();
  t.after(gateway.close);
  const baseUrl = await gateway.listen();
  const { path, method, body, headers } = make();
  const pairs = [
    ...Object.entries(headers),
    ['authorization', headers.authorization ?? ''],
    ['host', 'localhost'],
    ['content-length', String(Buffer.byteLength(String(body)))],
  ];
  assert.match(await rawRequest(baseUrl, path, { method, headers: pairs.flat() }, String(body)), /值格式错误/);
});

/** @type {(baseUrl: string, path: string, options: import('node:http').RequestOptions, body: string) => Promise<string>} */
async function rawRequest(baseUrl, path, options, body) {
  const request = httpRequest(`${baseUrl}${path}`, options).end(body);
  const [response] = await once(request, 'response');
  return (await response.toArray()).join('');
}

test('rejects a wrong signature with the message WeChat computed, truncated inside the body', async () => {
  const body = contract({});
  const { json } = await ask(open(), { nonce: 'SHOWN', signedBody: 'another' });
  const head = `POST\n${PATH}\n${NOW}\nSHOWN\n`;
  assert.deepEqual(json, {
    code: 'SIGN_ERROR',
    message: '错误的签名，验签失败',
    detail: {
      field: 'signature',
      location: 'authorization',
      detail: { issue: 'sign not match' },
      sign_information: {
        method: 'POST',
        url: PATH,
        truncated_sign_message: `${head}{"appid"\n`,
        sign_message_length: Buffer.byteLength(`${head}${body}\n`),
      },
    },
  });
});

test('never truncates the body inside a character', async () => {
  const { json } = await ask(open(), { body: '{"a微信":1}', signedBody: 'another' });
  assert.ok(json.detail.sign_information.truncated_sign_message.endsWith('\n{"a微\n'));
});

test('rejects a repeated nonce of the same merchant for as long as it could be replayed', async () => {
  let now = NOW;
  const gateway = open({ now: () => now });
  /** @type {(options: RequestOptions) => Promise<string>} */
  const outcome = async (options) => {
    const { status, json } = await ask(gateway, {
      nonce: 'SAME',
      timestamp: now,
      body: contract({ out_contract_code: `c${now}` }),
      ...options,
    });
    return status === 200 ? 'accepted' : json.message;
  };

  assert.match(await outcome({ signedBody: 'wrong' }), /错误的签名/);
  assert.equal(await outcome({}), 'accepted', 'a request with a wrong signature does not use up its nonce');
  assert.match(await outcome({}), /nonce_str重复使用/);
  assert.equal(await outcome({ by: otherMerchant }), 'accepted');
  now += 300;
  assert.match(await outcome({}), /nonce_str重复使用/);
  now += 1;
  assert.equal(await outcome({}), 'accepted');

  assert.equal(await outcome({ nonce: 'AHEAD', timestamp: now + 300 }), 'accepted');
  now += 600;
  assert.match(
    await outcome({ nonce: 'AHEAD' }),
    /nonce_str重复使用/,
    'the timestamp of the first request is still valid',
  );
  now += 1;
  assert.equal(await outcome({ nonce: 'AHEAD' }), 'accepted');
});

test('forgets nonces that can no longer be replayed', () => {
  const nonces = createNonceMemory();
  for (let now = NOW; now < NOW + 1000; now++) nonces.remember('1', `N${now}`, now, now + 300);
  assert.equal(nonces.size(), 301);
});

test('each mode and scene has its own request and response fields', async () => {
  for (const [mode, payer] of Object.entries(PAYERS)) {
    for (const scene of ['pay-redirect-sign', 'mini-program']) {
      const path = `${CONTRACTS}/${mode}/pre-entrust-sign/${scene}`;
      const { prepay_id, ...rest } = PARTNER_CONTRACT;
      const fields = { ...rest, ...payer, ...(scene === 'pay-redirect-sign' && { prepay_id }) };
      const { status, json } = await ask(open(), { path, body: JSON.stringify(fields) });
      assert.equal(status, 200, `${mode} ${scene}: ${json.message}`);
      assert.deepEqual(Object.keys(json).sort(), [
        'mchid',
        'out_contract_code',
        ...(scene === 'mini-program' ? ['pre_entrustweb_id'] : []),
        'service_id',
        ...(scene === 'mini-program' ? ['sign_mp_appid', 'sign_mp_path'] : []),
        ...(mode === 'service-provider' ? ['sub_mchid'] : []),
      ]);
      assert.equal(json.mchid, merchant.mchid);
      if (mode === 'service-provider') assert.equal(json.sub_mchid, payer.sub_mchid);

      for (const name of Object.keys(fields)) {
        const body = JSON.stringify({ ...fields, [name]: undefined });
        const rejection = await ask(open(), { path, body });
        assert.equal(rejection.status, 400, `${mode} ${scene} without ${name}`);
        assert.match(rejection.json.detail.field, new RegExp(`\\b${name}\\b`));
      }
    }
  }
});

test('the mini-program scene rejects prepay_id', async () => {
  const path = `${CONTRACTS}/ecommerce/pre-entrust-sign/mini-program`;
  const { status, json } = await ask(open(), { path });
  assert.deepEqual([status, json.detail.field], [400, '/prepay_id']);
});

test('rejects another contract with the same number of the same merchant', async () => {
  const gateway = open();
  const first = await ask(gateway, {});
  assert.deepEqual(await ask(gateway, {}), first);
  const reordered = JSON.stringify(Object.fromEntries(Object.entries(CONTRACT).reverse()));
  assert.deepEqual(await ask(gateway, { body: reordered }), first);
  assert.equal((await ask(gateway, { by: otherMerchant, body: contract({ prepay_id: 'wx2' }) })).status, 200);

  const clash = await ask(gateway, { body: contract({ prepay_id: 'wx2' }) });
  assert.deepEqual([clash.status, clash.json.code], [400, 'INVALID_REQUEST']);
  const otherMode = await ask(gateway, { path: PATH.replace('ecommerce', 'normal') });
  assert.deepEqual([otherMode.status, otherMode.json.code], [400, 'INVALID_REQUEST']);
  assert.deepEqual(await ask(gateway, {}), first);
});

test('accepts two certificates of one merchant', async () => {
  const renewed = { ...(await makeMerchant()), mchid: merchant.mchid };
  const gateway = open({ merchants: [merchant, renewed] });
  assert.deepEqual([(await ask(gateway, {})).status, (await ask(gateway, { by: renewed })).status], [200, 200]);
  assert.equal((await ask(gateway, { by: renewed, serial: merchant.serial })).status, 401);
});

test('createGateway rejects unusable options', () => {
  assert.throws(() => open({ platform: [] }), /platform key/);
  assert.throws(() => open({ merchants: [{ ...merchant, serial: 'abc' }] }), /upper-case hex/);
  for (const apiV3Key of ['', '0'.repeat(16), '微'.repeat(32)]) {
    assert.throws(() => open({ merchants: [{ ...merchant, apiV3Key }] }), /must be 32 bytes long/);
  }
});

test('throw-away keys have the format of real ones', async () => {
  const { mchid, serial, privateKey, publicKey, apiV3Key } = await makeMerchant();
  assert.match(mchid, /^19\d{8}$/);
  assert.match(serial, /^[0-9A-F]{40}$/);
  assert.match(privateKey, /^-----BEGIN PRIVATE KEY-----/);
  assert.match(publicKey, /^-----BEGIN PUBLIC KEY-----/);
  assert.match(apiV3Key, /^[0-9a-f]{32}$/);
  assert.match((await makePlatformKey()).serial, /^PUB_KEY_ID_\d{28}$/);
});

/**
 * What each fault changes in a response that would succeed.
 * @type {Record<string, (response: Response, body: string, signed: boolean) => void>}
 */
const FAULTY = {
  'wrong-signature': (response, _body, signed) => {
    assert.deepEqual([response.status, signed], [200, false]);
    assert.match(response.headers.get('wechatpay-signature') ?? '', /^[A-Za-z0-9+/]{342}==$/);
  },
  'missing-signature': (response) => {
    assert.equal(response.status, 200);
    assert.deepEqual(
      [...response.headers.keys()].filter((name) => name.startsWith('wechatpay-')),
      [],
    );
    assert.ok(response.headers.has('request-id'));
  },
  'tampered-body': (response, body, signed) => {
    assert.deepEqual([response.status, signed], [200, false]);
    assert.equal(JSON.parse(body).mchid, `X${merchant.mchid.slice(1)}`);
    assert.ok(isSigned(response, body.replace('X', '1'), publicKeyMode));
  },
  'unknown-serial': (response, _body, signed) => {
    assert.deepEqual([response.status, signed], [200, true]);
    assert.notEqual(response.headers.get('wechatpay-serial'), publicKeyMode.serial);
    assert.match(response.headers.get('wechatpay-serial') ?? '', /^PUB_KEY_ID_\d{28}$/);
  },
  'stale-timestamp': (response, _body, signed) => {
    assert.deepEqual([response.status, signed], [200, true]);
    assert.equal(response.headers.get('wechatpay-timestamp'), String(NOW - 301));
  },
  'future-timestamp': (response, _body, signed) => {
    assert.deepEqual([response.status, signed], [200, true]);
    assert.equal(response.headers.get('wechatpay-timestamp'), String(NOW + 301));
  },
  'sign-test': (response, _body, signed) => {
    const signature = response.headers.get('wechatpay-signature') ?? '';
    assert.deepEqual([response.status, signed, signature.length], [200, false, 355]);
    assert.ok(signature.startsWith('WECHATPAY/SIGNTEST/'));
  },
  'rate-limit': (response, body, signed) => {
    assert.deepEqual([response.status, signed, JSON.parse(body).code], [429, true, 'FREQUENCY_LIMITED']);
    assert.equal(response.headers.get('retry-after'), '1');
  },
  'system-error': (response, body, signed) => {
    assert.deepEqual([response.status, signed, JSON.parse(body).code], [500, true, 'SYSTEM_ERROR']);
  },
  'bare-500': (response, body) => {
    assert.deepEqual([response.status, response.headers.has('wechatpay-signature')], [500, false]);
    assert.throws(() => JSON.parse(body));
  },
  'html-502': (response, body) => {
    assert.deepEqual([response.status, response.headers.has('wechatpay-signature')], [502, false]);
    assert.equal(response.headers.get('content-type'), 'text/html');
    assert.match(body, /^<html>/);
  },
  redirect: (response, body) => {
    assert.deepEqual([response.status, body, response.headers.has('wechatpay-signature')], [302, '', false]);
    assert.equal(response.headers.get('location'), 'https://redirected.invalid/');
  },
  'sign-error': (response, body, signed) => {
    assert.deepEqual([response.status, signed, JSON.parse(body).code], [401, true, 'SIGN_ERROR']);
  },
  'bare-503': (response, body) => {
    assert.deepEqual([response.status, body], [503, 'Service Unavailable']);
    assert.equal(response.headers.has('wechatpay-signature'), false);
  },
  slow: (response, _body, signed) => assert.deepEqual([response.status, signed], [200, true]),
  'empty-200': (response, body, signed) => assert.deepEqual([response.status, body, signed], [200, '', true]),
  'no-content': (response, body, signed) => assert.deepEqual([response.status, body, signed], [204, '', true]),
  'not-json': (response, body, signed) => {
    assert.deepEqual([response.status, signed], [200, true]);
    assert.throws(() => JSON.parse(body));
  },
  'accepted-202': (response, body, signed) => assert.deepEqual([response.status, body, signed], [202, '{}', true]),
  huge: (response, body, signed) => {
    assert.deepEqual([response.status, body.length, signed], [200, 20 * 1024 * 1024, true]);
    assert.deepEqual(Object.keys(JSON.parse(body)), ['padding']);
  },
  'invalid-utf8': (response, body, signed) => {
    assert.deepEqual([response.status, signed], [200, true]);
    assert.deepEqual(JSON.parse(body), { mchid: '\uFFFD\uFFFD' });
    assert.equal(response.headers.get('content-length'), String(Buffer.byteLength(body) - 4));
  },
  'corrupted-byte': (response, body, signed) => {
    assert.deepEqual([response.status, signed], [200, false]);
    const bytes = Buffer.from(body);
    const index = bytes.length >> 1;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    assert.ok(isSigned(response, bytes, publicKeyMode));
  },
  'short-body': (response, body, signed) => {
    assert.deepEqual([response.status, signed], [200, false]);
    assert.equal(response.headers.get('content-length'), String(Buffer.byteLength(body)));
    assert.ok(isSigned(response, `${body}}`, publicKeyMode));
  },
};

for (const [how, connectTo] of Object.entries(transports)) {
  for (const [fault, check] of Object.entries(FAULTY)) {
    test(`${fault} happens once ${how}`, async (t) => {
      const gateway = open();
      const send = await connectTo(gateway, t);
      gateway.injectFault(/** @type {import('#testing/gateway/faults.js').Fault} */ (fault), { delayMs: 1 });

      const { path, ...init } = make();
      const response = await send(path, { ...init, redirect: 'manual' });
      const body = Buffer.from(await response.arrayBuffer());
      check(response, body.toString(), isSigned(response, body, publicKeyMode));
      assert.deepEqual(gateway.requests[0]?.outcome, { status: 200, code: 'OK', message: '' });
      assert.equal(gateway.requests[0]?.fault, fault);

      const { path: again, ...second } = make();
      const good = await send(again, second);
      assert.equal(good.status, 200);
      assert.ok(isSigned(good, await good.text(), publicKeyMode));
      assert.equal(gateway.requests[1]?.fault, undefined);
    });
  }

  test(`truncated ${how} ends the body early`, async (t) => {
    const gateway = open();
    const send = await connectTo(gateway, t);
    gateway.injectFault('truncated');
    const { path, ...init } = make();
    const response = await send(path, init);
    assert.equal(response.status, 200);

    let received = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) received += Buffer.from(chunk).toString();
    })();
    await assert.rejects(reading, { name: 'TypeError', message: 'terminated' });
    const declared = Number(response.headers.get('content-length'));
    assert.ok(received.length > 0 && received.length < declared, `${received.length} of ${declared}`);
    assert.match(received, /^\{"mchid"/);
  });

  test(`reset ${how} sends no response`, async (t) => {
    const gateway = open();
    const send = await connectTo(gateway, t);
    gateway.injectFault('reset');
    const { path, ...init } = make();
    await assert.rejects(send(path, init), (/** @type {any} */ error) => {
      assert.ok(error instanceof TypeError);
      assert.deepEqual([error.message, /** @type {any} */ (error.cause).code], ['fetch failed', 'ECONNRESET']);
      return true;
    });
    assert.equal(gateway.requests.length, 1);
  });

  test(`hang ${how} sends no response until the request is aborted`, { timeout: 30_000 }, async (t) => {
    const gateway = open();
    const send = await connectTo(gateway, t);
    gateway.injectFault('hang');
    const controller = new AbortController();
    const { path, ...init } = make();
    const hanging = send(path, { ...init, signal: controller.signal });
    hanging.catch(() => {}); // checked below
    while (gateway.requests.length === 0) await new Promise(setImmediate);

    const { path: next, ...second } = make();
    assert.equal((await send(next, second)).status, 200);
    assert.equal(await Promise.race([hanging, Promise.resolve('no response')]), 'no response');
    const reason = new Error('aborted by the test');
    controller.abort(reason);
    await assert.rejects(hanging, (error) => error === reason);
    assert.deepEqual(
      gateway.requests.map(({ fault }) => fault),
      ['hang', undefined],
    );
  });

  test(`slow ${how} lets other requests pass and can be aborted`, { timeout: 30_000 }, async (t) => {
    const gateway = open();
    const send = await connectTo(gateway, t);
    gateway.injectFault('slow', { delayMs: 3_600_000 });
    const patience = new AbortController();
    const { path, ...init } = make();
    const slow = send(path, { ...init, signal: patience.signal });
    slow.catch(() => {}); // checked below
    while (gateway.requests.length === 0) await new Promise(setImmediate);

    const { path: quick, ...second } = make();
    assert.equal((await send(quick, second)).status, 200);
    const reason = new Error('out of patience');
    patience.abort(reason);
    await assert.rejects(slow, (error) => error === reason);
  });
}

test('does not send a request whose signal is aborted', async () => {
  const gateway = open();
  const { path, ...init } = make();
  const reason = new Error('never mind');
  const sending = gateway.fetch(`https://api.mch.weixin.qq.com${path}`, { ...init, signal: AbortSignal.abort(reason) });
  await assert.rejects(sending, (error) => error === reason);
  assert.equal(gateway.requests.length, 0);
});

test('faults happen in order and as often as requested, until clearFaults', async () => {
  const gateway = open();
  gateway.injectFault('system-error', { times: 2 });
  gateway.injectFault('rate-limit', { retryAfter: 7 });
  gateway.injectFault('system-error', { times: 9 });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await ask(gateway)).status);
  gateway.clearFaults();
  statuses.push((await ask(gateway)).status);
  assert.deepEqual(statuses, [500, 500, 429, 500, 200]);
});

test('sign-error shows the same message as a real mismatch with the given path, body and timestamp', async () => {
  const differences = [
    { path: `${PATH}?a=1` },
    { body: '{"appid":"微信"}' },
    { timestamp: NOW - 1 },
    { path: '/v3', body: '', timestamp: String(NOW + 1) },
    {},
  ];
  for (const [index, options] of differences.entries()) {
    // A real request with these values and a wrong signature.
    const nonce = `DIFFERENT${index}`;
    const expected = await ask(open(), {
      ...options,
      nonce,
      signature: (text) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`,
    });
    assert.equal(expected.status, 401);

    const gateway = open();
    gateway.injectFault('sign-error', options);
    assert.deepEqual(await ask(gateway, { nonce }), expected);
    assert.equal(gateway.requests[0]?.outcome.code, 'OK');
  }
});

test('sign-error without an Authorization header is the rejection of a missing header', async () => {
  const gateway = open();
  gateway.injectFault('sign-error', { body: '{}' });
  const { status, json } = await ask(gateway, { headers: { authorization: undefined } });
  assert.deepEqual([status, json.code, json.detail], [401, 'SIGN_ERROR', undefined]);
});

test('huge has the requested length', async () => {
  const gateway = open();
  for (const bytes of [14, 15, 1000]) {
    gateway.injectFault('huge', { bytes });
    const { path, ...init } = make();
    const body = await (await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init)).text();
    assert.deepEqual([body.length, JSON.parse(body).padding.length], [bytes, bytes - 14]);
  }
});

test('fault options set the age of a timestamp and Retry-After', async () => {
  const gateway = open();
  gateway.injectFault('stale-timestamp', { seconds: 4000 });
  gateway.injectFault('rate-limit', { retryAfter: 7 });
  const headers = [];
  for (let i = 0; i < 2; i++) {
    const { path, ...init } = make();
    headers.push((await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init)).headers);
  }
  assert.equal(headers[0]?.get('wechatpay-timestamp'), String(NOW - 4000));
  assert.equal(headers[1]?.get('retry-after'), '7');
});

test('unknown-serial has the format of a certificate serial in certificate mode', async () => {
  const gateway = open({ platform: certificateMode });
  gateway.injectFault('unknown-serial');
  const { path, ...init } = make();
  const response = await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
  assert.match(response.headers.get('wechatpay-serial') ?? '', /^[0-9A-F]{40}$/);
  assert.notEqual(response.headers.get('wechatpay-serial'), certificateMode.serial);
});

test('injectFault throws on an unknown name and unusable times or after', () => {
  const gateway = open();
  // @ts-expect-error unknown fault
  assert.throws(() => gateway.injectFault('be-nice'), /there is no be-nice/);
  // @ts-expect-error an inherited property
  assert.throws(() => gateway.injectFault('toString'), /there is no toString/);
  assert.throws(() => gateway.injectFault('slow', { times: 0 }), /times must be a positive integer/);
  assert.throws(() => gateway.injectFault('slow', { times: 1.5 }), /times must be a positive integer/);
  assert.throws(() => gateway.injectFault('slow', { after: -1 }), /after must be an integer/);
});

test('close drops idle, half-sent and waiting connections, and the gateway can listen again', {
  timeout: 30_000,
}, async () => {
  const gateway = open();
  await gateway.close(); // nothing to close yet
  const baseUrl = await gateway.listen();
  assert.match(baseUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
  const port = Number(new URL(baseUrl).port);

  const idle = connect(port, '127.0.0.1');
  const halfSent = connect(port, '127.0.0.1');
  for (const socket of [idle, halfSent]) socket.on('error', () => {}); // a reset is fine too
  await Promise.all([once(idle, 'connect'), once(halfSent, 'connect')]);
  halfSent.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345');
  gateway.injectFault('slow', { delayMs: 3_600_000 });
  const { path, ...init } = make();
  const waiting = fetch(`${baseUrl}${path}`, init);
  waiting.catch(() => {}); // checked below
  while (gateway.requests.length === 0) await new Promise(setImmediate);

  const dropped = Promise.all([once(idle, 'close'), once(halfSent, 'close')]);
  await gateway.close();
  await dropped;
  await assert.rejects(waiting, { message: 'fetch failed' });

  const { path: again, ...second } = make();
  assert.equal((await fetch(`${await gateway.listen()}${again}`, second)).status, 200);
  await gateway.close();
});

test('a contract exists from the user’s signature until its termination', async () => {
  const gateway = open();
  const path = (code = CONTRACT.out_contract_code, id = CONTRACT.service_id) =>
    `/v3/password-exempt-contract/contracts/service-id/${id}/out-contract-code/${code}`;
  const query = (target = path()) => ask(gateway, { method: 'GET', path: target, body: '' });
  const terminate = (/** @type {object} */ fields, target = path()) =>
    ask(gateway, { path: `${target}/terminate`, body: JSON.stringify(fields) });
  const { mchid } = merchant;
  const name = { mchid, out_contract_code: CONTRACT.out_contract_code };
  const remark = { contract_termination_remark: '用户申请解约' };

  assert.equal((await query()).status, 404);
  await ask(gateway, {});
  assert.equal((await query()).json.code, 'RESOURCE_NOT_EXISTS');
  assert.equal((await terminate(remark)).status, 404);

  const signed = gateway.userSigns(name);
  const { status, json } = await query();
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(JSON.stringify(signed)), json);
  assert.deepEqual(
    [json.mchid, json.appid, json.openid, json.contract_state, json.contract_signed_time],
    [mchid, CONTRACT.appid, CONTRACT.openid, 'SIGNED', '2023-11-14T22:13:20+00:00'],
  );
  assert.match(json.contract_id, /^[0-9a-f]{32}$/);
  assert.equal((await query(path('Contract20240101', 1))).status, 404);
  assert.equal((await query(path('other'))).status, 404);
  assert.equal((await query(path('%43ontract20240101'))).status, 200);
  const byOther = { method: 'GET', path: path(), body: '', by: otherMerchant };
  assert.equal((await ask(gateway, byOther)).status, 404);

  for (const fields of [
    {},
    { contract_termination_remark: '' },
    { contract_termination_remark: '长'.repeat(257) },
    { ...remark, x: 1 },
  ]) {
    assert.equal((await terminate(fields)).json.code, 'PARAM_ERROR');
  }
  assert.deepEqual((await terminate(remark)).json, {
    mchid,
    service_id: CONTRACT.service_id,
    out_contract_code: CONTRACT.out_contract_code,
  });
  const ended = (await query()).json;
  assert.equal(ended.contract_state, 'TERMINATED');
  assert.equal(ended.contract_terminate_info.contract_termination_remark, remark.contract_termination_remark);
  assert.equal((await terminate(remark)).json.code, 'INVALID_REQUEST');
  assert.equal((await ask(gateway, {})).json.code, 'INVALID_REQUEST');
  assert.throws(() => gateway.userSigns({ mchid, out_contract_code: 'never' }), TypeError);
  assert.throws(() => gateway.userSigns(name), /terminated/);
  assert.equal(signed.contract_state, 'SIGNED', 'userSigns returns a copy');
  assert.equal((await ask(gateway, { path: path() })).status, 405);
});

test('verifies the path as sent and decodes its parameters afterwards', async () => {
  const gateway = open();
  await ask(gateway, {});
  gateway.userSigns({ mchid: merchant.mchid, out_contract_code: CONTRACT.out_contract_code });
  const plain = `${CONTRACTS}/service-id/${CONTRACT.service_id}/out-contract-code/${CONTRACT.out_contract_code}`;
  const encoded = plain.replace('Contract2024', '%43ontract%32024');
  const query = (/** @type {RequestOptions} */ options) => ask(gateway, { method: 'GET', body: '', ...options });

  assert.equal((await query({ path: `${encoded}?a=%20` })).json.contract_state, 'SIGNED');
  const { status, json } = await query({ path: encoded, signedPath: plain });
  assert.deepEqual([status, json.detail.sign_information.url], [401, encoded]);
  assert.equal((await query({ path: plain, signedPath: encoded })).status, 401);
  for (const code of ['%zz', '%E4', 'a%2Fb', '%43ontract']) {
    const path = plain.replace(CONTRACT.out_contract_code, code);
    assert.equal((await query({ path })).json.code, 'RESOURCE_NOT_EXISTS', code);
  }
});

test('security/echo returns the fields, the method, the URL and the caller', async () => {
  const path = '/v3/security/echo?a=%20';
  const body = JSON.stringify({ echo_message: '你好', more: { a: [1] } });
  const { mchid, serial } = merchant;
  assert.deepEqual(await ask(open(), { path, body }), {
    status: 200,
    json: { echo_message: '你好', more: { a: [1] }, method: 'POST', url: path, mchid, serial_no: serial },
  });
  for (const bad of ['', '[]', '{']) assert.equal((await ask(open(), { path, body: bad })).json.code, 'PARAM_ERROR');
  assert.equal((await ask(open(), { path, method: 'GET', body: '' })).status, 405);
  assert.equal((await ask(open(), { path, body, signedBody: '{}' })).status, 401);
});

/** A platform certificate made by openssl, both for the gateway's list and for signing. @param {string} number */
function opensslCertificate(number) {
  return withOpenssl((openssl) => {
    const subject = ['-subj', '/CN=Tenpay', '-set_serial', `0x${number}`];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'c.pem', ...subject);
    const certificate = openssl('x509', '-in', 'c.pem');
    const { serialNumber: serial } = new X509Certificate(certificate);
    const times = { effective_time: '2023-01-01T00:00:00+08:00', expire_time: '2028-01-01T00:00:00+08:00' };
    return {
      listed: { serial, certificate, ...times },
      signing: { serial, privateKey: openssl('pkey', '-in', 'key.pem') },
    };
  });
}

test('lists platform certificates encrypted under the APIv3 key, in a response that one of them signed', async () => {
  const made = ['1A2B3C', '4D5E6F'].map(opensslCertificate);
  const certificates = made.map(({ listed }) => listed);
  const { apiV3Key: _, ...keyless } = await makeMerchant({ mchid: '1900000003' });
  const gateway = open({
    merchants: [merchant, otherMerchant, keyless],
    platform: made.map(({ signing }) => signing),
    certificates,
  });

  for (const [wanted, signer] of /** @type {const} */ ([
    [undefined, '1A2B3C'],
    ['1A2B3C', '1A2B3C'],
    ['4D5E6F', '4D5E6F'],
  ])) {
    const options = { method: 'GET', path: '/v3/certificates?algorithm_type=RSA', body: '' };
    const { path, ...init } = make({ ...options, headers: { 'wechatpay-serial': wanted } });
    const response = await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
    const body = await response.text();
    assert.equal(response.status, 200);

    /** @type {{ data: any[] }} */
    const { data } = JSON.parse(body);
    const downloaded = data.map(({ serial_no: serial, encrypt_certificate, ...times }) => {
      assert.equal(encrypt_certificate.associated_data, 'certificate');
      assert.throws(() => decrypt(encrypt_certificate, otherMerchant.apiV3Key));
      return { serial, certificate: decrypt(encrypt_certificate, merchant.apiV3Key), ...times };
    });
    assert.deepEqual(downloaded, certificates);
    assert.notEqual(data[0].encrypt_certificate.nonce, data[1].encrypt_certificate.nonce);

    assert.equal(response.headers.get('wechatpay-serial'), signer);
    const pem = downloaded.find(({ serial }) => serial === signer)?.certificate ?? '';
    assert.ok(isSigned(response, body, new X509Certificate(pem)));
  }

  const asked = { path: '/v3/certificates', method: 'GET', body: '' };
  const unkeyed = await ask(gateway, { ...asked, by: keyless });
  assert.deepEqual([unkeyed.status, unkeyed.json.message], [401, '商户未设置APIv3密钥。']);
  assert.equal((await ask(gateway, { path: '/v3/certificates' })).status, 405);
});

test('lists no certificates in public key mode', async () => {
  const { status, json } = await ask(open(), { path: '/v3/certificates', method: 'GET', body: '' });
  assert.deepEqual([status, json.code], [404, 'RESOURCE_NOT_EXISTS']);
  assert.match(json.message, /请在商户平台-API安全申请使用微信支付公钥/);
});

test('signs a notification and encrypts its resource', async () => {
  const gateway = open({ platform: [publicKeyMode, certificateMode] });
  const { mchid, apiV3Key } = merchant;
  const { out_contract_code, notify_url } = CONTRACT;
  await ask(gateway, {});
  const resource = { ...gateway.userSigns({ mchid, out_contract_code }), out_contract_code, 备注: '微信' };
  const { url, headers, body } = await gateway.notification({ mchid, event_type: 'ENTRUST.SIGN', resource });

  assert.equal(url, notify_url);
  const received = { headers: new Headers(headers) };
  assert.ok(isSigned(received, body, publicKeyMode));
  assert.equal(received.headers.get('wechatpay-serial'), publicKeyMode.serial);
  assert.equal(received.headers.get('wechatpay-timestamp'), String(NOW));
  assert.equal(received.headers.get('wechatpay-signature-type'), 'WECHATPAY2-SHA256-RSA2048');
  assert.equal(received.headers.get('content-type'), 'application/json');
  assert.match(received.headers.get('request-id') ?? '', /^[0-9A-F]+-0$/);

  const { id, resource: encrypted, ...rest } = JSON.parse(body);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    create_time: '2023-11-14T22:13:20+00:00',
    resource_type: 'encrypt-resource',
    event_type: 'ENTRUST.SIGN',
    summary: '签约状态变更',
  });
  assert.equal(encrypted.original_type, 'entrust');
  assert.deepEqual(JSON.parse(decrypt(encrypted, apiV3Key)), JSON.parse(JSON.stringify(resource)));
  assert.throws(() => decrypt(encrypted, otherMerchant.apiV3Key));
  assert.throws(() => decrypt({ ...encrypted, associated_data: '' }, apiV3Key));
});

test('makes a notification with the given fields', async () => {
  const gateway = open({ platform: [publicKeyMode, certificateMode] });
  const { mchid } = otherMerchant;
  const fields = {
    id: 'EV-1',
    create_time: '2020-01-01T00:00:00+08:00',
    summary: '解约成功',
    event_type: 'X.TERMINATE',
  };
  const { url, headers, body } = await gateway.notification({
    ...fields,
    mchid,
    resource: {},
    ageSeconds: 301,
    serial: certificateMode.serial.toLowerCase(),
  });
  assert.equal(url, undefined);
  const { id, create_time, summary, event_type } = JSON.parse(body);
  assert.deepEqual({ id, create_time, summary, event_type }, fields);
  const received = { headers: new Headers(headers) };
  assert.equal(received.headers.get('wechatpay-timestamp'), String(NOW - 301));
  assert.equal(received.headers.get('wechatpay-serial'), certificateMode.serial);
  assert.ok(isSigned(received, body, certificateMode));

  const some = { event_type: 'ENTRUST.SIGN', resource: {} };
  await assert.rejects(gateway.notification({ ...some, mchid: '1900000009' }), /no APIv3 key of merchant 1900000009/);
  await assert.rejects(gateway.notification({ ...some, mchid, serial: 'ABC' }), /no platform key ABC/);
});

test('a fault can happen after some successful responses', async () => {
  const gateway = open();
  gateway.injectFault('bare-500', { after: 2, times: 2 });
  gateway.injectFault('html-502', { after: 1 });
  const statuses = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const { path, ...init } = make();
    statuses.push((await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init)).status);
  }
  assert.deepEqual(statuses, [200, 200, 500, 500, 200, 502, 200]);
});

/** A GET of the certificate list. @type {RequestOptions} */
const LIST = { method: 'GET', path: '/v3/certificates', body: '' };

test('a fault with times Infinity happens until clearFaults', async () => {
  const gateway = open();
  gateway.injectFault('system-error', { times: Infinity, after: 1 });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await ask(gateway)).status);
  gateway.clearFaults();
  statuses.push((await ask(gateway)).status);
  assert.deepEqual(statuses, [200, 500, 500, 500, 500, 200]);
});

test('a fault with an endpoint leaves other endpoints alone', async () => {
  const gateway = open();
  gateway.injectFault('system-error', { endpoint: '/v3/certificates', after: 1 });
  gateway.injectFault('rate-limit', { endpoint: PATH });
  const statuses = [];
  for (const options of [LIST, {}, {}, { ...LIST, path: '/v3/certificates?algorithm_type=RSA' }, LIST]) {
    statuses.push((await ask(gateway, options)).status);
  }
  assert.deepEqual(statuses, [404, 429, 200, 500, 404]);
});

test('pre-signing works while the certificate list is slow, hangs or responds with 503', {
  timeout: 30_000,
}, async (t) => {
  const gateway = open();
  const send = await transports['over HTTP']?.(gateway, t);
  assert.ok(send);
  const endpoint = '/v3/certificates';
  gateway.injectFault('bare-503', { endpoint });
  gateway.injectFault('hang', { endpoint });
  gateway.injectFault('slow', { endpoint, delayMs: 3_600_000 });
  const list = (/** @type {AbortSignal} */ signal) => {
    const { path, ...init } = make(LIST);
    return send(path, { ...init, signal });
  };
  const presign = async () => {
    const { path, ...init } = make();
    return (await send(path, init)).status;
  };

  const controller = new AbortController();
  assert.equal((await list(controller.signal)).status, 503);
  const waiting = [];
  for (let i = 1; i <= 2; i++) {
    waiting.push(list(controller.signal));
    while (gateway.requests.length < 2 * i) await new Promise(setImmediate);
    assert.equal(await presign(), 200);
  }
  controller.abort();
  for (const result of await Promise.allSettled(waiting)) assert.equal(result.status, 'rejected');
  assert.deepEqual(
    gateway.requestsTo(endpoint).map(({ fault }) => fault),
    ['bare-503', 'hang', 'slow'],
  );
});

test('requestsTo returns the requests to one path, with and without a query', async () => {
  const gateway = open();
  for (const options of [LIST, {}, { ...LIST, path: '/v3/certificates?a=1' }, { ...LIST, path: '/v3/certificates2' }]) {
    await ask(gateway, options);
  }
  assert.deepEqual(
    gateway.requestsTo('/v3/certificates').map(({ path }) => path),
    ['/v3/certificates', '/v3/certificates?a=1'],
  );
  assert.equal(gateway.requestsTo(PATH).length, 1);
  assert.deepEqual(gateway.requestsTo('/v3'), []);
});

test('lists a certificate with another associated_data, with extra text and with another subject', async () => {
  const plain = await makeCertificate();
  const merchantSubject = { O: '微信商户系统', CN: merchant.mchid };
  const ofMerchant = await makeCertificate({ subject: merchantSubject });
  const extra = { ...plain, certificate: `{"pem":${JSON.stringify(plain.certificate)}}` };
  const gateway = open({
    platform: plain,
    certificates: [plain, { ...plain, associated_data: 'entrust' }, extra, ofMerchant],
  });
  const { status, json } = await ask(gateway, LIST);
  assert.equal(status, 200);
  const encrypted = json.data.map((/** @type {any} */ { encrypt_certificate }) => encrypt_certificate);
  assert.deepEqual(
    encrypted.map((/** @type {any} */ { associated_data }) => associated_data),
    ['certificate', 'entrust', 'certificate', 'certificate'],
  );
  const plaintexts = encrypted.map((/** @type {any} */ resource) => decrypt(resource, merchant.apiV3Key));
  assert.deepEqual(plaintexts, [plain.certificate, plain.certificate, extra.certificate, ofMerchant.certificate]);
  assert.throws(() => decrypt({ ...encrypted[1], associated_data: 'certificate' }, merchant.apiV3Key));

  assert.equal(
    new X509Certificate(plain.certificate).subject,
    'O=Tenpay.com\nOU=Tenpay.com CA Center\nCN=Tenpay.com sign',
  );
  assert.match(new X509Certificate(ofMerchant.certificate).subject, new RegExp(`CN=${merchant.mchid}$`));
  const subject = withOpenssl((openssl, folder) => {
    writeFileSync(join(folder, 'c.pem'), ofMerchant.certificate);
    return openssl('x509', '-in', 'c.pem', '-noout', '-subject', '-nameopt', 'RFC2253,utf8,-esc_msb');
  });
  assert.equal(subject.trim(), `subject=CN=${merchant.mchid},O=微信商户系统`);
});

test('makeCertificate issues a certificate that its issuer verifies', async () => {
  const subject = { C: 'CN', O: 'Tenpay.com', OU: 'Tenpay.com CA Center', CN: 'Tenpay.com Root CA' };
  const root = await makeCertificate({ subject });
  const issued = new X509Certificate((await makeCertificate({ issuer: root })).certificate);
  assert.ok(issued.verify(new X509Certificate(root.certificate).publicKey));
  assert.equal(issued.issuer, 'C=CN\nO=Tenpay.com\nOU=Tenpay.com CA Center\nCN=Tenpay.com Root CA');
  // @ts-expect-error unknown attribute
  await assert.rejects(makeCertificate({ subject: { L: 'Shenzhen' } }), /subject\.L is not supported/);
});

for (const [listOld, signWithOld] of [
  [true, false],
  [true, true],
  [false, false],
]) {
  const title = `${listOld ? 'lists' : 'drops'} the old certificate and ${signWithOld ? 'still signs' : 'no longer signs'} with it`;
  test(`rotateCertificate ${title}`, async () => {
    const kit = await createTestKit({ mode: 'both', now: () => NOW });
    const [publicKey, old] = [...kit.gateway.platforms];
    assert.ok(publicKey && old);
    const next = await kit.rotateCertificate({
      ...(listOld !== undefined && { listOld }),
      ...(signWithOld && { signWithOld }),
    });
    assert.ok(Date.parse(next.effective_time) / 1000 <= NOW && NOW < Date.parse(next.expire_time) / 1000);

    const signerFor = async (/** @type {string | undefined} */ wanted) => {
      const { path, ...init } = make({ ...LIST, by: kit.merchant, headers: { 'wechatpay-serial': wanted } });
      const response = await kit.gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
      const body = await response.text();
      const serial = response.headers.get('wechatpay-serial') ?? '';
      if (serial === next.serial) assert.ok(isSigned(response, body, next));
      return { serial, listed: JSON.parse(body).data.map((/** @type {any} */ { serial_no }) => serial_no) };
    };
    assert.deepEqual(await signerFor(next.serial), {
      serial: next.serial,
      listed: listOld ? [old.serial, next.serial] : [next.serial],
    });
    // Without a key of that name, the first key signs: here the public key.
    assert.equal((await signerFor(old.serial)).serial, signWithOld ? old.serial : publicKey.serial);
    assert.equal((await signerFor(undefined)).serial, publicKey.serial);
  });
}

test('after rotateCertificate in certificate mode the new certificate signs everything', async () => {
  const kit = await createTestKit({ mode: 'certificate', now: () => NOW });
  const old = kit.gateway.certificates[0];
  const next = await kit.rotateCertificate();
  for (const wanted of [undefined, old?.serial, next.serial]) {
    const { path, ...init } = make({ ...LIST, by: kit.merchant, headers: { 'wechatpay-serial': wanted } });
    const response = await kit.gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
    assert.equal(response.headers.get('wechatpay-serial'), next.serial);
    assert.ok(isSigned(response, await response.text(), next));
  }
  const notification = await kit.notification();
  assert.equal(notification.headers.get('wechatpay-serial'), next.serial);
  assert.deepEqual(Object.keys(kit.certs), [old?.serial], 'what a client was configured with stays the same');
});

test('kit.notification makes a notification with the given id, nonce and headers', async () => {
  const kit = await createTestKit({ now: () => NOW });
  const key = { publicKey: kit.certs[kit.gateway.platforms[0]?.serial ?? ''] ?? '' };
  const request = await kit.notification({
    id: 'EV-1',
    nonce: 'GIVEN',
    headers: { 'X-Forwarded-For': '203.0.113.9', 'Request-ID': undefined },
  });
  const body = await request.text();
  assert.equal(JSON.parse(body).id, 'EV-1');
  assert.ok(isSigned(request, body, key));
  const { headers } = request;
  assert.deepEqual(
    [headers.get('wechatpay-nonce'), headers.get('x-forwarded-for'), headers.has('request-id')],
    ['GIVEN', '203.0.113.9', false],
  );

  // A line break in the nonce is part of the signed message.
  const parts = await kit.gateway.notification({
    mchid: kit.merchant.mchid,
    event_type: 'ENTRUST.SIGN',
    resource: {},
    nonce: 'A\nB',
  });
  const signature = Buffer.from(parts.headers['Wechatpay-Signature'] ?? '', 'base64');
  assert.equal(parts.headers['Wechatpay-Nonce'], 'A\nB');
  assert.ok(verify('sha256', Buffer.from(`${NOW}\nA\nB\n${parts.body}\n`), key.publicKey, signature));
});

test('every forgery keeps the given id and changes one thing', async () => {
  const kit = await createTestKit({ now: () => NOW });
  const key = { publicKey: kit.certs[kit.gateway.platforms[0]?.serial ?? ''] ?? '' };
  for (const forgery of /** @type {const} */ ([
    'wrong-signature',
    'wrong-key',
    'tampered-body',
    'missing-signature',
    'sign-test',
  ])) {
    const request = await kit.notification({ id: 'EV-1', forgery });
    const body = await request.text();
    assert.equal(JSON.parse(body).id, 'EV-1', forgery);
    assert.equal(isSigned(request, body, key), false, forgery);
    assert.equal(request.headers.get('wechatpay-serial'), kit.gateway.platforms[0]?.serial, forgery);
    const signature = request.headers.get('wechatpay-signature');
    assert.equal(signature === null, forgery === 'missing-signature', forgery);
    assert.equal(signature?.startsWith('WECHATPAY/SIGNTEST/') ?? false, forgery === 'sign-test', forgery);
    assert.equal(JSON.parse(body).summary.startsWith('X'), forgery === 'tampered-body', forgery);
    assert.equal(
      isSigned(request, body.replace('"summary":"X', '"summary":"'), key),
      forgery === 'tampered-body',
      forgery,
    );
  }
  const genuine = await kit.notification({ id: 'EV-1' });
  assert.ok(isSigned(genuine, await genuine.text(), key));
});

test('gateway.response makes a signed response', async () => {
  const gateway = open({ platform: [publicKeyMode, certificateMode] });
  for (const [options, status, text] of /** @type {const} */ ([
    [{}, 200, '{}'],
    [{ body: 'plain' }, 200, 'plain'],
    [{ status: 404, body: { code: 'NOT_FOUND' } }, 404, '{"code":"NOT_FOUND"}'],
    [{ status: 204, body: '' }, 204, ''],
  ])) {
    const response = await gateway.response({ ...options, ageSeconds: 5, serial: certificateMode.serial });
    const body = await response.text();
    assert.deepEqual([response.status, body], [status, text]);
    assert.equal(response.headers.get('wechatpay-timestamp'), String(NOW - 5));
    assert.ok(isSigned(response, body, certificateMode));
  }
});

/**
 * An upload as browsers write it.
 * @param {{ file?: string, meta?: object, signedMeta?: object, filename?: string, path?: string }} [options]
 */
function makeUpload({ file = 'content', filename = 'a.png', path = '/v3/merchant/media/upload', ...given } = {}) {
  const { meta = { filename, sha256: createHash('sha256').update(file).digest('hex') }, signedMeta = meta } = given;
  const body = [
    '--B\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n',
    `${JSON.stringify(meta)}\r\n--B\r\n`,
    `Content-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: image/png\r\n\r\n`,
    `${file}\r\n--B--\r\n`,
  ].join('');
  const headers = { 'content-type': 'multipart/form-data; boundary=B' };
  return { path, body, signedBody: JSON.stringify(signedMeta), headers };
}

test('an upload is accepted if meta is signed and holds the hash of the file', async () => {
  const gateway = open();
  const { status, json } = await ask(gateway, makeUpload());
  assert.deepEqual([status, Object.keys(json)], [200, ['media_id']]);
  const video = await ask(gateway, makeUpload({ path: '/v3/merchant/media/video_upload', filename: '视频.mp4' }));
  assert.equal(video.status, 200);
});

for (const [name, options, code] of /** @type {[string, Parameters<typeof makeUpload>[0], string][]} */ ([
  ['another meta was signed', { signedMeta: { filename: 'b.png' } }, 'SIGN_ERROR'],
  ['the hash is of another file', { meta: { filename: 'a.png', sha256: '0'.repeat(64) } }, 'PARAM_ERROR'],
  ['meta has another name', { meta: { filename: 'b.png', sha256: '' } }, 'PARAM_ERROR'],
  ['the file is not an image', { filename: 'a.exe' }, 'PARAM_ERROR'],
  ['the image is larger than 2 MB', { file: 'x'.repeat(2 ** 21 + 1) }, 'PARAM_ERROR'],
])) {
  test(`an upload is rejected if ${name}`, async () => {
    assert.equal((await ask(open(), makeUpload(options))).json.code, code);
  });
}

test('an upload is rejected if the whole body was signed, or is JSON', async () => {
  const { signedBody: _signed, ...upload } = makeUpload();
  assert.equal((await ask(open(), upload)).json.code, 'SIGN_ERROR');
  const { path, signedBody } = makeUpload();
  assert.equal((await ask(open(), { path, body: signedBody })).json.code, 'PARAM_ERROR');
  const headers = { 'content-type': 'multipart/form-data; boundary=OTHER' };
  assert.equal((await ask(open(), { ...makeUpload(), headers })).json.code, 'PARAM_ERROR');
});

for (const [how, connectTo] of Object.entries(transports)) {
  test(`a trade bill ${how} has its hash in the response, and is downloaded without a signature`, async (t) => {
    const gateway = open();
    gateway.bills.set('2026-01-31', '交易时间,商户号\r\n');
    const send = await connectTo(gateway, t);
    /** @param {string} path @param {object} [options] */
    const get = async (path, options) => {
      const { path: target, ...init } = make({ method: 'GET', path, body: '', ...options });
      return send(target, init);
    };
    for (const tarType of ['', '&tar_type=GZIP']) {
      const named = await get(`/v3/bill/tradebill?bill_date=2026-01-31${tarType}`);
      const { hash_type, hash_value, download_url } = JSON.parse(await named.text());
      const { origin, pathname, search } = new URL(download_url);
      assert.equal(origin, how === 'in process' ? 'https://api.mch.weixin.qq.com' : new URL(named.url).origin);
      const response = await get(`${pathname}${search}`);
      assert.equal(response.headers.has('wechatpay-signature'), false);
      const received = Buffer.from(await response.arrayBuffer());
      const file = tarType === '' ? received : gunzipSync(received);
      assert.equal(file.toString(), '交易时间,商户号\r\n');
      assert.deepEqual([hash_type, hash_value], ['SHA1', createHash('sha1').update(file).digest('hex')]);
      assert.equal((await get(`${pathname}${search}`, { by: otherMerchant })).status, 400);
    }
    assert.match(await (await get('/v3/bill/tradebill?bill_date=2026-01-30')).text(), /NO_STATEMENT_EXIST/);
    assert.equal((await get('/v3/billdownload/file?token=x')).status, 400);
  });
}

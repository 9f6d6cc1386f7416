/** The explanations of rejected requests. Each request has one of the usual mistakes, and is signed with node:crypto. */
import assert from 'node:assert/strict';
import { constants, createHmac, sign } from 'node:crypto';
import { test } from 'node:test';
import { makeMerchant, makePlatformKey } from '#testing/keys.js';
import { createGateway } from './gateway/index.js';
import { requestMaker } from './gateway/signed-request.js';

const NOW = 1_700_000_000;
const merchant = await makeMerchant({ mchid: '1900000001' });
const renewed = { ...(await makeMerchant()), mchid: merchant.mchid };
const other = await makeMerchant({ mchid: '1900000002' });
const stranger = await makeMerchant({ mchid: '1900000003' });
const platform = await makePlatformKey();

const PATH = '/v3/security/echo';
const BODY = JSON.stringify({ name: '微信用户', url: 'https://a.example/?b=<c>', total: 1 });
const make = requestMaker({ method: 'POST', path: PATH, body: BODY, by: merchant, timestamp: NOW });

/** @typedef {import('./gateway/signed-request.js').RequestOptions} RequestOptions */

/** @param {RequestOptions} options */
async function refused(options) {
  const gateway = createGateway({ merchants: [merchant, renewed, other], platform, now: () => NOW });
  const { path, ...init } = make(options);
  const { status } = await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
  const [request] = gateway.requests;
  assert.ok(status >= 400 && request?.explanation, `${status}`);
  return { ...request, explanation: request.explanation };
}

const python = (/** @type {string} */ json) => json.replaceAll('":', '": ').replaceAll(',"', ', "');
const escapeNonAscii = (/** @type {string} */ json) =>
  json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
const text = (/** @type {(text: string) => string} */ change) => (/** @type {Buffer} */ message) =>
  Buffer.from(change(message.toString()));

/** What was signed in place of the message. @type {[string, RequestOptions, string, RegExp][]} */
const OTHER_MESSAGES = [
  ['the path without its query', { path: `${PATH}?a=1`, signedPath: PATH }, 'path-without-query', /without its query/],
  [
    'the whole URL',
    { signedPath: `https://api.mch.weixin.qq.com${PATH}` },
    'path-with-host',
    /without scheme and host/,
  ],
  ['the decoded path', { path: `${PATH}?a=%E4%BD%A0`, signedPath: `${PATH}?a=你` }, 'path-decoded', /percent-encoding/],
  [
    'a path with another encoding',
    { path: `${PATH}?a=%e4%bd%a0`, signedPath: `${PATH}?a=%E4%BD%A0` },
    'path-encoded',
    /another percent-encoding/,
  ],
  ['the path without /v3', { signedPath: '/security/echo' }, 'path', /without \/v3/],
  ['the path without a slash', { signedPath: PATH.slice(1) }, 'path', /slash at its beginning/],
  ['no body', { signedBody: '' }, 'body-missing', /body was not signed/],
  [
    'the compact form of JSON with spaces',
    { body: JSON.stringify(JSON.parse(BODY), null, 2), signedBody: BODY },
    'body-reserialized',
    /serialized twice/,
  ],
  ['the JSON of Python', { signedBody: escapeNonAscii(python(BODY)) }, 'body-reserialized', /serialized twice/],
  ['the JSON of Python without escapes', { signedBody: python(BODY) }, 'body-reserialized', /serialized twice/],
  [
    'the JSON of PHP',
    { signedBody: escapeNonAscii(BODY).replaceAll('/', '\\/') },
    'body-reserialized',
    /serialized twice/,
  ],
  [
    'the JSON of Go',
    { signedBody: BODY.replace('<', '\\u003c').replace('>', '\\u003e') },
    'body-reserialized',
    /serialized twice/,
  ],
  [
    'JSON with sorted keys',
    { body: '{"b":1,"a":{"d":1,"c":2}}', signedBody: '{"a":{"c":2,"d":1},"b":1}' },
    'body-reserialized',
    /serialized twice/,
  ],
  ['a body without its last line end', { body: `${BODY}\n`, signedBody: BODY }, 'body-line-end', /line ends around it/],
  ['no final line feed', { message: (message) => message.subarray(0, -1) }, 'no-final-newline', /the last included/],
  [
    'lines that end with \\r\\n',
    { message: text((message) => message.replaceAll('\n', '\r\n')) },
    'line-ends',
    /must end with \\n/,
  ],
  [
    'lines that end with a literal \\n',
    { message: text((message) => message.replaceAll('\n', '\\n')) },
    'line-ends',
    /backslash/,
  ],
  ['another method', { message: text((message) => message.replace('POST', 'PUT')) }, 'other-method', /signed is PUT/],
  [
    'a method in lower case',
    { message: text((message) => message.replace('POST', 'post')) },
    'other-method',
    /signed is post/,
  ],
  [
    'the nonce before the timestamp',
    { nonce: 'N1', message: text((message) => message.replace(`${NOW}\nN1`, `N1\n${NOW}`)) },
    'line-order',
    /timestamp comes first/,
  ],
  [
    'two mistakes: no query, no body',
    { path: `${PATH}?a=1`, signedPath: PATH, signedBody: '' },
    'path-without-query',
    /query.*body was not signed/,
  ],
  [
    'two mistakes: other JSON, no final line feed',
    { signedBody: python(BODY), message: (message) => message.subarray(0, -1) },
    'body-reserialized',
    /twice.*line feed/,
  ],
];

for (const [what, options, reason, en] of OTHER_MESSAGES) {
  test(`explains a signature over ${what}`, async () => {
    /** @type {Buffer | undefined} */
    let signed;
    const keep = (/** @type {Buffer} */ message, /** @type {string} */ key) => {
      signed = message;
      return sign('sha256', message, key);
    };
    const { explanation, signedMessage, outcome } = await refused({ ...options, algorithm: keep });
    assert.deepEqual([outcome.code, explanation.reason, explanation.where], ['SIGN_ERROR', reason, 'Authorization']);
    assert.match(explanation.en, en);
    assert.match(explanation.zh, /待签名串|请求体/);
    assert.equal(explanation.actual, signed?.toString());
    assert.equal(explanation.expected, signedMessage);
    assert.notEqual(explanation.actual, explanation.expected);
  });
}

test('shows the expected message to sign, even for accepted requests', async () => {
  const gateway = createGateway({ merchants: [merchant], platform, now: () => NOW });
  const { path, ...init } = make({ path: `${PATH}?a=%20`, nonce: 'N1' });
  await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
  const [request] = gateway.requests;
  assert.equal(request?.signedMessage, `POST\n${PATH}?a=%20\n${NOW}\nN1\n${BODY}\n`);
  assert.ok(request && !('explanation' in request));
});

test('explains a signature over the whole multipart body', async () => {
  const meta = JSON.stringify({ filename: 'a.png', sha256: '0'.repeat(64) });
  const boundary = 'b';
  const part = (/** @type {string} */ head, /** @type {string} */ content) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
  const body = `${part('name="meta"', meta)}${part('name="file"; filename="a.png"', 'x')}--${boundary}--\r\n`;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  const { explanation, signedMessage } = await refused({ path: '/v3/merchant/media/upload', body, headers });
  assert.equal(explanation.reason, 'body-multipart');
  assert.ok(signedMessage?.endsWith(`\n${meta}\n`));
});

/** @type {[string, RequestOptions, string, RegExp, string?][]} */
const OTHER_SIGNATURES = [
  [
    'by the key of the merchant’s other certificate',
    { by: { ...merchant, privateKey: renewed.privateKey } },
    'other-key',
    new RegExp(`Send serial_no="${renewed.serial}"`),
  ],
  [
    'by another merchant’s key',
    { by: { ...merchant, privateKey: other.privateKey } },
    'other-key',
    /Sign with the key of merchant 1900000001/,
  ],
  [
    'by an unknown key',
    { by: { ...merchant, privateKey: stranger.privateKey } },
    'signature',
    /None of the usual mistakes/,
  ],
  ['with SHA-1', { algorithm: (message, key) => sign('sha1', message, key) }, 'other-algorithm', /SHA-1/],
  ['with SHA-512', { algorithm: (message, key) => sign('sha512', message, key) }, 'other-algorithm', /SHA-512/],
  [
    'with RSA-PSS',
    {
      algorithm: (message, key) =>
        sign('sha256', message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    },
    'other-algorithm',
    /RSA-PSS/,
  ],
  [
    'of an HMAC',
    { algorithm: (message) => createHmac('sha256', 'key').update(message).digest() },
    'signature-length',
    /32 bytes/,
  ],
  [
    'in URL-safe Base64 without padding',
    { signature: (base64) => Buffer.from(base64, 'base64').toString('base64url') },
    'signature-encoding',
    /standard Base64/,
  ],
  [
    'in hexadecimal',
    { signature: (base64) => Buffer.from(base64, 'base64').toString('hex') },
    'signature-encoding',
    /standard Base64/,
  ],
  ['that is not Base64', { signature: () => '****' }, 'signature-encoding', /standard Base64/],
];

for (const [what, options, reason, en] of OTHER_SIGNATURES) {
  test(`explains a signature ${what}`, async () => {
    const { explanation, outcome } = await refused(options);
    assert.deepEqual([outcome.code, explanation.reason], ['SIGN_ERROR', reason]);
    assert.match(explanation.en, en);
    assert.match(explanation.zh, /签名|待签名串/);
  });
}

/** @type {[string, RequestOptions, string, string, RegExp][]} */
const OTHER_MISTAKES = [
  ['no User-Agent', { headers: { 'user-agent': undefined } }, 'missing-header', 'User-Agent', /User-Agent is missing/],
  ['no Accept', { headers: { accept: undefined } }, 'missing-header', 'Accept', /Accept: application\/json/],
  ['another Accept', { headers: { accept: 'text/html' } }, 'wrong-header', 'Accept', /must be application\/json/],
  [
    'another Content-Type',
    { headers: { 'content-type': 'text/plain' } },
    'wrong-header',
    'Content-Type',
    /must be application\/json/,
  ],
  [
    'no Authorization',
    { headers: { authorization: undefined } },
    'missing-header',
    'Authorization',
    /Authorization is missing/,
  ],
  [
    'another scheme',
    { authorization: (header) => header.replace('WECHATPAY2', 'Bearer') },
    'wrong-header',
    'Authorization',
    /must begin with WECHATPAY2-SHA256-RSA2048/,
  ],
  [
    'spaces after commas',
    { authorization: (header) => header.replaceAll(',', ', ') },
    'wrong-header',
    'Authorization',
    /without spaces/,
  ],
  ['a timestamp in milliseconds', { timestamp: NOW * 1000 }, 'timestamp', 'Authorization', /in milliseconds/],
  ['a clock that is behind', { timestamp: NOW - 400 }, 'timestamp', 'Authorization', /400 seconds behind/],
  ['a clock that is ahead', { timestamp: NOW + 400 }, 'timestamp', 'Authorization', /400 seconds ahead of/],
  ['an unknown merchant', { by: stranger }, 'unknown-merchant', 'Authorization', /no merchant 1900000003/],
  [
    'a serial in lower case',
    { serial: merchant.serial.toLowerCase() },
    'wrong-serial',
    'Authorization',
    new RegExp(`written as ${merchant.serial}`),
  ],
  [
    'another merchant’s serial',
    { serial: other.serial },
    'wrong-serial',
    'Authorization',
    /a certificate of merchant 1900000002/,
  ],
  ['an unknown serial', { serial: 'ABC' }, 'wrong-serial', 'Authorization', /no certificate of any merchant/],
  ['an unknown path', { path: '/v3/certificates/' }, 'not-found', 'path', /must not end in a slash/],
  ['a wrong method', { method: 'PUT' }, 'other-method', 'method', /must be POST/],
  ['a body that is not JSON', { body: 'a=1' }, 'field', 'body', /not valid JSON/],
];

for (const [what, options, reason, where, en] of OTHER_MISTAKES) {
  test(`explains ${what}`, async () => {
    const { explanation, outcome } = await refused(options);
    assert.deepEqual([explanation.reason, explanation.where], [reason, where]);
    assert.match(explanation.en, en);
    assert.ok(explanation.zh === outcome.message || /[\u4e00-\u9fff]/.test(explanation.zh), explanation.zh);
  });
}

test('explains a nonce that was used before', async () => {
  const gateway = createGateway({ merchants: [merchant], platform, now: () => NOW });
  const { path, ...init } = make();
  for (const expected of [undefined, 'nonce']) {
    await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
    assert.equal(gateway.requests.at(-1)?.explanation?.reason, expected);
  }
});

test('an explanation contains no private key and no APIv3 key', async () => {
  for (const [, options] of [...OTHER_MESSAGES, ...OTHER_SIGNATURES]) {
    const shown = JSON.stringify((await refused(options)).explanation);
    for (const { privateKey, apiV3Key } of [merchant, renewed, other]) {
      assert.ok(!shown.includes(apiV3Key) && !shown.includes(privateKey.split('\n')[1] ?? ''));
    }
  }
});

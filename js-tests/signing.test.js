/** Signatures, judged by node:crypto and WebCrypto. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { InvalidParameterError, authorizationHeader, signAuthorization, signingMessage } from '../pkg/index.js';
import { NOW, merchant, thrownBy } from './fixtures.js';

const url = 'https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi?a=1&b=%E5%BC%A0';
const moment = { timestamp: NOW, nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };

/** @type {(request: any, merchant: any, options?: any) => string} */
const signAnything = signAuthorization;

/** @param {string} header */
function parse(header) {
  const match =
    /^WECHATPAY2-SHA256-RSA2048 mchid="(.*?)",nonce_str="(.*?)",signature="(.*?)",timestamp="(.*?)",serial_no="(.*?)"$/.exec(
      header,
    );
  assert.ok(match, header);
  const [, mchid = '', nonce = '', signature = '', timestamp = '', serial = ''] = match;
  return { mchid, nonce, signature: Buffer.from(signature, 'base64'), timestamp, serial };
}

for (const body of [
  '',
  '{"a":"张三"}',
  'ends in a line feed\n',
  new Uint8Array([0, 0xff, 0xfe, 10]),
  Buffer.from('x'),
]) {
  test(`the signature over ${JSON.stringify(body)} is right`, async () => {
    const request = { method: 'POST', url, body };
    const parts = parse(signAuthorization(request, merchant, moment));
    assert.deepEqual(
      [parts.mchid, parts.nonce, parts.timestamp, parts.serial],
      [merchant.mchid, moment.nonce, String(NOW), merchant.serial],
    );
    const message = Buffer.concat([
      Buffer.from(`POST\n/v3/pay/transactions/jsapi?a=1&b=%E5%BC%A0\n${NOW}\n${moment.nonce}\n`),
      Buffer.from(body),
      Buffer.from('\n'),
    ]);
    assert.deepEqual(Buffer.from(signingMessage(request, moment)), message);
    assert.ok(crypto.verify('sha256', message, merchant.publicKey, parts.signature));
    assert.deepEqual(parts.signature, crypto.sign('sha256', message, merchant.privateKey));

    const der = crypto.createPublicKey(merchant.publicKey).export({ type: 'spki', format: 'der' });
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const key = await crypto.webcrypto.subtle.importKey('spki', der, algorithm, false, ['verify']);
    assert.ok(await crypto.webcrypto.subtle.verify(algorithm, key, parts.signature, message));
  });
}

test('both halves, with a signer elsewhere, make the same header', () => {
  const request = { method: 'POST', url, body: '{}' };
  const signature = crypto.sign('sha256', signingMessage(request, moment), merchant.privateKey);
  const { mchid, serial } = merchant;
  const whole = signAuthorization(request, merchant, moment);
  assert.equal(authorizationHeader({ mchid, serial, ...moment, signature }), whole);
  assert.equal(authorizationHeader({ mchid, serial, ...moment, signature: signature.toString('base64') }), whole);
});

test('what the caller passes is not asked of the host', (context) => {
  const refuse = () => {
    throw new Error('asked');
  };
  context.mock.method(Date, 'now', refuse);
  context.mock.method(globalThis.crypto, 'getRandomValues', refuse);
  const request = { method: 'GET', url };
  assert.ok(signAuthorization(request, merchant, moment));
  const error = thrownBy(() => signAuthorization(request, merchant, { timestamp: NOW }));
  assert.equal(error.code, 'ERR_NO_RANDOMNESS');
  assert.ok(signAuthorization(request, merchant, moment));
});

test('the host gives time and nonce otherwise', (context) => {
  context.mock.method(Date, 'now', () => NOW * 1000 + 999);
  const headers = Array.from({ length: 50 }, () => parse(signAuthorization({ method: 'GET', url }, merchant)));
  assert.ok(headers.every(({ timestamp, nonce }) => timestamp === String(NOW) && /^[0-9A-F]{32}$/.test(nonce)));
  assert.equal(new Set(headers.map(({ nonce }) => nonce)).size, 50);
});

test('what is signed of a URL is what fetch sends of it', () => {
  const pieces = [
    '',
    'a',
    'B9',
    '-._~',
    '%2F',
    '%e5',
    "'",
    '(',
    '|',
    '[',
    '^',
    '{',
    '"',
    '<',
    ' ',
    '张',
    '\\',
    '.',
    '..',
    '%2e',
    '@',
    ':',
    ';',
    '=',
    '&',
    '+',
    '$',
    ',',
    '!',
    '*',
    '`',
    '\t',
  ];
  let accepted = 0;
  for (const piece of pieces) {
    for (const target of [`/v3/${piece}`, `/v3/${piece}/x`, `/v3/x?y=${piece}`, `/v3/x?y=${piece}#z`, `?${piece}`]) {
      const given = `https://api.mch.weixin.qq.com${target}`;
      let message;
      try {
        message = new TextDecoder().decode(signingMessage({ method: 'GET', url: given }, moment));
      } catch (error) {
        assert.ok(error instanceof InvalidParameterError && error.field === 'url', String(error));
        continue;
      }
      accepted += 1;
      const { pathname, search } = new URL(given);
      assert.equal(message.split('\n')[1], pathname + search, given);
    }
  }
  assert.ok(accepted > 50, String(accepted));
});

for (const [name, request, credential, options, field] of /** @type {[string, any, any, any, string][]} */ ([
  ['a quote in mchid', {}, { mchid: '1"2' }, {}, 'mchid'],
  ['a line break in mchid', {}, { mchid: '1\r\n2' }, {}, 'mchid'],
  ['a number as mchid', {}, { mchid: 1900000100 }, {}, 'mchid'],
  ['a serial that is not hexadecimal', {}, { serial: 'PUB_KEY_ID_01' }, {}, 'serial'],
  ['a line break in the nonce', {}, {}, { nonce: 'a\nb' }, 'nonce'],
  ['a quote in the nonce', {}, {}, { nonce: 'a"b' }, 'nonce'],
  ['milliseconds', {}, {}, { timestamp: NOW * 1000 }, 'timestamp'],
  ['a text as timestamp', {}, {}, { timestamp: String(NOW) }, 'timestamp'],
  ['an unknown option', {}, {}, { timeStamp: NOW }, 'timeStamp'],
  ['no key', {}, { privateKey: undefined }, {}, 'privateKey'],
  ['a KeyObject', {}, { privateKey: crypto.createPrivateKey(merchant.privateKey) }, {}, 'privateKey'],
  ['a lower-case patch', { method: 'patch' }, {}, {}, 'method'],
  ['an unknown method', { method: 'HEAD' }, {}, {}, 'method'],
  ['a body on GET', { method: 'GET', body: 'x' }, {}, {}, 'body'],
  ['a body of another type', { body: { a: 1 } }, {}, {}, 'body'],
  ['an ArrayBuffer', { body: new ArrayBuffer(1) }, {}, {}, 'body'],
  ['half a surrogate pair', { body: '\udc00' }, {}, {}, 'body'],
  ['another scheme', { url: 'ftp://a/b' }, {}, {}, 'url'],
  ['a user in the URL', { url: 'https://a@b/c' }, {}, {}, 'url'],
])) {
  test(`${name} is refused`, () => {
    const error = thrownBy(() =>
      signAnything({ method: 'POST', url, ...request }, { ...merchant, ...credential }, { nonce: 'N', ...options }),
    );
    assert.ok(error instanceof InvalidParameterError, String(error));
    assert.equal(error.field, field);
  });
}

test('a detached array is refused, an empty one is not', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  assert.equal(thrownBy(() => signAnything({ method: 'POST', url, body: bytes }, merchant)).field, 'body');
  assert.ok(signAnything({ method: 'POST', url, body: new Uint8Array() }, merchant));
});

test('a Request, whose properties are inherited, can be signed', () => {
  const { body, ...line } = { body: '', ...moment };
  const header = signAnything(new Request(url), merchant, line);
  assert.equal(header, signAuthorization({ method: 'GET', url, body }, merchant, moment));
});

test('a lower-case serial is sent in upper case', () => {
  const header = signAuthorization({ method: 'get', url }, { ...merchant, serial: merchant.serial.toLowerCase() });
  assert.equal(parse(header).serial, merchant.serial);
});

test('signatures of a wrong shape are refused', () => {
  for (const signature of ['', 'not base64!', 'AAAA', new Uint8Array(10), new Uint8Array(10_000_000)]) {
    const { mchid, serial } = merchant;
    assert.equal(thrownBy(() => authorizationHeader({ mchid, serial, ...moment, signature })).field, 'signature');
  }
});

test('everything that is wrong is reported at once, the body and the key included', () => {
  const error = thrownBy(() =>
    signAnything({ method: 'X', url: '', body: 5 }, { mchid: '"', serial: 'x' }, { nonce: '' }),
  );
  assert.deepEqual(
    error.issues.map((/** @type {any} */ issue) => [issue.field, issue.rule]),
    [
      ['method', 'choice'],
      ['body', 'type'],
      ['url', 'required'],
      ['mchid', 'characters'],
      ['serial', 'characters'],
      ['privateKey', 'required'],
      ['nonce', 'required'],
    ],
  );
});

/** `verify`: captures in every format, and the reasons for failed verifications. */
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makePlatformKey } from '#testing/keys.js';
import { runCli, runMain } from './run.js';
import { createWorld, makeFolder } from './world.js';

const { kit, publicKey, certificate, env } = await createWorld();
const folder = makeFolder();
const keys = { WECHATPAY_PUBLIC_KEY_ID: publicKey.serial, WECHATPAY_PUBLIC_KEY: publicKey.publicKey };
const NOW = 1_790_000_000;
const BODY = '{"code_url":"weixin://wxpay/bizpayurl?pr=1&x=<y>","name":"张三","list":[1,{"a":2}]}';

/**
 * Signs as WeChat Pay does, with node:crypto.
 * @param {string | Buffer} body
 * @param {{ serial?: string, privateKey?: string, timestamp?: number | string }} [options]
 */
function sign(body, { serial = publicKey.serial, privateKey = publicKey.privateKey, timestamp = NOW } = {}) {
  const signer = createSign('sha256').update(`${timestamp}\nNONCE\n`).update(body).update('\n');
  return {
    'Wechatpay-Timestamp': String(timestamp),
    'Wechatpay-Nonce': 'NONCE',
    'Wechatpay-Signature': signer.sign(privateKey, 'base64'),
    'Wechatpay-Serial': serial,
  };
}

/**
 * Verifies a capture given on standard input, ten seconds after it was signed.
 * @param {string | Buffer | object} capture
 * @param {{ args?: string[], env?: Record<string, string>, now?: number }} [options]
 */
async function verify(capture, { args = [], env = keys, now = NOW + 10 } = {}) {
  const input = typeof capture === 'string' || Buffer.isBuffer(capture) ? capture : JSON.stringify(capture);
  const result = await runMain(['verify', '-', '--json', ...args], { env, input, clock: () => now * 1000 });
  const parsed = JSON.parse(result.stdout);
  const { steps = [] } = /** @type {{ steps?: { name: string, ok?: boolean, detail: string }[] }} */ (parsed);
  const details = Object.fromEntries(steps.map(({ name, detail }) => [name, detail]));
  return { ...result, parsed, details, failed: steps.filter(({ ok }) => ok === false).map(({ name }) => name) };
}

/** @param {Record<string, string>} headers @param {string | Buffer} body @param {string} [first] @param {string} [end] */
function http(headers, body, first = 'HTTP/1.1 200 OK', end = '\r\n') {
  const head = [first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join(end);
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

// ---- Formats ----

const signed = sign(BODY);
const list = Object.entries(signed).map(([name, value]) => ({ name, value }));
const har = (/** @type {object[]} */ ...entries) => ({ log: { version: '1.2', entries } });
const request = { method: 'GET', url: 'https://api.mch.weixin.qq.com/v3/x', headers: [] };

for (const [format, capture, kind] of /** @type {[string, string | Buffer | object, string][]} */ ([
  ['curl -i', http(signed, BODY), 'response'],
  ['curl -i, saved with line feeds', http(signed, BODY, 'HTTP/2 200', '\n'), 'response'],
  [
    'curl -i through a proxy and 100 Continue',
    Buffer.concat([
      http({}, '', 'HTTP/1.1 200 Connection established'),
      http({}, '', 'HTTP/1.1 100 Continue'),
      http(signed, BODY),
    ]),
    'response',
  ],
  [
    'curl -iL, with a redirect',
    Buffer.concat([http({ Location: '/x' }, '', 'HTTP/1.1 302 Found'), http(signed, BODY)]),
    'response',
  ],
  ['an HTTP request', http(signed, BODY, 'POST /notify HTTP/1.1'), 'notification'],
  [
    'headers alone before the body',
    http({ 'content-type': 'application/json', ...signed }, BODY).subarray('HTTP/1.1 200 OK\r\n'.length),
    'notification',
  ],
  ['JSON', { status: 200, headers: signed, body: BODY }, 'response'],
  ['JSON with a list of headers', { status: 200, headers: list, body: BODY }, 'response'],
  ['JSON with pairs', { status: 200, headers: Object.entries(signed), body: BODY }, 'response'],
  ['JSON with a Buffer', { headers: signed, body: Buffer.from(BODY) }, 'notification'],
  [
    'an event of AWS Lambda',
    { headers: signed, body: Buffer.from(BODY).toString('base64'), isBase64Encoded: true },
    'notification',
  ],
  ['HAR', har({ request, response: { status: 200, headers: list, content: { text: BODY } } }), 'response'],
  [
    'HAR in Base64',
    har({
      request,
      response: {
        status: 200,
        headers: list,
        content: { text: Buffer.from(BODY).toString('base64'), encoding: 'base64' },
      },
    }),
    'response',
  ],
  [
    'HAR of a notification',
    har({
      request: { ...request, headers: list, postData: { text: BODY } },
      response: { status: 204, headers: [], content: {} },
    }),
    'notification',
  ],
])) {
  test(`verifies ${format}`, async () => {
    const { code, parsed, failed, stderr } = await verify(capture);
    assert.equal(stderr, '');
    assert.deepEqual([code, failed, parsed.ok, parsed.kind], [0, [], true, kind]);
  });
}

test('verifies each signed entry of a HAR file, and fails if one entry fails', async () => {
  const entry = (/** @type {string} */ text) => ({
    request,
    response: { status: 200, headers: list, content: { text } },
  });
  const { code, parsed } = await verify(
    har(entry(BODY), { request, response: { status: 200, headers: [] } }, entry(`${BODY} `)),
  );
  assert.equal(code, 1);
  assert.deepEqual(
    parsed.map((/** @type {{ ok: boolean }} */ { ok }) => ok),
    [true, false],
  );
});

// ---- Steps ----

test('prints a line for each step', async () => {
  const file = join(folder, 'captured.txt');
  writeFileSync(file, http(signed, BODY));
  const { code, stdout, stderr } = await runCli(['verify', file, '--at', String(NOW)], { env: keys });
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `A response, HTTP 200
✓ headers: Wechatpay-Timestamp, Wechatpay-Nonce, Wechatpay-Signature, Wechatpay-Serial are there
✓ timestamp: signed at 2026-09-21T14:13:20Z, at the time given with --at
✓ serial: the key ${publicKey.serial} is known
✓ signature: the key signed exactly this body
✓ content: HTTP 200 with JSON
It verifies.
`,
  );
});

test('names the headers that are missing', async () => {
  const { 'Wechatpay-Nonce': nonce, 'Wechatpay-Serial': serial, ...others } = signed;
  const { code, failed, details } = await verify({ status: 200, headers: others, body: BODY });
  assert.deepEqual([code, failed], [1, ['headers']]);
  assert.match(details.headers ?? '', /^there is no Wechatpay-Nonce, no Wechatpay-Serial: /);
  const unsigned = await verify({ status: 502, headers: {}, body: '<html>' });
  assert.match(unsigned.details.headers ?? '', /errors may be unsigned/);
});

test('checks everything else in an old capture as of its own time', async () => {
  const { code, failed, details } = await verify(
    { status: 200, headers: signed, body: BODY },
    { now: NOW + 3 * 86_400 },
  );
  assert.deepEqual([code, failed], [1, ['timestamp']]);
  assert.match(details.timestamp ?? '', /3 days before now, more than the 300 s allowed: give the time .* with --at/);
  for (const at of [String(NOW + 300), '2026-09-21T14:13:20Z', '2026-09-21T22:13:20+08:00']) {
    const result = await verify(
      { status: 200, headers: signed, body: BODY },
      { now: NOW + 3 * 86_400, args: ['--at', at] },
    );
    assert.deepEqual([result.code, result.failed], [0, []], at);
  }
  const early = await verify({ status: 200, headers: signed, body: BODY }, { args: ['--at', String(NOW - 301)] });
  assert.match(early.details.timestamp ?? '', /5 minutes after the time given with --at/);
});

test('a timestamp must be a decimal number', async () => {
  const headers = sign(BODY, { timestamp: '1.79e9' });
  const { failed } = await verify({ status: 200, headers, body: BODY });
  assert.deepEqual(failed, ['timestamp']);
});

test('names the unknown serial and the known ones', async () => {
  const serial = 'PUB_KEY_ID_0100000000000000000000000000';
  const { failed, details } = await verify({
    status: 200,
    headers: { ...signed, 'Wechatpay-Serial': serial },
    body: BODY,
  });
  assert.deepEqual(failed, ['serial']);
  assert.match(
    details.serial ?? '',
    new RegExp(`^Wechatpay-Serial is ${serial}, but the known key is ${publicKey.serial}: `),
  );
});

test('verifies with certificates, from files and folders', async () => {
  const certs = join(folder, 'certs');
  mkdirSync(certs);
  writeFileSync(join(certs, 'a.pem'), certificate.certificate);
  writeFileSync(join(certs, 'notes.txt'), 'not a certificate');
  const now = Math.floor(Date.now() / 1000);
  const { privateKey } = certificate;
  // Tools differ in leading zeros and letter case.
  for (const serial of [certificate.serial, `00${certificate.serial.toLowerCase()}`]) {
    const capture = { status: 200, headers: sign(BODY, { serial, privateKey, timestamp: now }), body: BODY };
    for (const cert of [certs, join(certs, 'a.pem')]) {
      const { failed } = await verify(capture, { env: {}, args: ['--cert', cert], now });
      assert.deepEqual(failed, []);
    }
  }
  const expired = {
    status: 200,
    headers: sign(BODY, { serial: certificate.serial, privateKey, timestamp: 1 }),
    body: BODY,
  };
  const { failed, details } = await verify(expired, { env: {}, args: ['--cert', certs], now: 1 });
  assert.deepEqual(failed, ['signature']);
  assert.match(details.signature ?? '', /is not valid before/);
});

test('recognises a probe by WeChat Pay', async () => {
  const headers = { ...signed, 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${'A'.repeat(336)}` };
  const { failed, details } = await verify({ status: 200, headers, body: BODY });
  assert.deepEqual(failed, ['signature']);
  assert.match(details.signature ?? '', /this is a probe of WeChat Pay/);
});

test('finds the key that really signed', async () => {
  const file = join(folder, 'other.pem');
  writeFileSync(file, certificate.certificate);
  const now = Math.floor(Date.now() / 1000);
  const headers = sign(BODY, { serial: publicKey.serial, privateKey: certificate.privateKey, timestamp: now });
  const { failed, details } = await verify({ status: 200, headers, body: BODY }, { args: ['--cert', file], now });
  assert.deepEqual(failed, ['signature']);
  const expected = `the key ${certificate.serial} signed this body, but Wechatpay-Serial names another key`;
  assert.equal(details.signature, expected);
});

test('rejects a signature by a stranger', async () => {
  const { privateKey } = await makePlatformKey();
  const { failed, details } = await verify({ status: 200, headers: sign(BODY, { privateKey }), body: BODY });
  assert.deepEqual(failed, ['signature']);
  assert.match(details.signature ?? '', /no usual change of a body explains it/);
});

test('decrypts a notification if the APIv3 key is there', async () => {
  const made = await kit.notification();
  const capture = { headers: Object.fromEntries(made.headers), body: await made.text() };
  const now = Number(made.headers.get('wechatpay-timestamp'));
  const { WECHATPAY_API_V3_KEY = '' } = env;
  const whole = await verify(capture, { env: { ...keys, WECHATPAY_API_V3_KEY }, now });
  assert.deepEqual(whole.failed, []);
  assert.match(whole.details.content ?? '', /ENTRUST\.SIGN, was decrypted/);
  const wrong = await verify(capture, { env: { ...keys, WECHATPAY_API_V3_KEY: 'k'.repeat(32) }, now });
  assert.deepEqual(wrong.failed, ['content']);
  const without = await verify(capture, { now });
  assert.equal(without.code, 0);
  assert.match(without.details.content ?? '', /not decrypted, because WECHATPAY_API_V3_KEY is not set/);
});

// ---- Changes to the body ----

const escaped = BODY.replaceAll('/', '\\/').replace('张三', '\\u5f20\\u4e09');
for (const [what, original, captured, message] of /** @type {[string, string | Buffer, string | Buffer, RegExp][]} */ ([
  [
    'parsed and serialized again',
    JSON.stringify(JSON.parse(BODY), undefined, 4),
    BODY,
    /the JSON was parsed and serialized again/,
  ],
  ['pretty-printed', BODY, JSON.stringify(JSON.parse(BODY), undefined, 2), /the JSON was parsed and serialized again/],
  [
    'serialized again after Python had written it',
    '{"a": 1, "b": [1, {"c": "d"}]}',
    '{"a":1,"b":[1,{"c":"d"}]}',
    /the JSON was parsed and serialized again/,
  ],
  ['extended by a line feed', BODY, `${BODY}\n`, /a line end was added at the end/],
  ['extended by a CRLF', BODY, `${BODY}\r\n`, /a line end was added at the end/],
  ['stripped of its line feed', `${BODY}\n`, BODY, /the line feed at the end was removed/],
  ['converted to CRLF line ends', '{\n"a":1\n}', '{\r\n"a":1\r\n}', /line feeds became CRLF/],
  ['converted from CRLF line ends', '{\r\n"a":1\r\n}', '{\n"a":1\n}', /CRLF became line feeds/],
  ['parsed, which undid escaped slashes', BODY.replaceAll('/', '\\/'), BODY, /escaped slashes .* were written out/],
  ['changed by escaping slashes', BODY, BODY.replaceAll('/', '\\/'), /slashes were escaped/],
  [
    'parsed, which undid escaped characters',
    BODY.replace('张三', '\\u5F20\\u4E09'),
    BODY,
    /escaped characters .* were written out/,
  ],
  ['changed by escaping characters', BODY, BODY.replace('张三', '\\u5f20\\u4e09'), /characters were escaped/],
  ['parsed, which undid both', escaped, BODY, /escaped slashes and characters .* were written out/],
  ['serialized by PHP', BODY, escaped, /slashes and characters were escaped/],
  [
    'parsed, which undid the escapes of Go',
    BODY.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    BODY,
    /<, > and & that were escaped/,
  ],
  [
    'pretty-printed with a line feed',
    escaped,
    `${JSON.stringify(JSON.parse(BODY), undefined, 2)}\n`,
    /serialized again; escaped slashes and characters/,
  ],
  ['read as Latin-1', BODY, Buffer.from(Buffer.from(BODY).toString('latin1')), /UTF-8 was read as Latin-1/],
  ['left compressed', BODY, gzipSync(BODY), /the body is compressed/],
])) {
  test(`finds that the body was ${what}`, async () => {
    const { failed, details } = await verify(http(sign(original), captured));
    assert.deepEqual(failed, ['signature']);
    assert.match(details.signature ?? '', message);
    assert.match(details.signature ?? '', /Verify the raw body, before anything parses or rewrites it$/);
  });
}

test('warns if the capture holds a parsed body', async () => {
  const restored = await verify({ status: 200, headers: signed, body: JSON.parse(BODY) });
  assert.deepEqual(restored.failed, []);
  assert.match(restored.details.signature ?? '', /The capture holds it parsed/);
  const lost = await verify({ status: 200, headers: sign('{"b":1,  "a":2}'), body: { a: 2, b: 1 } });
  assert.deepEqual(lost.failed, ['signature']);
  assert.match(lost.details.signature ?? '', /its exact bytes, which are signed, are lost/);
});

test('does not explain a forged body away', async () => {
  const { failed, details } = await verify({ status: 200, headers: signed, body: BODY.replace('张三', '李四') });
  assert.deepEqual(failed, ['signature']);
  assert.match(details.signature ?? '', /no usual change of a body explains it/);
});

// ---- Bad input ----

for (const [what, args, input, message] of /** @type {[string, string[], string, RegExp][]} */ ([
  ['a file that does not exist', ['missing.txt'], '', /cannot read .*missing\.txt: it does not exist/],
  ['a folder', ['.'], '', /: it is a folder/],
  ['an empty input', ['-'], '', /standard input is not a capture that this command knows/],
  [
    'something else',
    ['-'],
    '<html></html>',
    /not a capture that this command knows: what `curl -i` prints, HAR, or JSON/,
  ],
  ['broken JSON', ['-'], '{"headers":', /is not JSON, though it begins like it/],
  ['JSON without headers', ['-'], '{"a":1}', /has no headers and body/],
  [
    'HAR without signatures',
    ['-'],
    JSON.stringify(har({ request, response: { headers: [] } })),
    /none of its 1 entries has Wechatpay-Signature/,
  ],
  ['a time in milliseconds', ['-', '--at', '1790000000000'], '', /looks like milliseconds/],
  ['a time without a zone', ['-', '--at', '2026-09-21T14:13:20'], '', /--at must be Unix seconds/],
  ['a certificate that does not exist', ['-', '--cert', 'missing.pem'], '', /cannot read .*missing\.pem/],
  ['a folder without certificates', ['-', '--cert', 'empty'], '', /empty has no certificates/],
  ['a certificate that is not one', ['-', '--cert', 'notes.pem'], '', /notes\.pem: /],
  ['a public key as a certificate', ['-', '--cert', 'public.pem'], '', /is a public key, not a certificate/],
])) {
  test(`verify rejects ${what}`, async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    writeFileSync(join(folder, 'notes.pem'), 'notes');
    writeFileSync(join(folder, 'public.pem'), publicKey.publicKey);
    const { code, stdout, stderr } = await runMain(['verify', ...args], { env: keys, cwd: folder, input });
    assert.equal(code, 2, stdout);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.match(stderr, /^Error: [^\n]+\n$/);
  });
}

test('verify reads at most 256 MiB of an endless file', { skip: !existsSync('/dev/zero') }, async () => {
  const { code, stderr } = await runCli(['verify', '/dev/zero'], { env: keys });
  assert.equal(code, 2);
  assert.equal(stderr, 'Error: /dev/zero is larger than 256 MiB\n');
});

test('verify needs a key', async () => {
  const { code, stderr } = await runMain(['verify', '-'], { input: 'HTTP/1.1 200 OK' });
  assert.equal(code, 2);
  assert.match(stderr, /there is no key to verify with/);
});

test('control characters in a capture do not reach the terminal', async () => {
  const body = '{"code":"\\u001b[2J","message":"x"}';
  const input = JSON.stringify({ status: 400, headers: sign(body), body });
  const { stdout } = await runMain(['verify', '-', '--at', String(NOW)], { env: keys, input });
  assert.match(stdout, /HTTP 400, \\u001b\[2J: x/);
  assert.ok(!stdout.includes('\u001b'));
});

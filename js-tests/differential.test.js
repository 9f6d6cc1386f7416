// Random and damaged responses, verified in three ways: node:crypto called from Rust, the crate rsa, and WebCrypto between two
// calls into Rust. All three must come to the same result, and node:crypto alone must accept the same signatures.
//
// `RESPONSES=100000 node --test js-tests/differential.test.js` verifies more of them. The seed is fixed.
import assert from 'node:assert';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as w from '#wechatpay-presign';
import { merchant, platform } from './fixtures.js';
import { makeFixtures } from './runtimes/fixtures.js';

const COUNT = Number(process.env['RESPONSES'] ?? 3000);

/** A separate bundle, which uses WebCrypto. */
const inline = createRequire(import.meta.url)('../pkg/dist/inline.cjs');

const { certificate, otherPlatform } = await makeFixtures();
/** A time at which the certificate is valid. */
const NOW = certificate.validFrom + 60;
const SERIALS = [platform.serial, certificate.serial, '00', 'PUB_KEY_ID_9', '', 'x'];
const certs = { [platform.serial]: platform.publicKey, [certificate.serial]: certificate.pem };
const signers = [platform, certificate, otherPlatform].map(({ privateKey }) => createPrivateKey(privateKey));

/** @typedef {{ status: number, headers: Record<string, string>, body: Buffer }} Received */

/**
 * Numbers from 0 to 1 (mulberry32).
 * @param {number} seed
 */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomNumbers(20261124);
const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
/** @template T @param {readonly T[]} values @returns {T} */
const oneOf = (values) => /** @type {T} */ (values[below(values.length)]);

const BODIES = [
  () => '{"mchid":"1900000100","service_id":1234,"out_contract_code":"100001256"}',
  () => JSON.stringify({ name: '张三'.repeat(below(200)), list: Array.from({ length: below(9) }, () => random()) }),
  () => JSON.stringify({ code: 'PARAM_ERROR', message: '参数错误', detail: { field: 'x', value: below(1e9) } }),
  () => '',
  () => 'success',
  () => '{"a":1}\n',
  () => '{"a":1,"a":2,"__proto__":{"b":1}}',
  () => '\ufeff{"a":1}',
];

/** @returns {Received} */
function signedResponse() {
  const body = Buffer.from(oneOf(BODIES)());
  if (below(20) === 0) body.write('\xe9\xff', below(body.length + 1), 'latin1');
  const timestamp = String(NOW + oneOf([0, 0, 0, -1, 300, -300, 301, -301, 10 ** 6]));
  const nonce = below(2 ** 31).toString(36);
  // In most cases, the key that belongs to the serial.
  const key = oneOf([0, 0, 0, 1, 1, 2]);
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  const signature = sign('sha256', message, /** @type {any} */ (signers[key])).toString('base64');
  return {
    status: oneOf([200, 200, 200, 200, 201, 202, 204, 400, 404, 429, 500, 503]),
    headers: {
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-signature': signature,
      'wechatpay-serial': SERIALS[key % 2] ?? '',
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
      'request-id': `REQ-${nonce}`,
    },
    body,
  };
}

/** @type {((text: string) => string)[]} */
const TEXT_CHANGES = [
  () => '',
  (text) => text.slice(1),
  (text) => text.slice(0, -1),
  (text) => `${text} `,
  (text) => `0${text}`,
  (text) => `${text}, ${text}`,
  (text) => text.toLowerCase(),
  (text) => text.replaceAll('+', '-').replaceAll('/', '_'),
  (text) => text.replace(/=+$/, ''),
  (text) => `${text}\u00e9`,
  (text) => {
    const at = below(text.length);
    return text.slice(0, at) + oneOf(['A', '/', '0', '\t', '=']) + text.slice(at + 1);
  },
];

/** @param {Buffer} bytes */
function flipBit(bytes) {
  const at = below(bytes.length);
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
}

/** @type {((received: Received) => void)[]} */
const CHANGES = [
  (received) => {
    const { headers } = received;
    const name = oneOf(Object.keys(headers));
    headers[name] = oneOf(TEXT_CHANGES)(headers[name] ?? '');
  },
  ({ headers }) => delete headers[oneOf(Object.keys(headers))],
  ({ headers }) => Object.assign(headers, { 'wechatpay-serial': oneOf(SERIALS) }),
  ({ headers }) => Object.assign(headers, { 'wechatpay-signature': `WECHATPAY/SIGNTEST/${'a'.repeat(336)}` }),
  ({ headers }) => Object.assign(headers, { 'wechatpay-signature-type': oneOf(['WECHATPAY2-SM2-WITH-SM3', '']) }),
  ({ headers }) => {
    const bytes = Buffer.from(headers['wechatpay-signature'] ?? '', 'base64');
    flipBit(bytes);
    const padded = [
      bytes,
      Buffer.concat([Buffer.alloc(1), bytes]),
      bytes.subarray(1),
      Buffer.alloc(256),
      Buffer.alloc(0),
    ];
    headers['wechatpay-signature'] = oneOf(padded).toString('base64');
  },
  (received) => {
    const body = Buffer.from(received.body);
    flipBit(body);
    received.body = body;
  },
  (received) =>
    Object.assign(received, { body: Buffer.concat([received.body, Buffer.from(oneOf([' ', '\n', '\0']))]) }),
  (received) => Object.assign(received, { body: Buffer.alloc(0) }),
  (received) =>
    Object.assign(received, { status: oneOf([200, 204, 299, 300, 401, 500, 599, 600, 99, 200.5, Number.NaN]) }),
];

/** @returns {Received} */
function damaged(/** @type {Received} */ { status, headers, body }) {
  const received = { status, headers: { ...headers }, body };
  for (let count = oneOf([0, 0, 0, 1, 1, 1, 1, 2, 3]); count > 0; count -= 1) oneOf(CHANGES)(received);
  return received;
}

/** A response with headers of a library, which may hold any value. */
function toResponse(/** @type {Received} */ { status, headers, body }) {
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(body));
      controller.close();
    },
  });
  return {
    status,
    headers: { get: (/** @type {string} */ name) => headers[name.toLowerCase()] ?? null },
    body: stream,
  };
}

let current = signedResponse();
const fetch = async () => /** @type {any} */ (toResponse(current));
const config = {
  ...{
    mchid: merchant.mchid,
    serial: merchant.serial,
    certs,
    clock: () => NOW * 1000,
    nonce: () => 'N',
    retries: 0,
    fetch,
  },
  // Nothing reads it.
  signer: { sign: () => new Uint8Array(256) },
};
const clients = {
  'node:crypto, called from Rust': w.createClient(config),
  'the crate rsa': w.createClient({ ...config, crypto: 'wasm' }),
  WebCrypto: inline.createClient(config),
};

/** @param {import('wechatpay-presign').Client} client */
async function outcomeOf(client) {
  try {
    const { status, requestId, data } = await client.chain('v3/x').get();
    return { status, requestId, data };
  } catch (error) {
    assert.ok(w.isWechatPayError(error), String(error));
    return { error: error.toJSON() };
  }
}

/** Whether node:crypto alone accepts the signature, as the protocol defines it. */
function isGenuine(/** @type {Received} */ received) {
  // Spaces around a value are not part of it.
  const headers = new Headers(received.headers);
  const normal = (/** @type {string | null} */ serial) => serial?.replace(/^0+/, '').toLowerCase();
  const known = Object.entries(certs).find(([serial]) => normal(serial) === normal(headers.get('wechatpay-serial')));
  if (known === undefined) return false;
  const signed = `${headers.get('wechatpay-timestamp')}\n${headers.get('wechatpay-nonce')}\n`;
  const message = Buffer.concat([Buffer.from(signed), received.body, Buffer.from('\n')]);
  const signature = Buffer.from(headers.get('wechatpay-signature') ?? '', 'base64');
  return verify('sha256', message, createPublicKey(known[1]), signature);
}

test(`${COUNT} random and damaged responses: all three ways of verifying agree`, async () => {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const originals = Array.from({ length: 200 }, signedResponse);
  for (let index = 0; index < COUNT; index += 1) {
    current = damaged(oneOf(originals));
    const [[, first], ...others] = /** @type {[[string, any], ...[string, any][]]} */ (
      await Promise.all(Object.entries(clients).map(async ([name, client]) => [name, await outcomeOf(client)]))
    );
    for (const [name, outcome] of others) {
      assert.deepStrictEqual(outcome, first, `response ${index}, ${name}: ${JSON.stringify(current)}`);
    }
    if (first.error === undefined || first.error.verified) {
      assert.ok(isGenuine(current), `response ${index} is not genuine: ${JSON.stringify(current)}`);
    }
    const kind = first.error === undefined ? 'accepted' : [first.error.code, first.error.reason].join(' ').trim();
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
  }
  const reasons = ['missing-header', 'stale-timestamp', 'unknown-serial', 'bad-signature', 'sign-test'];
  const expected = ['accepted', 'ERR_API', ...reasons.map((reason) => `ERR_SIGNATURE_VERIFICATION ${reason}`)];
  for (const kind of expected)
    assert.ok((seen.get(kind) ?? 0) > 0, `${kind} never occurs: ${JSON.stringify([...seen])}`);
  console.log(Object.fromEntries(seen));
});

/**
 * Mistakes that users make, and the whole message for each. js-tests/mistakes.test.js makes every mistake, and
 * js-tests/troubleshooting.test.js looks for every message in docs/troubleshooting.md.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import express from 'express';
import { createClient as createRedisClient } from 'redis';
import { createTestKit } from '#testing/kit.js';
import { configFromEnv, createClient } from '#wechatpay-presign';
import { API_V3_KEY, merchant, NOW, PARAMS, platform, withOpenssl } from '../fixtures.js';
import { compile } from '../types/compile.js';

/**
 * @typedef {object} Mistake
 * @property {number | string} row  the number of the mistake; those about keys have a name
 * @property {string} mistake
 * @property {() => unknown} make  makes the mistake: throws, or resolves to `works`
 * @property {string} [message]  the whole message; without one, it works
 */

const kit = await createTestKit({
  merchant: { ...merchant, apiV3Key: API_V3_KEY },
  platformKeys: [platform],
  now: () => NOW,
});
const stranger = await createTestKit();
const PRESIGN = 'v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign';
const ID = platform.serial;

/** A client at the gateway. The types are ignored, as they are in JavaScript. @param {any} [others] @returns {any} */
const clientWith = (others) => createClient({ ...kit.config, retries: 0, ...others });
const client = clientWith();
const endpoint = client.chain(PRESIGN);
const { parse, handle } = client.notifications;

/** Pre-signs, which shows that a client works. */
const presign = async (params = {}, others = {}) => {
  const { mchid } = await clientWith(others).presign({ ...PARAMS, ...params });
  return mchid === merchant.mchid && 'works';
};

/** Verifies a notification. @param {unknown} request */
const works = async (request) => typeof (await parse(request)).id === 'string' && 'works';

/**
 * Sends a notification to an Express application over HTTP.
 * @param {import('express').RequestHandler[]} parsers
 * @param {(req: import('express').Request) => unknown} route  what it throws is thrown here
 */
async function inExpress(parsers, route) {
  /** @type {Promise<unknown> | undefined} */
  let outcome;
  const app = express().post('/notify', ...parsers, async (req, res) => {
    outcome = (async () => route(req))();
    await outcome.catch(() => {});
    res.end();
  });
  const server = createServer(app);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    const { headers, method, body } = await kit.notification();
    const text = await new Response(body).text();
    // A route that ends the request's stream also ends the connection.
    await fetch(`http://127.0.0.1:${port}/notify`, { method, headers, body: text }).catch(() => {});
    return await outcome;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Returns the error of a store that `onError` receives. @param {object} store */
async function handleWithStore(store) {
  /** @type {unknown} */
  let seen;
  const onError = (/** @type {unknown} */ error) => {
    seen = error;
  };
  const { status } = await handle(await kit.notification(), () => {}, { store, onError });
  if (seen !== undefined) throw seen;
  return status;
}

const keyFiles = withOpenssl((openssl, folder) => {
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name));
  writeFileSync(join(folder, 'key.pem'), merchant.privateKey);
  openssl('req', '-x509', '-key', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=x');
  const files = ['-inkey', 'key.pem', '-in', 'cert.pem'];
  openssl('pkcs12', '-export', ...files, '-passout', 'pass:1900000100', '-out', 'apiclient_cert.p12');
  openssl('pkcs8', '-topk8', '-in', 'key.pem', '-passout', 'pass:secret', '-out', 'encrypted.pem');
  return { p12: read('apiclient_cert.p12'), encrypted: read('encrypted.pem') };
});
const ecKey = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

// Parts of several messages.
const IN_EXPRESS =
  "in Express, put express.raw({ type: 'application/json' }) before this route, and express.json() after it";
const NO_RAW_BODY = `request has no raw body: its body is undefined; ${IN_EXPRESS}`;
const IS_SET = 'is undefined: is the environment variable set?';
const NO_OPTION = `is neither an option nor a parameter of the path ${PRESIGN}`;
const NO_MERCHANT =
  'WECHATPAY_MCHID is not set: it holds the merchant number (商户号); ' +
  'WECHATPAY_SERIAL is not set: it holds the serial number of the merchant API certificate; ' +
  'WECHATPAY_PRIVATE_KEY is not set, nor is WECHATPAY_PRIVATE_KEY_FILE: ' +
  'they hold the merchant’s private key (apiclient_key.pem), or its path';
const OFF_BY = 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟: the clock of this machine is 600 s';

/** @type {Mistake[]} */
export const MISTAKES = [
  {
    row: 1,
    mistake: 'another serial number than that of the merchant’s certificate',
    make: () => presign({}, { serial: stranger.merchant.serial }),
    message: '商户证书序列号有误。请使用签名私钥匹配的证书序列号',
  },
  {
    row: 2,
    mistake: '`mchid` is a number',
    make: () => clientWith({ mchid: 1900000100 }),
    message: 'mchid must be a string, but is a number: write it in quotation marks',
  },
  {
    row: 3,
    mistake: 'the merchant’s key and WeChat Pay’s key are swapped',
    make: () => clientWith({ privateKey: platform.publicKey, certs: { [ID]: merchant.privateKey } }),
    message:
      'privateKey holds PUBLIC KEY, but must hold PRIVATE KEY or RSA PRIVATE KEY; ' +
      "the merchant's private key is in apiclient_key.pem; " +
      `certs["${ID}"] holds PRIVATE KEY, but must hold CERTIFICATE or PUBLIC KEY or RSA PUBLIC KEY; ` +
      "pass WeChat Pay's public key or certificate here, never a private key",
  },
  {
    row: 4,
    mistake: 'the private key of another merchant',
    make: () => presign({}, { privateKey: stranger.merchant.privateKey }),
    message:
      '错误的签名，验签失败: WeChat Pay received a message of the same length, and the part that it shows is the same, so it ' +
      'is most likely the key: the private key does not belong to the merchant certificate with this serial, or mchid ' +
      'and certificate belong to different merchants; or the rest of the body was changed on the way',
  },
  {
    row: 5,
    mistake: 'environment variables are missing',
    make: () => configFromEnv({}),
    message:
      `${NO_MERCHANT}; WECHATPAY_PUBLIC_KEY_ID is not set: it holds the id of WeChat Pay’s public key (PUB_KEY_ID_…); ` +
      'or set WECHATPAY_API_V3_KEY alone to download certificates; ' +
      'WECHATPAY_PUBLIC_KEY is not set, nor is WECHATPAY_PUBLIC_KEY_FILE: they hold WeChat Pay’s public key, or its path',
  },
  {
    row: 6,
    mistake: 'a PEM with `\\n` written out',
    make: () => presign({}, { privateKey: merchant.privateKey.replaceAll('\n', '\\n') }),
  },
  {
    row: 7,
    mistake: 'a `Buffer` as key',
    make: () => presign({}, { privateKey: Buffer.from(merchant.privateKey) }),
  },
  {
    row: 7,
    mistake: 'a `KeyObject` as key',
    make: () => presign({}, { privateKey: createPrivateKey(merchant.privateKey) }),
  },
  {
    row: 8,
    mistake: 'the path of a file as key',
    make: () => clientWith({ privateKey: './certs/apiclient_key.pem' }),
    message: "privateKey is a path, not a key: pass the file's content, readFileSync('…/apiclient_key.pem')",
  },
  {
    row: 9,
    mistake: 'the body as `express.json()` left it',
    make: () => inExpress([express.json()], ({ headers, body }) => works({ headers, body })),
    message: `request needs the raw body, but its body is an object, so it was parsed; ${IN_EXPRESS}`,
  },
  {
    row: 10,
    mistake: 'Express without a body parser: `{ headers: req.headers, body: req.body }`',
    make: () => inExpress([], ({ headers, body }) => works({ headers, body })),
    message: NO_RAW_BODY,
  },
  {
    row: 11,
    mistake: 'an Express request in place of `{ headers, body }`',
    make: () => inExpress([], (req) => works(req)),
    message: NO_RAW_BODY,
  },
  {
    row: 11,
    mistake: 'an Express request after `express.raw()`',
    make: () => inExpress([express.raw({ type: 'application/json' })], (req) => works(req)),
  },
  {
    row: 12,
    mistake: 'the `IncomingHttpHeaders` of Node.js',
    make: () => inExpress([], (req) => works({ headers: req.headers, body: req })),
  },
  {
    row: 13,
    mistake: 'the body of a Node.js request was read before `parse`',
    make: () =>
      inExpress([], async (req) => {
        for await (const _chunk of req);
        return works({ headers: req.headers, body: req });
      }),
    message: `request has a raw body that something else is reading or has read: pass the request first; ${IN_EXPRESS}`,
  },
  {
    row: 13,
    mistake: 'the body of a `Request` was read before `parse`',
    make: async () => {
      const request = await kit.notification();
      await request.text();
      return works(request);
    },
    message: `request has a raw body that was already read: pass the request before anything reads it; ${IN_EXPRESS}`,
  },
  {
    row: 13,
    mistake: '`setEncoding("utf8")` on the request',
    make: () => inExpress([], (req) => works({ headers: req.headers, body: req.setEncoding('utf8') })),
    message:
      'the body of the notification cannot be read: a chunk is a string, but must be a Uint8Array; ' +
      'pass the stream without setEncoding() or a decoder before it',
  },
  {
    row: 14,
    mistake: 'the clock is ten minutes behind',
    make: () => presign({}, { clock: () => (NOW - 600) * 1000 }),
    message: `${OFF_BY} behind WeChat Pay’s; synchronize it with NTP`,
  },
  {
    row: 14,
    mistake: 'the clock is ten minutes ahead',
    make: () => presign({}, { clock: () => (NOW + 600) * 1000 }),
    message: `${OFF_BY} ahead of WeChat Pay’s; synchronize it with NTP`,
  },
  {
    row: 15,
    mistake: '`service_id` is a string',
    make: () => presign({ service_id: '1234' }),
    message: 'service_id must be a number (an integer), but is a string',
  },
  {
    row: 16,
    mistake: '`notify_url` with http',
    make: () => presign({ notify_url: 'http://shop.example/notify' }),
    message: 'notify_url must be an https:// URL',
  },
  {
    row: 16,
    mistake: '`notify_url` with a query',
    make: () => presign({ notify_url: 'https://shop.example/notify?shop=1' }),
    message: "notify_url must have no query (no '?')",
  },
  {
    row: 17,
    mistake: 'an emoji in `contract_display_account`',
    make: () => presign({ contract_display_account: '张三😀' }),
    message:
      'contract_display_account must not contain characters beyond U+FFFF, such as emoji (at character 3): remove them, ' +
      'since APIv3 takes UTF-8 characters of at most three bytes',
  },
  {
    row: 18,
    mistake: 'an `out_contract_code` that was used before',
    make: async () => {
      const out_contract_code = 'usedbefore';
      await presign({ out_contract_code });
      kit.gateway.userSigns({ mchid: merchant.mchid, out_contract_code });
      kit.gateway.userTerminates({ mchid: merchant.mchid, out_contract_code });
      return presign({ out_contract_code });
    },
    message: '商户协议号out_contract_code已解约，不可重复使用',
  },
  {
    row: 19,
    mistake: 'a public key filed without `PUB_KEY_ID_`',
    make: () => clientWith({ certs: { [ID.slice('PUB_KEY_ID_'.length)]: platform.publicKey } }),
    message: `certs["${ID.slice('PUB_KEY_ID_'.length)}"] is a public key: write its id with the prefix, ${ID}`,
  },
  {
    row: 19,
    mistake: 'a public key filed under the serial number of a certificate',
    make: () => clientWith({ certs: { '7132D72A03E93CDDF8C03BBD1F37EEDF4CFB5F2E': platform.publicKey } }),
    message:
      'certs["7132D72A03E93CDDF8C03BBD1F37EEDF4CFB5F2E"] is a public key: ' +
      'put it under its id, PUB_KEY_ID_…, not under the serial number of a certificate',
  },
  {
    row: 20,
    mistake: '`apiV3Key` is too short',
    make: () => clientWith({ apiV3Key: 'tooshort' }),
    message: 'apiV3Key has 8 bytes, but must have 32: use the APIv3密钥 that was set on the merchant platform',
  },
  {
    row: 20,
    mistake: '`apiV3Key` has a line feed at its end',
    make: () => clientWith({ apiV3Key: `${API_V3_KEY}\n` }),
    message: 'apiV3Key has a blank or a line break at its beginning or end: remove it, as with trim()',
  },
  {
    row: 21,
    mistake: '`prepay_id` begins with `prepay_id=`',
    make: () => client.paymentParams({ appId: PARAMS.appid, prepay_id: `prepay_id=${PARAMS.prepay_id}` }, 'jsapi'),
    message: 'prepay_id must be the id alone: pass "wx…" without "prepay_id=" before it',
  },
  {
    row: 21,
    mistake: '`prepay_id=` in a pre-sign',
    make: () => presign({ prepay_id: `prepay_id=${PARAMS.prepay_id}` }),
    message: 'prepay_id must be the id alone: pass "wx…" without "prepay_id=" before it',
  },
  {
    row: 22,
    mistake: 'a notification whose headers were left out',
    make: async () => parse({ body: await (await kit.notification()).text() }),
    message:
      'request must be a Request, or { headers, body } with the raw body, but has no headers: ' +
      `pass those of the request; ${IN_EXPRESS}`,
  },
  {
    row: 22,
    mistake: 'a notification without the `Wechatpay-*` headers',
    make: async () => parse({ headers: {}, body: await (await kit.notification()).text() }),
    message:
      'the notification is not signed: it has no Wechatpay-Timestamp, no Wechatpay-Nonce, no Wechatpay-Signature, ' +
      'no Wechatpay-Serial: pass all headers of the request; if it has none of these, a proxy removed them or ' +
      'WeChat Pay did not send it',
  },
  {
    row: 23,
    mistake: '`post(fields)`',
    make: () => endpoint.post(PARAMS),
    message: `appid ${NO_OPTION}: pass fields of the body inside \`json\`, as in { json: { … } }`,
  },
  {
    row: 23,
    mistake: '`get({ params })`',
    make: () => client.v3.certificates.get({ params: { a: 1 } }),
    message: 'params is neither an option nor a parameter of the path v3/certificates: pass a query as `query`',
  },
  {
    row: 23,
    mistake: '`post({ data })`',
    make: () => endpoint.post({ data: PARAMS }),
    message: `data ${NO_OPTION}: pass the body as \`json\``,
  },
  {
    row: 23,
    mistake: '`post({ json }, { headers })`',
    make: () => endpoint.post({ json: PARAMS }, { headers: {} }),
    message:
      'options must be the only argument of post: write post({ json, query, headers }), where `json` is the body, and ' +
      '`query` what axios calls params',
  },
  {
    row: 23,
    mistake: '`get(undefined, { params })`',
    make: () => client.v3.certificates.get(undefined, { params: {} }),
    message:
      'options must be the only argument of get: write get({ query, headers }), where `query` is what axios calls params',
  },
  {
    row: 23,
    mistake: '`post({ json: formData })`',
    make: () => endpoint.post({ json: new FormData() }),
    message: 'json must be plain data, but is a FormData: send a file with `client.upload`',
  },
  {
    row: 23,
    mistake: '`post(formData)`',
    make: () => endpoint.post(new FormData()),
    message: 'options must be an object, but is a FormData: send a file with `client.upload`',
  },
  {
    row: 23,
    mistake: '`post({ json: buffer })`',
    make: () => endpoint.post({ json: Buffer.from('{}') }),
    message: 'json must be plain data, but holds bytes (Uint8Array): parse them, or send a file with `client.upload`',
  },
  {
    row: 23,
    mistake: '`post(text)`',
    make: () => endpoint.post(JSON.stringify(PARAMS)),
    message: 'options must be an object, but is a string: pass the body as `json`, as in { json: … }',
  },
  {
    row: 23,
    mistake: 'a misspelt option',
    make: () => endpoint.post({ json: PARAMS, timeoutMS: 1 }),
    message: `timeoutMS ${NO_OPTION}: did you mean \`timeoutMs\`?`,
  },
  {
    row: 24,
    mistake: 'a Redis client as store',
    make: () => clientWith({ notifications: { store: createRedisClient() } }),
    message:
      'notifications.store has no begin(), complete(), abandon(): ' +
      "pass one of the stores of 'wechatpay-presign/stores', such as redisStore(client)",
  },
  {
    row: 24,
    mistake: '`redis.set(id, 1, { NX: true })` as the `begin` of a store',
    make: () =>
      handleWithStore({ begin: async () => 'OK', complete: async () => undefined, abandon: async () => undefined }),
    message:
      `notifications.store.begin must resolve to 'new', 'busy' or 'done', but resolved to "OK": redis.set with NX ` +
      'resolves to "OK" or null, and cannot tell a notification under way from one that is done. ' +
      "Use redisStore(client) from 'wechatpay-presign/stores'",
  },
  {
    row: 25,
    mistake: '`const { parse } = client.notifications`',
    make: async () => works(await kit.notification()),
  },
  {
    row: 26,
    mistake: '`error.retryable` in a `catch` of strict TypeScript',
    make: () => compiles('try {} catch (error) { error.retryable; }'),
    message: "app.ts(1,24): error TS18046: 'error' is of type 'unknown'.",
  },
  {
    row: 26,
    mistake: '`error.retryable` after `isWechatPayError(error)`',
    make: () =>
      compiles(
        "import { isWechatPayError } from 'wechatpay-presign';",
        'try {} catch (error) { if (isWechatPayError(error)) { const retry: boolean = error.retryable; void retry; } }',
      ),
  },
  {
    row: 27,
    mistake: '`createClient` without the environment, as in a build',
    make: () => {
      /** @type {Record<string, string | undefined>} */
      const { WECHATPAY_MCHID: mchid, WECHATPAY_SERIAL: serial, WECHATPAY_PRIVATE_KEY: privateKey } = {};
      return clientWith({ mchid, serial, privateKey, certs: { [ID]: undefined } });
    },
    message:
      `mchid ${IS_SET}; serial ${IS_SET}; privateKey ${IS_SET}; ` +
      `certs["${ID}"] must be a PEM, its bytes, a KeyObject or a PlatformKey, but ${IS_SET}`,
  },
  {
    row: 27,
    mistake: '`createClient(configFromEnv(process.env))` without the environment',
    make: () => createClient(configFromEnv({ WECHATPAY_API_V3_KEY: API_V3_KEY })),
    message: NO_MERCHANT,
  },
  {
    row: 'keys',
    mistake: 'a file URL as key',
    make: () => clientWith({ privateKey: pathToFileURL('/certs/apiclient_key.pem').href }),
    message:
      "privateKey is a file URL, not a key: pass the file's content, " +
      "readFileSync(new URL('file://…/apiclient_key.pem'))",
  },
  {
    row: 'keys',
    mistake: 'bare Base64 as key',
    make: () => clientWith({ privateKey: merchant.privateKey.replace(/-----.*?-----|\s/g, '') }),
    message: "privateKey is not a PEM but bare Base64: pass the decoded bytes, Buffer.from(…, 'base64')",
  },
  {
    row: 'keys',
    mistake: 'a PKCS#12 file as key',
    make: () => clientWith({ privateKey: keyFiles.p12 }),
    message:
      'privateKey is a PKCS#12 file (.p12), but must be a private key in PKCS#8 or PKCS#1: take the key out of it, ' +
      'openssl pkcs12 -in apiclient_cert.p12 -nodes -nocerts -out apiclient_key.pem (its password is the merchant number)',
  },
  {
    row: 'keys',
    mistake: 'an encrypted key',
    make: () => clientWith({ privateKey: keyFiles.encrypted }),
    message:
      'privateKey holds ENCRYPTED PRIVATE KEY, but must hold PRIVATE KEY or RSA PRIVATE KEY; ' +
      'decrypt the key first (openssl pkcs8 -topk8 -nocrypt -in key.pem -out apiclient_key.pem)',
  },
  {
    row: 'keys',
    mistake: 'an EC key',
    make: () => clientWith({ privateKey: ecKey }),
    message:
      "privateKey is an EC key, not an RSA key; WeChat Pay's signatures need RSA: use the file from the merchant platform",
  },
];

/** Compiles a program in strict mode. @param {string[]} lines */
function compiles(...lines) {
  const output = compile(lines.join('\n'));
  if (output !== '') throw new Error(output.trim());
  return 'works';
}

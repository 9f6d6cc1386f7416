// Runs in each runtime, and prints JSON: signing, verifying and reading keys beside the runtime's own cryptography; and the whole
// job through the client beside its floor and, in Node.js, other packages.
import nodeCrypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createTestKit } from '#testing/index.js';
import { interleave } from './interleave.js';

const [entry = '', rounds = '200', peers = ''] = /** @type {any} */ (globalThis).Deno?.args ?? process.argv.slice(2);
/** @type {typeof import('wechatpay-presign')} */
const w = await import(entry);

const kit = await createTestKit();
const { merchant, certs } = kit;
const platform = /** @type {{ serial: string, privateKey: string }} */ (kit.gateway.platforms[0]);
const publicPem = certs[platform.serial] ?? '';
const path = '/v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign';
const params = {
  appid: 'wxcbda96de0b165486',
  service_id: 1234,
  out_contract_code: '100001256',
  notify_url: 'https://yoursite.com/wxpay.html',
  contract_display_account: '张三',
  prepay_id: 'wx201410272009395522657a690389285100',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
};
const now = Math.floor(Date.now() / 1000);
const moment = { timestamp: now, nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };
const request = w.buildPresignRequest(params);
const message = Buffer.from(w.signingMessage(request, moment));
const signed = await kit.response({
  body: { mchid: merchant.mchid, service_id: 1234, out_contract_code: '100001256' },
});
const body = await signed.text();
const headers = Object.fromEntries(signed.headers);
const response = { status: 200, headers, body };
const signature = Buffer.from(headers['wechatpay-signature'] ?? '', 'base64');
const signedMessage = Buffer.from(`${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${body}\n`);
const incoming = await kit.notification();
const notification = { headers: Object.fromEntries(incoming.headers), body: await incoming.text() };

const privateKey = nodeCrypto.createPrivateKey(merchant.privateKey);
const publicKey = nodeCrypto.createPublicKey(publicPem);
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const der = (/** @type {string} */ pem) => Buffer.from(pem.replace(/-----.+?-----|\s/g, ''), 'base64');
const importPrivate = () => crypto.subtle.importKey('pkcs8', der(merchant.privateKey), RSA, false, ['sign']);
const importPublic = () => crypto.subtle.importKey('spki', der(publicPem), RSA, false, ['verify']);
const [subtleKey, subtlePublic] = [await importPrivate(), await importPublic()];

const stub = async () => new Response(body, { status: 200, headers });
const clientOf = (/** @type {'host' | 'wasm'} */ crypto) =>
  w.createClient({ ...kit.config, fetch: /** @type {any} */ (stub), crypto });
const [byHost, byWasm] = [clientOf('host'), clientOf('wasm')];

/** @type {Record<string, Record<string, () => unknown>>} */
const groups = {
  signature: {
    'crypto.sign': () => nodeCrypto.sign('sha256', message, privateKey),
    'crypto.subtle.sign': () => crypto.subtle.sign(RSA.name, subtleKey, message),
    signAuthorization: () => w.signAuthorization(request, merchant, moment),
  },
  verification: {
    'crypto.verify': () => nodeCrypto.verify('sha256', signedMessage, publicKey, signature),
    'crypto.subtle.verify': () => crypto.subtle.verify(RSA.name, subtlePublic, signature, signedMessage),
    verifyResponse: () => w.verifyResponse(response, { certs }),
    verifyNotification: () => w.verifyNotification(notification, { certs, apiV3Key: merchant.apiV3Key }),
  },
  'reading a private key': {
    'crypto.createPrivateKey': () => nodeCrypto.createPrivateKey(merchant.privateKey),
    'crypto.subtle.importKey': importPrivate,
    'MerchantKey.fromPem': () => w.MerchantKey.fromPem(merchant.privateKey).free(),
  },
  'reading a public key': {
    'crypto.createPublicKey': () => nodeCrypto.createPublicKey(publicPem),
    'crypto.subtle.importKey': importPublic,
    'PlatformKey.fromPem': () => w.PlatformKey.fromPem(publicPem).free(),
  },
  'the whole job': {
    'one sign, one verify, JSON.stringify': () => {
      JSON.stringify(params);
      nodeCrypto.sign('sha256', message, privateKey);
      return nodeCrypto.verify('sha256', signedMessage, publicKey, signature);
    },
    'client.presign': () => byHost.presign(params),
    "client.presign, crypto: 'wasm'": () => byWasm.presign(params),
    ...(peers === 'peers' &&
      (await import('./peers.js')).peersOf({ merchant, certs, path, params, response: { headers, body } })),
  },
};

// A candidate that did something else could be faster.
const expected = nodeCrypto.sign('sha256', message, privateKey).toString('base64');
if (!w.signAuthorization(request, merchant, moment).includes(`signature="${expected}"`)) {
  throw new Error('signAuthorization and node:crypto make different signatures');
}
if (!nodeCrypto.verify('sha256', signedMessage, publicKey, signature))
  throw new Error('node:crypto refuses the response');
for (const group of Object.values(groups)) for (const run of Object.values(group)) await run();

/** The time that this thread has run, and waited for a processor. Linux only. */
function running() {
  try {
    const [ran = 0, waited = 0] = readFileSync('/proc/self/schedstat', 'utf8').split(' ').map(Number);
    return { ran, waited };
  } catch {
    return { ran: 1, waited: 0 };
  }
}

const begun = running();
const count = Number(rounds);
/** @type {Record<string, Record<string, number>>} */
const times = {};
for (const [title, group] of Object.entries(groups)) {
  await interleave(Math.ceil(count / 4), group);
  times[title] = await interleave(count, group);
}
const ended = running();
const waited = ended.waited - begun.waited;
console.log(JSON.stringify({ times, waited: waited / (ended.ran - begun.ran + waited || 1) }));

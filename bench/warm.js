// Runs in each runtime, and prints JSON. It compares signing, verifying and parsing keys with the runtime's own cryptography, and
// the whole job through the client with its lower bound and with other packages, without a network and over HTTP on this machine.
import nodeCrypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { interleave } from './interleave.js';
import { makeJob } from './job.js';
import { peersOf } from './peers.js';

const [entry = '', rounds = '200', baseUrl = ''] = /** @type {any} */ (globalThis).Deno?.args ?? process.argv.slice(2);
/** @type {typeof import('wechatpay-presign')} */
const w = await import(entry);

const job = await makeJob();
const { kit, merchant, certs, publicPem, path, params, response } = job;
const { headers, body } = response;
const now = Math.floor(Date.now() / 1000);
const moment = { timestamp: now, nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };
const request = w.buildPresignRequest(params);
const message = Buffer.from(w.signingMessage(request, moment));
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

const FLOOR = 'one sign, one verify, JSON.stringify';
const floor = () => {
  JSON.stringify(params);
  nodeCrypto.sign('sha256', message, privateKey);
  return nodeCrypto.verify('sha256', signedMessage, publicKey, signature);
};

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
    [FLOOR]: floor,
    'client.presign': () => byHost.presign(params),
    "client.presign, crypto: 'wasm'": () => byWasm.presign(params),
    ...peersOf(job),
  },
};

// The response of the server.
await fetch(baseUrl, { method: 'PUT', body: JSON.stringify(response) });
const overHttp = w.createClient({ ...kit.config, baseUrl, fetch: globalThis.fetch });
/** The job over HTTP without any signature. */
const justFetch = async () => {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(params) };
  return JSON.parse(await (await fetch(baseUrl + path, init)).text());
};
const http = {
  'fetch alone, without signatures': justFetch,
  'client.presign': () => overHttp.presign(params),
  ...peersOf(job, { baseUrl }),
};

// Check the results: a candidate that did something else could be faster.
const expected = nodeCrypto.sign('sha256', message, privateKey).toString('base64');
if (!w.signAuthorization(request, merchant, moment).includes(`signature="${expected}"`)) {
  throw new Error('signAuthorization and node:crypto make different signatures');
}
if (!nodeCrypto.verify('sha256', signedMessage, publicKey, signature))
  throw new Error('node:crypto refuses the response');
for (const group of [...Object.values(groups), http]) for (const run of Object.values(group)) await run();

/** The time that this thread has run, and has waited for a CPU. Linux only. */
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
await interleave(Math.ceil(count / 4), http);
times['over HTTP'] = await interleave(count, http);
// With 200 rounds, measure again after 3,000 calls: engines continue to optimise for that long.
const compiled = { [FLOOR]: floor, 'client.presign': () => byHost.presign(params), ...peersOf(job) };
await interleave(count * 15, compiled);
times['the whole job, after thousands of calls'] = await interleave(count * 10, compiled);
await interleave(count * 5, http);
times['over HTTP, after thousands of calls'] = await interleave(count * 5, http);
const ended = running();
const waited = ended.waited - begun.waited;
console.log(JSON.stringify({ times, waited: waited / (ended.ran - begun.ran + waited || 1) }));

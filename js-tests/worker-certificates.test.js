/** Certificates in workerd, where a promise ends with the request that made it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from '#testing/certificate.js';
import { makeMerchant } from '#testing/keys.js';
import { PARAMS } from './fixtures.js';
import { createGateway } from './gateway/index.js';
import { startWorker } from './runtimes/workerd.js';

const merchant = await makeMerchant();
const certificate = await makeCertificate();
const gateway = createGateway({ merchants: [merchant], platform: [certificate], certificates: [certificate] });
const baseUrl = await gateway.listen();
const { mchid, serial, privateKey, apiV3Key } = merchant;
const worker = await startWorker({
  folder: fileURLToPath(new URL('runtimes/certificates-worker', import.meta.url)),
  bindings: { config: JSON.stringify({ mchid, serial, privateKey, apiV3Key, baseUrl, retries: 0 }) },
});
after(async () => {
  await worker.close();
  await gateway.close();
});

const DOWNLOADS = '/v3/certificates';
let contracts = 0;

/**
 * Makes the Worker pre-sign a new contract.
 * @param {string} client
 * @param {object} [options]
 * @param {AbortSignal} [signal]
 */
async function presign(client, options = {}, signal = undefined) {
  contracts += 1;
  const body = JSON.stringify({ params: { ...PARAMS, out_contract_code: `C${contracts}` }, options });
  const response = await fetch(`${worker.url}/${client}`, { method: 'POST', body, ...(signal && { signal }) });
  return { status: response.status, result: /** @type {any} */ (await response.json()) };
}

/** Returns the number of downloads that the gateway has received since the last call. */
let counted = 0;
function newDownloads() {
  const count = gateway.requestsTo(DOWNLOADS).length - counted;
  counted += count;
  return count;
}

/**
 * @param {() => unknown} condition
 */
async function until(condition) {
  while (!(await condition())) await sleep(10);
}

/**
 * Sends a request, and aborts it once the gateway has received the download that it causes.
 * @param {string} client
 */
async function dropDuringDownload(client) {
  const before = gateway.requestsTo(DOWNLOADS).length;
  const controller = new AbortController();
  const dropped = assert.rejects(presign(client, {}, controller.signal));
  await until(() => gateway.requestsTo(DOWNLOADS).length > before);
  controller.abort();
  await dropped;
}

test('after a request gives up on its download, the next request starts its own', async () => {
  gateway.injectFault('slow', { endpoint: DOWNLOADS, delayMs: 3000 });
  const { result } = await presign('gives-up', { timeoutMs: 1000 });
  assert.equal(result.code, 'ERR_NETWORK');
  const next = await presign('gives-up', { timeoutMs: 2500 });
  assert.equal(next.status, 200, next.result.message);
  assert.equal(newDownloads(), 2);
});

test('after a request is dropped during its download, the next request starts its own', async () => {
  gateway.injectFault('hang', { endpoint: DOWNLOADS });
  await dropDuringDownload('dropped');
  const next = await presign('dropped');
  assert.equal(next.status, 200, next.result.message);
  assert.equal(newDownloads(), 2);
});

test('a request does not wait for a download that another request began', async () => {
  gateway.injectFault('hang', { endpoint: DOWNLOADS });
  const controller = new AbortController();
  const hanging = assert.rejects(presign('concurrent', {}, controller.signal));
  await until(() => gateway.requestsTo(DOWNLOADS).length > counted);
  const next = await presign('concurrent');
  assert.equal(next.status, 200, next.result.message);
  controller.abort();
  await hanging;
  assert.equal(newDownloads(), 2);
});

test('after a request gives up on the store, the next request reads the store itself', async () => {
  const { status, result } = await presign('slow-store', { timeoutMs: 200 });
  // The request may continue without the store or give up.
  assert.ok(status === 200 || result.code === 'ERR_NETWORK', result.message);
  const next = await presign('slow-store');
  assert.equal(next.status, 200, next.result.message);
  newDownloads();
});

test('after a renewal is dropped, the next request fails with a retryable error and does not hang', async () => {
  assert.equal((await presign('rotated')).status, 200);
  newDownloads();
  const next = await makeCertificate();
  gateway.certificates.push(next);
  const old = gateway.platforms.splice(0, 1, next);
  gateway.injectFault('hang', { endpoint: DOWNLOADS });
  await dropDuringDownload('rotated');
  const { result } = await presign('rotated');
  assert.deepEqual([result.reason, result.retryable], ['unknown-serial', true], result.message);
  assert.equal(newDownloads(), 1);
  gateway.platforms.splice(0, 1, ...old);
  gateway.certificates.pop();
});

test('with waitUntil, the download of a request that gave up serves the next request', async () => {
  gateway.injectFault('slow', { endpoint: DOWNLOADS, delayMs: 1000 });
  const { result } = await presign('wait-until', { timeoutMs: 300 });
  assert.equal(result.code, 'ERR_NETWORK');
  await until(async () => (await (await fetch(`${worker.url}/pending`)).json()) === 0);
  const next = await presign('wait-until');
  assert.equal(next.status, 200, next.result.message);
  assert.equal(newDownloads(), 1);
});

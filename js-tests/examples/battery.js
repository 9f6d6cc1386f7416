/** The tests that every example must pass, and the gateway for them. */
import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from '#testing/certificate.js';
import { API_V3_KEY, merchant, notification, PARAMS, platform } from '../fixtures.js';
import { createGateway } from '../gateway/index.js';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
export const pathOf = (/** @type {string} */ name) => join(EXAMPLES, name);

const certificate = await makeCertificate();
const gateway = createGateway({
  merchants: [{ ...merchant, apiV3Key: API_V3_KEY }],
  // The first key signs the download of certificates: no client can ask for another key by its serial yet.
  platform: [certificate, platform],
  certificates: [certificate],
});
const WECHATPAY_BASE_URL = await gateway.listen();
after(() => gateway.close());

const { appid, service_id, notify_url, ...order } = PARAMS;

/** The environment of a merchant that has downloaded certificates in place of a public key. */
export const certificateEnv = {
  WECHATPAY_BASE_URL,
  WECHATPAY_MCHID: merchant.mchid,
  WECHATPAY_SERIAL: merchant.serial,
  WECHATPAY_PRIVATE_KEY: merchant.privateKey,
  WECHATPAY_API_V3_KEY: API_V3_KEY,
  WECHATPAY_APPID: appid,
  WECHATPAY_SERVICE_ID: String(service_id),
  WECHATPAY_NOTIFY_URL: notify_url,
};
export const env = {
  ...certificateEnv,
  WECHATPAY_PUBLIC_KEY_ID: platform.serial,
  WECHATPAY_PUBLIC_KEY: platform.publicKey,
};

/**
 * Sends a request to a running example.
 * @typedef {(path: string, body: string, headers?: Record<string, string>) => Promise<{ status: number, text: string }>} Ask
 * @typedef {{ ask: Ask, close: () => Promise<void>, output?: (() => string) | undefined }} Running
 *
 * @typedef {object} Kind
 * @property {boolean} [hasNotifications]  default: true
 * @property {boolean} [hasPayment]  whether it also makes the parameters of the payment
 * @property {boolean} [hasOwnParser]  whether the framework itself rejects a body that is not JSON, with its own message
 * @property {boolean} [hasCertificates]  whether it downloads certificates
 */

/**
 * An example that listens on a port.
 * @param {Promise<{ url: string, close: () => Promise<void>, output: () => string }>} starting
 * @returns {Promise<Running>}
 */
export async function overHttp(starting) {
  const { url, close, output } = await starting;
  const ask = async (/** @type {string} */ path, /** @type {string} */ body, headers = {}) => {
    const init = { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } };
    const response = await fetch(url + path, init);
    return { status: response.status, text: await response.text() };
  };
  return { ask, close, output };
}

/**
 * Tests one example.
 * @param {string} name
 * @param {() => Promise<Running>} start
 * @param {Kind} [kind]
 */
export function testExample(name, start, { hasNotifications = true, ...kind } = {}) {
  test(name, async (context) => {
    // The examples log failures; keep them out of this test's output.
    context.mock.method(console, 'error', () => {});
    context.mock.method(console, 'log', () => {});
    const { ask, close, output } = await start();
    const presign = async (/** @type {string} */ body) => {
      const { status, text } = await ask('/presign', body);
      return { status, ...JSON.parse(text) };
    };
    /** Pre-signs the order. The payment continues in any case. */
    const offer = async (/** @type {object} */ given) => {
      const { payment, ...result } = await presign(JSON.stringify(given));
      if (kind.hasPayment) assertPayment(payment);
      return result;
    };
    try {
      await context.test('offers the contract', async () => {
        assert.deepEqual(await offer(order), { status: 200, offered: true });
        const recorded = gateway.requests.at(-1);
        assert.equal(recorded?.outcome.code, 'OK');
        assert.deepEqual(JSON.parse(new TextDecoder().decode(recorded?.body)), PARAMS);
      });

      for (const fault of /** @type {const} */ ([
        'wrong-signature',
        'system-error',
        'reset',
        'rate-limit',
        'html-502',
      ])) {
        await context.test(`continues without the offer after ${fault}`, async () => {
          const before = gateway.requests.length;
          gateway.injectFault(fault);
          assert.deepEqual(await offer(order), { status: 200, offered: false });
          // Deno's fetch sends the request again if a reused connection breaks.
          assert.ok(gateway.requests.length > before);
        });
      }

      await context.test('continues without the offer if a field is invalid', async () => {
        const before = gateway.requests.length;
        const wrong = { ...order, out_contract_code: 'a-b' };
        assert.deepEqual(await offer(wrong), { status: 200, offered: false });
        assert.equal(gateway.requests.length, before);
      });

      await context.test('rejects a body that is not an order', async () => {
        for (const body of ['', 'no', 'null', '[]', '{}', '{"prepay_id":1}']) {
          const { status, text } = await ask('/presign', body);
          assert.equal(status, 400, body);
          if (!kind.hasOwnParser) assert.match(JSON.parse(text).message, /not JSON/);
        }
      });

      if (!hasNotifications) return;
      await testNotifications(context, ask, kind.hasCertificates ? certificate : platform);
      if (output === undefined) return;
      await context.test('has handled the notification once', () => {
        assert.equal(output().split('EV-1').length - 1, 1, output());
      });
    } finally {
      await close();
    }
  });
}

/** Verifies the signature of the payment's parameters with node:crypto. @param {any} payment */
function assertPayment(payment) {
  const { appId, timeStamp, nonceStr, package: session, signType, paySign } = payment;
  assert.deepEqual([appId, session, signType], [appid, `prepay_id=${order.prepay_id}`, 'RSA']);
  const message = Buffer.from(`${appId}\n${timeStamp}\n${nonceStr}\n${session}\n`);
  assert.ok(verify('sha256', message, merchant.publicKey, Buffer.from(paySign, 'base64')));
}

/**
 * @param {import('node:test').TestContext} context
 * @param {Ask} ask
 * @param {{ serial: string, privateKey: string }} by  who signs the notifications
 */
async function testNotifications(context, ask, by) {
  const now = Math.floor(Date.now() / 1000);
  for (const [
    what,
    status,
    spoil,
  ] of /** @type {[string, number, (made: ReturnType<typeof notification>) => unknown][]} */ ([
    ['accepts a notification', 204, () => {}],
    ['accepts the same notification again', 204, () => {}],
    ['rejects a tampered notification', 401, (made) => (made.body = made.body.replace('EV-1', 'EV-2'))],
    ['rejects a wrong signature', 401, ({ headers }) => (headers['Wechatpay-Signature'] = 'AAAA')],
    ['rejects a missing signature', 401, ({ headers }) => delete headers['Wechatpay-Signature']],
  ])) {
    await context.test(what, async () => {
      const made = notification({ now, by });
      spoil(made);
      assert.equal((await ask('/notification', made.body, made.headers)).status, status);
    });
  }
  for (const [what, status, options] of /** @type {[string, number, object][]} */ ([
    ['rejects a stale notification', 401, { now: now - 400 }],
    ['rejects encryption under another APIv3 key', 500, { now, key: 'x'.repeat(32) }],
    ['rejects other associated data', 500, { now, claimed: 'other' }],
  ])) {
    await context.test(what, async () => {
      const { body, headers } = notification(/** @type {any} */ ({ by, ...options }));
      const response = await ask('/notification', body, headers);
      assert.equal(response.status, status);
      assert.equal(JSON.parse(response.text).code, 'FAIL');
    });
  }
}

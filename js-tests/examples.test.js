/** Runs every example in its runtime, against the embedded gateway over HTTP. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { API_V3_KEY, merchant, notification, PARAMS, platform } from './fixtures.js';
import { createGateway } from './gateway/index.js';
import { binary } from './runtimes/binaries.js';
import { startEdgeFunction } from './runtimes/edge-runtime.js';
import { startServer } from './runtimes/server-process.js';
import { startWorker } from './runtimes/workerd.js';

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));

const gateway = createGateway({ merchants: [merchant], platform });
const WECHATPAY_BASE_URL = await gateway.listen();
after(() => gateway.close());

const { appid, service_id, notify_url, ...order } = PARAMS;
const env = {
  WECHATPAY_BASE_URL,
  WECHATPAY_MCHID: merchant.mchid,
  WECHATPAY_SERIAL: merchant.serial,
  WECHATPAY_PRIVATE_KEY: merchant.privateKey,
  WECHATPAY_PUBLIC_KEY_ID: platform.serial,
  WECHATPAY_PUBLIC_KEY: platform.publicKey,
  WECHATPAY_API_V3_KEY: API_V3_KEY,
  WECHATPAY_APPID: appid,
  WECHATPAY_SERVICE_ID: String(service_id),
  WECHATPAY_NOTIFY_URL: notify_url,
};

/**
 * Sends a request to a running example.
 * @typedef {(path: string, body: string, headers?: Record<string, string>) => Promise<{ status: number, text: string }>} Ask
 * @typedef {{ ask: Ask, close: () => Promise<void> }} Running
 */

/**
 * @param {Promise<{ url: string, close: () => Promise<void> }>} starting
 * @returns {Promise<Running>}
 */
async function overHttp(starting) {
  const { url, close } = await starting;
  const ask = async (/** @type {string} */ path, /** @type {string} */ body, headers = {}) => {
    const response = await fetch(url + path, { method: 'POST', body, headers });
    return { status: response.status, text: await response.text() };
  };
  return { ask, close };
}

const path = (/** @type {string} */ name) => join(EXAMPLES, name);
const close = async () => {};
/** Imports by URL, so that tsc does not look for types. */
const load = (/** @type {string} */ name) => import(pathToFileURL(path(name)).href);

/** @type {Record<string, () => Promise<Running>>} */
const STARTS = {
  'cloudflare-worker': () => overHttp(startWorker({ folder: path('cloudflare-worker'), bindings: env })),
  deno: () => {
    const args = ['run', '--no-config', '--node-modules-dir=manual', '--no-prompt', '--allow-net', '--allow-env'];
    const all = { ...env, DENO_SERVE_ADDRESS: 'tcp:127.0.0.1:0' };
    return overHttp(startServer(binary('DENO'), [...args, path('deno/main.js')], { env: all }));
  },
  bun: () => overHttp(startServer(binary('BUN'), [path('bun/server.js')], { env: { ...env, BUN_PORT: '0' } })),
  'node-http': () =>
    overHttp(startServer(binary('NODE_20'), [path('node-http/server.js')], { env: { ...env, PORT: '0' } })),
  'vercel-edge': async () => {
    const send = await startEdgeFunction(path('vercel-edge/api/presign.js'), env);
    const ask = async (/** @type {string} */ route, /** @type {string} */ body) => {
      const response = await send(`https://edge.example${route}`, { method: 'POST', body });
      return { status: response.status, text: await response.text() };
    };
    return { ask, close };
  },
  'aws-lambda': async () => {
    Object.assign(process.env, env);
    const { handler } = await load('aws-lambda/handler.js');
    let turn = 0;
    const ask = async (/** @type {string} */ rawPath, /** @type {string} */ text, headers = {}) => {
      const isBase64Encoded = (turn += 1) % 2 === 0;
      const body = isBase64Encoded ? Buffer.from(text).toString('base64') : text;
      const result = await handler({ rawPath, headers, body, isBase64Encoded });
      return { status: result.statusCode, text: result.body };
    };
    return { ask, close };
  },
  hono: async () => {
    Object.assign(process.env, env);
    const { default: app } = await load('hono/app.js');
    const ask = async (/** @type {string} */ route, /** @type {string} */ body, headers = {}) => {
      const response = await app.request(route, { method: 'POST', body, headers });
      return { status: response.status, text: await response.text() };
    };
    return { ask, close };
  },
};

test('every example has a test here and fewer than 60 lines', () => {
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' });
  const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
  // deliveries.test.js runs the PostgreSQL example, and journey.test.js the program of the guide.
  assert.deepEqual([...folders].sort(), [...Object.keys(STARTS), 'journey', 'postgres'].sort());
  for (const file of files.filter((file) => file.endsWith('.js'))) {
    const lines = readFileSync(path(file), 'utf8').split('\n').length;
    assert.ok(lines < 60, `${file} has ${lines} lines`);
  }
});

for (const [name, start] of Object.entries(STARTS)) {
  test(name, async (context) => {
    // The examples log failures; keep them out of this test's output.
    context.mock.method(console, 'error', () => {});
    context.mock.method(console, 'log', () => {});
    const { ask, close } = await start();
    const presign = async (/** @type {string} */ body) => {
      const { status, text } = await ask('/presign', body);
      return { status, ...JSON.parse(text) };
    };
    try {
      await context.test('offers the contract', async () => {
        assert.deepEqual(await presign(JSON.stringify(order)), { status: 200, offered: true });
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
          assert.deepEqual(await presign(JSON.stringify(order)), { status: 200, offered: false });
          // Deno's fetch sends the request again if a reused connection breaks.
          assert.ok(gateway.requests.length > before);
        });
      }

      await context.test('continues without the offer if a field is invalid', async () => {
        const before = gateway.requests.length;
        const wrong = { ...order, out_contract_code: 'a-b' };
        assert.deepEqual(await presign(JSON.stringify(wrong)), { status: 200, offered: false });
        assert.equal(gateway.requests.length, before);
      });

      await context.test('rejects a body that is not an order', async () => {
        for (const body of ['', 'no', 'null', '[]', '{}', '{"prepay_id":1}']) {
          const { status, message } = await presign(body);
          assert.equal(status, 400, body);
          assert.match(message, /not JSON/);
        }
      });

      if (name !== 'vercel-edge') await testNotifications(context, ask);
    } finally {
      await close();
    }
  });
}

/**
 * @param {import('node:test').TestContext} context
 * @param {Ask} ask
 */
async function testNotifications(context, ask) {
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
      const made = notification({ now });
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
      const { body, headers } = notification(/** @type {any} */ (options));
      const response = await ask('/notification', body, headers);
      assert.equal(response.status, status);
      assert.equal(JSON.parse(response.text).code, 'FAIL');
    });
  }
}

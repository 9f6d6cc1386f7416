/** `notifications.handle` and `sendResponse` in Express, Koa, Fastify and node:http, over real sockets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request as startRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import express from 'express';
import fastify from 'fastify';
import Koa from 'koa';
import { createClient, sendResponse } from '#wechatpay-presign';
import { API_V3_KEY, merchant, NOW, notification, platform } from './fixtures.js';
import { blocksIn } from './readme-blocks.js';
import { startServer } from './runtimes/server-process.js';

/**
 * @typedef {{ client: import('#wechatpay-presign').Client, handled: string[], errors: any[], handler: (notification: { id: string }) => unknown }} App
 *
 * @typedef {import('node:http').RequestListener} RequestListener
 */

/** @returns {App} */
function makeApp() {
  /** @type {string[]} */
  const handled = [];
  /** @type {any[]} */
  const errors = [];
  const client = createClient({
    ...{ mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey, apiV3Key: API_V3_KEY },
    certs: { [platform.serial]: platform.publicKey },
    clock: () => NOW * 1000,
    timeoutMs: 2000,
    notifications: { onError: (error) => errors.push(error) },
  });
  return { client, handled, errors, handler: ({ id }) => handled.push(id) };
}

/**
 * Each framework, used as its documentation recommends.
 * @type {Record<string, (app: App) => RequestListener | Promise<RequestListener>>}
 */
const FRAMEWORKS = {
  Express: ({ client, handler }) => {
    const app = express();
    app.post('/notify', express.raw({ type: 'application/json' }), async ({ headers, body }, res) => {
      await sendResponse(res, await client.notifications.handle({ headers, body }, handler));
    });
    app.use(express.json());
    return app;
  },
  Koa: ({ client, handler }) => {
    const app = new Koa();
    app.use(async (ctx) => {
      await sendResponse(ctx.res, await client.notifications.handle({ headers: ctx.headers, body: ctx.req }, handler));
    });
    return app.callback();
  },
  Fastify: async ({ client, handler }) => {
    const app = fastify();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post('/notify', async ({ headers, body }, reply) => {
      reply.hijack();
      const raw = /** @type {Buffer} */ (body);
      await sendResponse(reply.raw, await client.notifications.handle({ headers, body: raw }, handler));
    });
    await app.ready();
    return (request, response) => void app.routing(request, response);
  },
  'node:http': ({ client, handler }) => {
    return async (request, response) => {
      const { headers } = request;
      await sendResponse(response, await client.notifications.handle({ headers, body: request }, handler));
    };
  },
};

/** @param {RequestListener} listener */
async function listen(listener) {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/notify`, close };
}

/** @param {string} url @param {{ headers: Record<string, string>, body: string }} made */
async function post(url, { headers, body }) {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body };
  const response = await fetch(url, init);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

const unsigned = { headers: { 'Wechatpay-Signature': 'AAAA' }, body: '{}' };
const FAIL = JSON.stringify({ code: 'FAIL', message: '签名验证失败' });

for (const [name, start] of Object.entries(FRAMEWORKS)) {
  test(`${name}: a notification is handled once, and a forged one is rejected`, async () => {
    const app = makeApp();
    const server = await listen(await start(app));
    try {
      const made = notification({ now: NOW });
      for (const _delivery of [1, 2]) {
        assert.deepEqual(await post(server.url, made), { status: 204, type: null, text: '' });
      }
      assert.deepEqual(await post(server.url, unsigned), { status: 401, type: 'application/json', text: FAIL });
      assert.deepEqual(app.handled, ['EV-1']);
      assert.equal(app.errors.length, 1);
    } finally {
      await server.close();
    }
  });
}

test('Express: responds with 500 to a body parsed by express.json(), and says so', async () => {
  const app = makeApp();
  const server = await listen(
    express().post('/notify', express.json(), async (req, res) => {
      await sendResponse(res, await app.client.notifications.handle(req, app.handler));
    }),
  );
  try {
    assert.equal((await post(server.url, notification({ now: NOW }))).status, 500);
    assert.match(app.errors[0].message, /raw body.*express\.raw\(\{ type: 'application\/json' \}\)/);
  } finally {
    await server.close();
  }
});

test('Express: responds with 500 if nothing has read the body, and says so', async () => {
  const app = makeApp();
  const server = await listen(
    express().post('/notify', async (req, res) => {
      await sendResponse(res, await app.client.notifications.handle(req, app.handler));
    }),
  );
  try {
    assert.equal((await post(server.url, notification({ now: NOW }))).status, 500);
    assert.match(app.errors[0].message, /raw body/);
  } finally {
    await server.close();
  }
});

test('node:http: responds with 500 to a request that was already read, and says so', async () => {
  const app = makeApp();
  const server = await listen(async (request, response) => {
    for await (const _chunk of request);
    const { headers } = request;
    await sendResponse(response, await app.client.notifications.handle({ headers, body: request }, app.handler));
  });
  try {
    assert.equal((await post(server.url, notification({ now: NOW }))).status, 500);
    assert.match(app.errors[0].message, /raw body that something else is reading or has read/);
  } finally {
    await server.close();
  }
});

test('node:http: the server and sendResponse survive a sender that breaks off', async () => {
  const app = makeApp();
  /** @type {(error?: unknown) => void} */
  let end = () => {};
  const ended = new Promise((resolve) => (end = resolve));
  const server = await listen(async (request, response) => {
    const { headers } = request;
    const result = await app.client.notifications.handle({ headers, body: request }, app.handler);
    if (result.status === 500) await sendResponse(response, result).then(() => end(), end);
    else await sendResponse(response, result);
  });
  try {
    const { headers } = notification({ now: NOW });
    const sending = startRequest(server.url, { method: 'POST', headers: { ...headers, 'Content-Length': 1000 } });
    sending.on('error', () => {});
    sending.write('{"id":', () => setTimeout(() => sending.destroy(), 20));
    assert.equal(await ended, undefined);
    assert.deepEqual([app.errors[0].code, app.errors[0].operation], ['ERR_HANDLER', 'stream']);
    assert.equal((await post(server.url, notification({ now: NOW }))).status, 204);
  } finally {
    await server.close();
  }
});

test('node:http: a second response is an error that names the headers', async () => {
  const app = makeApp();
  /** @type {unknown} */
  let error;
  const server = await listen(async (_request, response) => {
    response.end('own response');
    error = await sendResponse(response, new Response('x')).then(
      () => undefined,
      (thrown) => thrown,
    );
  });
  try {
    assert.equal((await post(server.url, unsigned)).text, 'own response');
    assert.match(String(error), /has already sent its headers/);
    assert.equal(app.errors.length, 0);
  } finally {
    await server.close();
  }
});

// ---- The documentation's server ----

const folder = await mkdtemp(join(tmpdir(), 'wechatpay-presign-express-'));
after(() => rm(folder, { recursive: true }));
await mkdir(join(folder, 'node_modules'));
for (const [name, path] of [
  ['wechatpay-presign', '../pkg'],
  ['express', '../node_modules/express'],
]) {
  const target = fileURLToPath(new URL(path ?? '', import.meta.url));
  await symlink(target, join(folder, 'node_modules', name ?? ''), 'dir');
}

for (const language of /** @type {const} */ (['English', 'Chinese'])) {
  test(`documentation in ${language}: the Express server handles a notification, and rejects a forged one`, async () => {
    const { code = '' } = blocksIn(language).find(({ purpose }) => purpose === 'express') ?? {};
    const names = {
      merchant: { mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey },
      certs: { [platform.serial]: platform.publicKey },
      apiV3Key: API_V3_KEY,
    };
    const files = { preload: join(folder, `${language}.preload.mjs`), server: join(folder, `${language}.mjs`) };
    await writeFile(files.preload, `Object.assign(globalThis, ${JSON.stringify(names)});`);
    const listening =
      "const server = app.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));";
    await writeFile(files.server, `${code}\n${listening}`);
    const args = ['--import', pathToFileURL(files.preload).href, files.server];
    const server = await startServer(process.execPath, args);
    try {
      const url = `${server.url}/notify`;
      assert.equal((await post(url, notification({ now: Math.floor(Date.now() / 1000) }))).status, 204);
      assert.equal((await post(url, unsigned)).status, 401);
    } finally {
      await server.close();
    }
  });
}

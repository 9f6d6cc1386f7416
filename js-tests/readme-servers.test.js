/** Runs each server of the documentation in its runtime, against the embedded gateway. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { merchant, PARAMS, platform } from './fixtures.js';
import { createGateway } from './gateway/index.js';
import { blocksIn } from './readme-blocks.js';
import { binary } from './runtimes/binaries.js';
import { startEdgeFunction } from './runtimes/edge-runtime.js';
import { startServer } from './runtimes/server-process.js';
import { startWorker } from './runtimes/workerd.js';

const gateway = createGateway({ merchants: [merchant], platform });
const gatewayUrl = await gateway.listen();
after(() => gateway.close());

const folder = await mkdtemp(join(tmpdir(), 'wechatpay-presign-servers-'));
await mkdir(join(folder, 'node_modules'));
const installed = join(folder, 'node_modules/wechatpay-presign');
await symlink(fileURLToPath(new URL('../pkg', import.meta.url)), installed, 'dir');
await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
after(() => rm(folder, { recursive: true }));

/** Sends requests for WeChat's host to the gateway. */
const REDIRECTED = `{
  const { fetch } = globalThis;
  globalThis.fetch = (url, init) => fetch(url.replace('https://api.mch.weixin.qq.com', '${gatewayUrl}'), init);
}
`;
const env = {
  WECHATPAY: JSON.stringify({
    ...{ mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey },
    certs: { [platform.serial]: platform.publicKey },
  }),
};

/**
 * Starts a server, given its path and folder.
 * @type {Record<string, (path: string, folder: string) => Promise<{ url: string, close: () => Promise<void> }>>}
 */
const SERVERS = {
  node: (path) => startServer(binary('NODE_20'), [path], { env: { ...env, PORT: '0' } }),
  bun: (path) => startServer(binary('BUN'), [path], { env: { ...env, BUN_PORT: '0' } }),
  deno: (path) =>
    startServer(
      binary('DENO'),
      ['run', '--node-modules-dir=manual', '--no-prompt', '--allow-net', '--allow-env', path],
      {
        env: { ...env, DENO_SERVE_ADDRESS: 'tcp:127.0.0.1:0' },
      },
    ),
  'cloudflare-workers': async (_path, folder) => {
    const toml = 'name = "readme"\nmain = "server.js"\ncompatibility_date = "2026-11-01"\n';
    await writeFile(join(folder, 'wrangler.toml'), toml);
    return startWorker({ folder, bindings: env });
  },
};

for (const language of /** @type {const} */ (['English', 'Chinese'])) {
  const servers = blocksIn(language).filter(({ purpose }) => purpose in SERVERS || purpose === 'vercel-edge');

  test(`documentation in ${language}: the Node.js server survives bad requests`, async () => {
    const own = join(folder, `${language}-bad-requests`);
    const path = join(own, 'server.js');
    await mkdir(own);
    await writeFile(path, REDIRECTED + servers.find(({ purpose }) => purpose === 'node')?.code);
    const server = await startServer(binary('NODE_24'), [path], { env: { ...env, PORT: '0' } });
    try {
      for (const [name, request] of /** @type {[string, RequestInit][]} */ ([
        ['garbage', { method: 'POST', body: '\0\xff{"' }],
        ['JSON that is not an object', { method: 'POST', body: '5' }],
        ['fields that break the rules', { method: 'POST', body: '{"appid":1}' }],
        ['no body', { method: 'POST' }],
        ['another method', { method: 'GET' }],
      ])) {
        const { status } = await fetch(server.url, request);
        assert.ok(status >= 400, `${name}: ${status}`);
      }
      await abortUpload(Number(new URL(server.url).port));
      const order = { method: 'POST', body: JSON.stringify(PARAMS) };
      const json = /** @type {any} */ (await (await fetch(server.url, order)).json());
      assert.equal(json.out_contract_code, PARAMS.out_contract_code);
    } finally {
      await server.close();
    }
  });

  test(`documentation in ${language}: there is a server for each runtime`, () => {
    const runtimes = servers.map(({ purpose }) => purpose);
    assert.deepEqual(runtimes.sort(), [...Object.keys(SERVERS), 'vercel-edge'].sort());
  });

  for (const { purpose, code } of servers) {
    test(`documentation in ${language}: the server for ${purpose}`, async () => {
      const own = join(folder, `${language}-${purpose}`);
      const path = join(own, 'server.js');
      await mkdir(own);
      await writeFile(path, REDIRECTED + code);

      const order = { method: 'POST', body: JSON.stringify(PARAMS) };
      let json;
      if (purpose === 'vercel-edge') {
        const ask = await startEdgeFunction(path, env);
        json = await (await ask('https://shop.example/', order)).json();
      } else {
        const server = await SERVERS[purpose]?.(path, own);
        try {
          // A request that is not an order is rejected, and the server keeps running.
          for (const body of ['not JSON', '{}', '']) {
            assert.equal((await fetch(server?.url ?? '', { method: 'POST', body })).status, 500);
          }
          json = await (await fetch(server?.url ?? '', order)).json();
        } finally {
          await server?.close();
        }
      }
      const { mchid } = merchant;
      const { service_id, out_contract_code } = PARAMS;
      assert.deepEqual(json, { mchid, service_id, out_contract_code });
      assert.equal(gateway.requests.at(-1)?.outcome.code, 'OK');
    });
  }
}

/**
 * Sends a part of a body, and closes the connection.
 * @param {number} port
 */
async function abortUpload(port) {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a', resolve));
  socket.destroy();
  await once(socket, 'close');
}

/** The commands in the documentation work as written. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { createClient, sendResponse } from 'wechatpay-presign';
import { COMMANDS } from '#cli/commands.js';
import { blocksOf } from '../readme-blocks.js';
import { runCli } from './run.js';
import { createWorld, PARAMS, toEnvFile } from './world.js';

const { kit, env, folder } = await createWorld();
const { fetch: _gateway, ...config } = kit.config;
const client = createClient(config);
const server = createServer(async (request, response) => {
  const received = { headers: request.headers, body: await buffer(request) };
  await sendResponse(response, await client.notifications.handle(received, () => {}));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close().closeAllConnections());
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

writeFileSync(join(folder, 'params.json'), JSON.stringify(PARAMS));
writeFileSync(join(folder, '.env'), toEnvFile(env));
const response = await kit.response({ body: { code_url: 'x' } });
const head = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
writeFileSync(join(folder, 'response.txt'), `HTTP/1.1 200 OK\r\n${head}\r\n${await response.text()}`);
const arrived = `${response.headers.get('wechatpay-timestamp')}`;

for (const page of ['docs/command-line.md', 'docs/zh-CN/command-line.md']) {
  const lines = (blocksOf.get(page) ?? [])
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.trim().split('\n'));
  test(`${page}: every command works`, async () => {
    const used = new Set();
    for (const line of lines) {
      // This test has its own port for the handler, and its own time of the response.
      const command = line.replace('localhost:3000', `127.0.0.1:${port}`).replace('2026-11-24T20:00:00Z', arrived);
      const [npx, program, ...args] = (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));
      assert.deepEqual([npx, program], ['npx', 'wechatpay-presign']);
      used.add(args[0]);
      // The handler has enough time, even on a slow machine.
      const patience = args[0] === 'trigger' ? ['--timeout', '600'] : [];
      const { code, stdout, stderr } = await runCli([...args, ...patience], { cwd: folder });
      assert.equal(code, 0, `${line}\n${stdout}${stderr}`);
    }
    assert.deepEqual([...used, 'sandbox'].sort(), COMMANDS.map(({ name }) => name).sort());
  });
}

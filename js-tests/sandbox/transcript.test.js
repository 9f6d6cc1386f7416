/**
 * The first ten minutes of a new user: the quick start of the README, with its commands and its server. Only the ports
 * differ.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { blocksOf } from '../readme-blocks.js';
import { binary } from '../runtimes/binaries.js';
import { freePort } from './process.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

for (const [page, runtime] of /** @type {const} */ ([
  ['README.md', 'NODE_20'],
  ['README.zh-CN.md', 'NODE_26'],
])) {
  test(`${page}: the quick start works as written, from the sandbox to the charge`, async (context) => {
    const blocks = blocksOf.get(page) ?? [];
    const server = blocks.find(({ language }) => language === 'js');
    assert.equal(server?.purpose, 'sandbox', 'the first example');
    const shell = blocks.filter(({ language }) => language === 'sh').flatMap(({ code }) => code.trim().split('\n'));
    const commands = shell.map((line) => line.replace(/\s+#.*$/, ''));
    const has = (/** @type {string} */ command) => assert.ok(commands.includes(command), `${page} has: ${command}`);

    // npm install
    const project = await mkdtemp(join(tmpdir(), 'wechatpay-presign-quick-start-'));
    await mkdir(join(project, 'node_modules'));
    await symlink(join(ROOT, 'pkg'), join(project, 'node_modules/wechatpay-presign'), 'dir');
    await symlink(join(ROOT, 'node_modules/express'), join(project, 'node_modules/express'), 'dir');
    await writeFile(join(project, 'server.mjs'), server?.code ?? '');
    /** @type {ReturnType<typeof start>[]} */
    const running = [];
    context.after(async () => {
      for (const { stop } of running) await stop();
      await rm(project, { recursive: true });
    });

    /**
     * @param {string[]} args
     * @param {Record<string, string>} [env]
     */
    const run = (args, env) => {
      const started = start(binary(runtime), args, { cwd: project, env });
      running.push(started);
      return started;
    };

    // The sandbox, which prints its address and the environment.
    has('npx wechatpay-presign sandbox');
    const sandbox = run(['node_modules/wechatpay-presign/dist/cli.js', 'sandbox', '--port', '0']);
    const [, sandboxUrl = ''] = await sandbox.line(/^The sandbox runs at (http:\/\/127\.0\.0\.1:\d+)$/);
    await sandbox.line(/^ {2}WECHATPAY_BASE_URL=/);
    await sandbox.line(/^Stop it with Ctrl\+C\.$/);

    // The server, with that environment.
    has('node --env-file=.wechatpay-sandbox/.env server.mjs');
    const shop = run(['--env-file=.wechatpay-sandbox/.env', 'server.mjs'], { PORT: await freePort() });
    const [, shopUrl = ''] = await shop.line(/^listening on (http:\/\/127\.0\.0\.1:\d+)$/);

    // An order and its contract.
    has('curl -X POST http://127.0.0.1:3000/orders/20261124001');
    const payment = await post(`${shopUrl}/orders/20261124001`);
    assert.match(payment.package, /^prepay_id=wx\w+$/);
    assert.equal(payment.signType, 'RSA');
    const [, expiry = ''] = await shop.line(/^wxwtdk20261124001 can be signed until (\S+)$/);
    const remaining = Date.parse(expiry) - Date.now();
    assert.ok(remaining > 7_000_000 && remaining <= 7_200_000, expiry);

    // The button on the page.
    await post(`${sandboxUrl}/__sandbox/pay`, { out_trade_no: '20261124001', signs: true });
    await shop.line(/^TRANSACTION\.SUCCESS 20261124001$/);
    await shop.line(/^ENTRUST\.SIGN wxwtdk20261124001$/);
    await sandbox.line(/→ ENTRUST\.SIGN wxwtdk20261124001 to \S+\/notify {2}204 /);

    // The charge, and its payment.
    const text = readFileSync(join(ROOT, page), 'utf8');
    assert.ok(text.includes('`curl -X POST http://127.0.0.1:3000/charges/wxwtdk20261124001/20261125001`'));
    const charge = await post(`${shopUrl}/charges/wxwtdk20261124001/20261125001`);
    assert.match(charge.prepay_id, /^wx\w+$/);
    await post(`${sandboxUrl}/__sandbox/pay`, { out_trade_no: '20261125001' });
    await shop.line(/^TRANSACTION\.SUCCESS 20261125001$/);
    await sandbox.line(/→ TRANSACTION\.SUCCESS 20261125001 to \S+ {2}204 /);

    // Ctrl+C
    const { code, output } = await sandbox.stop();
    assert.equal(code, 0);
    assert.match(
      output,
      /^Stopped after .*: 4 requests \(0 refused\), 2 orders paid, 1 contract signed, 3 notifications delivered, 0 not\.$/m,
    );
    const { complaints } = await shop.stop();
    assert.equal(complaints, '');
  });
}

/**
 * Starts a process, and lets tests wait for its lines.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string> | undefined }} options
 */
function start(command, args, { cwd, env = {} }) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let output = '';
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    complaints += chunk;
  });
  /** @type {(() => void)[]} */
  let checks = [];
  let isOver = false;
  const lines = createInterface({ input: child.stdout });
  const checkAll = () => {
    for (const check of [...checks]) check();
  };
  lines.on('line', (line) => {
    output += `${line}\n`;
    checkAll();
  });
  void ended.then(() => {
    isOver = true;
    checkAll();
  });

  return {
    /**
     * @param {RegExp} pattern
     * @returns {Promise<RegExpExecArray>}
     */
    line(pattern) {
      return new Promise((resolve, reject) => {
        const check = () => {
          const found = output
            .split('\n')
            .map((line) => pattern.exec(line))
            .find(Boolean);
          if (!found && !isOver) return;
          checks = checks.filter((other) => other !== check);
          if (found) resolve(found);
          else reject(new Error(`never printed: ${pattern}\n${output}\n${complaints}`));
        };
        checks.push(check);
        check();
      });
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      const [code] = await ended;
      return { code, output, complaints };
    },
  };
}

/**
 * @param {string} url
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function post(url, body = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

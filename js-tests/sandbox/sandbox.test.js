/** The command `sandbox`, as a process. */
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RUNTIMES, runCli } from '../cli/run.js';
import { binary } from '../runtimes/binaries.js';
import { startMerchant } from './merchant.js';
import { freePort, startSandbox } from './process.js';

/** @typedef {Awaited<ReturnType<typeof startSandbox>>} Sandbox */
/** @typedef {Awaited<ReturnType<typeof startMerchant>>} Merchant */

const folder = await mkdtemp(join(tmpdir(), 'wechatpay-presign-sandboxes-'));
after(() => rm(folder, { recursive: true }));

let count = 0;
/** A new number for an order or contract. */
const number = () => `20261124${String(++count).padStart(8, '0')}`;

/** @param {string} name */
async function makeFolder(name) {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

for (const runtime of /** @type {(keyof typeof RUNTIMES)[]} */ (Object.keys(RUNTIMES))) {
  test(`${runtime}: an order is paid, a contract signed, and both notifications are handled`, async () => {
    const sandbox = await startSandbox({ runtime: [binary(runtime), ...RUNTIMES[runtime]] });
    const merchant = await startMerchant(sandbox);
    try {
      const [out_trade_no, out_contract_code] = [number(), number()];
      const prepay_id = await merchant.placeOrder(out_trade_no);
      assert.equal((await merchant.preSign(prepay_id, out_contract_code)).out_contract_code, out_contract_code);
      const paid = await sandbox.control('pay', { out_trade_no, signs: true });
      assert.equal(paid.status, 200);
      assert.equal(paid.body.trade_state, 'SUCCESS');
      for (const event_type of ['TRANSACTION.SUCCESS', 'ENTRUST.SIGN']) {
        const sent = await sandbox.event((event) => event.event_type === event_type);
        assert.equal(sent.status, 204);
        assert.equal(sent.state, 'delivered');
      }
      const seen = merchant.handled.map(({ event_type, resource }) => [
        event_type,
        resource.out_trade_no ?? resource.out_contract_code,
      ]);
      assert.deepEqual(seen.sort(), [
        ['ENTRUST.SIGN', out_contract_code],
        ['TRANSACTION.SUCCESS', out_trade_no],
      ]);
      const page = await fetch(sandbox.baseUrl);
      assert.match(await page.text(), /<script src="\/__sandbox\/page\.js" defer><\/script>/);
    } finally {
      await merchant.close();
    }
    const { code, signal, complaints, summary } = await sandbox.stop();
    assert.equal(complaints, '');
    assert.deepEqual([code, signal], [0, null]);
    const { requests, refused, ordersPaid, contractsSigned, notificationsDelivered } = summary;
    assert.deepEqual([requests, refused, ordersPaid, contractsSigned, notificationsDelivered], [2, 0, 1, 1, 2]);
  });
}

describe('the folder', () => {
  test('has private files with mode 0600, and is ignored by git', async () => {
    const sandbox = await startSandbox();
    const own = join(sandbox.folder, '.wechatpay-sandbox');
    for (const file of ['.env', 'keys.json', 'merchant.key', 'sandbox.lock']) {
      assert.equal((await stat(join(own, file))).mode & 0o777, 0o600, file);
    }
    assert.equal((await stat(own)).mode & 0o777, 0o700);
    assert.equal(await readFile(join(own, '.gitignore'), 'utf8'), '*\n');
    const env = await sandbox.env();
    assert.equal(env['WECHATPAY_BASE_URL'], sandbox.baseUrl);
    await sandbox.stop();
  });

  test('keeps its keys when the sandbox starts again', async () => {
    const cwd = await makeFolder('again');
    const first = await startSandbox({ cwd });
    const before = await first.env();
    const key = await readFile(before['WECHATPAY_PRIVATE_KEY_FILE'] ?? '', 'utf8');
    await first.stop();
    const second = await startSandbox({ cwd });
    const after = await second.env();
    assert.deepEqual({ ...after, WECHATPAY_BASE_URL: '' }, { ...before, WECHATPAY_BASE_URL: '' });
    assert.equal(await readFile(after['WECHATPAY_PRIVATE_KEY_FILE'] ?? '', 'utf8'), key);
    await second.stop();
  });

  test('may have spaces and quotes in its path', async () => {
    const cwd = await makeFolder('a "folder" of ours # 1');
    const sandbox = await startSandbox({ cwd });
    const merchant = await startMerchant(sandbox);
    assert.match(await merchant.placeOrder(number()), /^wx/);
    await merchant.close();
    await sandbox.stop();
  });

  test('can be used by only one sandbox at a time', async () => {
    const cwd = await makeFolder('shared');
    const first = await startSandbox({ cwd });
    const { code, stdout, stderr } = await runCli(['sandbox', '--port', '0'], { cwd });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.equal(
      stderr,
      `Error: another sandbox (process ${first.child.pid}) uses this folder at ${first.baseUrl}: stop it, or give this one its own folder with --dir\n`,
    );
    // The first sandbox still works.
    assert.equal((await fetch(first.baseUrl)).status, 200);
    await first.stop();
    await (await startSandbox({ cwd })).stop();
  });

  for (const [name, lock] of /** @type {[string, string][]} */ ([
    ['of a process that has ended', JSON.stringify({ pid: 2 ** 30, id: 'x', url: 'http://127.0.0.1:1' })],
    // This process is running, but it is not a sandbox.
    [
      'with the process number of another program',
      JSON.stringify({ pid: process.pid, id: 'x', url: 'http://127.0.0.1:1' }),
    ],
    ['that is not a lock', '{"pid":'],
  ])) {
    test(`takes over a lock ${name}`, async () => {
      const cwd = await makeFolder(`lock ${name}`);
      await mkdir(join(cwd, '.wechatpay-sandbox'));
      await writeFile(join(cwd, '.wechatpay-sandbox/sandbox.lock'), lock);
      const sandbox = await startSandbox({ cwd });
      const { pid } = JSON.parse(await readFile(join(cwd, '.wechatpay-sandbox/sandbox.lock'), 'utf8'));
      assert.equal(pid, sandbox.child.pid);
      await sandbox.stop();
    });
  }

  test('takes over a lock of a sandbox that died while it started', async () => {
    const cwd = await makeFolder('lock of long ago');
    const lock = join(cwd, '.wechatpay-sandbox/sandbox.lock');
    await mkdir(join(cwd, '.wechatpay-sandbox'));
    await writeFile(lock, JSON.stringify({ pid: process.pid, id: 'x' }));
    const { code, stderr } = await runCli(['sandbox', '--port', '0'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /^Error: another sandbox \(process \d+\) uses this folder: stop it/);
    const longAgo = new Date(Date.now() - 600_000);
    await utimes(lock, longAgo, longAgo);
    await (await startSandbox({ cwd })).stop();
  });

  test('starts again after the sandbox was killed', async () => {
    const cwd = await makeFolder('killed');
    const first = await startSandbox({ cwd });
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    await (await startSandbox({ cwd })).stop();
  });

  test('is rejected and left unchanged if it belongs to a project', async () => {
    const cwd = await makeFolder('project');
    await writeFile(join(cwd, '.env'), 'DATABASE_URL=postgres://…\n');
    await writeFile(join(cwd, 'package.json'), '{}');
    const { code, stderr } = await runCli(['sandbox', '--port', '0', '--dir', '.'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /^Error: the folder .* holds other files: give the sandbox a folder of its own with --dir/);
    assert.equal(await readFile(join(cwd, '.env'), 'utf8'), 'DATABASE_URL=postgres://…\n');
    await assert.rejects(stat(join(cwd, '.gitignore')), { code: 'ENOENT' });
  });

  test('is rejected if its keys cannot be read', async () => {
    const cwd = await makeFolder('damaged');
    await (await startSandbox({ cwd })).stop();
    await writeFile(join(cwd, '.wechatpay-sandbox/keys.json'), '{"version":1,"merchant":{}}');
    const { code, stderr } = await runCli(['sandbox', '--port', '0'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /^Error: .*keys\.json does not hold the keys of a sandbox: delete .*\n$/);
  });

  test('is rejected if it cannot be written', async () => {
    const cwd = await makeFolder('file');
    await writeFile(join(cwd, 'file'), '');
    // Not even root can make a folder in /sys or /proc.
    const system = process.platform === 'linux' ? ['/sys/wechatpay-sandbox', '/proc/wechatpay-sandbox'] : [];
    for (const dir of ['file', 'file/folder', ...system]) {
      const { code, stdout, stderr } = await runCli(['sandbox', '--port', '0', '--dir', dir], { cwd });
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /^Error: cannot make the folder .*\n$/);
    }
  });
});

describe('bad arguments', () => {
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [['--port', '65536'], /^Error: --port must be a number from 0 to 65535\n$/],
    [['--port', 'http'], /^Error: --port must be a number/],
    [['--speed', '0'], /^Error: --speed must be a number above 0/],
    [['--speed', 'fast'], /^Error: --speed must be a number above 0/],
    [['--host', 'http://127.0.0.1'], /^Error: --host must be an address of this machine/],
    [['--forward-to', 'ftp://example.com'], /^Error: --forward-to must be an http:\/\/ or https:\/\/ URL/],
    [['--prot', '1'], /^Error: .*--prot/],
    [['folder'], /^Error: /],
  ])) {
    test(`rejects ${args.join(' ')} with exit code 2`, async () => {
      const cwd = await makeFolder(`arguments ${args.join(' ').replaceAll('/', '_')}`);
      const { code, stdout, stderr } = await runCli(['sandbox', ...args], { cwd });
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      await assert.rejects(stat(join(cwd, '.wechatpay-sandbox')), { code: 'ENOENT' });
    });
  }

  test('a port in use is reported in one sentence', async () => {
    const cwd = await makeFolder('port');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    for (const runtime of /** @type {const} */ (['NODE_24', 'BUN', 'DENO'])) {
      const { code, stdout, stderr } = await runCli(['sandbox', '--port', String(port)], { cwd, runtime });
      assert.equal(code, 1, runtime);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        new RegExp(`^Error: port ${port} is in use: stop the program that uses it, or give another one`),
      );
    }
    server.close();
    // The lock was released.
    await (await startSandbox({ cwd })).stop();
  });

  test('the address of another machine is rejected in one sentence', async () => {
    const { code, stderr } = await runCli(['sandbox', '--port', '0', '--host', '192.0.2.1'], {
      cwd: await makeFolder('host'),
    });
    assert.equal(code, 1);
    assert.match(stderr, /^Error: this machine has no address 192\.0\.2\.1: leave --host out, or give 127\.0\.0\.1\n$/);
  });
});

describe('the printed output', () => {
  test('the .env, a line for each request, and a summary', async () => {
    const cwd = await makeFolder('printed');
    let address = '';
    const { code, signal, stdout, stderr } = await runCli(['sandbox', '--port', '0', '--speed', '1'], {
      cwd,
      onStart: ({ stdout, pid }) => {
        let text = '';
        stdout?.on('data', async (chunk) => {
          text += chunk;
          if (address !== '' || !text.includes('Ctrl+C')) return;
          address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '';
          await fetch(`${address}/v3/certificates`);
          process.kill(Number(pid), 'SIGINT');
        });
      },
    });
    assert.deepEqual([code, signal, stderr], [0, null, '']);
    const env = await readFile(join(cwd, '.wechatpay-sandbox/.env'), 'utf8');
    for (const line of env.trimEnd().split('\n')) assert.ok(stdout.includes(`\n  ${line}\n`), line);
    assert.ok(!stdout.includes('PRIVATE KEY'));
    assert.match(stdout, /^\d\d:\d\d:\d\d {2}GET \/v3\/certificates {2}40\d \w+ {2}\d+ ms$/m);
    assert.match(stdout, /sent again after 15 s, 15 s, 30 s, 3 min, 10 min … \(--speed 1\)/);
    assert.match(
      stdout,
      /^Stopped after .*: 1 request \(1 refused\), 0 orders paid, 0 contracts signed, 0 notifications delivered, 0 not\.$/m,
    );
  });

  test('nothing, not even a stack, after the reader has closed the pipe', async () => {
    const sandbox = await startSandbox();
    sandbox.child.stdout.destroy();
    // Each request prints a line. The first line that cannot be written ends the sandbox.
    await assert.rejects(async () => {
      for (;;) await (await fetch(`${sandbox.baseUrl}/v3/certificates`)).text();
    });
    const { code, signal, complaints } = await sandbox.stop();
    assert.deepEqual([code, signal, complaints], [0, null, '']);
  });

  test('a warning if other machines can reach it', async () => {
    const sandbox = await startSandbox({ args: ['--host', '0.0.0.0'] });
    assert.match(sandbox.baseUrl, /^http:\/\/127\.0\.0\.1:/);
    const { complaints } = await sandbox.stop();
    assert.match(complaints, /^Other machines can reach this sandbox/);
  });
});

describe('one sandbox', () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Merchant} */
  let merchant;
  before(async () => {
    sandbox = await startSandbox({ args: ['--speed', '1000000'] });
    merchant = await startMerchant(sandbox);
  });
  after(async () => {
    await merchant?.close();
    await sandbox?.stop();
  });

  /**
   * Sends a GET that is signed with node:crypto.
   * @param {string} path
   * @param {{ signedPath?: string, timestamp?: number, serial?: string }} [options]
   */
  async function signedGet(path, { signedPath = path, timestamp = Math.floor(Date.now() / 1000), serial } = {}) {
    const { WECHATPAY_MCHID: mchid, WECHATPAY_SERIAL, WECHATPAY_PRIVATE_KEY_FILE = '' } = merchant.env;
    const nonce = number();
    const key = await readFile(WECHATPAY_PRIVATE_KEY_FILE, 'utf8');
    const signature = createSign('sha256').update(`GET\n${signedPath}\n${timestamp}\n${nonce}\n\n`).sign(key, 'base64');
    const authorization =
      `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",signature="${signature}",` +
      `timestamp="${timestamp}",serial_no="${serial ?? WECHATPAY_SERIAL}"`;
    return fetch(sandbox.baseUrl + path, { headers: { Authorization: authorization, Accept: 'application/json' } });
  }

  for (const [name, options, reason, where] of /** @type {[string, object, string, string][]} */ ([
    ['a path signed without its query', { signedPath: '/v3/bill/tradebill' }, 'path-without-query', 'Authorization'],
    ['a timestamp an hour ago', { timestamp: Math.floor(Date.now() / 1000) - 3600 }, 'timestamp', 'Authorization'],
    ['an unknown serial', { serial: 'ABCDEF0123456789' }, 'wrong-serial', 'Authorization'],
  ])) {
    test(`explains ${name}, in the log and in the list`, async () => {
      const path = `/v3/bill/tradebill?bill_date=2026-01-${String((++count % 28) + 1).padStart(2, '0')}`;
      const response = await signedGet(path, options);
      assert.equal(response.status, 401);
      const printed = await sandbox.event((event) => event.event === 'request' && event.path === path);
      assert.equal(printed.code, 'SIGN_ERROR');
      assert.equal(printed.explanation.reason, reason);
      assert.equal(printed.explanation.where, where);
      const listed = (await sandbox.read('requests')).find((/** @type {any} */ request) => request.path === path);
      assert.deepEqual(listed.explanation, printed.explanation);
      assert.ok(listed.signedMessage.startsWith(`GET\n${path}\n`));
    });
  }

  test('no notification is sent if the user abandons signing, and the contract can no longer be signed', async () => {
    const [out_trade_no, out_contract_code] = [number(), number()];
    await merchant.preSign(await merchant.placeOrder(out_trade_no), out_contract_code);
    await sandbox.control('pay', { out_trade_no });
    assert.equal((await sandbox.control('abandon', { out_contract_code })).status, 200);
    const { status, body } = await sandbox.control('sign', { out_contract_code });
    assert.equal(status, 409);
    assert.equal(typeof body.error, 'string');
    const sent = await sandbox.read('notifications');
    assert.ok(!sent.some((/** @type {any} */ { about }) => about === out_contract_code));
  });

  test('ENTRUST.TERMINATE is delivered if the user terminates the contract', async () => {
    const [out_trade_no, out_contract_code] = [number(), number()];
    await merchant.preSign(await merchant.placeOrder(out_trade_no), out_contract_code);
    await sandbox.control('pay', { out_trade_no, signs: true });
    assert.equal((await sandbox.control('terminate', { out_contract_code })).status, 200);
    const sent = await sandbox.event(
      ({ event_type, about }) => event_type === 'ENTRUST.TERMINATE' && about === out_contract_code,
    );
    assert.equal(sent.status, 204);
    const { resource } = merchant.handled.find(
      ({ event_type, resource }) =>
        event_type === 'ENTRUST.TERMINATE' && resource.out_contract_code === out_contract_code,
    );
    assert.equal(resource.contract_state, 'TERMINATED');
  });

  for (const [name, fields, status, message] of /** @type {[string, object, number, RegExp][]} */ ([
    ['pay', {}, 400, /^Give the prepay_id or the out_trade_no of an order\.$/],
    ['pay', { out_trade_no: 'unknown' }, 404, /^There is no order unknown\.$/],
    ['pay', { out_trade_no: 5 }, 400, /^out_trade_no must be a string\.$/],
    [
      'pay',
      { out_trade_no: 'x', sign: true },
      400,
      /^sign is not a field of this request\. The fields are prepay_id, out_trade_no, signs\.$/,
    ],
    ['sign', {}, 400, /^out_contract_code is missing\.$/],
    ['sign', { out_contract_code: 'unknown' }, 409, /unknown/],
    ['faults', { fault: 'flood' }, 400, /^fault: there is no flood\. Use one of wrong-signature, /],
    ['faults', { fault: 'slow', times: 'ever' }, 400, /^times must be a number or "always"\.$/],
    ['faults', { fault: 'slow', times: -1 }, 409, /^times must be/],
    ['faults', { fault: 'redirect', location: 'a\r\nb' }, 400, /^location must be a URL\.$/],
    ['faults', { fault: 'slow', delayMs: 1e9 }, 400, /^delayMs must be 600000 or less\.$/],
    ['notifications/send-again', { id: 'unknown' }, 404, /^There is no notification unknown\.$/],
    ['dance', {}, 404, /^There is no \/__sandbox\/dance\. There are .*POST pay, POST sign/],
    ['orders', {}, 405, /^\/__sandbox\/orders does not support POST\.$/],
  ])) {
    test(`POST ${name} ${JSON.stringify(fields)} gets ${status} and one sentence`, async () => {
      const response = await sandbox.control(name, fields);
      assert.equal(response.status, status);
      assert.match(response.body.error, message);
    });
  }

  test('a fault changes one response, and can be cleared', async () => {
    const { body } = await sandbox.control('faults', { fault: 'rate-limit', endpoint: '/v3/certificates' });
    assert.deepEqual(body, [{ fault: 'rate-limit', endpoint: '/v3/certificates', remaining: 1 }]);
    assert.equal((await signedGet('/v3/certificates')).status, 429);
    const printed = await sandbox.event(({ fault }) => fault === 'rate-limit');
    assert.deepEqual([printed.status, printed.sentStatus], [200, 429]);
    assert.equal((await signedGet('/v3/certificates')).status, 200);
    await sandbox.control('faults', { fault: 'system-error', times: 'always' });
    assert.equal((await signedGet('/v3/certificates')).status, 500);
    assert.deepEqual(await sandbox.read('faults'), [{ fault: 'system-error', remaining: null }]);
    const cleared = await fetch(`${sandbox.baseUrl}/__sandbox/faults`, {
      method: 'DELETE',
      headers: { 'Content-Type': 'application/json' },
    });
    assert.deepEqual(await cleared.json(), []);
    assert.equal((await signedGet('/v3/certificates')).status, 200);
  });

  test('the event stream begins with the whole state, and continues with each change', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${sandbox.baseUrl}/__sandbox/events`, { signal: leaving.signal });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const out_trade_no = number();
    let text = '';
    let isPlaced = false;
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (!isPlaced && /^event: state\ndata: .*\n\n/m.test(text)) {
        isPlaced = true;
        await merchant.placeOrder(out_trade_no);
      }
      if (/^event: order\n/m.test(text) && /^event: request\n/m.test(text)) break;
    }
    leaving.abort();
    const [, state = ''] = /^event: state\ndata: (.*)\n\n/m.exec(text) ?? [];
    assert.deepEqual(Object.keys(JSON.parse(state)), [
      'sandbox',
      'orders',
      'contracts',
      'requests',
      'notifications',
      'faults',
    ]);
    const [, order = ''] = /^event: order\ndata: (.*)\n\n/m.exec(text) ?? [];
    assert.equal(JSON.parse(order).out_trade_no, out_trade_no);
    assert.ok(!text.includes('PRIVATE KEY') && !text.includes(merchant.env['WECHATPAY_API_V3_KEY'] ?? ''));
  });

  test('rejects a long body, and survives a connection that ends early', async () => {
    const long = await fetch(`${sandbox.baseUrl}/v3/security/echo`, {
      method: 'POST',
      body: new Uint8Array(2 ** 24 + 1),
    }).catch(
      // The sandbox closes the connection while the body is still on its way.
      () => undefined,
    );
    assert.ok(long === undefined || long.status === 413);
    const control = await sandbox.control('pay', { out_trade_no: 'x'.repeat(70_000) });
    assert.equal(control.status, 413);
    const socket = connect(Number(new URL(sandbox.baseUrl).port), '127.0.0.1');
    await new Promise((resolve) =>
      socket.write('POST /v3/security/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a', resolve),
    );
    socket.destroy();
    assert.equal((await signedGet('/v3/certificates')).status, 200);
  });

  describe('other websites', () => {
    /**
     * A request with headers that `fetch` would not send.
     * @param {string} method
     * @param {string} path
     * @param {Record<string, string>} headers
     * @param {string} [body]
     */
    async function send(method, path, headers, body = '') {
      const request = httpRequest(sandbox.baseUrl + path, { method, headers });
      request.end(body);
      const [response] = await once(request, 'response');
      response.resume();
      await once(response, 'end');
      return response.statusCode;
    }
    const json = { 'Content-Type': 'application/json' };
    const pay = JSON.stringify({ out_trade_no: 'unknown' });

    for (const [name, headers] of /** @type {[string, Record<string, string>][]} */ ([
      ['another origin', { Origin: 'https://evil.example' }],
      ['the origin "null"', { Origin: 'null' }],
      ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['another port of this machine', { 'Sec-Fetch-Site': 'same-site' }],
    ])) {
      test(`cannot use the control API from ${name}, even with the token`, async () => {
        const token =
          /name="sandbox-token" content="([\w-]+)"/.exec(await (await fetch(sandbox.baseUrl)).text())?.[1] ?? '';
        const all = { ...json, 'X-Sandbox-Token': token, ...headers };
        assert.equal(await send('POST', '/__sandbox/pay', all, pay), 403);
        assert.equal(await send('GET', '/__sandbox/state', headers), 403);
        assert.equal(await send('GET', '/__sandbox/events', headers), 403);
        assert.equal(await send('GET', '/', headers), 403);
      });
    }

    test('cannot reach it through their own host names', async () => {
      for (const Host of [
        'evil.example',
        'evil.example:8443',
        'localhost.evil.example',
        '127.0.0.1.evil.example',
        '10.0.0.1',
      ]) {
        assert.equal(await send('GET', '/', { Host }), 421, Host);
        assert.equal(await send('POST', '/__sandbox/pay', { ...json, Host }, pay), 421, Host);
      }
    });

    test('cannot send a form', async () => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'application/jsonp',
      ]) {
        assert.equal(await send('POST', '/__sandbox/pay', { 'Content-Type': type }, pay), 415, type);
      }
    });

    test('cannot act as the page, which needs its token', async () => {
      const { origin, host } = new URL(sandbox.baseUrl);
      const own = { ...json, Host: host, Origin: origin, 'Sec-Fetch-Site': 'same-origin' };
      const token = /name="sandbox-token" content="([\w-]+)"/.exec(await (await fetch(origin)).text())?.[1] ?? '';
      assert.equal(await send('POST', '/__sandbox/pay', own, pay), 403);
      assert.equal(await send('POST', '/__sandbox/pay', { ...own, 'X-Sandbox-Token': `${token}x` }, pay), 403);
      assert.equal(await send('POST', '/__sandbox/pay', { ...own, 'X-Sandbox-Token': token }, pay), 404);
    });

    test('cannot put the page into a frame, and the page runs only its own script', async () => {
      const { headers } = await fetch(sandbox.baseUrl);
      const policy = headers.get('content-security-policy') ?? '';
      for (const part of [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'none'",
        "base-uri 'none'",
      ]) {
        assert.ok(policy.split('; ').includes(part), part);
      }
      assert.ok(!policy.includes('unsafe'));
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    });
  });

  describe('notifications', () => {
    test('are repeated fifteen times, each signed anew, until one is accepted', async () => {
      /** @type {import('node:http').IncomingHttpHeaders[]} */
      const seen = [];
      const other = await startMerchant(sandbox, {
        respond: (request, response) => {
          seen.push(request.headers);
          response.writeHead(500).end('{"code":"FAIL","message":"later"}');
        },
      });
      const out_trade_no = number();
      await other.placeOrder(out_trade_no);
      await sandbox.control('pay', { out_trade_no });
      const last = await sandbox.event(({ about, state }) => about === out_trade_no && state === 'given-up');
      assert.equal(last.attempt, 16);
      assert.equal(seen.length, 16);
      assert.equal(new Set(seen.map((headers) => headers['wechatpay-signature'])).size, 16);
      const listed = (await sandbox.read('notifications')).find(
        (/** @type {any} */ { about }) => about === out_trade_no,
      );
      assert.equal(listed.attempts.length, 16);
      assert.equal(listed.attempts[0].body, '{"code":"FAIL","message":"later"}');

      // Sent again by hand, it can still be accepted.
      assert.equal((await sandbox.control('notifications/send-again', { id: listed.id })).status, 200);
      const again = await sandbox.event(({ about, attempt }) => about === out_trade_no && attempt === 17);
      assert.equal(again.state, 'given-up');
      await other.close();
    });

    for (const [
      name,
      respond,
      failure,
    ] of /** @type {[string, (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown, RegExp][]} */ ([
      [
        'redirects',
        (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
        /^The handler redirects to http:\/\/127\.0\.0\.1:1\/\. WeChat Pay does not follow redirects\.$/,
      ],
      [
        'closes the connection',
        (request) => request.socket.destroy(),
        /^The handler closed the connection without a response\.$/,
      ],
      [
        'responds with 201',
        (_, response) => response.writeHead(201).end(),
        /^The handler answered 201\. WeChat Pay accepts 200 and 204\.$/,
      ],
    ])) {
      test(`are not accepted by a handler that ${name}`, async () => {
        const other = await startMerchant(sandbox, { respond });
        const out_trade_no = number();
        await other.placeOrder(out_trade_no);
        await sandbox.control('pay', { out_trade_no });
        const first = await sandbox.event(({ about, attempt }) => about === out_trade_no && attempt === 1);
        assert.match(first.failure, failure);
        await sandbox.event(({ about, state }) => about === out_trade_no && state === 'given-up');
        await other.close();
      });
    }

    test('are not accepted if nothing listens', async () => {
      const out_trade_no = number();
      await merchant.placeOrder(out_trade_no, { notify_url: `http://127.0.0.1:${await freePort()}/notify` });
      await sandbox.control('pay', { out_trade_no });
      const first = await sandbox.event(({ about, attempt }) => about === out_trade_no && attempt === 1);
      assert.equal(first.failure, 'Nothing listens at this address.');
    });
  });
});

test('--forward-to sends all notifications to one server, with their own paths', async () => {
  /** @type {string[]} */
  const paths = [];
  const receiver = createServer((request, response) => {
    paths.push(`${request.headers.host}${request.url}`);
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (receiver.address());
  const sandbox = await startSandbox({ args: ['--forward-to', `http://127.0.0.1:${port}`] });
  const merchant = await startMerchant(sandbox);
  const out_trade_no = number();
  await merchant.placeOrder(out_trade_no, { notify_url: 'https://yourapp.com/pay/notify' });
  await sandbox.control('pay', { out_trade_no });
  const sent = await sandbox.event(({ event }) => event === 'notification');
  assert.equal(sent.status, 204);
  assert.deepEqual(paths, [`127.0.0.1:${port}/pay/notify`]);
  await merchant.close();
  await sandbox.stop();
  receiver.close();
  receiver.closeAllConnections();
});

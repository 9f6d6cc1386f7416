/** `trigger`: notifications to handlers of every kind. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { createClient, sendResponse } from 'wechatpay-presign';
import { runCli } from './run.js';
import { createWorld, makeFolder } from './world.js';

const { kit, folder, sandbox } = await createWorld();

/**
 * Starts a server, and returns its address.
 * @param {import('node:http').RequestListener} listener
 */
async function listen(listener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/notify`;
}

/** A handler like a user's, with the keys of the sandbox. */
const { fetch: _gateway, ...config } = kit.config;
const client = createClient(config);
/** @type {import('wechatpay-presign').Notification[]} */
const received = [];
const handlerUrl = await listen(async (request, response) => {
  const { headers } = request;
  const result = await client.notifications.handle({ headers, body: await buffer(request) }, (notification) => {
    received.push(/** @type {any} */ (notification));
  });
  await sendResponse(response, result);
});

/** A time limit long enough for any machine. */
const PATIENT = ['--timeout', '600'];

/** @param {string} url @param {string[]} args */
async function trigger(url, ...args) {
  const all = ['trigger', 'contract.signed', '--to', url, '--json', ...PATIENT, ...args];
  const result = await runCli(all, { cwd: folder });
  assert.equal(result.stderr, '');
  return { ...result, outcome: JSON.parse(result.stdout) };
}

for (const [event, type, field] of /** @type {const} */ ([
  ['contract.signed', 'ENTRUST.SIGN', 'out_contract_code'],
  ['contract.terminated', 'ENTRUST.TERMINATE', 'out_contract_code'],
  ['payment.succeeded', 'TRANSACTION.SUCCESS', 'transaction_id'],
])) {
  test(`${event} reaches a handler as ${type}, verified and decrypted`, async () => {
    received.splice(0);
    const args = ['trigger', event, '--to', handlerUrl, '--dir', sandbox, ...PATIENT];
    const { code, stdout, stderr } = await runCli(args, { cwd: makeFolder() });
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(
        `^${type.replace('.', '\\.')}\nHTTP 204 in \\d+ ms\nAccepted: WeChat Pay would not send it again\\.\n$`,
      ),
    );
    assert.deepEqual(
      received.map(({ event_type }) => event_type),
      [type],
    );
    assert.equal(typeof received[0]?.resource[field], 'string');
  });
}

test('sends a given resource and id, and the handler recognises a repeated id', async () => {
  received.splice(0);
  const args = ['--id', 'ID-1', '--data', '{"out_contract_code":"7"}'];
  for (let i = 0; i < 2; i++) assert.equal((await trigger(handlerUrl, ...args)).code, 0);
  assert.deepEqual(
    received.map(({ id, resource }) => [id, resource]),
    [['ID-1', { out_contract_code: '7' }]],
  );
});

for (const forgery of ['wrong-signature', 'missing-signature', 'tampered-body', 'sign-test', 'wrong-key', 'stale']) {
  test(`a handler rejects a forgery: ${forgery}`, async () => {
    received.splice(0);
    const { code, outcome } = await trigger(handlerUrl, '--forge', forgery);
    assert.deepEqual([code, outcome.status, outcome.ok], [0, 401, true]);
    assert.deepEqual(received, []);
  });
}

test('reports a handler that accepts a forgery', async () => {
  const url = await listen((_request, response) => response.writeHead(200).end());
  const { code, stdout } = await runCli(
    ['trigger', 'contract.signed', '--to', url, '--forge', 'wrong-key', ...PATIENT],
    {
      cwd: folder,
    },
  );
  assert.equal(code, 1);
  assert.match(stdout, /The handler accepted the forgery: anyone can send it notifications/);
});

test('a handler that fails has not rejected a forgery', async () => {
  const url = await listen((_request, response) => response.writeHead(500).end());
  const { code } = await trigger(url, '--forge', 'wrong-key');
  assert.equal(code, 1);
});

// ---- Handlers that fail ----

for (const [what, listener, expected] of /** @type {[string, import('node:http').RequestListener, RegExp][]} */ ([
  [
    'responds with 500',
    (_request, response) => response.writeHead(500).end('{"code":"FAIL"}'),
    /^HTTP 500 in \d+ ms\n\{"code":"FAIL"\}\nThe handler answered 500/m,
  ],
  [
    'redirects',
    (_request, response) => response.writeHead(302, { Location: '/other' }).end(),
    /^The handler redirects to \/other\. WeChat Pay does not follow redirects\.$/m,
  ],
  ['hangs', () => {}, /^No response in \d+ ms\nThe handler took longer than 0\.5 s\.$/m],
  [
    'hangs in the middle of its body',
    (_request, response) => response.writeHead(200).write('a'),
    /^The handler took longer than 0\.5 s\.$/m,
  ],
  [
    'closes the connection',
    (request) => request.socket.destroy(),
    /^No response in \d+ ms\nThe handler closed the connection without a response\.$/m,
  ],
])) {
  test(`reports a handler that ${what}, and that WeChat Pay would send the notification again`, async () => {
    const url = await listen(listener);
    const timeout = what.startsWith('hangs') ? ['--timeout', '0.5'] : PATIENT;
    const args = ['trigger', 'contract.signed', '--to', url, ...timeout];
    const { code, stdout, stderr } = await runCli(args, { cwd: folder });
    assert.equal(stderr, '');
    assert.equal(code, 1);
    assert.match(stdout, expected);
    assert.match(stdout, /^Not accepted: WeChat Pay would send it again, up to 15 times\.$/m);
  });
}

test('reads only the beginning of a body of 100 MB', async () => {
  /** @type {(wasFinished: boolean) => void} */
  let onClose = () => {};
  const closed = new Promise((resolve) => {
    onClose = resolve;
  });
  const piece = Buffer.alloc(1024 * 1024, 'a');
  const url = await listen((_request, response) => {
    response.once('close', () => onClose(response.writableFinished));
    response.writeHead(200, { 'Content-Length': piece.length * 100 });
    let left = 100;
    const send = () => {
      while (left-- > 0) if (!response.write(piece)) return response.once('drain', send);
      return response.end();
    };
    send();
  });
  const { code, stdout } = await runCli(['trigger', 'contract.signed', '--to', url, ...PATIENT], { cwd: folder });
  assert.equal(code, 0);
  assert.ok(stdout.length < 3000);
  assert.match(stdout, /^\(The rest of the body is not shown\.\)$/m);
  assert.equal(await closed, false);
});

test('reports that nothing listens', async () => {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  const { code, outcome } = await trigger(`http://127.0.0.1:${port}/`);
  assert.equal(code, 1);
  assert.equal(outcome.failure, 'Nothing listens at this address.');
});

test('control characters in a response do not reach the terminal', async () => {
  const url = await listen((_request, response) => response.end('\u001b[31mred\r\u009b'));
  const { stdout } = await runCli(['trigger', 'contract.signed', '--to', url, ...PATIENT], { cwd: folder });
  assert.match(stdout, /^\\u001b\[31mred\\u000d\\u009b$/m);
});

// ---- Bad input ----

for (const [what, args, message] of /** @type {[string, string[], RegExp][]} */ ([
  ['no event', ['--to', handlerUrl], /EVENT is missing/],
  [
    'an event that does not exist',
    ['contract.exploded', '--to', handlerUrl],
    /EVENT must be one of contract\.signed, /,
  ],
  ['a misspelt event', ['contract.singed', '--to', handlerUrl], /did you mean contract\.signed\?/],
  ['no URL', ['contract.signed'], /--to is missing/],
  [
    'a URL of another protocol',
    ['contract.signed', '--to', 'ftp://127.0.0.1/'],
    /--to must be an http:\/\/ or https:\/\/ URL/,
  ],
  [
    'a host without a scheme',
    ['contract.signed', '--to', 'localhost:3000'],
    /--to must be an http:\/\/ or https:\/\/ URL/,
  ],
  [
    'a URL with a password',
    ['contract.signed', '--to', 'http://a:b@localhost/'],
    /must not contain a user name or password/,
  ],
  [
    'a forgery that does not exist',
    ['contract.signed', '--to', handlerUrl, '--forge', 'x'],
    /--forge must be one of wrong-signature, /,
  ],
  [
    'a resource that is not an object',
    ['contract.signed', '--to', handlerUrl, '--data', '[1]'],
    /--data must be a JSON object/,
  ],
  [
    'a time limit that is not a number',
    ['contract.signed', '--to', handlerUrl, '--timeout', 'soon'],
    /--timeout must be a number of seconds/,
  ],
  [
    'a folder without a sandbox',
    ['contract.signed', '--to', handlerUrl, '--dir', 'nowhere'],
    /there is no .*keys\.json: start the sandbox first/,
  ],
])) {
  test(`trigger rejects ${what}`, async () => {
    const { code, stdout, stderr } = await runCli(['trigger', ...args], { cwd: folder });
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.match(stderr, /^Error: [^\n]+\n$/);
  });
}

test('Ctrl+C ends a delivery with a sentence', async () => {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  const url = await listen(() => child?.kill('SIGINT'));
  const { code, stdout, stderr } = await runCli(['trigger', 'contract.signed', '--to', url], {
    cwd: folder,
    onStart: (started) => {
      child = started;
    },
  });
  assert.deepEqual([code, stdout], [130, '']);
  assert.equal(stderr, 'Interrupted: the handler may have received the notification.\n');
});

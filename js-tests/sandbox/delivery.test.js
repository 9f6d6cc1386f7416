/** One attempt to deliver a notification, and the schedule of attempts. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { postNotification } from '#cli/sandbox/post-notification.js';
import { delayAfter } from '#cli/sandbox/schedule.js';

/**
 * Sends a notification to a server with the given response.
 * @param {import('node:http').RequestListener} respond
 * @param {Partial<import('#cli/sandbox/post-notification.js').PostOptions>} [options]
 */
async function post(respond, options = {}) {
  const server = createServer(respond).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    return await postNotification({
      url: `http://127.0.0.1:${port}/`,
      headers: { 'X-Own': '1' },
      body: '{}',
      ...options,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a notification is a POST with its headers and body, and 200 and 204 accept it', async () => {
  for (const status of [200, 204]) {
    /** @type {any} */
    let seen;
    const outcome = await post(async (request, response) => {
      seen = { method: request.method, own: request.headers['x-own'], agent: request.headers['user-agent'] };
      response.writeHead(status).end();
    });
    assert.deepEqual(seen, { method: 'POST', own: '1', agent: 'Mozilla/4.0' });
    assert.deepEqual([outcome.status, outcome.isAccepted, outcome.failure], [status, true, undefined]);
  }
});

test('stops waiting for a handler that does not respond in time', async () => {
  const outcome = await post(() => {}, { timeoutMs: 50 });
  assert.deepEqual([outcome.status, outcome.isAccepted], [undefined, false]);
  assert.equal(outcome.failure, 'The handler took longer than 0.05 s.');
});

test('stops waiting for a handler that stops in the middle of its body', async () => {
  const outcome = await post((_, response) => response.writeHead(200).write('{'), { timeoutMs: 200 });
  assert.equal(outcome.isAccepted, false);
  assert.equal(outcome.failure, 'The handler took longer than 0.2 s.');
});

test('reads only the beginning of an endless body', async () => {
  const chunk = Buffer.alloc(65_536, 'x');
  let written = 0;
  const outcome = await post((_, response) => {
    response.writeHead(500);
    const write = () => {
      while (!response.destroyed && response.write(chunk)) written += chunk.length;
    };
    response.on('drain', write);
    write();
  });
  assert.deepEqual([outcome.status, outcome.isTruncated, outcome.body.length], [500, true, 65_536]);
  assert.ok(written < 100_000_000);
});

test('a redirect is not followed', async () => {
  let requests = 0;
  const outcome = await post((_, response) => {
    requests += 1;
    response.writeHead(307, { Location: '/again' }).end();
  });
  assert.equal(requests, 1);
  assert.equal(outcome.failure, 'The handler redirects to /again. WeChat Pay does not follow redirects.');
});

for (const url of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:,x', 'yourapp.com/notify', '']) {
  test(`nothing is sent to ${JSON.stringify(url)}`, async () => {
    const fetch = () => assert.fail('fetch was called');
    const outcome = await postNotification({ url, headers: {}, body: '{}', fetch });
    assert.equal(outcome.failure, `${url} is not an http:// or https:// URL.`);
  });
}

test('the fifteen repetitions take 24 hours and 4 minutes, and a speed divides them', () => {
  const delays = Array.from({ length: 15 }, (_, index) => delayAfter(index + 1, 1) ?? 0);
  assert.deepEqual(delays.slice(0, 5), [15_000, 15_000, 30_000, 180_000, 600_000]);
  assert.equal(
    delays.reduce((sum, delay) => sum + delay),
    (24 * 60 + 4) * 60_000,
  );
  assert.equal(delayAfter(16, 1), undefined);
  assert.equal(delayAfter(1, 60), 250);
});

/** An unauthenticated sender can make a server use only a limited amount of memory, over a real socket. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { merchant, platform } from './fixtures.js';
import { startServer } from './runtimes/server-process.js';

/** `maxResponseBytes`: the largest body that the client reads. */
const LIMIT = 4 * 1024 * 1024;

/** Chunks written to the socket together. */
const BATCH = Buffer.from('1\r\nx\r\n'.repeat(8192));

test('a request of one-byte chunks uses at most a few times maxResponseBytes of server memory', async () => {
  const { mchid, serial, privateKey } = merchant;
  const certs = { [platform.serial]: platform.publicKey };
  const config = {
    mchid,
    serial,
    privateKey,
    certs,
    apiV3Key: 'x'.repeat(32),
    timeoutMs: 300_000,
    attemptTimeoutMs: 300_000,
  };
  const script = fileURLToPath(new URL('memory/server.js', import.meta.url));
  const env = { WECHATPAY: JSON.stringify({ ...config, maxResponseBytes: LIMIT }) };
  const server = await startServer(process.execPath, ['--expose-gc', script], { env });
  try {
    const measure = async () => (await fetch(`${server.url}/memory`)).json();
    const before = await measure();

    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
    socket.write(head);
    for (let sent = 0; sent < LIMIT; sent += 8192) {
      if (!socket.write(BATCH)) await once(socket, 'drain');
    }
    let during = await measure();
    while (during.received < head.length + (LIMIT / 8192) * BATCH.length) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      during = await measure();
    }
    const growth = during.used - before.used;
    assert.ok(growth < 10 * LIMIT, `${growth} bytes, which is ${growth / LIMIT} times the limit`);

    // The body was read to its end, and then rejected for its missing signature.
    socket.write('0\r\n\r\n');
    const [response] = await once(socket, 'data');
    assert.match(String(response), /^HTTP\/1\.1 401 .*ERR_SIGNATURE_VERIFICATION/s);
    socket.destroy();
  } finally {
    await server.close();
  }
});

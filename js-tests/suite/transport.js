/** Sending: retries, hosts, time-outs, aborts, responses and hooks. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { scriptedFetch } from './scripted-fetch.js';
import { responder } from './signed-response.js';
import { thrownBy } from './thrown-by.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, PARAMS, merchant, platform } = fixtures;
  const respond = responder(fixtures);
  const { mchid, serial, privateKey } = merchant;
  const base = { mchid, serial, privateKey, certs: { [platform.serial]: platform.publicKey }, clock: () => NOW * 1000 };

  /**
   * @param {((request: import('./scripted-fetch.js').Sent) => unknown)[]} steps
   * @param {object} [others]
   */
  function clientOf(steps, others) {
    const { fetch, requests } = scriptedFetch(...steps);
    /** @type {any[]} */
    const retries = [];
    const onRetry = (/** @type {any} */ event) => retries.push(event);
    const client = w.createClient(/** @type {any} */ ({ ...base, fetch, retryDelayMs: 1, onRetry, ...others }));
    return { client, requests, retries };
  }
  /** @param {w.Client} client @returns {Promise<any>} */
  const ask = (client) => client.presign(PARAMS);
  const good = () => respond();
  const never = () => new Promise(() => {});
  const failure = (/** @type {number} */ status, code = 'X', headers = {}) => {
    return () => respond({ status, body: JSON.stringify({ code, message: code }), headers });
  };
  const broken = () => {
    throw new TypeError('fetch failed');
  };

  // ---- Retries ----

  for (const [name, step] of /** @type {[string, () => unknown][]} */ ([
    ['a failure of fetch', broken],
    ['a fetch that rejects', () => Promise.reject(new Error('reset'))],
    ...[202, 429, 500, 502, 503, 504].map((status) => [`status ${status}`, failure(status)]),
    ['an unsigned 500', () => new Response('oops', { status: 500 })],
    ['a response that breaks off', () => respondBroken()],
  ])) {
    test(`after ${name} the same request is sent again with a new signature`, async () => {
      const { client, requests, retries } = clientOf([step, step, good]);
      assert.deepEqual(await ask(client), { mchid: '1900000100' });
      assert.strictEqual(requests.length, 3);
      assert.deepEqual(new Set(requests.map(({ body }) => body)), new Set([JSON.stringify(PARAMS)]));
      const nonces = requests.map(({ headers }) => /nonce_str="(\w+)"/.exec(headers['Authorization'] ?? '')?.[1]);
      assert.strictEqual(new Set(nonces).size, 3);
      assert.strictEqual(new Set(requests.map(({ headers }) => headers['Authorization'])).size, 3);
      assert.deepEqual(
        retries.map(({ attempt }) => attempt),
        [1, 2],
      );
    });
  }

  for (const [name, step, Class] of /** @type {[string, () => unknown, any][]} */ ([
    ...[400, 401, 403, 404, 302, 501].map((status) => [`status ${status}`, failure(status), w.ApiError]),
    ['a forged 200', () => new Response('{}'), w.SignatureVerificationError],
    [
      'a probe',
      () => respond({ headers: { 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/x' } }),
      w.SignatureVerificationError,
    ],
    ['a 200 that is not JSON', () => respond({ body: 'success' }), w.ApiError],
    ['a value other than a Response', () => 5, w.NetworkError],
    ['an opaque redirect', () => ({ status: 0, type: 'opaqueredirect', headers: new Headers() }), w.NetworkError],
  ])) {
    test(`after ${name} the request is not sent again`, async () => {
      const { client, requests } = clientOf([step, good]);
      const error = await thrownBy(() => client.presign(PARAMS));
      assert.ok(error instanceof Class, String(error));
      assert.notStrictEqual(error.retryable, true);
      assert.strictEqual(requests.length, 1);
    });
  }

  test('the last error is thrown when no retries are left', async () => {
    const { client, requests } = clientOf([failure(500, 'A'), failure(500, 'B'), failure(500, 'C'), good]);
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.deepEqual([error.apiCode, error.retryable, requests.length], ['C', true, 3]);
  });

  test('an error names the endpoint, without the query, and the number of attempts', async () => {
    const { client } = clientOf([failure(503), failure(503), failure(503)]);
    const { endpoint, attempts } = await thrownBy(() => client.chain('v3/pay/x').post({ query: { mchid: '1' } }));
    assert.deepEqual([endpoint, attempts], ['POST /v3/pay/x', 3]);
    const aborted = await thrownBy(() => client.chain('v3/pay/x').post({ signal: AbortSignal.abort() }));
    assert.deepEqual([aborted.attempts, aborted.outcomeUnknown], [0, false]);
  });

  test('the outcome is unknown if any attempt may have acted, and never of a GET', async () => {
    const outcomeUnknown = async (/** @type {(() => unknown)[]} */ steps, /** @type {'get' | 'post'} */ verb) =>
      (await thrownBy(() => clientOf(steps).client.chain('v3/pay/x')[verb]())).outcomeUnknown;
    assert.strictEqual(await outcomeUnknown([failure(400)], 'post'), false);
    assert.strictEqual(await outcomeUnknown([failure(429), failure(400)], 'post'), false);
    assert.strictEqual(await outcomeUnknown([broken, failure(400)], 'post'), true);
    assert.strictEqual(await outcomeUnknown([failure(500), failure(400)], 'post'), true);
    assert.strictEqual(await outcomeUnknown([failure(202), failure(400)], 'post'), true);
    assert.strictEqual(await outcomeUnknown([broken, failure(500), broken], 'get'), false);
  });

  test('retries can be set in the configuration and for each call', async () => {
    for (const [configured, called, sent] of [
      [0, undefined, 1],
      [4, undefined, 5],
      [4, 0, 1],
      [0, 1, 2],
    ]) {
      const { client, requests } = clientOf([failure(503)], { retries: configured });
      await thrownBy(() => client.presign(PARAMS, { retries: called }));
      await thrownBy(() => /** @type {any} */ (client.v3)['x'].get({ retries: called }));
      assert.strictEqual(requests.length, 2 * /** @type {number} */ (sent));
    }
  });

  test('if every response is 202, a verb returns it and presign throws', async () => {
    const { client } = clientOf([failure(202)]);
    assert.strictEqual((await /** @type {any} */ (client.v3)['x'].get()).status, 202);
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.ok(error instanceof w.ApiError);
    assert.deepEqual(
      [error.status, error.retryable, error.outcomeUnknown, error.verified, error.requestId],
      [202, true, true, true, '08F78BB5AF0610D302-0'],
    );
    const path = '/v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign';
    assert.strictEqual(error.endpoint, `POST ${path}`);
  });

  test('delays grow, are longer after 429, and are never shorter than Retry-After', async () => {
    const delays = async (/** @type {(() => unknown)[]} */ steps, /** @type {object} */ others) => {
      const { client, retries } = clientOf([...steps, good], others);
      await client.presign(PARAMS);
      return retries.map(({ delayMs }) => delayMs);
    };
    const [first, second] = await delays([failure(500), failure(500)], { retryDelayMs: 8 });
    assert.ok(first >= 4 && first <= 8 && second >= 8 && second <= 16, `${first} ${second}`);
    const [slow] = await delays([failure(429)], { retryDelayMs: 8 });
    assert.ok(slow >= 8 && slow <= 16, String(slow));
    const tenMilliseconds = new Date(NOW * 1000 + 1000).toUTCString();
    assert.deepEqual(await delays([failure(429, 'X', { 'Retry-After': '1' })], {}), [1000]);
    assert.deepEqual(await delays([failure(503, 'X', { 'Retry-After': tenMilliseconds })], {}), [1000]);
    const [unreadable] = await delays([failure(503, 'X', { 'Retry-After': 'soon' })], {});
    assert.ok(unreadable <= 2);
  });

  test('does not wait for a Retry-After of minutes', async () => {
    const { client, requests } = clientOf([failure(429, 'RATELIMIT_EXCEEDED', { 'Retry-After': '120' }), good]);
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.deepEqual([error.apiCode, error.retryable, requests.length], ['RATELIMIT_EXCEEDED', true, 1]);
  });

  // ---- Hosts ----

  test('uses the backup host after two failures in a row, and later the main host again', async () => {
    let now = NOW * 1000;
    const asked = (/** @type {any} */ { url }) => (url.startsWith('https://api.mch.') ? broken() : good());
    const { client, requests } = clientOf([asked], { clock: () => now });
    await client.presign(PARAMS);
    await client.presign(PARAMS);
    now += 61_000;
    await thrownBy(() => client.presign(PARAMS, { retries: 0 }));
    const hosts = requests.map(({ url }) => new URL(url).hostname);
    const [main, backup] = ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'];
    assert.deepEqual(hosts, [main, main, backup, backup, main]);
  });

  test('a custom host has only a custom backup, and errors of WeChat’s systems do not count as failures of a host', async () => {
    const baseUrl = 'http://127.0.0.1:1';
    for (const [others, step, expected] of /** @type {[object, () => unknown, string[]][]} */ ([
      [{ baseUrl }, broken, ['127.0.0.1', '127.0.0.1', '127.0.0.1']],
      [{ baseUrl, backupBaseUrl: 'http://localhost:1' }, broken, ['127.0.0.1', '127.0.0.1', 'localhost']],
      [{}, failure(500), ['api.mch.weixin.qq.com', 'api.mch.weixin.qq.com', 'api.mch.weixin.qq.com']],
      [{}, failure(502), ['api.mch.weixin.qq.com', 'api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com']],
    ])) {
      const { client, requests } = clientOf([step], others);
      await thrownBy(() => client.presign(PARAMS));
      assert.deepEqual(
        requests.map(({ url }) => new URL(url).hostname),
        expected,
      );
    }
  });

  test('aborted calls and oversized responses do not count as failures of the host', async () => {
    const { client, requests } = clientOf([() => respond({ body: `"${'x'.repeat(100)}"` })], { maxResponseBytes: 50 });
    for (let turn = 0; turn < 3; turn += 1) await thrownBy(() => client.presign(PARAMS));
    const controller = new AbortController();
    const abort = () => {
      controller.abort();
      return never();
    };
    const other = clientOf([abort, abort, good]);
    await thrownBy(() => other.client.presign(PARAMS, { signal: controller.signal }));
    await thrownBy(() => other.client.presign(PARAMS, { retries: 0, timeoutMs: 200 }));
    await other.client.presign(PARAMS);
    const hosts = [...requests, ...other.requests].map(({ url }) => new URL(url).hostname.split('.')[0]);
    assert.deepEqual(new Set(hosts), new Set(['api']));
  });

  test('if the backup host fails too, the main host is used again', async () => {
    const { client, requests } = clientOf([broken], { retries: 3 });
    await thrownBy(() => client.presign(PARAMS));
    assert.deepEqual(
      requests.map(({ url }) => new URL(url).hostname.split('.')[0]),
      ['api', 'api', 'api2', 'api'],
    );
  });

  // ---- Time-outs and aborts ----

  test('a call times out even if fetch hangs and ignores its signal', async () => {
    const { client, requests } = clientOf([never], { attemptTimeoutMs: 200, retries: 1 });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.ok(error instanceof w.NetworkError, String(error));
    assert.match(error.message, /no response came within 200 ms/);
    assert.deepEqual([error.retryable, requests.length], [true, 2]);
    assert.ok(requests.every(({ signal }) => signal?.aborted));
  });

  test('the time-out includes a slow signer and the last byte of the body', async () => {
    const stuck = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) });
    const { client } = clientOf([() => new Response(stuck)], { timeoutMs: 200, retries: 0 });
    assert.match((await thrownBy(() => client.presign(PARAMS))).message, /within 200 ms/);
    const slow = clientOf([good], { timeoutMs: 5, retries: 0, privateKey: undefined, signer: { sign: never } });
    assert.match((await thrownBy(() => slow.client.presign(PARAMS))).message, /within 5 ms/);
    assert.strictEqual(slow.requests.length, 0);
  });

  test('timeoutMs ends the whole call, even if there are attempts left', async () => {
    const { client, requests } = clientOf([never], { timeoutMs: 300, attemptTimeoutMs: 20, retries: 10 });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.ok(error instanceof w.NetworkError, String(error));
    // Ten waits, each twice as long as the one before, take more than half a second.
    assert.isBelow(requests.length, 11);
    assert.deepEqual([error.retryable, error.outcomeUnknown, error.attempts], [true, true, requests.length]);
    assert.match(error.endpoint ?? '', /^POST \/v3\//);
  });

  test('timeoutMs ends an attempt that has time left', async () => {
    const { client, requests } = clientOf([never], { attemptTimeoutMs: 60_000, retries: 10 });
    const error = await thrownBy(() => client.presign(PARAMS, { timeoutMs: 30 }));
    assert.match(error.message, /the call did not end within 30 ms/);
    assert.deepEqual([error.code, error.retryable, error.attempts, requests.length], ['ERR_NETWORK', true, 1, 1]);
    assert.ok(requests[0]?.signal?.aborted);
  });

  test('timeoutMs includes the download of certificates, and nothing is sent after it', async () => {
    const { client, requests } = clientOf([never], { certs: {}, apiV3Key: 'x'.repeat(32), timeoutMs: 50 });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.ok(error instanceof w.NetworkError, String(error));
    assert.deepEqual([error.attempts, error.outcomeUnknown], [0, false]);
    assert.match(error.endpoint ?? '', /^POST \/v3\/password-exempt/);
    assert.ok(requests.every(({ url }) => url.endsWith('/v3/certificates')));
  });

  test('the last error is thrown at once if the call would end before another attempt', async () => {
    const limits = { retryDelayMs: 60_000, timeoutMs: 10_000 };
    const { client, requests, retries } = clientOf([failure(503, 'BUSY')], limits);
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.deepEqual([error.apiCode, error.attempts, requests.length, retries.length], ['BUSY', 1, 1, 0]);
  });

  test('attemptTimeoutMs can be set for each call, and each attempt has its own', async () => {
    const { client, requests } = clientOf([never, good]);
    assert.strictEqual((await client.presign(PARAMS, { attemptTimeoutMs: 500 })).mchid, '1900000100');
    assert.strictEqual(requests.length, 2);
  });

  test('the outcome is known if an attempt sent nothing', async () => {
    const signer = { sign: never };
    const { client } = clientOf([good], { attemptTimeoutMs: 5, retries: 0, privateKey: undefined, signer });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.deepEqual([error.code, error.outcomeUnknown, error.attempts], ['ERR_NETWORK', false, 1]);
  });

  test('a request whose signature comes after the time-out is not sent', async () => {
    /** @type {((signature: Uint8Array) => void)[]} */
    const waiting = [];
    const signer = { sign: () => new Promise((resolve) => waiting.push(resolve)) };
    const { client, requests } = clientOf([good], { timeoutMs: 5, retries: 0, privateKey: undefined, signer });
    await thrownBy(() => client.presign(PARAMS));
    for (const resolve of waiting) resolve(new Uint8Array(256));
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.strictEqual(requests.length, 0);
  });

  test('a call aborted before it starts sends nothing', async () => {
    const { client, requests } = clientOf([good]);
    const reason = new Error('closed');
    const error = await thrownBy(() => client.presign(PARAMS, { signal: AbortSignal.abort(reason) }));
    assert.ok(error instanceof w.NetworkError);
    assert.deepEqual([error.code, error.retryable, error.cause, requests.length], ['ERR_NETWORK', false, reason, 0]);
  });

  test('a call aborted during fetch ends at once and is not retried', async () => {
    const controller = new AbortController();
    const reason = new Error('closed');
    const abort = () => {
      controller.abort(reason);
      return never();
    };
    const { client, requests } = clientOf([abort]);
    const error = await thrownBy(() => client.presign(PARAMS, { signal: controller.signal }));
    assert.ok(error instanceof w.NetworkError);
    assert.deepEqual([error.retryable, error.cause, requests.length], [false, reason, 1]);
    assert.ok(requests[0]?.signal?.aborted);
  });

  test('a call aborted while it waits to retry sends nothing more', async () => {
    const controller = new AbortController();
    const onRetry = () => controller.abort('enough');
    const { client, requests } = clientOf([failure(500)], { retryDelayMs: 60_000, timeoutMs: 90_000, onRetry });
    const error = await thrownBy(() => client.presign(PARAMS, { signal: controller.signal }));
    assert.deepEqual([error.code, error.cause, requests.length], ['ERR_NETWORK', 'enough', 1]);
  });

  // ---- Responses ----

  test('the error of a body that breaks off has the request id', async () => {
    const { client } = clientOf([() => respondBroken()], { retries: 0 });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.ok(error instanceof w.NetworkError);
    assert.match(error.message, /broke off.*torn/);
    assert.deepEqual([error.retryable, error.requestId], [true, 'REQ-1']);
  });

  test('an oversized response is not read to its end, with or without Content-Length', async () => {
    const large = `{"a":"${'x'.repeat(1000)}"}`;
    const announcing = { 'Content-Length': String(large.length) };
    for (const headers of /** @type {Record<string, string>[]} */ ([{}, announcing])) {
      const { client, requests } = clientOf([() => respond({ body: large, headers })], {
        maxResponseBytes: large.length - 1,
      });
      const error = await thrownBy(() => client.presign(PARAMS));
      assert.ok(error instanceof w.NetworkError, String(error));
      assert.match(error.message, /larger than 1007 bytes/);
      assert.deepEqual([error.retryable, requests.length], [false, 1]);
    }
    const { client } = clientOf([() => respond({ body: large })], { maxResponseBytes: large.length });
    assert.ok(await client.presign(PARAMS));
  });

  test('a response in many chunks is put together', async () => {
    const body = JSON.stringify({ name: '张三'.repeat(50) });
    const pieces = async () => {
      const whole = await respond({ body });
      const bytes = new TextEncoder().encode(body);
      const stream = new ReadableStream({
        start(controller) {
          for (let index = 0; index < bytes.length; index += 7) controller.enqueue(bytes.slice(index, index + 7));
          controller.close();
        },
      });
      return new Response(stream, { headers: whole.headers });
    };
    const { client } = clientOf([pieces]);
    assert.deepEqual(await client.presign(PARAMS), JSON.parse(body));
  });

  test('a response is read correctly if its chunks share one buffer', async () => {
    const body = JSON.stringify({ name: '张三'.repeat(50) });
    const pieces = async () => {
      const whole = await respond({ body });
      const shared = new Uint8Array(1);
      const bytes = new TextEncoder().encode(body);
      let index = 0;
      const read = async () => {
        if (index === bytes.length) return { done: true, value: undefined };
        shared[0] = bytes[index] ?? 0;
        index += 1;
        return { done: false, value: shared };
      };
      return { status: 200, headers: whole.headers, body: streamOf(read) };
    };
    const { client } = clientOf([pieces]);
    assert.deepEqual(await client.presign(PARAMS), JSON.parse(body));
  });

  for (const [name, chunk] of /** @type {[string, () => unknown][]} */ ([
    ['strings', () => 'x'.repeat(100)],
    ['numbers', () => 120],
    ['undefined', () => undefined],
    ['buffers', () => new ArrayBuffer(8)],
    ['views of another type', () => new Uint16Array(8)],
    ['bytes with a false length', () => Object.defineProperty(new Uint8Array(8), 'byteLength', { value: 1e9 })],
    ['revoked proxies', () => revokedProxy()],
  ])) {
    test(`a response with ${name} as chunks is rejected at the first chunk`, async () => {
      let reads = 0;
      const read = async () => {
        reads += 1;
        return { done: reads > 1000, value: chunk() };
      };
      const stream = { status: 200, headers: new Headers({ 'Request-ID': 'REQ-1' }), body: streamOf(read) };
      const { client, requests } = clientOf([() => stream]);
      const error = await thrownBy(() => client.presign(PARAMS));
      assert.ok(error instanceof w.NetworkError, String(error));
      assert.match(error.message, /a chunk is .*, but must be a Uint8Array/);
      const { retryable, outcomeUnknown, requestId } = error;
      assert.deepEqual([retryable, outcomeUnknown, requestId], [false, true, 'REQ-1']);
      assert.deepEqual([reads, requests.length], [1, 1]);
    });
  }

  test('an oversized response is cancelled after the chunk that exceeds the limit', async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      return { done: reads > 1000, value: new Uint8Array(10) };
    };
    const { client } = clientOf([() => ({ status: 200, headers: new Headers(), body: streamOf(read) })], {
      maxResponseBytes: 25,
    });
    assert.match((await thrownBy(() => client.presign(PARAMS))).message, /larger than 25 bytes/);
    assert.strictEqual(reads, 3);
  });

  test('returns null for 204, and rejects a body that is not UTF-8', async () => {
    const { client } = clientOf([() => respond({ status: 204, body: '' })]);
    assert.deepEqual((await /** @type {any} */ (client.v3)['x'].delete()).data, null);
    assert.strictEqual(await client.presign(PARAMS), null);
    const broken = clientOf([() => respond({ body: new Uint8Array([0x22, 0xff, 0x22]) })]);
    const error = await thrownBy(() => broken.client.presign(PARAMS));
    assert.deepEqual([error.code, error.status, error.verified], ['ERR_API', 200, true]);
  });

  test('an error of a custom fetch becomes the cause of a NetworkError', async () => {
    const cause = new Error('connect ECONNREFUSED');
    const { client } = clientOf([() => Promise.reject(new TypeError('fetch failed', { cause }))], { retries: 0 });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.match(error.message, /fetch failed \(connect ECONNREFUSED\)/);
    assert.strictEqual(error.cause.cause, cause);
  });

  // ---- Hooks ----

  test('hooks receive OpenTelemetry attributes without secrets', async () => {
    const { hooks, events } = recordingHooks();
    const { client, requests } = clientOf([failure(500), broken, good], { ...hooks, baseUrl: 'http://127.0.0.1:8080' });
    await client.presign(PARAMS);
    assert.deepEqual(
      events.map(([name, { attempt }]) => `${name} ${attempt}`),
      [
        'onRequest 1',
        'onResponse 1',
        'onRetry 1',
        'onRequest 2',
        'onResponse 2',
        'onRetry 2',
        'onRequest 3',
        'onResponse 3',
        'onEnd 3',
      ],
    );
    const [[, request], [, failed], [, retry], , [, lost]] = /** @type {any} */ (events);
    assert.deepInclude(request.attributes, {
      'http.request.method': 'POST',
      'url.full': requests[0]?.url,
      'url.template': '/v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign',
      'server.address': '127.0.0.1',
      'server.port': 8080,
      'http.request.resend_count': 0,
      'http.request.body.size': new TextEncoder().encode(JSON.stringify(PARAMS)).length,
      'http.request.header.authorization': ['WECHATPAY2-SHA256-RSA2048 [redacted]'],
      'http.request.header.wechatpay-serial': [platform.serial],
    });
    assert.deepInclude(failed.attributes, {
      'http.response.status_code': 500,
      'error.type': 'ERR_API',
      'http.response.header.request-id': ['08F78BB5AF0610D302-0'],
    });
    assert.strictEqual(failed.durationMs, 0);
    assert.ok(retry.error instanceof w.ApiError && typeof retry.delayMs === 'number');
    assert.ok(lost.error instanceof w.NetworkError);
    const told = JSON.stringify(events);
    for (const { headers } of requests) {
      assert.notInclude(told, String(/signature="(.*?)"/.exec(headers['Authorization'] ?? '')?.[1]));
    }
  });

  test('the events of a call share its id, even while other calls run', async () => {
    const { hooks, events } = recordingHooks();
    const seen = new Set();
    const failFirst = (/** @type {{ body?: string }} */ { body }) => {
      const isFirst = !seen.has(body);
      seen.add(body);
      return isFirst ? failure(500)() : good();
    };
    const { client } = clientOf([failFirst], hooks);
    await Promise.all([1, 2, 3].map((code) => client.presign({ ...PARAMS, out_contract_code: `${code}` })));
    const ids = new Set(events.map(([, { callId }]) => callId));
    assert.strictEqual(ids.size, 3);
    for (const id of ids) {
      const own = events.filter(([, { callId }]) => callId === id);
      assert.deepEqual(
        own.map(([name, { attempt }]) => `${name} ${attempt}`),
        ['onRequest 1', 'onResponse 1', 'onRetry 1', 'onRequest 2', 'onResponse 2', 'onEnd 2'],
      );
    }
    const [last = 0] = [...ids].sort((a, b) => b - a);
    await clientOf([good], hooks).client.presign(PARAMS);
    assert.isAbove(events.at(-1)?.[1].callId, last, 'another client');
  });

  test('a download of certificates and a check by the doctor are separate calls', async () => {
    const { hooks, events } = recordingHooks();
    const apiV3Key = '0'.repeat(32);
    const { client } = clientOf([failure(404)], { ...hooks, certs: undefined, apiV3Key });
    await thrownBy(() => client.presign(PARAMS));
    assert.deepEqual(
      events.map(([name, { attributes }]) => `${name} ${attributes['url.template']}`),
      ['onRequest', 'onResponse', 'onEnd'].map((name) => `${name} /v3/certificates`),
    );
    events.length = 0;
    await clientOf([failure(404)], hooks).client.doctor();
    const names = events.map(([name]) => name);
    assert.deepEqual(
      [names.filter((name) => name === 'onRequest').length, names.at(-1)],
      [names.filter((name) => name === 'onEnd').length, 'onEnd'],
    );
  });

  for (const [name, steps, options, expected] of /** @type {[string, (() => unknown)[], object, object][]} */ ([
    ['a response', [failure(500), good], {}, { attempt: 2, status: 200, code: undefined }],
    ['an error of WeChat Pay', [failure(400)], {}, { attempt: 1, status: 400, code: 'ERR_API' }],
    ['a failure of fetch', [broken], { retries: 1 }, { attempt: 2, status: undefined, code: 'ERR_NETWORK' }],
    ['a signature that is wrong', [() => new Response('{}')], {}, { attempt: 1, code: 'ERR_SIGNATURE_VERIFICATION' }],
  ])) {
    test(`onEnd runs once, with the outcome of the call: ${name}`, async () => {
      let now = NOW * 1000;
      const clock = () => now++;
      const { hooks, events } = recordingHooks();
      const { client } = clientOf(steps, { ...hooks, clock, ...options });
      await client.presign(PARAMS).catch(() => {});
      const ends = events.filter(([name]) => name === 'onEnd');
      assert.strictEqual(ends.length, 1);
      assert.strictEqual(events.at(-1), ends[0]);
      const { attempt, attributes, error, durationMs } = ends[0]?.[1] ?? {};
      const { 'http.response.status_code': status, 'error.type': code } = attributes;
      assert.deepInclude({ attempt, status, code }, expected);
      assert.strictEqual(error?.code, code);
      const attempts = events.filter(([name]) => name === 'onResponse').map(([, event]) => event.durationMs);
      assert.isAbove(
        durationMs,
        attempts.reduce((sum, duration) => sum + duration, 0),
      );
    });
  }

  test('onEnd also runs after a call that is aborted while it waits to retry', async () => {
    const controller = new AbortController();
    const { hooks, events } = recordingHooks();
    const onRetry = () => controller.abort('enough');
    const limits = { retryDelayMs: 60_000, timeoutMs: 90_000 };
    const { client } = clientOf([failure(500)], { ...hooks, ...limits, onRetry });
    const error = await thrownBy(() => client.presign(PARAMS, { signal: controller.signal }));
    assert.deepEqual(
      events.map(([name]) => name),
      ['onRequest', 'onResponse', 'onEnd'],
    );
    assert.strictEqual(events.at(-1)?.[1].error, error);
  });

  test('url.template has the names of parameters in place of their values', async () => {
    const { hooks, events } = recordingHooks();
    const client = /** @type {any} */ (clientOf([good], hooks).client);
    const contract = { service_id: 1234, out_contract_code: 'contracts' };
    const mchid = '1900000100';
    const calls = [
      () => client.contracts.query(contract),
      () => client.contracts.terminate(contract, { contract_termination_remark: 'x' }),
      () => client.chain('v3/pay/transactions/id/{transaction_id}').get({ transaction_id: 'abc', query: { mchid } }),
      () => client['v3/pay/transactions/id/{transaction_id}'].get({ transaction_id: 'abc', query: { mchid } }),
      () => client.v3.pay.transactions.outTradeNo._out_trade_no_.close.post({ out_trade_no: 'abc', json: { mchid } }),
      // The caller wrote these values into the path.
      () => client.chain('v3/pay/transactions/id/4200000000').get({ query: { mchid } }),
      () => client.chain('v3/apply4sub/sub_merchants/oUpFuMuAJO/x').get(),
    ];
    for (const call of calls) await call();
    const contractPath = '/v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code';
    assert.deepEqual(
      events.filter(([name]) => name === 'onEnd').map(([, { attributes }]) => attributes['url.template']),
      [
        `${contractPath}/{out_contract_code}`,
        `${contractPath}/{out_contract_code}/terminate`,
        '/v3/pay/transactions/id/{transaction_id}',
        '/v3/pay/transactions/id/{transaction_id}',
        '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
        '/v3/pay/transactions/id/{value}',
        '/v3/apply4sub/sub_merchants/{value}/x',
      ],
    );
    for (const template of events.map(([, { attributes }]) => attributes['url.template'])) {
      assert.notInclude(template, mchid);
    }
  });

  test('hooks see no cookie, API key or other header that may hold a secret', async () => {
    const secret = 'secret-of-the-caller';
    const theirs = { 'Set-Cookie': secret, 'X-Internal-Token': secret, Server: secret, 'Retry-After': '1' };
    /** @type {any[]} */
    const events = [];
    const onRequest = (/** @type {any} */ event) => void events.push(event.attributes);
    const { client } = clientOf([() => respond({ headers: theirs })], { onRequest, onResponse: onRequest });
    const headers = { Cookie: secret, 'X-Api-Key': secret, 'Proxy-Authorization': secret };
    await client.chain('v3/x').post({ json: {}, headers });
    assert.notInclude(JSON.stringify(events), secret);
    const [request, response] = events;
    for (const name of ['cookie', 'x-api-key', 'proxy-authorization']) {
      assert.deepEqual(request[`http.request.header.${name}`], ['[redacted]']);
    }
    for (const name of ['x-internal-token', 'server']) {
      assert.deepEqual(response[`http.response.header.${name}`], ['[redacted]']);
    }
    assert.deepEqual(request['http.request.header.accept'], ['application/json']);
    assert.deepEqual(response['http.response.header.retry-after'], ['1']);
    assert.deepEqual(response['http.response.header.wechatpay-serial'], [platform.serial]);
  });

  test('a hook that throws or rejects does not affect the call', async () => {
    const boom = () => {
      throw new Error('boom');
    };
    const reject = async () => boom();
    const hooks = { onRequest: boom, onResponse: reject, onRetry: boom, onEnd: reject };
    const { client } = clientOf([failure(500), good], hooks);
    assert.ok(await client.presign(PARAMS));
  });
}

/** Hooks that record their events, each with the name of its hook. */
function recordingHooks() {
  /** @type {[string, any][]} */
  const events = [];
  const hooks = Object.fromEntries(
    ['onRequest', 'onResponse', 'onRetry', 'onEnd'].map((name) => [
      name,
      (/** @type {any} */ event) => void events.push([name, event]),
    ]),
  );
  return { hooks, events };
}

/**
 * A fake stream with only the methods that the client uses. Real streams would reject or copy some of these chunks.
 * @param {() => Promise<{ done: boolean, value: unknown }>} read
 */
function streamOf(read) {
  return { getReader: () => ({ read, cancel: async () => {}, releaseLock() {} }), cancel: async () => {} };
}

function revokedProxy() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** A response whose body breaks off. */
function respondBroken() {
  let sent = false;
  const stream = new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new Error('torn'));
      else controller.enqueue(new Uint8Array([123, 34]));
      sent = true;
    },
  });
  return new Response(stream, { headers: { 'Request-ID': 'REQ-1' } });
}

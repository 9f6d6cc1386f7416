/** `client.notifications.handle`: every row of its table, and failures that must never happen. Also `sendResponse`. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { API_V3_KEY, CONTRACT, notificationMaker } from './made-notification.js';
import { scriptedFetch } from './scripted-fetch.js';
import { thrownBy } from './thrown-by.js';

/** The messages that a failure may show to any sender. */
const FAIL_MESSAGES = { 401: '签名验证失败', 500: '处理失败', 503: '暂时无法处理，请稍后重试' };

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant, platform, otherPlatform } = fixtures;
  const { mchid, serial, privateKey } = merchant;
  const certs = { [platform.serial]: platform.publicKey };
  const made = notificationMaker(fixtures);
  const unsigned = { 'Wechatpay-Signature': 'AAAA' };

  /**
   * A merchant's server: a movable clock, recorded errors, and a handler that records its notifications.
   * @param {Record<string, unknown>} [config]
   */
  function server(config) {
    const it = {
      now: NOW,
      errors: /** @type {any[]} */ ([]),
      handled: /** @type {string[]} */ ([]),
      /** @type {(notification: any) => any} */
      handler: async ({ id }) => void it.handled.push(id),
      options: /** @type {any} */ ({}),
      client: w.createClient(
        /** @type {any} */ ({
          ...{ mchid, serial, privateKey, certs, apiV3Key: API_V3_KEY, retries: 0, timeoutMs: 1000 },
          clock: () => it.now * 1000,
          notifications: { onError: (/** @type {unknown} */ error) => it.errors.push(error) },
          ...config,
        }),
      ),
      /** @param {any} request */
      deliver: async (request) => {
        const response = await it.client.notifications.handle(request, (given) => it.handler(given), it.options);
        const { status, headers } = response;
        return {
          status,
          retryAfter: headers.get('retry-after'),
          type: headers.get('content-type'),
          text: await response.text(),
        };
      },
      /** Delivers notifications one after the other, and returns the statuses. @param {any[]} requests */
      statuses: async (...requests) => {
        const statuses = [];
        for (const request of requests) statuses.push((await it.deliver(request)).status);
        return statuses;
      },
    };
    return it;
  }

  /** A store that records its calls. @param {Partial<Record<'begin' | 'complete' | 'abandon', (...args: any[]) => any>>} [methods] */
  function recordingStore(methods = {}) {
    const calls = /** @type {any[][]} */ ([]);
    const method = (/** @type {'begin' | 'complete' | 'abandon'} */ name, /** @type {unknown} */ result) => {
      return (/** @type {any[]} */ ...args) => {
        calls.push([name, ...args]);
        return methods[name] ? methods[name](...args) : Promise.resolve(result);
      };
    };
    return {
      calls,
      begin: method('begin', 'new'),
      complete: method('complete', undefined),
      abandon: method('abandon', undefined),
    };
  }

  /**
   * @param {{ status: number, type: string | null, text: string, retryAfter: string | null }} response
   * @param {401 | 500 | 503} expected
   */
  function assertFailure({ status, type, text, retryAfter }, expected) {
    assert.strictEqual(status, expected);
    assert.strictEqual(type, 'application/json');
    assert.deepEqual(JSON.parse(text), { code: 'FAIL', message: FAIL_MESSAGES[expected] });
    assert.strictEqual(retryAfter !== null, expected === 503);
  }

  // ---- 204 ----

  test('a notification whose handler failed is handled when WeChat sends it again', async () => {
    const it = server();
    const one = await made();
    let fails = true;
    const { handler } = it;
    it.handler = async (given) => {
      if (fails) throw new Error('the database is down');
      return handler(given);
    };
    assert.deepEqual(await it.statuses(one), [500]);
    assert.deepEqual(it.handled, []);
    fails = false;
    assert.deepEqual(await it.statuses(one, one), [204, 204]);
    assert.deepEqual(it.handled, ['EV-1']);
  });

  test('responds to a handled notification with an empty 204', async () => {
    const it = server();
    /** @type {any} */
    let given;
    it.handler = (notification) => (given = notification);
    const one = await made();
    assert.deepEqual(await it.deliver(one), { status: 204, retryAfter: null, type: null, text: '' });
    assert.deepEqual(given, { ...JSON.parse(one.body), resource: CONTRACT });
    assert.deepEqual(it.errors, []);
  });

  test('responds with 204 to a duplicate of a completed notification, without running the handler', async () => {
    const it = server();
    const one = await made();
    assert.deepEqual(await it.statuses(one, one, one), [204, 204, 204]);
    assert.deepEqual(it.handled, ['EV-1']);
    assert.deepEqual(it.errors, []);
  });

  test('different notifications are all handled', async () => {
    const it = server();
    assert.deepEqual(await it.statuses(await made(), await made({ id: 'EV-2' })), [204, 204]);
    assert.deepEqual(it.handled, ['EV-1', 'EV-2']);
  });

  test('handle accepts a Request, and works as a detached function', async () => {
    const it = server();
    const { handle } = it.client.notifications;
    const { headers, body } = await made();
    const request = new Request('https://shop.example/notify', { method: 'POST', headers, body });
    const response = await handle(request, it.handler);
    assert.ok(response instanceof Response);
    assert.deepEqual([response.status, it.handled], [204, ['EV-1']]);
  });

  test('a notification is done for 48 hours, and then forgotten', async () => {
    const it = server();
    const at = (/** @type {number} */ now) => made({ timestamp: (it.now = now) });
    assert.deepEqual(await it.statuses(await at(NOW)), [204]);
    assert.deepEqual(await it.statuses(await at(NOW + 48 * 3600 - 1)), [204]);
    assert.deepEqual(it.handled, ['EV-1']);
    assert.deepEqual(await it.statuses(await at(NOW + 48 * 3600 + 1)), [204]);
    assert.deepEqual(it.handled, ['EV-1', 'EV-1']);
  });

  test('the store sees a claim of mchid:id for 60 seconds, then the handler runs, then it is done for 48 hours', async () => {
    const it = server();
    const store = recordingStore();
    it.options = { store };
    it.handler = () => void store.calls.push(['handler']);
    assert.deepEqual(await it.statuses(await made()), [204]);
    const owner = store.calls[0]?.[2];
    assert.match(owner, /^.{16,}$/);
    const key = `${mchid}:EV-1`;
    assert.deepEqual(store.calls, [['begin', key, owner, 60], ['handler'], ['complete', key, 172_800]]);
  });

  test('each delivery has its own owner', async () => {
    const it = server();
    const store = recordingStore();
    it.options = { store };
    for (let count = 0; count < 10; count += 1) await it.deliver(await made());
    const owners = store.calls.filter(([name]) => name === 'begin').map(([, , owner]) => owner);
    assert.strictEqual(new Set(owners).size, 10);
  });

  // ---- 401 ----

  for (const [what, reason, spoil] of /** @type {[string, string, (good: any) => Promise<any> | any][]} */ ([
    ['a bad signature', 'bad-signature', ({ headers, body }) => ({ headers: { ...headers, ...unsigned }, body })],
    ['a changed body', 'bad-signature', ({ headers, body }) => ({ headers, body: body.replace('EV-1', 'EV-2') })],
    [
      'a key that is not WeChat Pay’s',
      'bad-signature',
      () => made({ by: { ...otherPlatform, serial: platform.serial } }),
    ],
    ['a stale timestamp', 'stale-timestamp', () => made({ timestamp: NOW - 301 })],
    [
      'a missing header',
      'missing-header',
      ({ headers: { 'Wechatpay-Nonce': _, ...headers }, body }) => ({ headers, body }),
    ],
    ['no headers at all', 'missing-header', ({ body }) => ({ headers: {}, body })],
    ['an unknown public key', 'unknown-serial', () => made({ by: { ...otherPlatform, serial: 'PUB_KEY_ID_9' } })],
  ])) {
    test(`responds to ${what} with 401, tells onError, and runs no handler`, async () => {
      const it = server();
      const store = recordingStore();
      it.options = { store };
      assertFailure(await it.deliver(await spoil(await made())), 401);
      assert.deepEqual(
        it.errors.map((error) => error.reason),
        [reason],
      );
      assert.deepEqual([it.handled, store.calls], [[], []]);
    });
  }

  test('responds to a probe with 401, without calling onError', async () => {
    const it = server();
    const { headers, body } = await made();
    const probe = { ...headers, 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${'a'.repeat(336)}` };
    assertFailure(await it.deliver({ headers: probe, body }), 401);
    assert.deepEqual([it.errors, it.handled], [[], []]);
  });

  // ---- 503 ----

  test('responds with 503 and Retry-After to a duplicate of a running notification, without calling onError', async () => {
    const it = server();
    const one = await made();
    /** @type {(value?: unknown) => void} */
    let finish = () => {};
    const { handler } = it;
    it.handler = async (given) => {
      await new Promise((resolve) => (finish = resolve));
      await handler(given);
    };
    const first = it.deliver(one);
    while (finish.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assertFailure(await it.deliver(one), 503);
    finish();
    assert.strictEqual((await first).status, 204);
    assert.deepEqual(await it.statuses(one), [204]);
    assert.deepEqual([it.handled, it.errors], [['EV-1'], []]);
  });

  test('one of a hundred simultaneous deliveries of a notification is handled', async () => {
    const it = server();
    const { handler } = it;
    it.handler = async (given) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await handler(given);
    };
    const one = await made();
    const responses = await Promise.all(Array.from({ length: 100 }, () => it.deliver(one)));
    assert.deepEqual(it.handled, ['EV-1']);
    for (const { status } of responses) assert.include([204, 503], status);
    assert.ok(responses.some(({ status }) => status === 204));
  });

  test('responds with 503 and Retry-After if the first certificates cannot be downloaded', async () => {
    const { fetch, requests } = scriptedFetch(() => Promise.reject(new TypeError('offline')));
    const it = server({ certs: undefined, fetch });
    assertFailure(await it.deliver(await made()), 503);
    assert.ok(requests.length > 0);
    assert.strictEqual(it.errors.length, 1);
    assert.ok(it.errors[0] instanceof w.NetworkError, String(it.errors[0]));
    assert.deepEqual(it.handled, []);
  });

  test('responds with 503 and Retry-After to an unknown serial if certificates cannot be downloaded', async () => {
    const { fetch, requests } = scriptedFetch(() => new Response('busy', { status: 500 }));
    const it = server({ fetch });
    const unknown = await made({ by: { ...otherPlatform, serial: 'ABCDEF' } });
    assertFailure(await it.deliver(unknown), 503);
    assert.ok(requests.length > 0);
    assert.deepEqual([it.errors.length, it.errors[0].reason, it.handled], [1, 'unknown-serial', []]);
  });

  // ---- 500 ----

  const forged = await thrownBy(() => w.verifyNotification({ headers: {}, body: '' }, { certs, apiV3Key: API_V3_KEY }));

  for (const [how, handler, cause] of /** @type {[string, () => unknown, unknown][]} */ ([
    ['rejects', () => Promise.reject(new Error('secret of the database')), 'secret of the database'],
    [
      'throws at once',
      () => {
        throw new Error('secret of the database');
      },
      'secret of the database',
    ],
    ['rejects with a string', () => Promise.reject('secret of the database'), 'secret of the database'],
    ['rejects with undefined', () => Promise.reject(undefined), undefined],
    ['rejects with an error about a signature', () => Promise.reject(forged), forged.message],
    [
      'returns a thenable that throws',
      () =>
        Object.defineProperty({}, 'then', {
          get: () => {
            throw new Error('secret of the database');
          },
        }),
      'secret of the database',
    ],
  ])) {
    test(`a handler that ${how} gets a 500, and its claim is released`, async () => {
      const it = server();
      const store = recordingStore();
      it.options = { store };
      it.handler = handler;
      const response = await it.deliver(await made());
      assertFailure(response, 500);
      assert.notInclude(response.text, 'secret');
      const [begin, abandon] = store.calls;
      assert.deepEqual(abandon, ['abandon', `${mchid}:EV-1`, begin?.[2]]);
      assert.strictEqual(store.calls.length, 2);
      const [error] = it.errors;
      assert.ok(error instanceof w.HostError, String(error));
      assert.deepEqual([error.code, error.operation], ['ERR_HANDLER', 'handler']);
      const { cause: actual } = /** @type {{ cause?: any }} */ (error);
      assert.strictEqual(actual?.message ?? actual, cause);
      assert.notInclude(JSON.stringify(error), 'secret');
    });
  }

  test('reports an unexpected result of a store’s begin by value, and does not run the handler', async () => {
    for (const [result, shown] of /** @type {[unknown, string][]} */ ([
      ['OK', '"OK"'],
      [null, 'null'],
      [undefined, 'undefined'],
      [true, 'true'],
      [1, '1'],
      ['NEW', '"NEW"'],
      [{}, 'an object'],
    ])) {
      const it = server();
      it.options = { store: recordingStore({ begin: async () => result }) };
      assertFailure(await it.deliver(await made()), 500);
      assert.deepEqual(it.handled, []);
      const [error] = it.errors;
      assert.deepEqual([error.code, error.operation, it.errors.length], ['ERR_STORE', 'store', 1]);
      assert.include(error.message, `'new', 'busy' or 'done', but resolved to ${shown}`);
      if (result === 'OK' || result === null) assert.match(error.message, /redis\.set.*NX.*redisStore/);
    }
  });

  for (const [how, begin] of /** @type {[string, () => unknown][]} */ ([
    ['rejects', () => Promise.reject(new Error('ECONNREFUSED'))],
    [
      'throws at once',
      () => {
        throw new Error('ECONNREFUSED');
      },
    ],
    ['never settles', () => new Promise(() => {})],
  ])) {
    test(`a store whose begin ${how} gets a 500, and the handler does not run`, async () => {
      const it = server({ timeoutMs: 50 });
      it.options = { store: recordingStore({ begin }) };
      assertFailure(await it.deliver(await made()), 500);
      assert.deepEqual(it.handled, []);
      const [error] = it.errors;
      assert.deepEqual([error.name, error.code, error.operation], ['HostError', 'ERR_STORE', 'store']);
      assert.include(error.message, 'begin');
      assert.match(error.cause.message, /ECONNREFUSED|did not respond/);
    });
  }

  test('a store whose abandon fails as well does not hide the handler’s error', async () => {
    const it = server();
    it.options = { store: recordingStore({ abandon: () => Promise.reject(new Error('ECONNREFUSED')) }) };
    it.handler = () => Promise.reject(new Error('no'));
    assertFailure(await it.deliver(await made()), 500);
    assert.deepEqual(it.errors.map(({ code }) => code).sort(), ['ERR_HANDLER', 'ERR_STORE']);
  });

  for (const [what, request] of /** @type {[string, (good: any) => any][]} */ ([
    ['a body that was parsed', ({ headers, body }) => ({ headers, body: JSON.parse(body) })],
    ['undefined', () => undefined],
  ])) {
    test(`responds to ${what} with 500, and tells onError about the raw body`, async () => {
      const it = server();
      assertFailure(await it.deliver(request(await made())), 500);
      assert.ok(it.errors[0] instanceof w.InvalidParameterError, String(it.errors[0]));
      assert.include(it.errors[0].message, 'raw body');
    });
  }

  test('responds with 500 to a request that was already read, and tells onError about the raw body', async () => {
    const it = server();
    const request = new Request('https://shop.example/notify', { method: 'POST', ...(await made()) });
    await request.text();
    assertFailure(await it.deliver(request), 500);
    assert.match(it.errors[0].message, /raw body that was already read/);
  });

  test('responds with 500 to a stream that breaks off', async () => {
    const it = server();
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    assertFailure(await it.deliver({ headers: (await made()).headers, body }), 500);
    assert.deepEqual([it.errors[0].code, it.errors[0].operation], ['ERR_HANDLER', 'stream']);
  });

  test('responds with 500 to a genuine notification that cannot be decrypted', async () => {
    const it = server();
    assertFailure(await it.deliver(await made({ key: 'x'.repeat(32) })), 500);
    assert.ok(it.errors[0] instanceof w.DecryptionError, String(it.errors[0]));
  });

  test('responds with 500 to a genuine notification without an id, since it cannot be handled exactly once', async () => {
    const it = server();
    const { id: _, ...envelope } = JSON.parse((await made()).body);
    assertFailure(await it.deliver(await made({ envelope })), 500);
    assert.match(it.errors[0].message, /no id/);
    assert.deepEqual(it.handled, []);
  });

  test('responds with 500 if the APIv3 key is missing', async () => {
    const it = server({ apiV3Key: undefined });
    assertFailure(await it.deliver(await made()), 500);
    assert.strictEqual(it.errors[0].field, 'apiV3Key');
  });

  test('responds with 500 to invalid options and handlers, and names them', async () => {
    const good = await made();
    for (const [handler, options, field] of /** @type {[any, any, string][]} */ ([
      [undefined, {}, 'handler'],
      [() => {}, 5, 'options'],
      [() => {}, { store: {} }, 'store'],
      [() => {}, { store: new Map() }, 'store'],
      [() => {}, { onError: 'log' }, 'onError'],
      [() => {}, { waitUntil: {} }, 'waitUntil'],
      [() => {}, { ctx: {} }, 'ctx'],
    ])) {
      const it = server();
      const { status } = await it.client.notifications.handle(good, handler, options);
      assert.deepEqual([status, it.errors[0]?.field], [500, field]);
    }
  });

  // ---- complete ----

  test('if complete fails once, it is tried again', async () => {
    const it = server();
    let failures = 1;
    const store = recordingStore({
      complete: async () => (failures-- > 0 ? Promise.reject(new Error('no')) : undefined),
    });
    it.options = { store };
    assert.deepEqual(await it.statuses(await made()), [204]);
    assert.deepEqual(
      store.calls.map(([name]) => name),
      ['begin', 'complete', 'complete'],
    );
    assert.deepEqual(it.errors, []);
  });

  test('if complete fails twice, the response is 204, and the claim expires by itself', async () => {
    const it = server();
    const store = recordingStore({
      complete: () => {
        throw new Error('ECONNRESET');
      },
    });
    it.options = { store };
    assert.deepEqual(await it.statuses(await made()), [204]);
    assert.deepEqual(
      store.calls.map(([name]) => name),
      ['begin', 'complete', 'complete'],
    );
    assert.deepEqual(it.handled, ['EV-1']);
    assert.deepEqual(
      it.errors.map(({ code, cause }) => [code, cause.message]),
      [['ERR_STORE', 'ECONNRESET']],
    );
  });

  test('the claim of a process that died expires after 60 seconds, and the notification is handled', async () => {
    const it = server();
    const { handler } = it;
    it.handler = () => new Promise(() => {});
    void it.deliver(await made());
    await new Promise((resolve) => setTimeout(resolve, 50));
    it.handler = handler;
    const at = (/** @type {number} */ now) => made({ timestamp: (it.now = now) });
    assert.deepEqual(await it.statuses(await at(NOW + 59)), [503]);
    assert.deepEqual(await it.statuses(await at(NOW + 61)), [204]);
    assert.deepEqual(it.handled, ['EV-1']);
  });

  // ---- onError and waitUntil ----

  for (const [how, onError] of /** @type {[string, () => unknown][]} */ ([
    [
      'throws',
      () => {
        throw new Error('the log is full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the log is full'))],
    ['never settles', () => new Promise(() => {})],
  ])) {
    test(`an onError that ${how} changes nothing`, async () => {
      const it = server();
      it.options = { onError };
      it.handler = () => Promise.reject(new Error('no'));
      assertFailure(await it.deliver(await made()), 500);
      assertFailure(await it.deliver({ headers: {}, body: '' }), 401);
    });
  }

  test('a call uses the store and onError of createClient unless it has its own', async () => {
    const calls = /** @type {string[]} */ ([]);
    const storeNamed = (/** @type {string} */ name) => ({
      ...recordingStore(),
      begin: async () => {
        calls.push(name);
        return 'done';
      },
    });
    const it = server({
      notifications: { store: storeNamed('default'), onError: () => calls.push('default onError') },
    });
    await it.deliver(await made());
    await it.deliver({ headers: {}, body: '' });
    it.options = { store: storeNamed('own'), onError: () => calls.push('own onError') };
    await it.deliver(await made());
    await it.deliver({ headers: {}, body: '' });
    assert.deepEqual(calls, ['default', 'default onError', 'own', 'own onError']);
  });

  test('createClient rejects a store without the three methods, such as a KV namespace, and unknown options', async () => {
    for (const [notifications, field] of /** @type {[any, string][]} */ ([
      [{ store: { get: () => {}, put: () => {} } }, 'notifications.store'],
      [{ store: null }, 'notifications.store'],
      [{ onError: 1 }, 'notifications.onError'],
      [{ waitUntil: () => {} }, 'notifications.waitUntil'],
      [5, 'notifications'],
    ])) {
      const error = await thrownBy(() => server({ notifications }));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.strictEqual(error.field, field);
    }
  });

  test('waitUntil receives the promise of all the work at once', async () => {
    const it = server();
    const store = recordingStore();
    /** @type {(value?: unknown) => void} */
    let finish = () => {};
    /** @type {Promise<unknown>[]} */
    const kept = [];
    it.options = { store, waitUntil: (/** @type {Promise<unknown>} */ work) => void kept.push(work) };
    it.handler = () => new Promise((resolve) => (finish = resolve));
    const delivery = it.deliver(await made());
    while (finish.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.strictEqual(kept.length, 1);
    finish();
    // The runtime waits only for this promise, as if the caller had closed the connection.
    await kept[0];
    assert.deepEqual(
      store.calls.map(([name]) => name),
      ['begin', 'complete'],
    );
    assert.strictEqual((await delivery).status, 204);
  });

  test('waitUntil also waits for a promise of onError', async () => {
    const it = server();
    const kept = /** @type {Promise<unknown>[]} */ ([]);
    let reported = false;
    const onError = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      reported = true;
    };
    it.options = { onError, waitUntil: (/** @type {Promise<unknown>} */ work) => void kept.push(work) };
    await it.deliver({ headers: {}, body: '' });
    await Promise.all(kept);
    assert.strictEqual(reported, true);
  });

  test('reports a waitUntil called without its object to onError, and handles the notification', async () => {
    class Context {
      #kept = /** @type {unknown[]} */ ([]);
      /** @param {unknown} work */
      waitUntil(work) {
        this.#kept.push(work);
      }
    }
    const it = server();
    const { waitUntil } = new Context();
    it.options = { waitUntil };
    assert.deepEqual(await it.statuses(await made()), [204]);
    assert.deepEqual(it.handled, ['EV-1']);
    assert.include(it.errors[0].message, '(work) => ctx.waitUntil(work)');
  });

  test('reports a waitUntil that rejects to onError, and still handles the notification', async () => {
    const it = server();
    const cause = new Error('the host is shutting down');
    it.options = { waitUntil: () => Promise.reject(cause) };
    assert.deepEqual(await it.statuses(await made()), [204]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.deepEqual(it.handled, ['EV-1']);
    assert.strictEqual(it.errors[0].field, 'waitUntil');
    assert.strictEqual(it.errors[0].cause, cause);
  });

  // ---- sendResponse ----

  /** The part of Node's ServerResponse that sendResponse uses. */
  function nodeResponse() {
    const headers = /** @type {Record<string, string>} */ ({});
    const res = {
      statusCode: 200,
      headersSent: false,
      sent: /** @type {any} */ (undefined),
      setHeader: (/** @type {string} */ name, /** @type {string} */ value) => (headers[name] = value),
      end: (/** @type {Uint8Array} */ body) => {
        res.headersSent = true;
        res.sent = { status: res.statusCode, headers, body: new TextDecoder().decode(body) };
      },
    };
    return res;
  }

  test('sendResponse sends the status, the headers and the body', async () => {
    const it = server();
    const [res, other] = [nodeResponse(), nodeResponse()];
    await w.sendResponse(res, await it.client.notifications.handle(await made(), it.handler));
    assert.deepEqual(res.sent, { status: 204, headers: {}, body: '' });
    await w.sendResponse(other, await it.client.notifications.handle({ headers: {}, body: '' }, it.handler));
    const body = JSON.stringify({ code: 'FAIL', message: FAIL_MESSAGES[401] });
    assert.deepEqual(other.sent, { status: 401, headers: { 'content-type': 'application/json' }, body });
  });

  test('sendResponse names headers that were already sent, a wrong object, and a body that was already read', async () => {
    const read = new Response('x');
    await read.text();
    const response = () => new Response('x');
    const failing = {
      ...nodeResponse(),
      setHeader: () => {
        throw new Error('no');
      },
    };
    for (const [res, given, field, words] of /** @type {[any, any, string, RegExp][]} */ ([
      [{ ...nodeResponse(), headersSent: true }, response(), 'res', /has already sent its headers/],
      [{ body: '' }, response(), 'res', /ctx\.res in Koa, reply\.raw in Fastify/],
      [undefined, response(), 'res', /res/],
      [nodeResponse(), Promise.resolve(response()), 'response', /await/],
      [nodeResponse(), undefined, 'response', /response/],
      [nodeResponse(), read, 'response', /already read/],
    ])) {
      const error = await thrownBy(() => w.sendResponse(res, given));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.strictEqual(error.field, field);
      assert.match(error.message, words);
    }
    // Some runtimes set no Content-Type for a text body.
    const typed = new Response('x', { headers: { 'Content-Type': 'text/plain' } });
    const error = await thrownBy(() => w.sendResponse(failing, typed));
    assert.deepEqual([error.code, error.operation, error.cause.message], ['ERR_HANDLER', 'stream', 'no']);
  });
}

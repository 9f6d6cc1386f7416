/** Every store, on its real database, fulfils the same contract. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Redis as Ioredis } from 'ioredis';
import { createClient, createClientPool, RESP_TYPES } from 'redis';
import { isWechatPayError } from 'wechatpay-presign';
import {
  d1Store,
  denoKvStore,
  durableObjectStore,
  kvCertificateStore,
  memoryStore,
  redisStore,
} from 'wechatpay-presign/stores';
import { binary } from './runtimes/binaries.js';
import { startServer } from './runtimes/server-process.js';
import { bundleForDeno, bundleForWorkerd } from './stores/bundle.js';
import { testCertificateStore, testNotificationStore } from './stores/contract.js';
import { startRedis } from './stores/redis-server.js';
import { remoteStore } from './stores/remote.js';
import { startWorkerWithStorage } from './stores/worker-with-storage.js';

/** @typedef {import('wechatpay-presign/stores').Store} Store */

const PACKAGE = fileURLToPath(new URL('../pkg', import.meta.url));
const here = (/** @type {string} */ name) => fileURLToPath(new URL(`stores/${name}`, import.meta.url));

describe('errors of a store', () => {
  const cause = new Error('the database is down');
  const reject = () => Promise.reject(cause);
  const fail = () => {
    throw cause;
  };
  const statement = { bind: () => statement };
  /** Each store on a database that fails. @type {Record<string, any>} */
  const stores = {
    'memoryStore, whose clock throws': memoryStore({ now: fail }),
    'redisStore with redis': redisStore({ eval: reject, sendCommand: reject }),
    'redisStore with ioredis': redisStore({ eval: reject, defineCommand: fail }),
    d1Store: d1Store({ prepare: () => statement, batch: reject }),
    'd1Store, whose binding throws at once': d1Store({ prepare: fail, batch: reject }),
    denoKvStore: denoKvStore({ get: reject, set: reject, atomic: fail }),
    durableObjectStore: durableObjectStore({ idFromName: String, get: () => ({ fetch: reject }) }),
    'durableObjectStore, whose binding throws at once': durableObjectStore({ idFromName: fail, get: fail }),
    kvCertificateStore: kvCertificateStore({ getWithMetadata: reject, put: reject }),
  };
  /** @type {Record<string, unknown[]>} */
  const steps = {
    begin: ['key', 'owner', 60],
    complete: ['key', 60],
    abandon: ['key', 'owner'],
    get: ['key'],
    set: ['key', 'value', 60],
  };

  for (const [name, store] of Object.entries(stores)) {
    test(`${name}: a database error becomes the cause of a HostError that names the step`, async () => {
      for (const [step, args] of Object.entries(steps)) {
        // `abandon` of memoryStore reads no clock, and a KV store holds certificates only.
        if (store[step] === undefined || (name.startsWith('memoryStore') && step === 'abandon')) continue;
        await assert.rejects(store[step](...args), (/** @type {any} */ error) => {
          assert.ok(isWechatPayError(error), String(error));
          assert.deepEqual([error.name, error.code, error.retryable], ['HostError', 'ERR_STORE', true]);
          assert.ok(error.message.includes(`Store.${step} failed`), error.message);
          assert.equal(error.cause, cause);
          return true;
        });
      }
    });
  }

  test('throws a HostError if a Durable Object responds with something other than JSON', async () => {
    for (const body of ['<html>', 'null']) {
      const fetch = async () => ({ status: 200, text: async () => body });
      const store = durableObjectStore({ idFromName: String, get: () => ({ fetch }) });
      await assert.rejects(store.begin('key', 'owner', 60), { name: 'HostError', code: 'ERR_STORE' });
    }
  });

  test('wrong options throw an InvalidParameterError', () => {
    const wrong = /** @type {any[]} */ ([null, 5, { now: 5 }]);
    for (const options of wrong) {
      assert.throws(() => memoryStore(options), { name: 'InvalidParameterError' });
      assert.throws(() => d1Store({ prepare: () => statement, batch: reject }, options), {
        name: 'InvalidParameterError',
      });
    }
    assert.throws(() => redisStore({ eval: reject, sendCommand: reject }, wrong[0]), {
      name: 'InvalidParameterError',
      field: 'options',
    });
  });
});

describe('memoryStore', () => {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const store = memoryStore({ now });
  const advance = async (/** @type {number} */ seconds) => {
    ahead += seconds * 1000;
  };
  testNotificationStore(() => store, advance);
  testCertificateStore(() => store, advance);

  test('when it is full, forgets the oldest completed key', async () => {
    const store = memoryStore({ maxEntries: 3 });
    for (const key of ['1', '2', '3', '4']) {
      assert.equal(await store.begin(key, 'owner', 60), 'new');
      await store.complete(key, 60);
    }
    assert.equal(await store.begin('2', 'owner', 60), 'done');
    assert.equal(await store.begin('1', 'owner', 60), 'new');
  });

  test('when it is full, keeps running notifications and accepts no new ones', async () => {
    let time = 0;
    const store = memoryStore({ maxEntries: 2, now: () => time });
    await store.begin('1', 'owner', 600);
    await store.begin('2', 'owner', 60);
    await assert.rejects(store.begin('3', 'owner', 60), {
      code: 'ERR_STORE',
      message: /2 notifications are under way/,
    });
    assert.equal(await store.begin('1', 'other', 60), 'busy');
    time = 61_000;
    assert.equal(await store.begin('3', 'owner', 60), 'new');
    assert.equal(await store.begin('1', 'other', 60), 'busy');
  });

  test('the number of values is limited', async () => {
    const store = memoryStore({ maxEntries: 2 });
    for (const key of ['1', '2', '3']) await store.set(key, key, 60);
    assert.equal((await store.get('1')) ?? null, null);
    assert.equal(await store.get('3'), '3');
  });
});

describe('redisStore', () => {
  /** @type {Awaited<ReturnType<typeof startRedis>>} */
  let server;
  /** @type {Record<string, Store>} */
  const stores = {};
  /** @type {(() => unknown)[]} */
  const closings = [];
  /** @type {import('ioredis').Redis} */
  let inspector;

  before(async () => {
    server = await startRedis();
    const { url } = server;
    const client = await createClient({ url }).connect();
    const pool = createClientPool({ url }, { maximum: 4 });
    await pool.connect();
    const inBytes = (await createClient({ url, RESP: 3 }).connect()).withTypeMapping({
      [RESP_TYPES.BLOB_STRING]: Buffer,
      [RESP_TYPES.NUMBER]: String,
    });
    const ioredis = new Ioredis(url);
    const prefixed = new Ioredis(url, { keyPrefix: 'shop:', stringNumbers: true });
    inspector = new Ioredis(url);
    closings.push(
      () => client.close(),
      () => pool.close(),
      () => inBytes.close(),
      () => ioredis.quit(),
      () => prefixed.quit(),
      () => inspector.quit(),
    );
    stores['redis'] = redisStore(client);
    stores['a pool of redis'] = redisStore(pool);
    stores['redis that gives bytes'] = redisStore(inBytes);
    stores['ioredis'] = redisStore(ioredis);
    stores['ioredis with a prefix'] = redisStore(prefixed);
  });
  after(async () => {
    for (const close of closings) await close();
    await server.stop();
  });

  // Redis uses its own clock, which a test cannot move forward.
  const advance = (/** @type {number} */ seconds) => sleep(seconds * 1000);
  for (const name of ['redis', 'ioredis']) {
    describe(name, { concurrency: true }, () => {
      const open = () => /** @type {Store} */ (stores[name]);
      testNotificationStore(open, advance);
      testCertificateStore(open, advance);
    });
  }

  for (const name of ['a pool of redis', 'redis that gives bytes', 'ioredis with a prefix']) {
    test(`${name} works too`, async () => {
      const store = /** @type {Store} */ (stores[name]);
      const results = await Promise.all(Array.from({ length: 20 }, () => store.begin(name, 'owner', 60)));
      assert.deepEqual(results.sort(), [...Array(19).fill('busy'), 'new']);
      await store.complete(name, 60);
      assert.equal(await store.begin(name, 'other', 60), 'done');
      await store.set(name, '证书', 60);
      assert.equal(await store.get(name), '证书');
      assert.equal((await store.get(`${name}, unknown`)) ?? null, null);
    });
  }

  test('two clients, one of redis and one of ioredis, see the same claims', async () => {
    const [one, other] = [stores['redis'], stores['ioredis']];
    assert.equal(await one?.begin('shared', 'one', 60), 'new');
    assert.equal(await other?.begin('shared', 'other', 60), 'busy');
    await other?.abandon('shared', 'other');
    assert.equal(await other?.begin('shared', 'other', 60), 'busy');
    await other?.complete('shared', 60);
    assert.equal(await one?.begin('shared', 'one', 60), 'done');
  });

  test('Redis deletes expired keys', async () => {
    await stores['redis']?.begin('expiring', 'owner', 60);
    const lease = await inspector.pttl('wechatpay-presign:notification:expiring');
    assert.ok(lease > 0 && lease <= 60_000, String(lease));
    await stores['redis']?.complete('expiring', 172_800);
    const ttl = await inspector.pttl('wechatpay-presign:notification:expiring');
    assert.ok(ttl > 60_000 && ttl <= 172_800_000, String(ttl));
  });

  test('a prefix keeps two applications apart in one database', async () => {
    const one = redisStore(inspector, { prefix: 'one:' });
    const other = redisStore(inspector, { prefix: 'other:' });
    assert.equal(await one.begin('key', 'owner', 60), 'new');
    assert.equal(await other.begin('key', 'owner', 60), 'new');
    assert.equal(await inspector.exists('one:notification:key', 'other:notification:key'), 2);
  });

  test('an error of Redis reaches the caller, as a cause', async () => {
    await inspector.lpush('wechatpay-presign:notification:list', 'a');
    for (const name of ['redis', 'ioredis']) {
      await assert.rejects(stores[name]?.begin('list', 'owner', 60) ?? Promise.resolve(), (error) => {
        assert.ok(isWechatPayError(error), String(error));
        assert.equal(error.code, 'ERR_STORE');
        assert.match(String(error.cause), /WRONGTYPE/);
        return true;
      });
    }
  });
});

describe('stores of Cloudflare, in workerd', () => {
  /** @type {string} */
  let folder;
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wechatpay-presign-stores-'));
    const bundle = await bundleForWorkerd(here('worker.js'), folder);
    server = await startWorkerWithStorage(bundle, {
      durableObjects: {
        NOTIFICATIONS: { className: 'ObjectWithClock', useSQLite: true },
        NOTIFICATIONS_ON_HOST_CLOCK: { className: 'InspectedObject' },
      },
      d1Databases: ['DATABASE', 'EMPTY_DATABASE'],
      kvNamespaces: ['CERTIFICATES'],
    });
  });
  after(async () => {
    await server?.close();
    await rm(folder, { recursive: true });
  });
  const store = (/** @type {string} */ name) => remoteStore(server.url, name);
  /** @param {string} method @param {unknown[]} args */
  const ask = (method, ...args) => store('test').call(method)(...args);
  const advance = async (/** @type {number} */ seconds) => void (await ask('advance', seconds));

  describe('durableObjectStore', () => {
    testNotificationStore(() => store('durableObject'), advance);
    testCertificateStore(() => store('durableObject'), advance);
  });

  describe('durableObjectStore, without SQLite and on the clock of the host', { concurrency: true }, () => {
    const open = () => store('durableObjectOnHostClock');

    test('a lease expires', async () => {
      assert.equal(await open().begin('running out', 'first', 1), 'new');
      await sleep(1100);
      assert.equal(await open().begin('running out', 'second', 600), 'new');
      assert.equal(await open().begin('running out', 'third', 600), 'busy');
    });

    /** @param {string} key */
    const inspect = (key) => ask('inspectObject', 'NOTIFICATIONS_ON_HOST_CLOCK', key);

    test('an object is empty after abandon', async () => {
      await open().begin('abandoned', 'owner', 600);
      const { entries, alarm } = await inspect('abandoned');
      assert.equal(entries, 1);
      assert.ok(alarm > Date.now(), String(alarm));
      await open().abandon('abandoned', 'owner');
      assert.deepEqual(await inspect('abandoned'), { entries: 0, alarm: null });
    });

    test('an alarm empties an object when its entry has expired', { timeout: 60_000 }, async () => {
      await open().begin('done', 'owner', 600);
      await open().complete('done', 1);
      while ((await inspect('done')).entries > 0) await sleep(100);
      assert.deepEqual(await inspect('done'), { entries: 0, alarm: null });
    });
  });

  describe('d1Store', () => {
    testNotificationStore(() => store('d1'), advance);
    testCertificateStore(() => store('d1'), advance);

    test('expired rows are deleted', async () => {
      const { begin, complete } = store('d1');
      const before = await ask('rowCount');
      for (let index = 0; index < 5; index += 1) await begin(`expiring-${index}`, 'owner', 1);
      assert.equal(await ask('rowCount'), before + 5);
      await advance(100_000);
      for (let index = 0; index <= before / 10; index += 1) await complete('last', 600);
      assert.equal(await ask('rowCount'), 1);
    });

    test('the migration can run again', async () => {
      const { begin } = store('d1');
      assert.equal(await begin('before the migration', 'owner', 600), 'new');
      await ask('migrateAgain');
      assert.equal(await begin('before the migration', 'owner', 600), 'busy');
    });

    test('the error for a missing table names the migration', async () => {
      await assert.rejects(store('d1WithoutTables').begin('key', 'owner', 60), /HostError: .*Apply d1Migration/);
      await assert.rejects(store('d1WithoutTables').get('key'), /HostError: .*Apply d1Migration/);
    });
  });

  describe('kvCertificateStore', () => {
    testCertificateStore(() => store('kv'), advance);
  });
});

describe('denoKvStore, in Deno', () => {
  /** @type {string} */
  let folder;
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wechatpay-presign-stores-'));
    const bundle = await bundleForDeno(here('deno-server.js'), folder);
    const args = ['run', '--no-config', '--no-prompt', '--unstable-kv', '--allow-net', bundle];
    server = await startServer(binary('DENO'), args);
  });
  after(async () => {
    await server?.close();
    await rm(folder, { recursive: true });
  });
  const store = () => remoteStore(server.url, 'denoKv');
  /** @param {number} seconds */
  const advance = async (seconds) => void (await remoteStore(server.url, 'test').call('advance')(seconds));
  testNotificationStore(store, advance);
  testCertificateStore(store, advance);

  test('accepts a Deno.Kv of Deno’s own types', async () => {
    // Copied, as npm installs it: Deno does not find the declarations of a symlinked package.
    const installed = join(folder, 'node_modules/wechatpay-presign');
    for (const part of ['dist', 'package.json'])
      await cp(join(PACKAGE, part), join(installed, part), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "dependencies": { "wechatpay-presign": "*" } }');
    await writeFile(
      join(folder, 'check.ts'),
      "import { denoKvStore, type Store } from 'wechatpay-presign/stores';\n" +
        'export const store: Store = denoKvStore(await Deno.openKv());\n' +
        "// @ts-expect-error: a path is not a Deno.Kv\ndenoKvStore('kv.sqlite');\n",
    );
    const args = ['check', '--unstable-kv', '--node-modules-dir=manual', 'check.ts'];
    await promisify(execFile)(binary('DENO'), args, { cwd: folder });
  });
});

describe('a wrong value instead of a client', () => {
  /** @type {Record<string, [() => unknown, RegExp]>} */
  const MISTAKES = {
    'no Redis client': [
      () => redisStore(/** @type {any} */ (undefined)),
      /^client is undefined: pass a client of 'redis'/,
    ],
    'the URL of a Redis server': [
      () => redisStore(/** @type {any} */ ('redis://localhost')),
      /^client has no eval\(\): pass a client/,
    ],
    'a client of redis 3': [
      () => redisStore(/** @type {any} */ ({ eval() {}, send_command() {} })),
      /^client is one of redis 3 or earlier, without promises: pass/,
    ],
    'another client with an eval method': [
      () => redisStore(/** @type {any} */ ({ eval() {} })),
      /^client has no eval\(\) and sendCommand\(\): pass a client/,
    ],
    'a Durable Object binding that is missing': [
      () => durableObjectStore(/** @type {any} */ (undefined)),
      /^namespace is undefined: pass the Durable Object binding/,
    ],
    'a KV namespace as Durable Object binding': [
      () => durableObjectStore(/** @type {any} */ ({ get() {}, put() {} })),
      /^namespace has no idFromName\(\) and get\(\): pass the Durable Object binding/,
    ],
    'a D1 binding that is missing': [
      () => d1Store(/** @type {any} */ (null)),
      /^database is null: pass the D1 binding/,
    ],
    'no Deno.Kv': [
      () => denoKvStore(/** @type {any} */ ({})),
      /^kv has no get\(\) and set\(\) and atomic\(\): .*--unstable-kv/,
    ],
    'a KV binding that is missing': [
      () => kvCertificateStore(/** @type {any} */ (undefined)),
      /^namespace is undefined: pass the KV binding/,
    ],
    'a memoryStore without room': [
      () => memoryStore({ maxEntries: 0 }),
      /^maxEntries must be a positive integer, but is 0/,
    ],
  };
  for (const [mistake, [make, message]] of Object.entries(MISTAKES)) {
    test(`${mistake} is explained at once`, () => {
      assert.throws(make, { code: 'ERR_INVALID_PARAMETER', message });
    });
  }
});

/**
 * Delivers a thousand notifications, each at least three times and until it is acknowledged. The handler fails a fifth of the
 * time, and its processes are killed.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { LEASE_SECONDS } from './deliveries/handler.js';
import { openLedger } from './deliveries/ledger.js';
import { API_V3_KEY, merchant, notification, platform } from './fixtures.js';
import { startServer } from './runtimes/server-process.js';
import { bundleForWorkerd } from './stores/bundle.js';
import { startPostgres } from './stores/postgres-server.js';
import { startRedis } from './stores/redis-server.js';
import { STORAGE, startWorkerWithStorage } from './stores/worker-with-storage.js';

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

const IDS = Array.from({ length: 1000 }, (_, index) => `EV-${index}`);
const AT_LEAST = 3;
/** The number of notifications that are delivered at once. */
const CONCURRENCY = 32;
const PROCESSES = 4;
/** Possible outcomes of delivering a genuine notification; a process that was killed gives no response. */
const EXPECTED = new Set([204, 500, 503, 'no response']);

const config = {
  mchid: merchant.mchid,
  serial: merchant.serial,
  privateKey: merchant.privateKey,
  certs: { [platform.serial]: platform.publicKey },
  apiV3Key: API_V3_KEY,
};

/** @type {Map<string, { now: number, headers: Record<string, string>, body: string }>} */
const signed = new Map();

/**
 * A notification signed now. A signature is valid for 300 seconds, and is reused for 60.
 * @param {string} id
 */
function signedNotification(id) {
  const now = Math.floor(Date.now() / 1000);
  const before = signed.get(id);
  if (before !== undefined && now - before.now < 60) return before;
  const made = { now, ...notification({ now, id }) };
  signed.set(id, made);
  return made;
}

test('4 processes with redisStore handle every notification, and repeat one only after a crash or an expired claim', async (context) => {
  const redis = await startRedis();
  const fleet = makeFleet(PROCESSES, (settings) => startProcess({ ...settings, redis: redis.url }));
  const kills = { start: [40, 500, 900], finish: [100, 300, 600, 800] };
  const ledger = await openLedger({ seed: 'redis', kills, kill: fleet.kill });
  try {
    await fleet.start(ledger.url);
    const deliveries = await deliverAll(fleet);
    checkHandledOnce(context, ledger, deliveries);
  } finally {
    ledger.close();
    await fleet.stop();
    await redis.stop();
  }
});

describe('in workerd', () => {
  /** @type {string} */
  let folder;
  before(async () => {
    folder = await mkdtemp(join(STORAGE, 'wechatpay-presign-deliveries-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('a Worker with durableObjectStore handles every notification, and repeats one only after a crash or an expired claim', async (context) => {
    const bundle = await bundleForWorkerd(here('deliveries/worker.js'), folder);
    const fleet = makeFleet(1, (settings) =>
      startWorkerWithStorage(bundle, {
        bindings: { SETTINGS: { config, ...settings } },
        durableObjects: { NOTIFICATIONS: { className: 'NotificationObject', useSQLite: true } },
        // The storage survives the processes that are killed.
        resourcePersistencePath: join(folder, 'storage'),
      }),
    );
    const ledger = await openLedger({ seed: 'worker', kills: { start: [300], finish: [600] }, kill: fleet.kill });
    try {
      await fleet.start(ledger.url);
      const deliveries = await deliverAll(fleet);
      checkHandledOnce(context, ledger, deliveries);
    } finally {
      ledger.close();
      await fleet.stop();
    }
  });
});

test('4 processes with the PostgreSQL recipe do the work of every notification exactly once', async (context) => {
  const postgres = await startPostgres();
  const database = new pg.Client({ connectionString: postgres.url });
  await database.connect();
  await database.query(await readFile(here('../examples/postgres/schema.sql'), 'utf8'));
  await database.query('CREATE TABLE contracts (id text PRIMARY KEY, times integer NOT NULL)');
  // Each process has its own store, so several of them pass the same notification to the recipe.
  const fleet = makeFleet(PROCESSES, (settings) => startProcess({ ...settings, postgres: postgres.url }));
  const kills = { start: [40, 500, 900], committed: [1, 2, 3, 4] };
  const confirmations = [100, 300, 600, 800];
  const ledger = await openLedger({ seed: 'postgres', kills, confirmations, kill: fleet.kill });
  try {
    await fleet.start(ledger.url);
    const { statuses } = await deliverAll(fleet);
    assert.deepEqual(ledger.errors, []);
    assert.equal(ledger.killed.size, 7);
    const { rows } = await database.query('SELECT id, times FROM contracts');
    assert.deepEqual(new Set(rows.map(({ id }) => id)), new Set(IDS));
    assert.deepEqual(
      rows.filter(({ times }) => times !== 1),
      [],
    );
    const { rows: recorded } = await database.query('SELECT id FROM handled_notifications');
    assert.deepEqual(new Set(recorded.map(({ id }) => id)), new Set(IDS));
    const failed = ledger.runs.filter(({ failed }) => failed).length;
    context.diagnostic(`responses: ${JSON.stringify(statuses)}; processes killed: ${ledger.killed.size}`);
    context.diagnostic(
      `transactions that did the work: ${ledger.runs.length}, of which ${failed} failed and rolled back`,
    );
    context.diagnostic(`contracts: ${rows.length}, each counted once; ids recorded: ${recorded.length}`);
  } finally {
    ledger.close();
    await fleet.stop();
    await database.end();
    await postgres.stop();
  }
});

/** @param {object} settings */
function startProcess(settings) {
  return startServer(process.execPath, [here('deliveries/server.js')], {
    env: { SETTINGS: JSON.stringify({ config, ...settings }) },
  });
}

/**
 * Servers that can be killed. A new server replaces each one killed.
 * @typedef {{ url: string, close: () => Promise<void>, kill: () => Promise<void> }} Server
 * @param {number} size
 * @param {(settings: { ledger: string, process: string }) => Promise<Server>} startOne
 */
function makeFleet(size, startOne) {
  /** @type {Map<string, Promise<Server>>} */
  const servers = new Map();
  /** The URLs of the servers that are listening. @type {Map<string, string>} */
  const urls = new Map();
  let started = 0;
  let ledger = '';
  const start = async () => {
    started += 1;
    const name = `process-${started}`;
    const server = startOne({ ledger, process: name });
    servers.set(name, server);
    urls.set(name, (await server).url);
  };
  let turn = 0;
  return {
    /** @param {string} url  of the ledger */
    async start(url) {
      ledger = url;
      await Promise.all(Array.from({ length: size }, start));
    },
    /** The URL of the next server in turn, or undefined while no server is listening. */
    next() {
      turn += 1;
      return [...urls.values()][turn % urls.size];
    },
    /** @param {string} name */
    async kill(name) {
      const server = await servers.get(name);
      urls.delete(name);
      servers.delete(name);
      await server?.kill();
      void start();
    },
    async stop() {
      // A server that did not start has already failed the test, and need not be stopped.
      for (const server of await Promise.allSettled(servers.values())) {
        if (server.status === 'fulfilled') await server.value.close();
      }
    },
  };
}

/**
 * Delivers each notification until it is acknowledged, and at least three times. The first two deliveries are concurrent.
 * @param {ReturnType<typeof makeFleet>} fleet
 */
async function deliverAll(fleet) {
  /** @type {Record<string, number>} */
  const statuses = {};
  /** When a notification was first acknowledged, in milliseconds. @type {Map<string, number>} */
  const acknowledgedAt = new Map();
  const deliver = async (/** @type {string} */ id) => {
    const url = fleet.next();
    if (url === undefined) return false;
    const { headers, body } = signedNotification(id);
    const status = await fetch(url, { method: 'POST', headers, body }).then(
      ({ status }) => status,
      () => 'no response',
    );
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (!EXPECTED.has(status)) {
      hasFailed = true;
      throw new Error(`${id} was answered with ${status}`);
    }
    if (status === 204 && !acknowledgedAt.has(id)) acknowledgedAt.set(id, Date.now());
    return status !== 'no response';
  };
  let hasFailed = false;
  const waiting = [...IDS];
  const deliverOneAfterAnother = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      let count = 0;
      for (let round = 0; !hasFailed && (count < AT_LEAST || !acknowledgedAt.has(id)); round += 1) {
        if (round > 0) await sleep(50);
        const responses = await Promise.all(round === 0 ? [deliver(id), deliver(id)] : [deliver(id)]);
        count += responses.filter(Boolean).length;
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, deliverOneAfterAnother));
  return { statuses, acknowledgedAt };
}

/**
 * Checks that every notification was handled to completion, and that no handler ran during or after another run that did not
 * fail, unless that run's lease had expired because its process was killed or it took too long.
 * @param {import('node:test').TestContext} context
 * @param {Awaited<ReturnType<typeof openLedger>>} ledger
 * @param {Awaited<ReturnType<typeof deliverAll>>} deliveries
 */
function checkHandledOnce(context, { runs, killed, errors }, { statuses, acknowledgedAt }) {
  assert.deepEqual(errors, []);

  const finished = new Set(runs.filter(({ finished }) => finished).map(({ id }) => id));
  assert.deepEqual(
    IDS.filter((id) => !finished.has(id)),
    [],
    'acknowledged, but never handled to completion',
  );

  const twice = { killed: 0, 'lease ran out': 0 };
  /** @type {string[]} */
  const withoutCause = [];
  /** @type {Map<string, import('./deliveries/ledger.js').Run>} */
  const last = new Map();
  for (const run of [...runs].sort((one, other) => one.begunBefore - other.begunBefore)) {
    const { id } = run;
    if (run.begunAfter > (acknowledgedAt.get(id) ?? Number.POSITIVE_INFINITY)) withoutCause.push(`${id}, acknowledged`);
    const before = last.get(id);
    last.set(id, run);
    if (before === undefined || before.failed) continue;
    if (run.begunBefore - before.begunAfter < LEASE_SECONDS * 1000) withoutCause.push(`${id}, under way`);
    if (before.finished) twice[killed.has(before.process) ? 'killed' : 'lease ran out'] += 1;
  }
  assert.deepEqual(withoutCause, [], 'handled again without cause');
  assert.ok(twice.killed > 0, 'no process died between a handler and its completion');

  const failed = runs.filter(({ failed }) => failed).length;
  context.diagnostic(`responses: ${JSON.stringify(statuses)}; processes killed: ${killed.size}`);
  context.diagnostic(
    `handlers run: ${runs.length}, of which ${failed} failed; notifications handled: ${finished.size}`,
  );
  context.diagnostic(
    `handled twice: ${twice.killed} because their process was killed, ${twice['lease ran out']} because their lease ran out`,
  );
}

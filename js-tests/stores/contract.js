/** Requirements for every store, independent of its database. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

/**
 * @typedef {import('wechatpay-presign/stores').NotificationStore} NotificationStore
 * @typedef {import('wechatpay-presign/stores').CertificateStore} CertificateStore
 */

/** A lease longer than any test. */
const LONG = 600;

/** A key in the format of `handle`, new for each test. */
const newKey = () => `1900000100:EV-${randomUUID()}`;

/**
 * @param {() => NotificationStore} open
 * @param {(seconds: number) => Promise<void>} advance  moves the clock of the store forward
 */
export function testNotificationStore(open, advance) {
  test('of 200 concurrent begins of one key, exactly one is new', async () => {
    const store = open();
    const key = newKey();
    const results = await beginOften(store, key, (index) => `owner-${index}`);
    assert.deepEqual(count(results), { new: 1, busy: 199 });
  });

  test('of 200 concurrent begins of one key by one owner, exactly one is new', async () => {
    const store = open();
    const key = newKey();
    const results = await beginOften(store, key, () => 'owner');
    assert.deepEqual(count(results), { new: 1, busy: 199 });
  });

  test('of 200 concurrent begins of a key with an expired lease, exactly one is new', async () => {
    const store = open();
    const key = newKey();
    assert.equal(await store.begin(key, 'dead', 1), 'new');
    await advance(1.1);
    const results = await beginOften(store, key, (index) => `owner-${index}`);
    assert.deepEqual(count(results), { new: 1, busy: 199 });
  });

  test('none of 200 concurrent begins of a completed key is new', async () => {
    const store = open();
    const key = newKey();
    await store.begin(key, 'first', LONG);
    await store.complete(key, LONG);
    const results = await beginOften(store, key, (index) => `owner-${index}`);
    assert.deepEqual(count(results), { done: 200 });
  });

  test('each of 20 different keys is new', async () => {
    const store = open();
    const keys = Array.from({ length: 20 }, newKey);
    assert.deepEqual(count(await Promise.all(keys.map((key) => store.begin(key, 'owner', LONG)))), { new: 20 });
  });

  test('a lease expires', async () => {
    const store = open();
    const key = newKey();
    assert.equal(await store.begin(key, 'first', 1), 'new');
    await advance(1.1);
    assert.equal(await store.begin(key, 'second', LONG), 'new');
    assert.equal(await store.begin(key, 'third', LONG), 'busy');
  });

  test('an owner with an expired lease cannot abandon the claim of another', async () => {
    const store = open();
    const key = newKey();
    assert.equal(await store.begin(key, 'first', 1), 'new');
    await advance(1.1);
    assert.equal(await store.begin(key, 'second', LONG), 'new');
    await store.abandon(key, 'first');
    assert.equal(await store.begin(key, 'third', LONG), 'busy');
    await store.abandon(key, 'second');
    assert.equal(await store.begin(key, 'third', LONG), 'new');
  });

  test('only the owner can release a claim with abandon', async () => {
    const store = open();
    const key = newKey();
    assert.equal(await store.begin(key, 'first', LONG), 'new');
    await store.abandon(key, 'second');
    assert.equal(await store.begin(key, 'second', LONG), 'busy');
    await store.abandon(key, 'first');
    assert.equal(await store.begin(key, 'second', LONG), 'new');
  });

  test('abandoning a key that nobody claimed does nothing', async () => {
    const store = open();
    const key = newKey();
    await store.abandon(key, 'nobody');
    assert.equal(await store.begin(key, 'first', LONG), 'new');
  });

  test('a completed key stays completed after its lease, even if it is abandoned', async () => {
    const store = open();
    const key = newKey();
    assert.equal(await store.begin(key, 'first', 1), 'new');
    await store.complete(key, LONG);
    await store.abandon(key, 'first');
    assert.equal(await store.begin(key, 'second', LONG), 'done');
    await advance(1.1);
    assert.equal(await store.begin(key, 'second', LONG), 'done');
    await store.abandon(key, 'second');
    assert.equal(await store.begin(key, 'third', LONG), 'done');
  });

  test('an owner with an expired lease can still complete, and the new owner cannot undo that', async () => {
    const store = open();
    const key = newKey();
    assert.equal(await store.begin(key, 'first', 1), 'new');
    await advance(1.1);
    assert.equal(await store.begin(key, 'second', LONG), 'new');
    await store.complete(key, LONG);
    await store.abandon(key, 'second');
    assert.equal(await store.begin(key, 'third', LONG), 'done');
  });

  test('a key that nobody claimed can be completed', async () => {
    const store = open();
    const key = newKey();
    await store.complete(key, LONG);
    assert.equal(await store.begin(key, 'first', LONG), 'done');
  });

  test('forgets a completed key after its time', async () => {
    const store = open();
    const key = newKey();
    await store.begin(key, 'first', LONG);
    await store.complete(key, 1);
    await advance(1.1);
    assert.equal(await store.begin(key, 'second', LONG), 'new');
    assert.equal(await store.begin(key, 'third', LONG), 'busy');
  });

  test('keys and owners of any characters are kept apart', async () => {
    const store = open();
    const key = newKey();
    const keys = [key, `${key}:`, `${key}/..`, `${key} ?#%`, `${key}\n`, `${key}'"`, `${key}张三`, key.toLowerCase()];
    for (const other of keys) assert.equal(await store.begin(other, 'a:b\n张三', LONG), 'new', JSON.stringify(other));
    for (const other of keys) assert.equal(await store.begin(other, 'a:b', LONG), 'busy', JSON.stringify(other));
    await store.abandon(key, 'a:b\n张三');
    assert.equal(await store.begin(key, 'a:b', LONG), 'new');
  });

  test('a lease and a time to live must be positive', async () => {
    const store = open();
    for (const seconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, /** @type {any} */ ('60')]) {
      await assert.rejects(
        store.begin(newKey(), 'owner', seconds),
        /leaseSeconds must be a positive number of seconds/,
      );
      await assert.rejects(store.complete(newKey(), seconds), /ttlSeconds must be a positive number of seconds/);
    }
  });
}

/**
 * @param {() => CertificateStore} open
 * @param {(seconds: number) => Promise<void>} advance
 */
export function testCertificateStore(open, advance) {
  const newKey = () => `wechatpay-presign/certificates/${randomUUID()}`;

  test('an unknown key has no value', async () => {
    assert.equal((await open().get(newKey())) ?? null, null);
  });

  test('get returns the value last stored', async () => {
    const store = open();
    const key = newKey();
    const first = JSON.stringify({ body: '证书 "\\ \u0000 '.repeat(2000) });
    await store.set(key, first, LONG);
    assert.equal(await store.get(key), first);
    await store.set(key, 'second', LONG);
    assert.equal(await store.get(key), 'second');
  });

  test('a value is forgotten after its time', async () => {
    const store = open();
    const key = newKey();
    const other = newKey();
    await store.set(key, 'value', 1);
    await store.set(other, 'other', LONG);
    await advance(1.1);
    assert.equal((await store.get(key)) ?? null, null);
    assert.equal(await store.get(other), 'other');
  });
}

/**
 * Calls `begin` 200 times concurrently. For a store in another runtime, half of the calls share one HTTP request, and each of the
 * others has its own.
 * @param {NotificationStore & { together?: (calls: [string, unknown[]][]) => Promise<any[]> }} store
 * @param {string} key
 * @param {(index: number) => string} ownerOf
 */
async function beginOften(store, key, ownerOf) {
  const all = Array.from({ length: 200 }, (_, index) => [key, ownerOf(index), LONG]);
  const together = store.together === undefined ? [] : all.splice(0, 100);
  const results = await Promise.all([
    store.together?.(together.map((args) => ['begin', args])) ?? [],
    ...all.map((args) => store.begin(.../** @type {[string, string, number]} */ (args))),
  ]);
  return results.flat();
}

/** @param {string[]} results */
function count(results) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

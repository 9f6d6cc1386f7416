/** Platform certificates: download, checks, renewal and store, against the test kit's gateway in the same process. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { createTestKit, makeCertificate } from 'wechatpay-presign/testing';
import { thrownBy } from './thrown-by.js';

const START = 1_800_000_000;
const DAY = 86_400;

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { PARAMS } = fixtures;

  /** Whether a call can wait for another call's promise. In Workers and the Edge Runtime, a promise belongs to one request. */
  const isShared = !('EdgeRuntime' in globalThis) && globalThis.navigator?.userAgent !== 'Cloudflare-Workers';

  /**
   * A merchant in certificate mode, and a clock.
   * @param {{ mode?: 'public-key' | 'certificate' | 'both' }} [options]
   */
  async function world({ mode = 'certificate' } = {}) {
    let time = START;
    const kit = await createTestKit({ mode, now: () => time });
    let contracts = 0;
    return {
      kit,
      gateway: kit.gateway,
      pass: (/** @type {number} */ seconds) => void (time += seconds),
      now: () => time,
      /** @param {Partial<w.ClientConfig>} [others] */
      clientOf: (others) => w.createClient(/** @type {any} */ ({ ...kit.config, retryDelayMs: 0, ...others })),
      /** Pre-signs a new contract. @param {w.Client} client @param {object} [options] */
      presign: (client, options) =>
        client.presign({ ...PARAMS, out_contract_code: `C${(contracts += 1)}` }, { retries: 0, ...options }),
      downloads: () => kit.gateway.requestsTo('/v3/certificates').length,
      /** Injects a fault into responses to downloads. @param {any} fault @param {object} [options] */
      injectIntoDownloads: (fault, options) =>
        kit.gateway.injectFault(fault, { endpoint: '/v3/certificates', ...options }),
      /** The serials in the Wechatpay-Serial headers of requests to other endpoints. */
      wanted: () =>
        kit.gateway.requests
          .filter(({ path }) => path !== '/v3/certificates')
          .map(({ headers }) => headers['wechatpay-serial']),
    };
  }

  /** @param {Awaited<ReturnType<typeof world>>} world */
  async function renew({ gateway, now }) {
    const next = await makeCertificate({ notBefore: now() - 1 });
    gateway.platforms.push(next);
    gateway.certificates.push(next);
    return next;
  }

  /** Collects the background work that a client passes to `waitUntil`. */
  function workBeside() {
    /** @type {Promise<unknown>[]} */
    const work = [];
    return { work, waitUntil: (/** @type {Promise<unknown>} */ promise) => void work.push(promise) };
  }

  /** Gives background work time to finish. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

  test('download returns the decrypted certificates, and the client trusts them', async () => {
    const { kit, gateway, clientOf, presign, downloads, wanted } = await world();
    const [{ serial, certificate, effective_time, expire_time } = /** @type {any} */ ({})] = gateway.certificates;
    const client = clientOf({ certs: {} });
    const downloaded = await client.certificates.download();
    assert.deepEqual(downloaded, [{ serial_no: serial, effective_time, expire_time, certificate }]);
    assert.strictEqual((await presign(client)).mchid, kit.merchant.mchid);
    assert.strictEqual(downloads(), 1);
    assert.deepEqual(wanted(), [serial]);
    // The first request names no serial.
    assert.notProperty(gateway.requests[0]?.headers ?? {}, 'wechatpay-serial');
  });

  test('without certs, concurrent first calls share one download if calls may share promises', async () => {
    const { clientOf, presign, downloads, wanted, gateway } = await world();
    const client = clientOf({ certs: undefined });
    await Promise.all([presign(client), presign(client), presign(client)]);
    await presign(client);
    assert.strictEqual(downloads(), isShared ? 1 : 3);
    assert.strictEqual(gateway.requests[0]?.path, '/v3/certificates');
    assert.deepEqual(new Set(wanted()), new Set([gateway.certificates[0]?.serial]));
  });

  test('a call fails with the error of the first download, and the next call downloads again', async () => {
    const { clientOf, presign, downloads, gateway, wanted } = await world();
    const client = clientOf({ certs: {}, retries: 0 });
    gateway.injectFault('system-error');
    const error = await thrownBy(() => presign(client));
    assert.ok(error instanceof w.ApiError && error.status === 500, String(error));
    assert.strictEqual(wanted().length, 0);
    await presign(client);
    assert.strictEqual(downloads(), 2);
  });

  for (const fault of /** @type {const} */ ([
    'wrong-signature',
    'missing-signature',
    'tampered-body',
    'unknown-serial',
    'stale-timestamp',
    'future-timestamp',
    'sign-test',
  ])) {
    test(`a first download with the fault ${fault} is not trusted`, async () => {
      const { clientOf, gateway } = await world();
      const client = clientOf({ certs: {} });
      gateway.injectFault(fault);
      const error = await thrownBy(() => client.certificates.download({ retries: 0 }));
      assert.ok(['ERR_SIGNATURE_VERIFICATION', 'ERR_INVALID_KEY'].includes(error.code), String(error));
      assert.lengthOf(await client.certificates.download(), 1);
    });
  }

  test('a first download under another APIv3 key cannot be decrypted', async () => {
    const { clientOf } = await world();
    const error = await thrownBy(() => clientOf({ certs: {}, apiV3Key: 'x'.repeat(32) }).certificates.download());
    assert.ok(error instanceof w.DecryptionError, String(error));
  });

  test('with configured certificates, a later download is verified only with the keys trusted before', async () => {
    const it = await world();
    const client = it.clientOf({});
    await client.certificates.download();
    const next = await renew(it);
    // Signed with the new certificate, which the response itself contains.
    it.gateway.injectFault('other-key');
    const error = await thrownBy(() => client.certificates.download());
    assert.ok(error instanceof w.SignatureVerificationError && error.reason === 'unknown-serial', String(error));
    const downloaded = await client.certificates.download();
    assert.deepEqual(
      downloaded.map(({ serial_no }) => serial_no),
      [it.gateway.certificates[0]?.serial, next.serial],
    );
  });

  test('a response with a new serial causes one download, and is then verified', async () => {
    const it = await world();
    const client = it.clientOf({});
    const next = await renew(it);
    it.gateway.injectFault('other-key', { times: 3 });
    const results = await Promise.all([it.presign(client), it.presign(client), it.presign(client)]);
    assert.strictEqual(results.length, 3);
    assert.strictEqual(it.downloads(), 1);
    // Requests now ask for responses signed with the new certificate; the old one is still valid.
    await it.presign(client);
    assert.strictEqual(it.wanted().at(-1), next.serial);
    it.gateway.injectFault('other-key');
    await it.presign(client);
    assert.strictEqual(it.downloads(), 1);
  });

  test('a notification with a new serial causes one download, and is then verified', async () => {
    const it = await world();
    const client = it.clientOf({});
    const next = await renew(it);
    const both = await Promise.all(
      ['EV-1', 'EV-2'].map(async (id) =>
        client.notifications.parse(await it.kit.notification({ id, serial: next.serial })),
      ),
    );
    assert.deepEqual(
      both.map(({ id }) => id),
      ['EV-1', 'EV-2'],
    );
    assert.strictEqual(it.downloads(), 1);
    // A client without certificates downloads them before its first notification.
    assert.ok(await it.clientOf({ certs: {} }).notifications.parse(await it.kit.notification()));
  });

  test('forged serials cause at most one download a minute', async () => {
    const it = await world();
    const client = it.clientOf({});
    for (const wait of [0, 1, 58]) {
      it.pass(wait);
      it.gateway.injectFault('unknown-serial');
      const error = await thrownBy(() => it.presign(client));
      assert.strictEqual(error.reason, 'unknown-serial');
      assert.strictEqual(it.downloads(), 1);
    }
    it.pass(1);
    it.gateway.injectFault('unknown-serial');
    await thrownBy(() => it.presign(client));
    assert.strictEqual(it.downloads(), 2);
  });

  test('a failed renewal keeps the old keys, and the call rejects with the error of the response', async () => {
    const it = await world();
    const client = it.clientOf({ retries: 0 });
    for (const fault of /** @type {const} */ (['system-error', 'wrong-signature', 'reset', 'not-json', 'truncated'])) {
      it.pass(61);
      it.gateway.injectFault('unknown-serial');
      it.gateway.injectFault(fault);
      const before = it.downloads();
      assert.strictEqual((await thrownBy(() => it.presign(client))).reason, 'unknown-serial');
      assert.strictEqual(it.downloads(), before + 1);
      assert.ok(await it.presign(client));
    }
  });

  test('a call does not wait for a renewal beyond its time-out', async () => {
    const it = await world();
    const client = it.clientOf({});
    it.gateway.injectFault('unknown-serial');
    it.gateway.injectFault('slow', { delayMs: 2000 });
    const error = await thrownBy(() => it.presign(client, { timeoutMs: 200 }));
    assert.strictEqual(error.reason, 'unknown-serial');
    // The same holds for the first download, and an abort ends it as well.
    const empty = it.clientOf({ certs: {} });
    it.gateway.injectFault('slow', { delayMs: 500 });
    assert.strictEqual((await thrownBy(() => it.presign(empty, { timeoutMs: 50 }))).code, 'ERR_NETWORK');
    const controller = new AbortController();
    const waiting = thrownBy(() => it.presign(empty, { signal: controller.signal }));
    controller.abort();
    assert.match((await waiting).message, /aborted/);
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.ok(await it.presign(empty));
  });

  test('downloaded certificates are renewed after 12 hours, and no call waits for the renewal', async () => {
    const it = await world();
    const { waitUntil, work } = workBeside();
    const client = it.clientOf({ certs: {}, waitUntil });
    await it.presign(client);
    it.pass(12 * 3600 - 1);
    await it.presign(client);
    await Promise.all(work);
    assert.strictEqual(it.downloads(), 1);
    it.pass(1);
    const next = await renew(it);
    await it.presign(client);
    await Promise.all(work);
    assert.strictEqual(it.downloads(), 2);
    await it.presign(client);
    assert.strictEqual(it.wanted().at(-1), next.serial);
    // The removed certificate is no longer trusted.
    const removed = it.gateway.certificates.shift()?.serial ?? '';
    // WeChat Pay signs the list with one of the certificates in it.
    it.gateway.platforms.reverse();
    it.pass(12 * 3600);
    await it.presign(client);
    await Promise.all(work);
    assert.strictEqual(it.downloads(), 3);
    const late = await thrownBy(async () => client.notifications.parse(await it.kit.notification({ serial: removed })));
    assert.strictEqual(late.reason, 'unknown-serial');
  });

  test('configured certificates are renewed two weeks before they expire, and work until then', async () => {
    const it = await world();
    const expiry = Date.parse(it.gateway.certificates[0]?.expire_time ?? '') / 1000;
    const client = it.clientOf({});
    it.pass(expiry - 14 * DAY - 1 - it.now());
    await it.presign(client);
    await settle();
    assert.strictEqual(it.downloads(), 0);
    it.pass(1);
    const next = await renew(it);
    await it.presign(client);
    await settle();
    assert.strictEqual(it.downloads(), 1);
    it.pass(14 * DAY + 1);
    assert.ok(await it.presign(client));
    assert.strictEqual(it.wanted().at(-1), next.serial);
  });

  test('once all certificates have expired, a download is like the first one', async () => {
    const it = await world();
    const client = it.clientOf({});
    const expiry = Date.parse(it.gateway.certificates[0]?.expire_time ?? '') / 1000;
    it.pass(expiry + 1 - it.now());
    const next = await renew(it);
    it.gateway.platforms.shift();
    it.gateway.certificates.shift();
    const [{ serial_no } = /** @type {any} */ ({})] = await client.certificates.download();
    assert.strictEqual(serial_no, next.serial);
  });

  test('download leaves out invalid certificates, and rejects if none is valid', async () => {
    const it = await world();
    const [good] = it.gateway.certificates;
    it.gateway.certificates.push(
      await makeCertificate({ notBefore: START - 2 * DAY, notAfter: START - DAY }),
      await makeCertificate({ notBefore: START + DAY }),
    );
    const client = it.clientOf({ certs: {} });
    const serials = (await client.certificates.download()).map(({ serial_no }) => serial_no);
    assert.deepEqual(serials, [good?.serial]);
    it.gateway.certificates.shift();
    const error = await thrownBy(() => it.clientOf({ certs: {} }).certificates.download());
    assert.ok(error instanceof w.InvalidKeyError && /not valid|expired/.test(error.message), String(error));
  });

  test('download rejects a certificate under another serial', async () => {
    const it = await world();
    Object.assign(it.gateway.certificates[0] ?? {}, { serial: 'ABCDEF' });
    const error = await thrownBy(() => it.clientOf({ certs: {} }).certificates.download());
    assert.ok(error instanceof w.InvalidKeyError && /ABCDEF/.test(error.message), String(error));
  });

  test('download rejects an entry that is not a certificate', async () => {
    const it = await world();
    const { certificate } = it.gateway.certificates[0] ?? { certificate: '' };
    for (const wrong of [
      'no PEM',
      certificate.slice(0, 300),
      fixtures.platform.publicKey,
      fixtures.merchant.privateKey,
    ]) {
      Object.assign(it.gateway.certificates[0] ?? {}, { certificate: wrong });
      const error = await thrownBy(() => it.clientOf({ certs: {} }).certificates.download());
      assert.ok(error instanceof w.InvalidKeyError, String(error));
      assert.notInclude(error.message, fixtures.merchant.privateKey.split('\n')[3] ?? '');
    }
  });

  test('with rootCertificate, only certificates that it issued are trusted', async () => {
    const it = await world();
    const authority = { subject: 'Tenpay.com Root CA', notBefore: START - DAY };
    const root = await makeCertificate(authority);
    const client = it.clientOf({ certs: {}, rootCertificate: root.certificate });
    const error = await thrownBy(() => client.certificates.download());
    assert.ok(error instanceof w.InvalidKeyError && /rootCertificate/.test(error.message), String(error));

    const issued = await makeCertificate({ issuer: root, notBefore: START - DAY });
    it.gateway.platforms.splice(0, 1, issued);
    it.gateway.certificates.splice(0, 1, issued);
    assert.lengthOf(await client.certificates.download(), 1);

    // A root with the same name and another key.
    const impostor = await makeCertificate(authority);
    const deceived = it.clientOf({ certs: {}, rootCertificate: impostor.certificate });
    assert.ok((await thrownBy(() => deceived.certificates.download())) instanceof w.InvalidKeyError);
    // A root with the same key and another name.
    const renamed = await makeCertificate({
      issuer: { ...root, certificate: impostor.certificate },
      notBefore: START - DAY,
    });
    it.gateway.platforms.splice(0, 1, renamed);
    it.gateway.certificates.splice(0, 1, renamed);
    assert.lengthOf(await it.clientOf({ certs: {}, rootCertificate: root.certificate }).certificates.download(), 1);
    const stranger = await makeCertificate({
      issuer: { ...root, ...(await nameOnly('Another CA')) },
      notBefore: START - DAY,
    });
    it.gateway.platforms.splice(0, 1, stranger);
    it.gateway.certificates.splice(0, 1, stranger);
    const other = it.clientOf({ certs: {}, rootCertificate: root.certificate });
    assert.ok((await thrownBy(() => other.certificates.download())) instanceof w.InvalidKeyError);
    const key = await thrownBy(() => it.clientOf({ rootCertificate: root.publicKey }));
    assert.ok(key instanceof w.InvalidKeyError && /rootCertificate/.test(key.message), String(key));
  });

  test('rejects a merchant’s certificate from the same root as a platform certificate', async () => {
    const it = await world();
    const root = await makeCertificate({ subject: 'Tenpay.com Root CA', notBefore: START - DAY });
    const subject = { O: '微信商户系统', CN: '1900000100' };
    const merchants = await makeCertificate({ issuer: root, subject, notBefore: START - DAY });
    it.gateway.platforms.splice(0, 1, merchants);
    it.gateway.certificates.splice(0, 1, merchants);
    const client = it.clientOf({ certs: {}, rootCertificate: root.certificate });
    const error = await thrownBy(() => client.certificates.download());
    assert.ok(error instanceof w.InvalidKeyError && /subject/.test(error.message), String(error));
    assert.ok((await thrownBy(() => it.presign(client))) instanceof w.InvalidKeyError);
  });

  test('platformSubject replaces the subject that platform certificates must have', async () => {
    const it = await world();
    const root = await makeCertificate({ subject: 'Tenpay.com Root CA', notBefore: START - DAY });
    const subject = { O: 'Tenpay.com', OU: 'Tenpay.com CA Center', CN: 'Tenpay.com sign 2' };
    const renamed = await makeCertificate({ issuer: root, subject, notBefore: START - DAY });
    it.gateway.platforms.splice(0, 1, renamed);
    it.gateway.certificates.splice(0, 1, renamed);
    const rootCertificate = root.certificate;
    const refused = await thrownBy(() => it.clientOf({ certs: {}, rootCertificate }).certificates.download());
    assert.ok(refused instanceof w.InvalidKeyError && /subject/.test(refused.message), String(refused));
    for (const platformSubject of [{ commonName: 'Tenpay.com sign 2' }, { organization: 'Tenpay.com' }]) {
      const client = it.clientOf({ certs: {}, rootCertificate, platformSubject });
      assert.lengthOf(await client.certificates.download(), 1);
    }
    const other = it.clientOf({ certs: {}, rootCertificate, platformSubject: { commonName: 'Tenpay.com sign' } });
    assert.ok((await thrownBy(() => other.certificates.download())) instanceof w.InvalidKeyError);
    // A subject proves nothing without a root certificate.
    const error = await thrownBy(() => it.clientOf({ platformSubject: { commonName: 'x' } }));
    assert.ok(error instanceof w.InvalidParameterError && error.field === 'platformSubject', String(error));
    for (const wrong of [{}, { commonName: 5 }, { CN: 'x' }, 5]) {
      const options = /** @type {any} */ ({ rootCertificate, platformSubject: wrong });
      const rejected = await thrownBy(() => it.clientOf(options));
      assert.ok(rejected instanceof w.InvalidParameterError, String(rejected));
      assert.match(rejected.field, /^platformSubject/);
    }
  });

  test('an expired rootCertificate is not trusted', async () => {
    const it = await world();
    const root = await makeCertificate({ notBefore: START - 9 * DAY, notAfter: START - DAY });
    const issued = await makeCertificate({ issuer: root, notBefore: START - DAY });
    it.gateway.platforms.splice(0, 1, issued);
    it.gateway.certificates.splice(0, 1, issued);
    const client = it.clientOf({ certs: {}, rootCertificate: root.certificate });
    const error = await thrownBy(() => client.certificates.download());
    assert.ok(error instanceof w.InvalidKeyError && /expired/.test(error.message), String(error));
  });

  test('a merchant without certificates is told to use the public key', async () => {
    const it = await world({ mode: 'public-key' });
    const error = await thrownBy(() => it.clientOf({ certs: {}, retries: 0 }).certificates.download());
    assert.ok(error instanceof w.ApiError, String(error));
    assert.deepEqual([error.status, error.apiCode], [404, 'RESOURCE_NOT_EXISTS']);
    assert.match(error.message, /PUB_KEY_ID_/);
    it.gateway.injectFault('system-error');
    const other = await thrownBy(() => it.clientOf({ retries: 0 }).certificates.download());
    assert.match(other.message, /PUB_KEY_ID_/);
  });

  test('a merchant with only certificates is told how to verify a response signed with the public key', async () => {
    const it = await world({ mode: 'both' });
    const [publicKey, certificate] = it.gateway.platforms;
    const certs = { [certificate?.serial ?? '']: it.kit.certs[certificate?.serial ?? ''] ?? '' };
    const client = it.clientOf({ certs });
    it.gateway.injectFault('other-key');
    const error = await thrownBy(() => it.presign(client));
    assert.deepEqual([error.code, error.reason], ['ERR_SIGNATURE_VERIFICATION', 'unknown-serial']);
    assert.include(error.message, publicKey?.serial);
    assert.match(error.message, /file|certs/);
    // Downloading certificates would not help.
    assert.strictEqual(it.downloads(), 0);
  });

  test('with a public key and certificates, requests ask for the public key, and both are trusted', async () => {
    const it = await world({ mode: 'both' });
    const client = it.clientOf({});
    await it.presign(client);
    it.gateway.injectFault('other-key');
    await it.presign(client);
    const [publicKey, certificate] = it.gateway.platforms;
    assert.deepEqual(it.wanted(), [publicKey?.serial, publicKey?.serial]);
    const migrating = it.clientOf({ platformSerial: certificate?.serial });
    await it.presign(migrating);
    assert.strictEqual(it.wanted().at(-1), certificate?.serial);
    for (const { serial } of it.gateway.platforms) {
      assert.ok(await client.notifications.parse(await it.kit.notification({ serial })));
    }
    assert.strictEqual(it.downloads(), 0);
  });

  // ---- Work shared by calls ----

  for (const [how, options] of /** @type {[string, (controller: AbortController) => object][]} */ ([
    ['that times out', () => ({ timeoutMs: 50 })],
    [
      'that is aborted',
      (controller) => {
        setTimeout(() => controller.abort(), 50);
        return { signal: controller.signal };
      },
    ],
  ])) {
    test(`a call ${how} does not cancel the download that other calls wait for`, async () => {
      const it = await world();
      const client = it.clientOf({ certs: {} });
      it.injectIntoDownloads('slow', { delayMs: 400, times: Number.POSITIVE_INFINITY });
      const first = thrownBy(() => it.presign(client, options(new AbortController())));
      const second = it.presign(client);
      assert.strictEqual((await first).code, 'ERR_NETWORK');
      assert.ok(await second);
      assert.strictEqual(it.downloads(), isShared ? 1 : 2);
      assert.ok(await it.presign(client));
      assert.strictEqual(it.downloads(), isShared ? 1 : 2);
    });

    test(`after a call ${how}, the next call starts its own download`, async () => {
      const it = await world();
      const client = it.clientOf({ certs: {}, timeoutMs: 300, retries: 0 });
      it.injectIntoDownloads('hang');
      const error = await thrownBy(() => it.presign(client, options(new AbortController())));
      assert.strictEqual(error.code, 'ERR_NETWORK');
      assert.ok(await it.presign(client, { timeoutMs: 5000 }));
      assert.strictEqual(it.downloads(), 2);
    });
  }

  test('passes the promise of a renewal to waitUntil, and the promise never rejects', async () => {
    const it = await world();
    const { waitUntil, work } = workBeside();
    const client = it.clientOf({ certs: {}, waitUntil });
    await it.presign(client);
    it.pass(12 * 3600);
    it.injectIntoDownloads('system-error');
    const before = work.length;
    await it.presign(client);
    assert.ok(work.length > before);
    await Promise.all(work);
    assert.strictEqual(it.downloads(), 2);
    it.pass(60);
    await it.presign(client);
    await Promise.all(work);
    assert.strictEqual(it.downloads(), 3);
  });

  test('a renewal also finishes without waitUntil', async () => {
    const it = await world();
    const client = it.clientOf({ certs: {} });
    await it.presign(client);
    it.pass(12 * 3600);
    const next = await renew(it);
    it.injectIntoDownloads('slow', { delayMs: 30 });
    await it.presign(client);
    // In runtimes where work ends with its request, the call has waited for the renewal.
    if (isShared) await settle();
    await it.presign(client);
    assert.strictEqual(it.wanted().at(-1), next.serial);
    assert.strictEqual(it.downloads(), 2);
  });

  test('a call succeeds even if waitUntil throws', async () => {
    const it = await world();
    const waitUntil = () => {
      throw new Error('no request is being handled');
    };
    const { certificateStore } = storeOf();
    const client = it.clientOf({ certs: {}, waitUntil, certificateStore });
    await it.presign(client);
    it.pass(12 * 3600);
    assert.ok(await it.presign(client));
    await settle();
    assert.strictEqual(it.downloads(), 2);
  });

  test('a call succeeds even if the promise of waitUntil rejects, and the rejection is handled', async () => {
    const it = await world();
    let handled = 0;
    const waitUntil = () => {
      const returned = Promise.reject(new Error('the host is shutting down'));
      const catching = (/** @type {any} */ listener) => {
        handled += 1;
        return returned.then(undefined, listener);
      };
      return Object.assign(returned, { catch: catching });
    };
    await it.presign(it.clientOf({ certs: {}, waitUntil }));
    assert.isAbove(handled, 0);
  });

  // ---- At most once a minute ----

  /**
   * Makes a function that returns the same forged notification each time.
   * @param {Awaited<ReturnType<typeof world>>} world
   */
  async function forgedNotification({ kit }) {
    const forged = await kit.notification({ forgery: 'wrong-key' });
    const { url, headers } = forged;
    const body = await forged.text();
    return () => new Request(url, { method: 'POST', headers, body });
  }

  for (const fault of /** @type {const} */ (['bare-503', 'system-error', 'not-json', 'wrong-signature', 'reset'])) {
    test(`before any key is trusted, 100 forged notifications cause one download, with the fault ${fault}`, async () => {
      const it = await world();
      const client = it.clientOf({ certs: {} });
      const forged = await forgedNotification(it);
      it.injectIntoDownloads(fault, { times: Number.POSITIVE_INFINITY });
      const parse = () => thrownBy(() => client.notifications.parse(forged()));
      const first = await parse();
      const codes = new Set();
      for (let count = 0; count < 49; count += 1) codes.add((await parse()).code);
      for (const error of await Promise.all(Array.from({ length: 50 }, parse))) codes.add(error.code);
      assert.strictEqual(it.downloads(), 1);
      // The failure is remembered.
      assert.deepEqual([...codes], [first.code]);
      it.pass(59);
      await parse();
      assert.strictEqual(it.downloads(), 1);
      it.pass(1);
      await parse();
      assert.strictEqual(it.downloads(), 2);
    });
  }

  test('concurrent forged notifications cause one download', async () => {
    const it = await world();
    const client = it.clientOf({ certs: {} });
    const forged = await forgedNotification(it);
    it.injectIntoDownloads('bare-503', { times: Number.POSITIVE_INFINITY });
    const parse = () => thrownBy(() => client.notifications.parse(forged()));
    await Promise.all(Array.from({ length: 20 }, parse));
    assert.strictEqual(it.downloads(), 1);
  });

  test('a call downloads the certificates it needs, even after downloads caused by notifications', async () => {
    const it = await world();
    const client = it.clientOf({ certs: {} });
    const forged = await forgedNotification(it);
    it.injectIntoDownloads('bare-503');
    await thrownBy(() => client.notifications.parse(forged()));
    assert.ok(await it.presign(client));
    assert.strictEqual(it.downloads(), 2);
    assert.ok(await client.notifications.parse(await it.kit.notification()));
  });

  test('does not retry an automatic renewal, and starts at most one a minute after failures', async () => {
    const it = await world();
    const client = it.clientOf({ certs: {} });
    await it.presign(client);
    it.injectIntoDownloads('bare-503', { times: Number.POSITIVE_INFINITY });
    it.pass(12 * 3600);
    for (let count = 0; count < 5; count += 1) {
      await it.presign(client);
      await settle();
    }
    it.gateway.injectFault('unknown-serial', { endpoint: pathOf(it) });
    await thrownBy(() => it.presign(client));
    assert.strictEqual(it.downloads(), 2);
    it.pass(60);
    it.gateway.injectFault('unknown-serial', { endpoint: pathOf(it) });
    await thrownBy(() => it.presign(client));
    assert.strictEqual(it.downloads(), 3);
  });

  /** The path of the last request. @param {Awaited<ReturnType<typeof world>>} world */
  const pathOf = ({ gateway }) => gateway.requests.filter(({ path }) => path !== '/v3/certificates').at(-1)?.path ?? '';

  test('renewals continue after the clock is set back', async () => {
    const it = await world();
    const client = it.clientOf({});
    it.pass(3600);
    it.gateway.injectFault('unknown-serial');
    await thrownBy(() => it.presign(client));
    it.pass(-3600);
    it.gateway.injectFault('unknown-serial');
    await thrownBy(() => it.presign(client));
    assert.strictEqual(it.downloads(), 2);
  });

  test('an unknown serial is retryable only if the certificates could not be renewed', async () => {
    const it = await world();
    const client = it.clientOf({});
    const unknown = async () => {
      it.gateway.injectFault('unknown-serial', { times: 1 });
      return thrownBy(() => it.presign(client));
    };
    assert.deepInclude(await unknown(), { reason: 'unknown-serial', retryable: false });
    assert.deepInclude(await unknown(), { reason: 'unknown-serial', retryable: false });
    it.pass(60);
    it.injectIntoDownloads('bare-503');
    assert.deepInclude(await unknown(), { reason: 'unknown-serial', retryable: true });
    // There is no second attempt within a minute.
    const error = await unknown();
    assert.deepInclude(error, { reason: 'unknown-serial', retryable: true });
    assert.match(error.message, /could not be renewed/);
    // In public-key mode there is nothing to download.
    const none = await world({ mode: 'public-key' });
    const publicKeyClient = none.clientOf({});
    none.gateway.injectFault('unknown-serial');
    assert.deepInclude(await thrownBy(() => none.presign(publicKeyClient)), { retryable: false });
  });

  // ---- Certificates with which WeChat Pay no longer signs ----

  for (const listOld of [true, false]) {
    const still = listOld ? 'still listed' : 'no longer listed';
    test(`calls and downloads work if a valid certificate no longer signs, and is ${still}`, async () => {
      const it = await world();
      const { certificateStore } = storeOf();
      const client = it.clientOf({ certs: {} });
      await it.presign(it.clientOf({ certs: {}, certificateStore }));
      await it.presign(client);
      const next = await it.kit.rotateCertificate({ listOld, notBefore: START - 1 });
      assert.ok(await it.presign(client));
      assert.ok(await it.presign(client));
      assert.strictEqual(it.wanted().at(-1), next.serial);
      // The same holds for a new process that reads the list from the store.
      const stored = it.clientOf({ certs: {}, certificateStore });
      assert.ok(await it.presign(stored));
      const before = it.downloads();
      assert.ok(await it.presign(it.clientOf({ certs: {}, certificateStore })));
      assert.strictEqual(it.downloads(), before);
    });

    test(`certificates.download works if a trusted certificate no longer signs, and is ${still}`, async () => {
      const it = await world();
      const { certificateStore } = storeOf();
      const client = it.clientOf({ certs: {}, certificateStore });
      await client.certificates.download();
      const next = await it.kit.rotateCertificate({ listOld });
      const downloaded = await client.certificates.download();
      assert.strictEqual(downloaded.at(-1)?.serial_no, next.serial);
      assert.lengthOf(downloaded, listOld ? 2 : 1);
    });
  }

  test('never replaces a configured certificate with a downloaded one', async () => {
    const it = await world();
    const client = it.clientOf({});
    await it.kit.rotateCertificate();
    assert.strictEqual((await thrownBy(() => client.certificates.download())).reason, 'unknown-serial');
    assert.strictEqual((await thrownBy(() => it.presign(client))).reason, 'unknown-serial');
  });

  for (const written of /** @type {((serial: string) => string)[]} */ ([
    (serial) => serial,
    (serial) => `00${serial.toLowerCase()}`,
  ])) {
    test(`a downloaded certificate never replaces one that is configured as ${written('5F')}`, async () => {
      const it = await world();
      const { serial = '', certificate = '' } = it.gateway.certificates[0] ?? {};
      const impostor = await makeCertificate({ serial, notBefore: START - DAY });
      it.gateway.certificates.push(impostor);
      const client = it.clientOf({ certs: { [written(serial)]: certificate } });
      await client.certificates.download();
      assert.ok(await it.presign(client));
      it.gateway.platforms.splice(0, 1, impostor);
      assert.strictEqual((await thrownBy(() => it.presign(client))).reason, 'bad-signature');
    });
  }

  // ---- Other texts encrypted with the APIv3 key ----

  test('rejects a notification’s ciphertext served as a certificate list', async () => {
    const it = await world();
    for (const associated_data of ['entrust', 'transaction', '']) {
      Object.assign(it.gateway.certificates[0] ?? {}, { associated_data });
      const error = await thrownBy(() => it.clientOf({ certs: {} }).certificates.download());
      assert.ok(error instanceof w.DecryptionError, String(error));
    }
  });

  test('rejects a certificate inside other text', async () => {
    const it = await world();
    const { certificate } = it.gateway.certificates[0] ?? { certificate: '' };
    for (const around of [
      JSON.stringify({ contract_display_account: certificate }),
      `x\n${certificate}`,
      `${certificate}x`,
      `${certificate}${certificate}`,
    ]) {
      Object.assign(it.gateway.certificates[0] ?? {}, { certificate: around });
      const error = await thrownBy(() => it.clientOf({ certs: {} }).certificates.download());
      assert.ok(error instanceof w.InvalidKeyError, String(error));
    }
  });

  // ---- The store ----

  /** A store that other clients share. */
  function storeOf() {
    /** @type {Map<string, string>} */
    const kept = new Map();
    /** @type {[method: string, ...args: unknown[]][]} */
    const calls = [];
    return {
      kept,
      calls,
      certificateStore: {
        get: async (/** @type {string} */ key) => {
          calls.push(['get', key]);
          return kept.get(key);
        },
        set: async (/** @type {string} */ key, /** @type {string} */ value, /** @type {number} */ ttlSeconds) => {
          calls.push(['set', key, value, ttlSeconds]);
          kept.set(key, value);
        },
      },
    };
  }

  /** @param {string} stored @param {string} header @param {string} value */
  function changed(stored, header, value) {
    const { headers, ...others } = JSON.parse(stored);
    return JSON.stringify({ ...others, headers: { ...headers, [header]: value } });
  }

  /** Replaces the signature with another of the same form. @param {string} stored */
  function changedSignature(stored) {
    const signature = JSON.parse(stored).headers['wechatpay-signature'];
    return (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
  }

  test('a client uses the stored list that another client downloaded', async () => {
    const it = await world();
    const { kept, certificateStore } = storeOf();
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    it.pass(3600);
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    assert.strictEqual(it.downloads(), 1);
    const [[key = '', value = ''] = []] = kept;
    assert.include(key, it.kit.merchant.mchid);
    // The list is stored unchanged, still encrypted.
    assert.notInclude(value, 'CERTIFICATE');
    assert.notInclude(value, it.kit.merchant.apiV3Key);
    // The age of the list is also stored.
    it.pass(11 * 3600);
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    await settle();
    assert.strictEqual(it.downloads(), 2);
  });

  test('forged content in the store is not trusted', async () => {
    const it = await world();
    const forger = await world();
    const { kept, certificateStore } = storeOf();
    await it.clientOf({ certs: {}, certificateStore }).certificates.download();
    const forged = storeOf();
    await forger.clientOf({ certs: {}, certificateStore: forged.certificateStore }).certificates.download();
    const [[key = '', own = ''] = []] = kept;
    const [theirs = ''] = forged.kept.values();
    for (const value of [
      theirs,
      '',
      'x',
      '{}',
      'null',
      '{"body":5}',
      '{"body":"{}"}',
      '{"body":"{\\"data\\":[null,5,{}]}"}',
      '{"version":1,"headers":null,"body":"{}"}',
      '{"version":1,"headers":{"wechatpay-timestamp":5},"body":"{}"}',
      '{"version":1,"headers":{},"body":null}',
      // The format before versions were added, which has no signature.
      JSON.stringify({ downloadedAt: 9e15, body: JSON.parse(own).body }),
      JSON.stringify({ ...JSON.parse(own), version: 2 }),
      JSON.stringify({ ...JSON.parse(own), body: `${JSON.parse(own).body} ` }),
      JSON.stringify({ ...JSON.parse(own), headers: {} }),
      changed(own, 'wechatpay-timestamp', String(START + 200)),
      changed(own, 'wechatpay-serial', 'ABCDEF'),
      changed(own, 'wechatpay-signature', changedSignature(own)),
    ]) {
      kept.set(key, value);
      const before = it.downloads();
      assert.ok(await it.presign(it.clientOf({ certs: {}, certificateStore })), value);
      assert.strictEqual(it.downloads(), before + 1, value);
    }
  });

  test('a stored list carries its signature, and the store is told how long to keep it', async () => {
    const it = await world();
    const { calls, certificateStore } = storeOf();
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    const [method, key, value, ttlSeconds] = calls.at(-1) ?? [''];
    assert.deepEqual([method, key], ['set', `wechatpay-presign/certificates/${it.kit.merchant.mchid}`]);
    assert.strictEqual(ttlSeconds, 7 * DAY);
    const stored = JSON.parse(String(value));
    assert.strictEqual(stored.version, 1);
    assert.strictEqual(stored.headers['wechatpay-timestamp'], String(START));
    assert.strictEqual(stored.headers['wechatpay-serial'], it.gateway.certificates[0]?.serial);
    assert.deepEqual(Object.keys(stored), ['version', 'headers', 'body']);
  });

  test('a stored list with a timestamp in the future does not stop renewals', async () => {
    const it = await world();
    const { certificateStore } = storeOf();
    it.pass(1000);
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    it.pass(-1000);
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    assert.strictEqual(it.downloads(), 2);
  });

  test('a stored list that is older than a week is not used', async () => {
    const it = await world();
    const { kept, certificateStore } = storeOf();
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    const old = new Map(kept);
    it.pass(7 * DAY);
    const { waitUntil, work } = workBeside();
    const client = it.clientOf({ certs: {}, certificateStore, waitUntil });
    await it.presign(client);
    await Promise.all(work);
    // The stored list was used, and renewed in the background.
    assert.strictEqual(it.downloads(), 2);
    for (const [key, value] of old) kept.set(key, value);
    it.pass(1);
    const next = await it.kit.rotateCertificate();
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    assert.strictEqual(it.downloads(), 3);
    assert.strictEqual(it.wanted().at(-1), next.serial);
  });

  test('with configured certificates, a stored list that they did not sign is not trusted', async () => {
    const it = await world();
    // The list of an attacker who knows the APIv3 key.
    const evil = await makeCertificate({ notBefore: START - DAY });
    const { certificateStore, kept } = storeOf();
    const real = it.gateway.platforms.splice(0, 1, evil);
    it.gateway.certificates.push(evil);
    await it.clientOf({ certs: {}, certificateStore }).certificates.download();
    assert.strictEqual(kept.size, 1);
    it.gateway.certificates.pop();
    it.gateway.platforms.splice(0, 1, ...real);
    const client = it.clientOf({ certificateStore });
    assert.ok(await it.presign(client));
    await settle();
    it.gateway.platforms.push(evil);
    const forged = await it.kit.notification({ serial: evil.serial });
    assert.strictEqual((await thrownBy(() => client.notifications.parse(forged))).reason, 'unknown-serial');
  });

  test('with configured certificates, a stored list that they signed is trusted', async () => {
    const it = await world();
    const { certificateStore } = storeOf();
    const next = await renew(it);
    await it.clientOf({ certificateStore }).certificates.download();
    const { waitUntil, work } = workBeside();
    const client = it.clientOf({ certificateStore, waitUntil });
    await it.presign(client);
    await Promise.all(work);
    await it.presign(client);
    assert.strictEqual(it.wanted().at(-1), next.serial);
    assert.strictEqual(it.downloads(), 1);
  });

  test('with a public key and no certificates, the store is neither read nor written', async () => {
    const it = await world({ mode: 'both' });
    const [publicKey] = it.gateway.platforms;
    const serial = publicKey?.serial ?? '';
    const { calls, certificateStore } = storeOf();
    const client = it.clientOf({ certs: { [serial]: it.kit.certs[serial] ?? '' }, certificateStore });
    await it.presign(client);
    await client.notifications.parse(await it.kit.notification());
    await client.certificates.download();
    await settle();
    assert.deepEqual(calls, []);
  });

  test('a renewal by another process is read from the store, and no other download is sent', async () => {
    const it = await world();
    const { certificateStore } = storeOf();
    const { waitUntil, work } = workBeside();
    const client = it.clientOf({ certs: {}, certificateStore, waitUntil });
    await it.presign(client);
    it.pass(12 * 3600);
    const next = await renew(it);
    await it.clientOf({ certs: {}, certificateStore }).certificates.download();
    await it.presign(client);
    await Promise.all(work);
    await it.presign(client);
    assert.strictEqual(it.wanted().at(-1), next.serial);
    assert.strictEqual(it.downloads(), 2);
  });

  test('if the store fails, certificates are downloaded', async () => {
    const it = await world();
    const down = async () => {
      throw new Error('the store is down');
    };
    const client = it.clientOf({ certs: {}, certificateStore: { get: down, set: down } });
    await it.presign(client);
    await it.presign(client);
    assert.strictEqual(it.downloads(), 1);
    // A job that downloads in order to fill the store must learn of the failure.
    const error = await thrownBy(() => client.certificates.download());
    assert.ok(error instanceof w.HostError && error.operation === 'store', String(error));
    assert.match(String(error.cause), /store is down/);
    assert.ok(await it.presign(client));
    const never = () => new Promise(() => {});
    for (const certificateStore of [
      { get: never, set: down },
      { get: down, set: never },
    ]) {
      const dead = it.clientOf({ certs: {}, certificateStore: /** @type {any} */ (certificateStore) });
      assert.ok(await it.presign(dead, { timeoutMs: 2000 }));
      assert.ok(await it.presign(dead, { timeoutMs: 2000 }));
    }
  });

  test('a store that hangs is not asked again within a minute', async () => {
    const it = await world();
    let asked = 0;
    const get = () => {
      asked += 1;
      return new Promise(() => {});
    };
    const certificateStore = /** @type {any} */ ({ get, set: async () => {} });
    const client = it.clientOf({ certs: {}, certificateStore });
    await it.presign(client, { timeoutMs: 2000 });
    await it.presign(client, { timeoutMs: 2000 });
    await it.presign(client, { timeoutMs: 2000 });
    assert.strictEqual(asked, 1);
  });

  // ---- Configuration ----

  test('download rejects without an APIv3 key', async () => {
    const it = await world();
    const client = it.clientOf({ apiV3Key: undefined });
    const error = await thrownBy(() => client.certificates.download());
    assert.ok(error instanceof w.InvalidParameterError && error.field === 'apiV3Key', String(error));
    it.gateway.injectFault('unknown-serial');
    assert.strictEqual((await thrownBy(() => it.presign(client))).reason, 'unknown-serial');
    assert.strictEqual(it.downloads(), 0);
    const nothing = await thrownBy(() => it.clientOf({ apiV3Key: undefined, certs: {} }));
    assert.ok(nothing instanceof w.InvalidParameterError && nothing.field === 'certs', String(nothing));
  });

  for (const [field, value] of /** @type {[string, any][]} */ ([
    ['certificateStore', 5],
    ['certificateStore', null],
    ['certificateStore', { get: () => '' }],
    ['waitUntil', 5],
    ['rootCertificate', 5],
    ['rootCertificate', ''],
  ])) {
    test(`createClient rejects ${String(value)} as ${field}`, async () => {
      const it = await world();
      const error = await thrownBy(() => it.clientOf({ [field]: value }));
      assert.include(error.message, field);
      assert.ok(error instanceof w.InvalidParameterError || error instanceof w.InvalidKeyError, String(error));
    });
  }

  test('the doctor downloads missing certificates', async () => {
    const it = await world();
    const report = await it.clientOf({ certs: {} }).doctor();
    assert.ok(report.ok, String(report));
    assert.match(String(report), new RegExp(`serials: .*${it.gateway.certificates[0]?.serial}`));
    const none = await world({ mode: 'public-key' });
    const other = await none.clientOf({ certs: {}, retries: 0 }).doctor();
    assert.deepEqual(
      other.checks.filter(({ ok }) => !ok).map(({ name }) => name),
      ['serials', 'mode'],
    );
  });
}

/**
 * An issuer with this name. Its key is not used.
 * @param {string} subject
 */
async function nameOnly(subject) {
  const { certificate } = await makeCertificate({ subject });
  return { certificate };
}

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
      /** Pre-signs something new. @param {w.Client} client @param {object} [options] */
      presign: (client, options) =>
        client.presign({ ...PARAMS, out_contract_code: `C${(contracts += 1)}` }, { retries: 0, ...options }),
      downloads: () => kit.gateway.requests.filter(({ path }) => path === '/v3/certificates').length,
      /** What was asked for with the requests to other endpoints. */
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

  /** What runs beside a call has run by then. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

  test('download returns decrypted certificates, and trusts them', async () => {
    const { kit, gateway, clientOf, presign, downloads, wanted } = await world();
    const [{ serial, certificate, effective_time, expire_time } = /** @type {any} */ ({})] = gateway.certificates;
    const client = clientOf({ certs: {} });
    const downloaded = await client.certificates.download();
    assert.deepEqual(downloaded, [{ serial_no: serial, effective_time, expire_time, certificate }]);
    assert.strictEqual((await presign(client)).mchid, kit.merchant.mchid);
    assert.strictEqual(downloads(), 1);
    assert.deepEqual(wanted(), [serial]);
    // The first request names none.
    assert.notProperty(gateway.requests[0]?.headers ?? {}, 'wechatpay-serial');
  });

  test('without certs, concurrent first calls share one download', async () => {
    const { clientOf, presign, downloads, wanted, gateway } = await world();
    const client = clientOf({ certs: undefined });
    await Promise.all([presign(client), presign(client), presign(client)]);
    await presign(client);
    assert.strictEqual(downloads(), 1);
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

  test('a later download is verified only with the keys trusted before', async () => {
    const it = await world();
    const client = it.clientOf({ certs: {} });
    await client.certificates.download();
    const next = await renew(it);
    // Signed by the new one, which the answer itself carries.
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
    const answers = await Promise.all([it.presign(client), it.presign(client), it.presign(client)]);
    assert.strictEqual(answers.length, 3);
    assert.strictEqual(it.downloads(), 1);
    // From now on answers are asked for with the new one; the old one is good as well.
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
    // And without any, before the first.
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
    // Nor is the first download, and an abort ends it as well.
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

  test('downloaded certificates are renewed after 12 hours, and no call waits for it', async () => {
    const it = await world();
    const client = it.clientOf({ certs: {} });
    await it.presign(client);
    it.pass(12 * 3600 - 1);
    await it.presign(client);
    await settle();
    assert.strictEqual(it.downloads(), 1);
    it.pass(1);
    const next = await renew(it);
    await it.presign(client);
    await settle();
    assert.strictEqual(it.downloads(), 2);
    await it.presign(client);
    assert.strictEqual(it.wanted().at(-1), next.serial);
    // The one that was removed is no longer trusted, and the one that expires is no loss.
    it.gateway.certificates.shift();
    it.pass(12 * 3600);
    await it.presign(client);
    await settle();
    const late = await thrownBy(async () =>
      client.notifications.parse(await it.kit.notification({ serial: it.gateway.platforms[0]?.serial ?? '' })),
    );
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

    // Of the same name, and another key; and one that is no certificate.
    const impostor = await makeCertificate(authority);
    const deceived = it.clientOf({ certs: {}, rootCertificate: impostor.certificate });
    assert.ok((await thrownBy(() => deceived.certificates.download())) instanceof w.InvalidKeyError);
    // Of the same key, and another name.
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

  test('a merchant with only certificates, whose response is signed with the public key, is told what to do', async () => {
    const it = await world({ mode: 'both' });
    const [publicKey, certificate] = it.gateway.platforms;
    const certs = { [certificate?.serial ?? '']: it.kit.certs[certificate?.serial ?? ''] ?? '' };
    const client = it.clientOf({ certs });
    it.gateway.injectFault('other-key');
    const error = await thrownBy(() => it.presign(client));
    assert.deepEqual([error.code, error.reason], ['ERR_SIGNATURE_VERIFICATION', 'unknown-serial']);
    assert.include(error.message, publicKey?.serial);
    assert.match(error.message, /file|certs/);
    // New certificates would not help.
    assert.strictEqual(it.downloads(), 0);
  });

  test('with a public key and certificates, the public key is asked for and both are trusted', async () => {
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

  // ---- The store ----

  /** A store that other clients share. */
  function storeOf() {
    /** @type {Map<string, string>} */
    const kept = new Map();
    return {
      kept,
      certificateStore: {
        get: async (/** @type {string} */ key) => kept.get(key),
        set: async (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
      },
    };
  }

  test('a client finds in the store what another one downloaded', async () => {
    const it = await world();
    const { kept, certificateStore } = storeOf();
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    it.pass(3600);
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    assert.strictEqual(it.downloads(), 1);
    const [[key = '', value = ''] = []] = kept;
    assert.include(key, it.kit.merchant.mchid);
    // Encrypted, as it came.
    assert.notInclude(value, 'CERTIFICATE');
    assert.notInclude(value, it.kit.merchant.apiV3Key);
    // Its age goes along.
    it.pass(11 * 3600);
    await it.presign(it.clientOf({ certs: {}, certificateStore }));
    await settle();
    assert.strictEqual(it.downloads(), 2);
  });

  test('forged content of the store is not trusted', async () => {
    const it = await world();
    const forger = await world();
    const { kept, certificateStore } = storeOf();
    await it.clientOf({ certs: {}, certificateStore }).certificates.download();
    const forged = storeOf();
    await forger.clientOf({ certs: {}, certificateStore: forged.certificateStore }).certificates.download();
    const [key = ''] = kept.keys();
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
    ]) {
      kept.set(key, value);
      const before = it.downloads();
      assert.ok(await it.presign(it.clientOf({ certs: {}, certificateStore })), value);
      assert.strictEqual(it.downloads(), before + 1, value);
    }
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
    // Who downloads to fill the store wants to know.
    assert.match((await thrownBy(() => client.certificates.download())).message, /store is down/);
    assert.ok(await it.presign(client));
    const dead = it.clientOf({ certs: {}, certificateStore: { get: () => new Promise(() => {}), set: down } });
    assert.ok(await it.presign(dead, { timeoutMs: 300 }));
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
    ['rootCertificate', 5],
    ['rootCertificate', ''],
  ])) {
    test(`createClient rejects ${String(value)} as ${field}`, async () => {
      const it = await world();
      const error = await thrownBy(() => it.clientOf({ [field]: value }));
      assert.include(error.message, field === 'certificateStore' ? 'certificateStore' : 'rootCertificate');
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
 * An issuer of another name, whose key does not count.
 * @param {string} subject
 */
async function nameOnly(subject) {
  const { certificate } = await makeCertificate({ subject });
  return { certificate };
}

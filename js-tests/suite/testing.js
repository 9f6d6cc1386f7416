/** The test kit: the client accepts its responses and notifications as WeChat Pay's, and rejects its forgeries. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import {
  createGateway,
  createTestKit,
  makeCertificate,
  makeMerchant,
  makePlatformKey,
} from 'wechatpay-presign/testing';
import { thrownBy } from './thrown-by.js';

/** @param {import('./index.js').Suite} suite */
export default function define({ test, fixtures }) {
  const { PARAMS } = fixtures;

  for (const mode of /** @type {const} */ (['public-key', 'certificate', 'both'])) {
    test(`the test kit carries a contract from pre-sign to notification in ${mode} mode`, async () => {
      const kit = await createTestKit({ mode, mchid: '1900000100' });
      const client = w.createClient(kit.config);
      const { mchid, out_contract_code } = await client.presign(PARAMS);
      assert.deepEqual([mchid, out_contract_code], ['1900000100', PARAMS.out_contract_code]);
      const contract = kit.gateway.userSigns({ mchid, out_contract_code });
      const incoming = await kit.notification({ resource: { ...contract, out_contract_code } });
      assert.strictEqual(incoming.url, PARAMS.notify_url);
      const { event_type, resource } = await client.notifications.parse(incoming);
      assert.deepEqual([event_type, resource.contract_id], ['ENTRUST.SIGN', contract['contract_id']]);
      const { service_id } = PARAMS;
      assert.deepEqual(
        await client.contracts.query({ service_id, out_contract_code }),
        JSON.parse(JSON.stringify(contract)),
      );
      assert.deepEqual(
        kit.gateway.requests.map(({ outcome }) => outcome.code),
        ['OK', 'OK'],
      );
    });
  }

  test('the client rejects every forged notification with its reason', async () => {
    const kit = await createTestKit();
    const client = w.createClient(kit.config);
    for (const [forgery, reason] of /** @type {const} */ ([
      ['wrong-signature', 'bad-signature'],
      ['wrong-key', 'bad-signature'],
      ['tampered-body', 'bad-signature'],
      ['missing-signature', 'missing-header'],
      ['sign-test', 'sign-test'],
    ])) {
      const error = await thrownBy(async () => client.notifications.parse(await kit.notification({ forgery })));
      assert.ok(error instanceof w.SignatureVerificationError, `${forgery}: ${error}`);
      assert.strictEqual(error.reason, reason, forgery);
    }
    for (const ageSeconds of [301, -301]) {
      const error = await thrownBy(async () => client.notifications.parse(await kit.notification({ ageSeconds })));
      assert.strictEqual(error.reason, 'stale-timestamp');
    }
    const again = { id: 'EV-1', url: 'https://shop.example/x' };
    assert.strictEqual((await client.notifications.parse(await kit.notification(again))).id, again.id);
    const second = await kit.notification(again);
    assert.strictEqual(second.url, again.url);
    assert.strictEqual((await client.notifications.parse(second)).id, again.id);
  });

  test('the client accepts signed responses made by kit.response', async () => {
    const kit = await createTestKit();
    const body = { code: 'NOT_FOUND', message: '不存在' };
    const client = w.createClient({ ...kit.config, fetch: async () => kit.response({ status: 404, body }) });
    const error = await thrownBy(() => client.presign(PARAMS));
    assert.deepEqual([error.status, error.apiCode, error.message, error.verified], [404, 'NOT_FOUND', '不存在', true]);
    const old = w.createClient({ ...kit.config, fetch: async () => kit.response({ body: '{}', ageSeconds: 301 }) });
    assert.strictEqual((await thrownBy(() => old.presign(PARAMS))).reason, 'stale-timestamp');
    const empty = w.createClient({ ...kit.config, fetch: async () => kit.response({ status: 204, body: '' }) });
    assert.strictEqual((await empty.chain('v3/x').post({ json: {} })).data, null);
  });

  test('the gateway injects faults in order, with an injected clock', async () => {
    const kit = await createTestKit({ now: () => 1_800_000_000 });
    const client = w.createClient({ ...kit.config, retryDelayMs: 0 });
    kit.gateway.injectFault('rate-limit', { retryAfter: 0 });
    kit.gateway.injectFault('system-error');
    assert.ok(await client.presign(PARAMS));
    assert.deepEqual(
      kit.gateway.requests.map(({ fault }) => fault),
      ['rate-limit', 'system-error', undefined],
    );
  });

  test('the gateway rejects a wrong signature and a repeated nonce', async () => {
    const [merchant, other, platform] = [await makeMerchant(), await makeMerchant(), await makePlatformKey()];
    const gateway = createGateway({ merchants: [merchant], platform });
    const request = w.buildPresignRequest(PARAMS);
    const send = async (/** @type {string} */ Authorization) => {
      const init = { method: request.method, body: request.body, headers: { ...request.headers, Authorization } };
      return (await gateway.fetch(request.url, init)).status;
    };
    const Authorization = w.signAuthorization(request, merchant);
    assert.deepEqual([await send(Authorization), await send(Authorization)], [200, 401]);
    assert.strictEqual(await send(w.signAuthorization(request, { ...merchant, privateKey: other.privateKey })), 401);
    assert.strictEqual(await send(w.signAuthorization(request, other)), 401);
    // Also when both arrive at the same time.
    const twice = w.signAuthorization(request, merchant);
    assert.deepEqual((await Promise.all([send(twice), send(twice)])).sort(), [200, 401]);
  });

  test('the gateway carries an order from payment to charge, and kit.deliver repeats each notification until it is accepted', async () => {
    const kit = await createTestKit({ requireOrders: true, now: () => 1_800_000_000 });
    const client = w.createClient(kit.config);
    const { gateway } = kit;
    const { mchid } = kit.merchant;
    const { appid, openid, service_id, out_contract_code } = PARAMS;
    const order = {
      appid,
      mchid,
      description: 'QQ公仔',
      out_trade_no: 'order-1',
      notify_url: 'https://shop.example/paid',
      amount: { total: 100 },
      payer: { openid },
    };
    const { prepay_id } = await client.transactions.jsapi(order);
    assert.strictEqual((await thrownBy(() => client.presign(PARAMS))).apiCode, 'INVALID_REQUEST');
    await client.presign({ ...PARAMS, prepay_id });
    gateway.userPays({ prepay_id, signs: true });

    /** @type {[string, string][]} */
    const handled = [];
    const handle = (/** @type {Request} */ request) =>
      client.notifications.handle(request, ({ event_type }) => handled.push([event_type, request.url]));
    const down = await kit.deliver(() => new Response(null, { status: 500 }));
    assert.deepEqual(
      down.map(({ accepted }) => accepted),
      [false, false],
    );
    assert.deepEqual(
      (await kit.deliver(handle)).map(({ status }) => status),
      [204, 204],
    );
    assert.deepEqual(await kit.deliver(handle), []);
    assert.deepEqual(handled, [
      ['TRANSACTION.SUCCESS', order.notify_url],
      ['ENTRUST.SIGN', PARAMS.notify_url],
    ]);

    const { contract_id } = await client.contracts.query({ service_id, out_contract_code });
    const contract_info = { password_free_contract_id: contract_id };
    const charge = { ...order, out_trade_no: 'order-2', contract_info };
    gateway.userPays(await client.transactions.jsapiWithContract(charge));
    gateway.userTerminates({ mchid, out_contract_code });
    const last = await kit.deliver(handle);
    assert.deepEqual(
      last.map(({ notification }) => notification.event_type),
      ['TRANSACTION.SUCCESS', 'ENTRUST.TERMINATE'],
    );
    assert.deepEqual(
      gateway.orders.map(({ trade_state }) => trade_state),
      ['SUCCESS', 'SUCCESS'],
    );
    assert.deepEqual(
      gateway.contracts.map(({ state }) => state),
      ['TERMINATED'],
    );
  });

  test('the gateway explains which mistake caused a wrong signature', async () => {
    const kit = await createTestKit();
    const request = { method: 'POST', url: 'https://api.mch.weixin.qq.com/v3/security/echo?a=1', body: '{"a":1}' };
    const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'User-Agent': 'test' };
    for (const [signed, reason] of /** @type {const} */ ([
      [{ ...request, url: request.url.split('?')[0] ?? '' }, 'path-without-query'],
      [{ ...request, body: '{ "a": 1 }' }, 'signature'],
      [{ ...request, body: '{"a": 1}' }, 'body-reserialized'],
    ])) {
      const Authorization = w.signAuthorization(signed, kit.merchant);
      await kit.gateway.fetch(request.url, { ...request, headers: { ...headers, Authorization } });
      assert.strictEqual(kit.gateway.requests.at(-1)?.explanation?.reason, reason);
    }
  });

  test('makeCertificate makes a certificate with the given serial', async () => {
    const { certificate, serial, publicKey } = await makeCertificate({ serial: '05C1E5A9' });
    assert.strictEqual(w.PlatformKey.fromPem(certificate).serial, serial);
    assert.match(publicKey, /BEGIN PUBLIC KEY/);
  });
}

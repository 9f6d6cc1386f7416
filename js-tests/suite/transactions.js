/** Orders: placing, paying, querying, charging a contract, closing; and the parameters with which the user pays. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { createTestKit } from 'wechatpay-presign/testing';
import { API_V3_KEY, notificationMaker } from './made-notification.js';
import { scriptedFetch } from './scripted-fetch.js';
import { responder } from './signed-response.js';
import { thrownBy } from './thrown-by.js';
import { bytesOfBase64, importKey, sign, verify } from './web-crypto.js';

const HOST = 'https://api.mch.weixin.qq.com';
const PREPAY_ID = 'wx201410272009395522657a690389285100';

/** A direct merchant's order. */
const ORDER = Object.freeze({
  appid: 'wxd678efh567hg6787',
  description: 'Image形象店-深圳腾大-QQ公仔',
  out_trade_no: '1217752501201407033233368018',
  notify_url: 'https://yoursite.com/wxpay.html',
  amount: { total: 100 },
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
});
const PARTNER = Object.freeze({ sp_mchid: '1900000100', sub_mchid: '1900000109' });
const PARTNER_ORDER = Object.freeze({
  sp_appid: 'wx8888888888888888',
  ...PARTNER,
  description: ORDER.description,
  out_trade_no: ORDER.out_trade_no,
  time_expire: '2038-06-08T10:34:56+08:00',
  notify_url: ORDER.notify_url,
  settle_info: { profit_sharing: true },
  amount: { total: 528_800, currency: /** @type {const} */ ('CNY') },
  payer: { sub_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  sub_appid: 'wxd678efh567hg6999',
  detail: { goods_detail: [{ merchant_goods_id: '1246464644', quantity: 1, unit_price: 528_800 }] },
  scene_info: { payer_client_ip: '14.23.150.211', store_info: { id: '0001' } },
});

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, PARAMS, merchant, platform, otherPlatform, certificate } = fixtures;
  const respond = responder(fixtures);
  const { mchid, serial, privateKey } = merchant;
  const certs = { [platform.serial]: platform.publicKey };
  const config = { mchid, serial, privateKey, certs, clock: () => NOW * 1000, retries: 0 };

  /** @param {object} [others] @param {(request: any) => unknown} [step] */
  function clientOf(others, step = () => respond({ body: JSON.stringify({ prepay_id: PREPAY_ID }) })) {
    const { fetch, requests } = scriptedFetch(step);
    return { client: /** @type {any} */ (w.createClient({ ...config, fetch, ...others })), requests };
  }

  /** @param {() => unknown} call */
  async function refused(call) {
    const error = await thrownBy(call);
    assert.ok(error instanceof w.InvalidParameterError, String(error));
    return error.issues.map(({ field, rule }) => `${field} ${rule}`);
  }

  // ---- Requests ----

  for (const [name, order, path] of /** @type {const} */ ([
    ['a direct merchant', ORDER, 'v3/pay/transactions'],
    ['a partner', PARTNER_ORDER, 'v3/pay/partner/transactions'],
  ])) {
    test(`${name} places an order, with and without a contract`, async () => {
      const { client, requests } = clientOf();
      assert.deepEqual(await client.transactions.jsapi(order), { prepay_id: PREPAY_ID });
      const contract_info = { password_free_contract_id: '201710180325670965' };
      await client.transactions.jsapiWithContract({ ...order, contract_info });
      assert.deepEqual(
        requests.map(({ method, url }) => `${method} ${url}`),
        [`POST ${HOST}/${path}/jsapi`, `POST ${HOST}/${path}/jsapi-with-contract`],
      );
      const owner = order === ORDER ? { mchid } : {};
      assert.deepEqual(JSON.parse(requests[0]?.body ?? ''), { ...order, ...owner });
      assert.deepEqual(JSON.parse(requests[1]?.body ?? ''), { ...order, ...owner, contract_info });
    });
  }

  test('a transaction is queried by either number, and an order is closed', async () => {
    const templates = /** @type {unknown[]} */ ([]);
    const onRequest = (/** @type {any} */ event) => templates.push(event.attributes['url.template']);
    const { client, requests } = clientOf({ onRequest }, ({ method }) =>
      method === 'GET' ? respond({ body: '{"trade_state":"NOTPAY"}' }) : respond({ status: 204, body: '' }),
    );
    assert.deepEqual(await client.transactions.query({ transaction_id: '42' }), { trade_state: 'NOTPAY' });
    await client.transactions.query({ out_trade_no: '123_-|*', mchid });
    await client.transactions.query({ ...PARTNER, transaction_id: '42' });
    await client.transactions.query({ ...PARTNER, out_trade_no: '123456' });
    assert.strictEqual(await client.transactions.close({ out_trade_no: '123456' }), undefined);
    assert.strictEqual(await client.transactions.close({ ...PARTNER, out_trade_no: '12|456' }), undefined);
    const direct = `${HOST}/v3/pay/transactions`;
    const partner = `${HOST}/v3/pay/partner/transactions`;
    const owners = 'sp_mchid=1900000100&sub_mchid=1900000109';
    assert.deepEqual(
      requests.map(({ method, url, body }) => [method, url, body]),
      [
        ['GET', `${direct}/id/42?mchid=1900000100`, undefined],
        ['GET', `${direct}/out-trade-no/123_-%7C*?mchid=1900000100`, undefined],
        ['GET', `${partner}/id/42?${owners}`, undefined],
        ['GET', `${partner}/out-trade-no/123456?${owners}`, undefined],
        ['POST', `${direct}/out-trade-no/123456/close`, '{"mchid":"1900000100"}'],
        ['POST', `${partner}/out-trade-no/12%7C456/close`, JSON.stringify(PARTNER)],
      ],
    );
    const [byId, byNumber] = ['id/{transaction_id}', 'out-trade-no/{out_trade_no}'];
    assert.deepEqual(templates, [
      `/v3/pay/transactions/${byId}`,
      `/v3/pay/transactions/${byNumber}`,
      `/v3/pay/partner/transactions/${byId}`,
      `/v3/pay/partner/transactions/${byNumber}`,
      `/v3/pay/transactions/${byNumber}/close`,
      `/v3/pay/partner/transactions/${byNumber}/close`,
    ]);
  });

  test('rejects a forged response to an order', async () => {
    const body = JSON.stringify({ prepay_id: PREPAY_ID });
    const { client } = clientOf({}, () => respond({ body, by: { ...otherPlatform, serial: platform.serial } }));
    const error = await thrownBy(() => client.transactions.jsapi(ORDER));
    assert.ok(error instanceof w.SignatureVerificationError, String(error));
    assert.strictEqual(error.outcomeUnknown, true);
  });

  test('an order whose outcome is unknown is sent again unchanged', async () => {
    const { client, requests } = clientOf({ retries: 1, retryDelayMs: 0 }, () =>
      requests.length === 1 ? new Response('bad gateway', { status: 502 }) : respond({ body: '{"prepay_id":"wx1"}' }),
    );
    assert.deepEqual(await client.transactions.jsapi(ORDER), { prepay_id: 'wx1' });
    assert.strictEqual(requests[0]?.body, requests[1]?.body);
    assert.notStrictEqual(requests[0]?.headers['Authorization'], requests[1]?.headers['Authorization']);
  });

  // ---- Wrong fields ----

  test('names every wrong field by its path, and sends nothing', async () => {
    const { client, requests } = clientOf();
    const wrong = {
      ...PARTNER_ORDER,
      mchid,
      out_trade_no: '订单',
      amount: { total: '528800', currency: 'USD', refund: 1n },
      payer: { openid: 'o1' },
      detail: { goods_detail: [{ merchant_goods_id: Symbol('x'), quantity: 0.5, unit_price: -1 }, null] },
      scene_info: 'shop',
      totalFee: 1,
    };
    assert.deepEqual(await refused(() => client.transactions.jsapi(wrong)), [
      'out_trade_no characters',
      'amount.total type',
      'amount.currency choice',
      'amount.refund unknown-field',
      'payer.sp_openid required',
      'payer.openid unknown-field',
      'detail.goods_detail[0].merchant_goods_id type',
      'detail.goods_detail[0].quantity integer',
      'detail.goods_detail[0].unit_price integer',
      'detail.goods_detail[1] type',
      'scene_info type',
      'mchid unknown-field',
      'totalFee unknown-field',
    ]);
    assert.strictEqual(requests.length, 0);
  });

  for (const [name, others, expected] of /** @type {[string, object, string[]][]} */ ([
    ['a fraction of a fen', { amount: { total: 0.01 } }, ['amount.total integer']],
    ['nothing to pay', { amount: { total: 0 } }, ['amount.total integer']],
    ['a total too large to be exact', { amount: { total: 2 ** 53 } }, ['amount.total integer']],
    ['NaN', { amount: { total: Number.NaN } }, ['amount.total integer']],
    ['a BigInt', { amount: { total: 100n } }, ['amount.total type']],
    ['a Date', { time_expire: new Date() }, ['time_expire type']],
    ['milliseconds in a time', { time_expire: new Date(0).toISOString() }, ['time_expire time']],
    ['bytes in place of an object', { payer: new Uint8Array(100) }, ['payer type']],
    ['a function', { notify_url: () => 'https://a.example/' }, ['notify_url type']],
    ['half a character', { attach: '\ud83d' }, ['attach characters']],
    ['an emoji', { description: '😀' }, ['description characters']],
    ['two million characters', { attach: 'x'.repeat(2_000_000) }, ['attach type']],
    ['another merchant', { mchid: '1900000101' }, ['mchid choice']],
    [
      'the field names of an internal copy',
      { amount: { unsupported: 'null' }, payer: { fields: {} } },
      [
        'amount.total required',
        'amount.unsupported unknown-field',
        'payer.openid required',
        'payer.fields unknown-field',
      ],
    ],
    ['a __proto__ of its own', { amount: JSON.parse('{"total":1,"__proto__":1}') }, ['amount.__proto__ unknown-field']],
  ])) {
    test(`an order with ${name} is rejected`, async () => {
      const { client, requests } = clientOf();
      assert.deepEqual(await refused(() => client.transactions.jsapi({ ...ORDER, ...others })), expected);
      assert.strictEqual(requests.length, 0);
    });
  }

  test('undefined fields count as absent, at any depth', async () => {
    const { client, requests } = clientOf();
    const amount = { total: 100, currency: undefined };
    await client.transactions.jsapi({ ...ORDER, sp_mchid: undefined, attach: undefined, amount });
    assert.deepEqual(JSON.parse(requests[0]?.body ?? ''), { ...ORDER, mchid });
  });

  test('rejects an order that contains itself or throws when it is read', async () => {
    const { client, requests } = clientOf();
    const cyclic = /** @type {any} */ ({ ...ORDER, detail: {} });
    cyclic.detail.goods_detail = [cyclic, cyclic, cyclic, cyclic];
    const throwing = {
      get total() {
        throw new Error('from the getter');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const order of [
      cyclic,
      { ...ORDER, amount: throwing },
      { ...ORDER, payer: proxy },
      { ...ORDER, detail: { goods_detail: new Array(20_000).fill(0) } },
      undefined,
      null,
      'order',
      [],
    ]) {
      const error = await thrownBy(() => client.transactions.jsapi(order));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
    }
    const error = await thrownBy(() => client.transactions.jsapi({ ...ORDER, amount: throwing }));
    assert.strictEqual(error.cause?.message, 'from the getter');
    for (const call of ['query', 'close']) {
      assert.deepEqual(await refused(() => client.transactions[call](5)), [
        call === 'query' ? 'transaction type' : 'order type',
      ]);
    }
    assert.strictEqual(requests.length, 0);
  });

  // ---- notify_url ----

  test('allows http in notify_url only if baseUrl is a loopback address', async () => {
    const notify_url = 'http://127.0.0.1:3000/notify';
    const calls = (/** @type {any} */ client) => [
      () => client.presign({ ...PARAMS, notify_url }),
      () => client.transactions.jsapi({ ...ORDER, notify_url }),
      () => client.transactions.jsapiWithContract({ ...ORDER, notify_url, contract_info: { token: '1' } }),
    ];
    for (const baseUrl of ['http://127.0.0.1:8443', 'http://localhost:8443', 'https://[::1]']) {
      const { client, requests } = clientOf({ baseUrl });
      for (const call of calls(client)) await call();
      assert.strictEqual(requests.length, 3);
      for (const { body } of requests) assert.strictEqual(JSON.parse(body ?? '').notify_url, notify_url);
      assert.include(w.buildPresignRequest({ ...PARAMS, notify_url }, { baseUrl }).body, notify_url);
    }
    for (const baseUrl of [undefined, 'https://api2.mch.weixin.qq.com', 'http://10.0.0.1:8443']) {
      const { client, requests } = clientOf({ baseUrl });
      for (const call of calls(client)) assert.deepEqual(await refused(call), ['notify_url url']);
      assert.strictEqual(requests.length, 0);
      assert.deepEqual(await refused(() => w.buildPresignRequest({ ...PARAMS, notify_url }, { baseUrl })), [
        'notify_url url',
      ]);
    }
  });

  // ---- The parameters of the payment ----

  test('the client’s own key or signer signs payment parameters', async () => {
    const { privateKey } = certificate;
    const payment = { appId: ORDER.appid, prepay_id: PREPAY_ID, timestamp: NOW, nonce: 'NONCE' };
    const own = { ...config, serial: certificate.serial, certificate: certificate.pem };
    const kms = { sign: async (/** @type {Uint8Array} */ message) => sign(privateKey, message) };
    for (const paying of /** @type {const} */ (['jsapi', 'app'])) {
      const expected = w.signPaymentParams(payment, { mchid, privateKey }, paying);
      for (const [name, signer] of /** @type {[string, any][]} */ ([
        ['a PEM', { privateKey }],
        ['a PEM in the wasm', { privateKey, crypto: 'wasm' }],
        ['a MerchantKey', { privateKey: w.MerchantKey.fromPem(privateKey) }],
        ['a CryptoKey', { privateKey: await importKey(privateKey) }],
        ['a signer', { signer: kms }],
      ])) {
        const client = w.createClient({ ...own, privateKey: undefined, ...signer });
        // The second time, the key that the host has imported is used again.
        for (const _ of [1, 2]) assert.deepEqual(await client.paymentParams(payment, paying), expected, name);
      }
    }
  });

  test('payment parameters have the time and the nonce of the client', async () => {
    const client = w.createClient({ ...config, nonce: () => 'N1' });
    const { paySign, ...others } = await client.paymentParams({ appId: 'wx1', prepay_id: PREPAY_ID }, 'jsapi');
    assert.deepEqual(others, {
      appId: 'wx1',
      timeStamp: String(NOW),
      nonceStr: 'N1',
      package: `prepay_id=${PREPAY_ID}`,
      signType: 'RSA',
    });
    const message = `wx1\n${NOW}\nN1\nprepay_id=${PREPAY_ID}\n`;
    assert.ok(await verify(merchant.publicKey, message, bytesOfBase64(paySign)));
    const { nonceStr } = await w.createClient(config).paymentParams({ appId: 'wx1', prepay_id: 'wx2' }, 'jsapi');
    assert.match(nonceStr, /^[0-9A-F]{32}$/);
  });

  test('rejects a prepay_id that begins with prepay_id=, and names the fix', async () => {
    const payment = { appId: 'wx1', prepay_id: `prepay_id=${PREPAY_ID}` };
    const expected = 'prepay_id must be the id alone: pass "wx…" without "prepay_id=" before it';
    const { client } = clientOf({
      signer: { sign: () => assert.fail('nothing may be signed') },
      privateKey: undefined,
    });
    for (const call of [
      () => client.paymentParams(payment, 'jsapi'),
      () => w.createClient(config).paymentParams(payment, 'app'),
      () => w.signPaymentParams(payment, merchant, 'jsapi'),
      () => w.buildPresignRequest({ ...PARAMS, prepay_id: payment.prepay_id }),
      () => client.presign({ ...PARAMS, prepay_id: payment.prepay_id }),
    ]) {
      const error = await thrownBy(call);
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.deepEqual(
        error.issues.map(({ message }) => message),
        [expected],
      );
    }
  });

  test('rejects wrong payment parameters, and reports a signer that fails', async () => {
    const client = /** @type {any} */ (w.createClient(config));
    assert.deepEqual(await refused(() => client.paymentParams({ appid: 'wx1' }, 'h5')), [
      'client choice',
      'appId required',
      'prepay_id required',
      'appid unknown-field',
    ]);
    assert.deepEqual(await refused(() => client.paymentParams()), ['payment required']);
    for (const [answer, retryable] of /** @type {[() => any, boolean][]} */ ([
      [() => assert.fail('down'), true],
      [() => new Uint8Array(10), false],
      [() => 'base64', false],
    ])) {
      const broken = w.createClient({ ...config, privateKey: undefined, signer: { sign: answer } });
      const error = await thrownBy(() => broken.paymentParams({ appId: 'wx1', prepay_id: 'wx2' }, 'jsapi'));
      assert.ok(error instanceof w.HostError, String(error));
      assert.deepEqual([error.code, error.retryable], ['ERR_SIGNING', retryable]);
    }
  });

  // ---- Payment notifications ----

  test('a payment notification contains the transaction; a resource encrypted as a certificate is rejected', async () => {
    const transaction = { mchid, out_trade_no: ORDER.out_trade_no, trade_state: 'SUCCESS', amount: { total: 100 } };
    const make = notificationMaker(fixtures);
    const paid = {
      event_type: 'TRANSACTION.SUCCESS',
      original_type: 'transaction',
      plaintext: JSON.stringify(transaction),
    };
    const client = w.createClient({ ...config, apiV3Key: API_V3_KEY });
    // WeChat Pay's own example has an empty associated_data.
    for (const sealedFor of ['transaction', '']) {
      const notification = await client.notifications.parse(await make({ ...paid, sealedFor }));
      assert.ok(notification.event_type === 'TRANSACTION.SUCCESS');
      assert.deepEqual(/** @type {unknown} */ (notification.resource), transaction);
    }
    const sealed = await make({ ...paid, sealedFor: 'certificate' });
    const error = await thrownBy(() => client.notifications.parse(sealed));
    assert.ok(error instanceof w.DecryptionError, String(error));
    const relabelled = await make({ ...paid, sealedFor: 'certificate', associated_data: 'transaction' });
    assert.ok((await thrownBy(() => client.notifications.parse(relabelled))) instanceof w.DecryptionError);
  });

  // ---- From order to charge, at the gateway ----

  for (const [name, order, owner, appId] of /** @type {[string, any, any, string][]} */ ([
    ['a direct merchant', ORDER, {}, ORDER.appid],
    ['a partner', PARTNER_ORDER, PARTNER, PARTNER_ORDER.sp_appid],
  ])) {
    test(`${name} orders, is paid, and charges the contract`, async () => {
      const kit = await createTestKit({ mchid, requireOrders: true });
      const client = w.createClient(kit.config);
      const paid = /** @type {unknown[]} */ ([]);
      const handler = (/** @type {w.AnyNotification} */ { event_type, resource }) => {
        if (event_type === 'TRANSACTION.SUCCESS') {
          const payer = resource.sp_mchid === undefined ? resource.payer.openid : resource.payer.sub_openid;
          paid.push([resource.out_trade_no, resource.amount.total, payer]);
        }
      };
      const deliver = () => kit.deliver((request) => client.notifications.handle(request, handler));
      const { out_trade_no, amount } = order;

      const { prepay_id } = await client.transactions.jsapi(order);
      await client.presign({ ...PARAMS, appid: appId, prepay_id });
      const { package: paidWith } = await client.paymentParams({ appId, prepay_id }, 'jsapi');
      assert.strictEqual(paidWith, `prepay_id=${prepay_id}`);
      const before = await client.transactions.query({ out_trade_no, ...owner });
      assert.deepEqual([before.trade_state, before.transaction_id], ['NOTPAY', undefined]);

      kit.gateway.userPays({ prepay_id, signs: true });
      await deliver();
      const after = await client.transactions.query({ out_trade_no, ...owner });
      assert.strictEqual(after.trade_state, 'SUCCESS');
      const byId = await client.transactions.query({ transaction_id: after.transaction_id, ...owner });
      assert.deepEqual(byId, after);

      const { service_id, out_contract_code } = PARAMS;
      const { contract_id } = await client.contracts.query({ service_id, out_contract_code });
      const contract_info = { password_free_contract_id: contract_id };
      const charge = { ...order, out_trade_no: 'charge1', contract_info };
      const charged = await client.transactions.jsapiWithContract(charge);
      kit.gateway.userPays(charged);
      await deliver();
      const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
      assert.deepEqual(paid, [
        [out_trade_no, amount.total, openid],
        ['charge1', amount.total, openid],
      ]);

      await client.transactions.jsapi({ ...order, out_trade_no: 'notpaid' });
      assert.strictEqual(await client.transactions.close({ out_trade_no: 'notpaid', ...owner }), undefined);
      assert.strictEqual(
        (await client.transactions.query({ out_trade_no: 'notpaid', ...owner })).trade_state,
        'CLOSED',
      );
    });
  }
}

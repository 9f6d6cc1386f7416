/** Orders in the gateway, and the simulated user. These tests sign requests and verify responses with node:crypto only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMerchant, makePlatformKey } from '#testing/keys.js';
import { createTestKit } from '#testing/kit.js';
import { createGateway } from './gateway/index.js';
import { decrypt, isSigned, requestMaker } from './gateway/signed-request.js';

const START = 1_700_000_000;
const merchant = await makeMerchant({ mchid: '1900000001' });
const otherMerchant = await makeMerchant({ mchid: '1900000002' });
const platform = await makePlatformKey();
const { mchid } = merchant;

/**
 * @typedef {Record<string, unknown>} Fields
 * @typedef {import('./gateway/signed-request.js').RequestOptions} RequestOptions
 */

const DIRECT = '/v3/pay/transactions';
const PARTNER = '/v3/pay/partner/transactions';
const COMBINE = '/v3/combine-transactions';
const CONTRACTS = '/v3/password-exempt-contract/contracts';
const PRESIGN = `${CONTRACTS}/ecommerce/pre-entrust-sign/pay-redirect-sign`;

const ORDER = {
  appid: 'wxd678efh567hg6787',
  mchid,
  description: 'Image形象店-深圳腾大-QQ公仔',
  out_trade_no: '1217752501201407033233368018',
  notify_url: 'https://shop.example.com/wechat/paid',
  amount: { total: 100 },
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
};
const { appid: _, mchid: __, payer: ___, ...COMMON } = ORDER;
const PARTNER_ORDER = {
  ...COMMON,
  sp_appid: 'wx8888888888888888',
  sp_mchid: mchid,
  sub_mchid: '1900000109',
  payer: { sp_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
};
const COMBINED_ORDER = {
  combine_appid: 'wx8888888888888888',
  combine_mchid: mchid,
  combine_out_trade_no: 'C20260101',
  notify_url: 'https://shop.example.com/wechat/paid',
  combine_payer_info: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  sub_orders: ['20150806125346', '20150806125347'].map((out_trade_no, index) => ({
    mchid: '1900000109',
    attach: '深圳分店',
    amount: { total_amount: 10 + index, currency: 'CNY' },
    out_trade_no,
    description: '腾讯充值中心-QQ会员充值',
  })),
};
const CONTRACT = {
  appid: ORDER.appid,
  service_id: 500001,
  out_contract_code: 'Contract20240101',
  notify_url: 'https://shop.example.com/wechat/signed',
  contract_display_account: '微信用户',
  openid: ORDER.payer.openid,
};

/** A gateway with a clock that can be moved. @param {Partial<import('./gateway/index.js').GatewayOptions>} [options] */
function open(options) {
  let time = START;
  const gateway = createGateway({
    merchants: [merchant, otherMerchant],
    platform,
    requireOrders: true,
    now: () => time,
    ...options,
  });

  /** @param {RequestOptions} options */
  async function ask(options) {
    const make = requestMaker({ method: 'POST', path: `${DIRECT}/jsapi`, body: '', by: merchant, timestamp: time });
    const { path, ...init } = make({ ...(options.method === 'GET' && { body: '' }), ...options });
    const response = await gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
    const text = await response.text();
    assert.ok(isSigned(response, text, platform));
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  }
  /** @param {Fields} fields @param {string} path @param {RequestOptions} [more] */
  const post = (fields, path = `${DIRECT}/jsapi`, more = {}) => ask({ path, body: JSON.stringify(fields), ...more });
  /** @param {string} path @param {RequestOptions} [more] */
  const get = (path, more = {}) => ask({ method: 'GET', path, ...more });

  return {
    gateway,
    ask,
    post,
    get,
    wait: (/** @type {number} */ seconds) => {
      time += seconds;
    },
    /** @param {Fields} [fields] @param {string} [path] @returns {Promise<string>} */
    async place(fields = ORDER, path = `${DIRECT}/jsapi`) {
      const { status, json } = await post(fields, path);
      assert.deepEqual([status, Object.keys(json)], [200, ['prepay_id']], JSON.stringify(json));
      return json.prepay_id;
    },
    /** @param {string} prepay_id @param {Fields} [fields] */
    presign: (prepay_id, fields = {}) => post({ ...CONTRACT, prepay_id, ...fields }, PRESIGN),
  };
}

const direct = `${DIRECT}/out-trade-no/${ORDER.out_trade_no}`;
const partner = `${PARTNER}/out-trade-no/${ORDER.out_trade_no}`;
const name = { mchid, out_contract_code: CONTRACT.out_contract_code };

test('a direct order is placed, queried, paid and queried again', async () => {
  const { gateway, place, get } = open();
  const prepay_id = await place({ ...ORDER, attach: '自定义数据' });
  assert.match(prepay_id, /^wx20231115061320[0-9a-f]{20}$/);
  const unpaid = {
    appid: ORDER.appid,
    mchid,
    out_trade_no: ORDER.out_trade_no,
    trade_state: 'NOTPAY',
    trade_state_desc: '订单未支付',
    amount: { total: 100, currency: 'CNY' },
  };
  assert.deepEqual(await get(`${direct}?mchid=${mchid}`), { status: 200, json: unpaid });

  const paid = gateway.userPays({ prepay_id });
  assert.match(paid.transaction_id ?? '', /^4200\d{24}$/);
  const { status, json } = await get(`${direct}?mchid=${mchid}`);
  assert.deepEqual(
    [status, json],
    [
      200,
      {
        ...unpaid,
        transaction_id: paid.transaction_id,
        trade_type: 'JSAPI',
        trade_state: 'SUCCESS',
        trade_state_desc: '支付成功',
        bank_type: 'OTHERS',
        attach: '自定义数据',
        success_time: '2023-11-14T22:13:20+00:00',
        payer: ORDER.payer,
        amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
      },
    ],
  );
  assert.deepEqual(await get(`${DIRECT}/id/${paid.transaction_id}?mchid=${mchid}`), { status, json });
});

test('a partner’s order is placed, queried and closed for its sub-merchant', async () => {
  const { gateway, place, get, post } = open();
  const prepay_id = await place(PARTNER_ORDER, `${PARTNER}/jsapi`);
  const query = `${partner}?sp_mchid=${mchid}&sub_mchid=${PARTNER_ORDER.sub_mchid}`;
  const { status, json } = await get(query);
  assert.deepEqual(
    [status, json.sp_appid, json.sp_mchid, json.sub_mchid, json.appid, json.mchid, json.trade_state],
    [200, PARTNER_ORDER.sp_appid, mchid, PARTNER_ORDER.sub_mchid, undefined, undefined, 'NOTPAY'],
  );
  assert.equal((await get(query.replace('1900000109', '1900000110'))).json.code, 'ORDER_NOT_EXIST');
  assert.equal((await get(`${direct}?mchid=${mchid}`)).json.code, 'ORDER_NOT_EXIST');

  const closing = { sp_mchid: mchid, sub_mchid: PARTNER_ORDER.sub_mchid };
  const other = await post({ ...closing, sub_mchid: '1900000110' }, `${partner}/close`);
  assert.equal(other.json.code, 'ORDER_NOT_EXIST');
  assert.deepEqual(await post(closing, `${partner}/close`), { status: 204, json: undefined });
  assert.equal((await get(query)).json.trade_state, 'CLOSED');
  assert.throws(() => gateway.userPays({ prepay_id }), /order \d+ is closed/);
});

test('orders that are paid as one share a prepay_id, and each has its own transaction_id', async () => {
  const { gateway, place, get } = open();
  const prepay_id = await place(COMBINED_ORDER, `${COMBINE}/jsapi`);
  assert.equal(gateway.orders[0]?.total, 21);
  gateway.userPays({ prepay_id });
  const { json } = await get(`${COMBINE}/out-trade-no/${COMBINED_ORDER.combine_out_trade_no}`);
  const { sub_orders, ...rest } = json;
  assert.deepEqual(rest, {
    combine_appid: COMBINED_ORDER.combine_appid,
    combine_mchid: mchid,
    combine_out_trade_no: COMBINED_ORDER.combine_out_trade_no,
    combine_payer_info: COMBINED_ORDER.combine_payer_info,
  });
  assert.deepEqual(
    sub_orders.map((/** @type {any} */ order) => [order.out_trade_no, order.trade_state, order.amount.payer_amount]),
    [
      ['20150806125346', 'SUCCESS', 10],
      ['20150806125347', 'SUCCESS', 11],
    ],
  );
  assert.notEqual(sub_orders[0].transaction_id, sub_orders[1].transaction_id);
  assert.deepEqual(gateway.notifications[0]?.resource, json);
});

test('the same order again gets the same prepay_id, and a new one after two hours', async () => {
  const { gateway, place, wait } = open();
  const first = await place();
  assert.equal(await place(Object.fromEntries(Object.entries(ORDER).reverse())), first);
  wait(2 * 3600);
  assert.equal(await place(), first);
  wait(1);
  const second = await place();
  assert.notEqual(second, first);
  assert.equal(gateway.orders.length, 1);
  assert.throws(() => gateway.userPays({ prepay_id: first }), /older than two hours/);
  assert.equal(gateway.userPays({ prepay_id: second }).trade_state, 'SUCCESS');
});

test('an order cannot be paid after its time_expire, or after seven days', async () => {
  const { gateway, place, wait } = open();
  const soon = await place({ ...ORDER, time_expire: '2023-11-15T06:23:20+08:00' });
  wait(600);
  const late = await place({ ...ORDER, out_trade_no: 'paid-in-time', time_expire: '2023-11-15T06:23:20+08:00' });
  wait(1);
  assert.throws(() => gateway.userPays({ prepay_id: soon }), /time_expire has passed/);
  // A time_expire in less than a minute is moved to a minute after the order.
  assert.equal(gateway.userPays({ prepay_id: late }).trade_state, 'SUCCESS');

  const other = open();
  await other.place();
  other.wait(7 * 86_400 + 1);
  const again = await other.place();
  assert.throws(() => other.gateway.userPays({ prepay_id: again }), /time_expire has passed/);
});

/** Each changes one thing of a direct order. @type {[string, Fields, string][]} */
const BAD_FIELDS = [
  ...['appid', 'mchid', 'description', 'out_trade_no', 'notify_url', 'amount', 'payer'].map(
    (field) => /** @type {[string, Fields, string]} */ ([`no ${field}`, { [field]: undefined }, `/${field}`]),
  ),
  ['no total', { amount: {} }, '/amount/total'],
  ['a total in yuan', { amount: { total: 1.5 } }, '/amount/total'],
  ['a total as a string', { amount: { total: '100' } }, '/amount/total'],
  ['a total of zero', { amount: { total: 0 } }, '/amount/total'],
  ['a negative total', { amount: { total: -1 } }, '/amount/total'],
  ['another currency', { amount: { total: 1, currency: 'USD' } }, '/amount/currency'],
  ['an amount that is a number', { amount: 100 }, '/amount'],
  ['no openid', { payer: {} }, '/payer/openid'],
  ['a payer that is null', { payer: null }, '/payer'],
  ['a description of 128 characters', { description: '长'.repeat(128) }, '/description'],
  ['an out_trade_no of 5 characters', { out_trade_no: '12345' }, '/out_trade_no'],
  ['an out_trade_no of 33 characters', { out_trade_no: '1'.repeat(33) }, '/out_trade_no'],
  ['an out_trade_no with a dot', { out_trade_no: '123456.7' }, '/out_trade_no'],
  ['a notify_url with a query', { notify_url: 'https://a.example/?a=1' }, '/notify_url'],
  ['a notify_url over HTTP', { notify_url: 'http://127.0.0.1:3000/notify' }, '/notify_url'],
  ['a time_expire without a zone', { time_expire: '2023-11-15T06:23:20' }, '/time_expire'],
  ['support_fapiao as a string', { support_fapiao: 'true' }, '/support_fapiao'],
  ['an unknown field', { total: 100 }, '/total'],
  ['an unknown field of amount', { amount: { total: 1, payer_total: 1 } }, '/amount/payer_total'],
  ['contract_info at an endpoint that does not accept it', { contract_info: {} }, '/contract_info'],
  ['no client IP', { scene_info: {} }, '/scene_info/payer_client_ip'],
  ['no goods', { detail: { goods_detail: [] } }, '/detail/goods_detail'],
  [
    'goods without a quantity',
    {
      detail: {
        goods_detail: [
          { merchant_goods_id: 'a', quantity: 1, unit_price: 1 },
          { merchant_goods_id: 'b', unit_price: 1 },
        ],
      },
    },
    '/detail/goods_detail/1/quantity',
  ],
];

for (const [what, fields, field] of BAD_FIELDS) {
  test(`rejects an order with ${what} and names the field`, async () => {
    const { gateway, post } = open();
    const { status, json } = await post({ ...ORDER, ...fields });
    assert.deepEqual([status, json.code, json.detail.field], [400, 'PARAM_ERROR', field]);
    assert.equal(gateway.requests[0]?.explanation?.where, `body${field}`);
    assert.deepEqual(gateway.orders, []);
  });
}

test('rejects a quantity written with a fraction, even if another one is an integer', async () => {
  const { ask } = open();
  const goods = { merchant_goods_id: 'a', quantity: 1, unit_price: 1 };
  const body = JSON.stringify({ ...ORDER, detail: { goods_detail: [goods, goods] } });
  const first = body.replace('"quantity":1', '"quantity":1.0');
  assert.equal((await ask({ body: first })).json.detail.field, '/detail/goods_detail/0/quantity');
  assert.equal((await ask({ body })).status, 200);
});

test('accepts an order with every field', async () => {
  const { place } = open();
  await place({
    ...ORDER,
    time_expire: '2023-11-15T08:00:00.123+08:00',
    attach: '长'.repeat(128),
    goods_tag: 'WXG',
    support_fapiao: false,
    settle_info: { profit_sharing: true },
    amount: { total: 1, currency: 'CNY' },
    detail: {
      cost_price: 608800,
      invoice_id: '微信123',
      goods_detail: [
        {
          merchant_goods_id: '1246464644',
          wechatpay_goods_id: '1001',
          goods_name: 'iPhoneX 256G',
          quantity: 1,
          unit_price: 0,
        },
      ],
    },
    scene_info: {
      payer_client_ip: '14.23.150.211',
      device_id: '013467007045764',
      store_info: { id: '0001', name: '腾讯大厦分店', area_code: '440305', address: '广东省深圳市' },
    },
  });
});

test('a partner’s order needs a payer, and a sub_appid together with sub_openid', async () => {
  const { post } = open();
  const place = async (/** @type {Fields} */ fields) =>
    (await post({ ...PARTNER_ORDER, ...fields }, `${PARTNER}/jsapi`)).json.detail?.field;
  assert.equal(await place({ payer: {} }), '/payer/sp_openid|payer/sub_openid');
  assert.equal(await place({ payer: { sub_openid: 'o' } }), '/sub_appid');
  assert.equal(await place({ payer: { sub_openid: 'o' }, sub_appid: 'wx1' }), undefined);
});

test('the merchant of an order must be the merchant who signed the request', async () => {
  const { gateway, place, post, get } = open();
  await place();
  await place({ ...PARTNER_ORDER, out_trade_no: 'partner1' }, `${PARTNER}/jsapi`);
  const by = otherMerchant;
  const refused = [
    await post(ORDER, `${DIRECT}/jsapi`, { by }),
    await post(PARTNER_ORDER, `${PARTNER}/jsapi`, { by }),
    await post(COMBINED_ORDER, `${COMBINE}/jsapi`, { by }),
    await post({ mchid }, `${direct}/close`, { by }),
    await get(`${direct}?mchid=${mchid}`, { by }),
  ];
  for (const { status, json } of refused) {
    assert.deepEqual([status, json.code], [400, 'PARAM_ERROR']);
    assert.equal(json.message, 'http header中的mchid与post payload中的mchid不匹配');
  }
  assert.equal(gateway.requests.at(-1)?.explanation?.expected, otherMerchant.mchid);
  const own = await get(`${direct}?mchid=${otherMerchant.mchid}`, { by });
  assert.deepEqual([own.status, own.json], [404, { code: 'ORDER_NOT_EXIST', message: '订单不存在' }]);
  const { json } = await post({ ...PARTNER_ORDER, sub_mchid: 'shop' }, `${PARTNER}/jsapi`);
  assert.deepEqual([json.code, json.message], ['MCH_NOT_EXISTS', '商户号不存在']);
});

test('a query must name its merchants, and finds no unpaid order by transaction_id', async () => {
  const { place, get } = open();
  await place();
  await place({ ...PARTNER_ORDER, out_trade_no: 'partner1' }, `${PARTNER}/jsapi`);
  for (const [path, field] of [
    [direct, 'mchid'],
    [partner, 'sp_mchid'],
    [`${partner}?sp_mchid=${mchid}`, 'sub_mchid'],
  ]) {
    const { status, json } = await get(path ?? '');
    assert.deepEqual([status, json.detail.location, json.detail.field], [400, 'query', field]);
  }
  assert.equal((await get(`${DIRECT}/id/4200000000000000000000000000?mchid=${mchid}`)).json.code, 'ORDER_NOT_EXIST');
  assert.equal((await get(`${DIRECT}/out-trade-no/other123?mchid=${mchid}`)).json.code, 'ORDER_NOT_EXIST');
  assert.equal((await get(`${DIRECT}/out-trade-no/a/b?mchid=${mchid}`)).json.code, 'NOT_FOUND');
});

test('rejects a number used by another order, or by a paid or closed one', async () => {
  const { gateway, place, post } = open();
  const again = async (/** @type {Fields} */ fields, /** @type {string} */ path) => {
    const { status, json } = await post(fields, path);
    return [status, json.code, json.message];
  };
  const jsapi = `${DIRECT}/jsapi`;
  const prepay_id = await place();
  assert.deepEqual(await again({ ...ORDER, amount: { total: 101 } }, jsapi), [
    400,
    'INVALID_REQUEST',
    '请求重入时，参数与首次请求时不一致',
  ]);
  assert.deepEqual(await again(PARTNER_ORDER, `${PARTNER}/jsapi`), [403, 'OUT_TRADE_NO_USED', '商户订单号重复']);
  gateway.userPays({ prepay_id });
  assert.deepEqual(await again(ORDER, jsapi), [400, 'ORDERPAID', '该订单已支付']);
  assert.deepEqual(await again({ mchid }, `${direct}/close`), [400, 'ORDERPAID', '该订单已支付']);

  const second = { ...ORDER, out_trade_no: 'second1' };
  await place(second);
  const close = `${DIRECT}/out-trade-no/second1/close`;
  assert.equal((await post({ mchid }, close)).status, 204);
  assert.deepEqual(await again({ mchid }, close), [400, 'ORDER_CLOSED', '订单已关闭']);
  assert.deepEqual(await again(second, jsapi), [400, 'ORDER_CLOSED', '订单已关闭']);
});

test('a number that was closed before it was used can no longer be used', async () => {
  const { post } = open();
  assert.equal((await post({ mchid }, `${direct}/close`)).status, 204);
  assert.equal((await post(ORDER)).json.message, '请求重入时，参数与首次请求时不一致');
});

test('with requireOrders, pre-signing needs a prepay_id of the merchant that can still be paid', async () => {
  const { gateway, place, presign, post, wait } = open();
  const unknown = await presign('wx201410272009395522657a690389285100');
  assert.deepEqual(
    [unknown.status, unknown.json.code, unknown.json.detail.field],
    [400, 'INVALID_REQUEST', '/prepay_id'],
  );
  const prepay_id = await place();
  const byOther = await post({ ...CONTRACT, prepay_id }, PRESIGN, { by: otherMerchant });
  assert.equal(byOther.json.detail.field, '/prepay_id');
  assert.equal((await presign(prepay_id)).status, 200);
  wait(7201);
  assert.match((await presign(prepay_id)).json.message, /已过期/);
  const fresh = await place();
  gateway.userPays({ prepay_id: fresh });
  assert.equal((await presign(fresh, { out_contract_code: 'C2' })).json.code, 'ORDERPAID');
  assert.deepEqual(
    gateway.contracts.map(({ state }) => state),
    ['PRE_SIGNED'],
  );
});

test('without requireOrders, any prepay_id can be pre-signed, and its contract can be signed', async () => {
  const { gateway, presign } = open({ requireOrders: false });
  assert.equal((await presign('wx1')).status, 200);
  assert.equal(gateway.userSigns(name)['contract_state'], 'SIGNED');
});

test('the payment and the signed contract each cause a notification to their own notify_url', async () => {
  const { gateway, place, presign } = open();
  const prepay_id = await place();
  await presign(prepay_id);
  const order = gateway.userPays({ prepay_id, signs: true });
  assert.deepEqual([order.trade_state, order.out_contract_code], ['SUCCESS', CONTRACT.out_contract_code]);
  const [paid, signed, ...rest] = gateway.notifications;
  assert.ok(paid && signed && rest.length === 0);
  assert.deepEqual([paid.event_type, paid.url, paid.summary], ['TRANSACTION.SUCCESS', ORDER.notify_url, '支付成功']);
  assert.deepEqual([signed.event_type, signed.url], ['ENTRUST.SIGN', CONTRACT.notify_url]);

  for (const [notification, type] of /** @type {const} */ ([
    [paid, 'transaction'],
    [signed, 'entrust'],
  ])) {
    const { url, headers, body } = await gateway.notification(notification);
    assert.equal(url, notification.url);
    assert.ok(isSigned({ headers: new Headers(headers) }, body, platform));
    const { id, event_type, create_time, resource } = JSON.parse(body);
    assert.deepEqual(
      [id, event_type, create_time],
      [notification.id, notification.event_type, notification.create_time],
    );
    assert.deepEqual([resource.original_type, resource.associated_data], [type, type]);
    assert.deepEqual(
      JSON.parse(decrypt(resource, merchant.apiV3Key)),
      JSON.parse(JSON.stringify(notification.resource)),
    );
  }
  // Sent again, it is signed anew.
  const [one, two] = [await gateway.notification(paid), await gateway.notification(paid)];
  assert.notEqual(one.headers['Wechatpay-Nonce'], two.headers['Wechatpay-Nonce']);
  assert.equal(JSON.parse(one.body).id, JSON.parse(two.body).id);
});

test('a contract is signed after the payment, within two hours, unless the user has abandoned it', async () => {
  const { gateway, place, presign, wait } = open();
  const prepay_id = await place();
  assert.throws(() => gateway.userPays({ prepay_id, signs: true }), /no contract was pre-signed/);
  assert.equal(gateway.orders[0]?.trade_state, 'NOTPAY');
  await presign(prepay_id);
  assert.throws(() => gateway.userSigns(name), /not paid yet/);
  assert.throws(() => gateway.userTerminates(name), /not signed/);
  gateway.userAbandons(name);
  assert.equal(gateway.contracts[0]?.state, 'ABANDONED');
  gateway.userPays({ prepay_id });
  assert.throws(() => gateway.userSigns(name), /abandoned/);
  assert.deepEqual(
    gateway.notifications.map(({ event_type }) => event_type),
    ['TRANSACTION.SUCCESS'],
  );

  const second = await place({ ...ORDER, out_trade_no: 'second1' });
  await presign(second, { out_contract_code: 'C2' });
  gateway.userPays({ prepay_id: second });
  wait(7201);
  assert.throws(() => gateway.userSigns({ mchid, out_contract_code: 'C2' }), /two hours/);
});

test('a contract is signed and terminated only once', async () => {
  const { gateway, place, presign, get } = open();
  const prepay_id = await place();
  await presign(prepay_id);
  gateway.userPays({ prepay_id, signs: true });
  assert.equal(gateway.userSigns(name)['contract_id'], gateway.contracts[0]?.contract_id);
  assert.throws(() => gateway.userPays({ prepay_id }), /already paid/);
  assert.throws(() => gateway.userPays({ prepay_id: 'wx1' }), /has issued no wx1/);
  assert.throws(() => gateway.userAbandons(name), /has signed/);
  const ended = gateway.userTerminates(name);
  assert.deepEqual(ended['contract_terminate_info'], {
    contract_termination_mode: 'USER_TERMINATE',
    contract_terminated_time: '2023-11-14T22:13:20+00:00',
  });
  assert.throws(() => gateway.userTerminates(name), /already terminated/);
  assert.deepEqual(
    gateway.notifications.map(({ event_type }) => event_type),
    ['TRANSACTION.SUCCESS', 'ENTRUST.SIGN', 'ENTRUST.TERMINATE'],
  );
  const path = `${CONTRACTS}/service-id/${CONTRACT.service_id}/out-contract-code/${CONTRACT.out_contract_code}`;
  assert.deepEqual((await get(path)).json, JSON.parse(JSON.stringify(ended)));
  assert.deepEqual(gateway.notifications[2]?.resource, ended);
});

test('a termination by the merchant also causes a notification', async () => {
  const { gateway, place, presign, post } = open();
  const prepay_id = await place();
  await presign(prepay_id);
  gateway.userPays({ prepay_id, signs: true });
  const path = `${CONTRACTS}/service-id/${CONTRACT.service_id}/out-contract-code/${CONTRACT.out_contract_code}/terminate`;
  assert.equal((await post({ contract_termination_remark: '用户申请解约' }, path)).status, 200);
  const last = gateway.notifications.at(-1);
  assert.deepEqual([last?.event_type, last?.resource['contract_state']], ['ENTRUST.TERMINATE', 'TERMINATED']);
});

for (const [kind, order, path] of /** @type {const} */ ([
  ['direct', ORDER, DIRECT],
  ['partner’s', PARTNER_ORDER, PARTNER],
])) {
  test(`a ${kind} order with a signed contract is paid like any other`, async () => {
    const { gateway, place, presign } = open();
    const prepay_id = await place();
    await presign(prepay_id);
    gateway.userPays({ prepay_id, signs: true });
    const { contract_id } = gateway.userSigns(name);
    const charge = await place(
      { ...order, out_trade_no: 'charge1', contract_info: { password_free_contract_id: contract_id } },
      `${path}/jsapi-with-contract`,
    );
    assert.equal(gateway.orders[1]?.contract_id, contract_id);
    assert.equal(gateway.userPays({ prepay_id: charge }).trade_state, 'SUCCESS');
    const last = gateway.notifications.at(-1);
    assert.deepEqual([last?.event_type, last?.resource['out_trade_no']], ['TRANSACTION.SUCCESS', 'charge1']);
  });
}

test('only a signed contract of the same merchant and payer can be charged', async () => {
  const { gateway, place, presign, post } = open();
  const prepay_id = await place();
  await presign(prepay_id);
  const path = `${DIRECT}/jsapi-with-contract`;
  const charge = async (/** @type {Fields} */ contract_info, fields = {}, /** @type {RequestOptions} */ more = {}) => {
    const { status, json } = await post({ ...ORDER, out_trade_no: 'charge1', contract_info, ...fields }, path, more);
    return [status, json.code, json.detail?.field];
  };
  const field = '/contract_info/password_free_contract_id';
  const unsigned = { password_free_contract_id: '0'.repeat(32) };
  assert.deepEqual(await charge(unsigned), [404, 'RESOURCE_NOT_EXISTS', field]);
  assert.deepEqual(await charge({ token: 'x' }), [400, 'PARAM_ERROR', field]);
  assert.deepEqual(await charge({ contract_id: 'x' }), [400, 'PARAM_ERROR', '/contract_info/contract_id']);
  assert.deepEqual((await post({ ...ORDER, out_trade_no: 'charge1' }, path)).json.detail.field, '/contract_info');

  gateway.userPays({ prepay_id, signs: true });
  const signed = { password_free_contract_id: gateway.contracts[0]?.contract_id };
  const byOther = { by: otherMerchant };
  assert.deepEqual(await charge(signed, { mchid: otherMerchant.mchid }, byOther), [403, 'NO_AUTH', field]);
  assert.deepEqual(await charge(signed, { payer: { openid: 'another' } }), [400, 'INVALID_REQUEST', field]);
  const { json } = await post({ ...ORDER, out_trade_no: 'charge1', contract_info: signed }, path);
  assert.equal(gateway.orders.length, 2);

  gateway.userTerminates(name);
  assert.throws(() => gateway.userPays(json), /cannot be paid: Contract \w+ is terminated/);
  assert.deepEqual(await charge(signed, { out_trade_no: 'charge2' }), [400, 'INVALID_REQUEST', field]);
});

test('subscribers see each change in order, until they unsubscribe', async () => {
  const { gateway, place, presign, post } = open();
  /** @type {string[]} */
  const seen = [];
  const unsubscribe = gateway.subscribe((event) => {
    if (event.type === 'request') seen.push(`request ${event.request.id} ${event.request.outcome.code}`);
    if (event.type === 'order') seen.push(`order ${event.order.trade_state}`);
    if (event.type === 'contract') seen.push(`contract ${event.contract.state}`);
    if (event.type === 'notification') seen.push(event.notification.event_type);
  });
  const prepay_id = await place();
  await presign(prepay_id);
  gateway.userPays({ prepay_id, signs: true });
  await post({});
  unsubscribe();
  gateway.userTerminates(name);
  assert.deepEqual(seen, [
    'order NOTPAY',
    'request 1 OK',
    'contract PRE_SIGNED',
    'request 2 OK',
    'order SUCCESS',
    'TRANSACTION.SUCCESS',
    'contract SIGNED',
    'ENTRUST.SIGN',
    'request 3 PARAM_ERROR',
  ]);
});

test('the lists of orders, contracts and notifications are copies', async () => {
  const { gateway, place, presign } = open();
  const prepay_id = await place();
  await presign(prepay_id);
  gateway.userPays({ prepay_id, signs: true });
  const state = () => JSON.stringify([gateway.orders, gateway.contracts, gateway.notifications]);
  const before = state();
  for (const item of [...gateway.orders, ...gateway.contracts, ...gateway.notifications]) {
    Object.assign(item, { mchid: 'changed', state: 'changed', trade_state: 'changed' });
    if ('resource' in item) item.resource['mchid'] = 'changed';
  }
  gateway.orders.pop();
  gateway.notifications.pop();
  assert.equal(state(), before);
});

test('remembers at most maxRequests requests', async () => {
  const { gateway, post } = open({ maxRequests: 2 });
  for (const total of [1, 2, 3]) await post({ ...ORDER, amount: { total } });
  assert.deepEqual(
    gateway.requests.map(({ id, time }) => [id, time]),
    [
      [2, START],
      [3, START],
    ],
  );
});

test('pendingFaults lists the faults that have not happened yet', async () => {
  const { gateway, post } = open();
  gateway.injectFault('slow', { delayMs: 0, times: 2, after: 1 });
  gateway.injectFault('hang', { endpoint: '/v3/certificates', times: Infinity });
  await post(ORDER);
  await post(ORDER);
  assert.deepEqual(gateway.pendingFaults, [
    { fault: 'slow', remaining: 1 },
    { fault: 'hang', endpoint: '/v3/certificates', remaining: Infinity },
  ]);
  gateway.clearFaults();
  assert.deepEqual(gateway.pendingFaults, []);
});

test('with allowLoopback, notify_url may be plain HTTP to this machine only', async () => {
  const { post } = open({ allowLoopback: true });
  const status = async (/** @type {string} */ notify_url) =>
    (await post({ ...ORDER, out_trade_no: `n${crypto.randomUUID().slice(0, 20)}`, notify_url })).status;
  for (const host of ['127.0.0.1:3000', '127.1.2.3', 'localhost:65535', 'shop.localhost', '[::1]:3000']) {
    assert.equal(await status(`http://${host}/notify`), 200, host);
  }
  assert.equal(await status('https://shop.example.com/notify'), 200);
  for (const host of [
    'shop.example.com',
    '127.0.0.1.example.com',
    'user@localhost',
    'localhost.example.com',
    '10.0.0.1',
  ]) {
    assert.equal(await status(`http://${host}/notify`), 400, host);
  }
  assert.equal(await status('http://127.0.0.1:3000/notify?a=1'), 400);
});

test('kit.deliver delivers each notification until it is accepted', async () => {
  const kit = await createTestKit({ merchant, platformKeys: [platform] });
  assert.deepEqual([kit.merchant, kit.certs], [merchant, { [platform.serial]: platform.publicKey }]);
  const make = requestMaker({
    method: 'POST',
    path: `${DIRECT}/jsapi`,
    body: '',
    by: merchant,
    timestamp: Math.floor(Date.now() / 1000),
  });
  const { path, ...init } = make({ body: JSON.stringify(ORDER) });
  const response = await kit.gateway.fetch(`https://api.mch.weixin.qq.com${path}`, init);
  const { prepay_id } = /** @type {{ prepay_id: string }} */ (await response.json());
  kit.gateway.userPays({ prepay_id });

  /** @type {[string, string][]} */
  const received = [];
  const handler = (/** @type {number} */ status) => async (/** @type {Request} */ request) => {
    const body = await request.text();
    assert.ok(isSigned(request, body, platform));
    received.push([request.url, JSON.parse(body).id]);
    return new Response(null, { status });
  };
  const summary = (/** @type {import('#testing/kit.js').Delivery[]} */ deliveries) =>
    deliveries.map(({ status, accepted }) => [status, accepted]);
  assert.deepEqual(summary(await kit.deliver(handler(500))), [[500, false]]);
  assert.deepEqual(summary(await kit.deliver(handler(202))), [[202, false]]);
  await assert.rejects(
    kit.deliver(() => {
      throw new RangeError('the handler is broken');
    }),
    RangeError,
  );
  assert.deepEqual(summary(await kit.deliver(handler(204))), [[204, true]]);
  assert.deepEqual(await kit.deliver(handler(204)), []);
  const [first] = received;
  assert.deepEqual(received, [first, first, first]);
  assert.equal(first?.[0], ORDER.notify_url);
});

test('kit.notification makes payments and terminations with realistic resources', async () => {
  const kit = await createTestKit({ merchant, platformKeys: [platform], now: () => START });
  const resourceOf = async (/** @type {string} */ event_type) => {
    const body = await (await kit.notification({ event_type })).text();
    const { resource, summary } = JSON.parse(body);
    return { summary, type: resource.original_type, ...JSON.parse(decrypt(resource, merchant.apiV3Key)) };
  };
  const payment = await resourceOf('TRANSACTION.SUCCESS');
  assert.deepEqual(
    [payment.type, payment.summary, payment.mchid, payment.trade_state, payment.success_time],
    ['transaction', '支付成功', mchid, 'SUCCESS', '2023-11-14T22:13:20+00:00'],
  );
  assert.match(payment.transaction_id, /^4200\d{24}$/);
  const ended = await resourceOf('ENTRUST.TERMINATE');
  assert.deepEqual([ended.type, ended.contract_state], ['entrust', 'TERMINATED']);
  assert.equal(ended.contract_terminate_info.contract_terminated_time, '2023-11-14T22:13:20+00:00');
});

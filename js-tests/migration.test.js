/** The shop of the migration example does the same with wechatpay-axios-plugin and with this package. */
import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { after, test } from 'node:test';
import { API_V3_KEY, merchant, notification, PARAMS, platform } from './fixtures.js';
import { createGateway } from './gateway/index.js';

const { mchid, serial, privateKey } = merchant;

/** @param {string} name  of the example's file */
async function open(name) {
  // By URL, so that tsc does not look for types.
  const { createShop } = await import(new URL(`../examples/migration/${name}`, import.meta.url).href);
  const gateway = createGateway({ merchants: [merchant], platform });
  const baseUrl = await gateway.listen();
  after(() => gateway.close());
  const certs = { [platform.serial]: platform.publicKey };
  const shop = createShop({ mchid, serial, privateKey, certs, apiV3Key: API_V3_KEY, baseUrl });
  /** Returns the requests that the gateway has received since the last call. */
  let counted = 0;
  const sent = () =>
    gateway.requests.slice(counted, (counted = gateway.requests.length)).map(({ method, path, body, outcome }) => {
      const text = new TextDecoder().decode(body);
      return { method, path, body: text === '' ? undefined : JSON.parse(text), code: outcome.code };
    });
  return { shop, sent };
}
const shops = { before: await open('before.js'), after: await open('after.js') };

const order = {
  ...{ appid: PARAMS.appid, description: '套餐', out_trade_no: '1217752501201407033233368018' },
  ...{ notify_url: 'https://shop.example.com/paid', amount: { total: 100 }, payer: { openid: PARAMS.openid } },
};

/** @type {Record<string, (shop: any) => unknown>} */
const STEPS = {
  'places an order': async (shop) => typeof (await shop.order(order)),
  'pre-signs a contract': (shop) => shop.presign(PARAMS),
  'queries an order': (shop) => shop.tradeState(order.out_trade_no),
  'closes an order': (shop) => shop.close(order.out_trade_no),
  'reads the code of an error': (shop) => shop.codeOfUnknownOrder('4200000000000000000000000000'),
};
for (const [name, step] of Object.entries(STEPS)) {
  test(`${name}: both packages send the same request and return the same result`, async () => {
    const results = [await step(shops.before.shop), await step(shops.after.shop)];
    const [before, after] = [shops.before.sent(), shops.after.sent()];
    assert.equal(before.length, 1);
    assert.deepEqual(after, before);
    assert.deepEqual(results[1], results[0]);
    if (name !== 'closes an order') assert.notEqual(results[0], undefined);
  });
}

test('both packages sign the parameters of a payment correctly', async () => {
  for (const { shop } of Object.values(shops)) {
    const { appId, timeStamp, nonceStr, package: session, signType, paySign } = await shop.payment('wx1', 'wx2');
    assert.deepEqual([appId, session, signType], ['wx1', 'prepay_id=wx2', 'RSA']);
    const message = Buffer.from(`wx1\n${timeStamp}\n${nonceStr}\n${session}\n`);
    assert.ok(verify('sha256', message, merchant.publicKey, Buffer.from(paySign, 'base64')));
  }
});

test('both packages read a notification, and reject one that was tampered with', async () => {
  const made = notification({ now: Math.floor(Date.now() / 1000) });
  // Node.js gives the names of headers in lower case.
  const headers = Object.fromEntries(Object.entries(made.headers).map(([name, value]) => [name.toLowerCase(), value]));
  for (const { shop } of Object.values(shops)) {
    const resource = await shop.notification({ headers, body: made.body });
    assert.deepEqual(resource, { out_contract_code: PARAMS.out_contract_code });
    const body = made.body.replace('EV-1', 'EV-2');
    await assert.rejects(async () => shop.notification({ headers, body }));
  }
});

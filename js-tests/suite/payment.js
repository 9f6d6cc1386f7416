/** Payment parameters: WebCrypto verifies their signature over the documented message. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { thrownBy } from './thrown-by.js';
import { bytesOfBase64, verify } from './web-crypto.js';

const PAYMENT = {
  appId: 'wxd678efh567hg6787',
  prepay_id: 'wx201410272009395522657a690389285100',
  timestamp: 1_554_208_460,
  nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
};

/** @param {import('./index.js').Suite} suite */
export default function define({ test, fixtures }) {
  const { merchant } = fixtures;
  const { appId, prepay_id, timestamp, nonce } = PAYMENT;

  test('signs parameters for a page or a mini program', async () => {
    const { paySign, ...rest } = w.signPaymentParams(PAYMENT, merchant, 'jsapi');
    assert.deepEqual(rest, {
      appId,
      timeStamp: '1554208460',
      nonceStr: nonce,
      package: `prepay_id=${prepay_id}`,
      signType: 'RSA',
    });
    const message = `${appId}\n${timestamp}\n${nonce}\nprepay_id=${prepay_id}\n`;
    assert.ok(await verify(merchant.publicKey, message, bytesOfBase64(paySign)));
  });

  test('signs parameters for an app', async () => {
    const { sign, ...rest } = w.signPaymentParams(PAYMENT, merchant, 'app');
    assert.deepEqual(rest, {
      appid: appId,
      partnerid: merchant.mchid,
      prepayid: prepay_id,
      package: 'Sign=WXPay',
      noncestr: nonce,
      timestamp: '1554208460',
    });
    const message = `${appId}\n${timestamp}\n${nonce}\n${prepay_id}\n`;
    assert.ok(await verify(merchant.publicKey, message, bytesOfBase64(sign)));
  });

  test('takes the time and nonce from the host by default', async () => {
    const before = Math.floor(Date.now() / 1000);
    const [one, other] = [0, 1].map(() => w.signPaymentParams({ appId, prepay_id }, merchant, 'jsapi'));
    assert.match(one?.nonceStr ?? '', /^[0-9A-F]{32}$/);
    assert.notStrictEqual(one?.nonceStr, other?.nonceStr);
    assert.ok(Number(one?.timeStamp) >= before && Number(one?.timeStamp) <= Date.now() / 1000);
    const message = `${appId}\n${one?.timeStamp}\n${one?.nonceStr}\n${one?.package}\n`;
    assert.ok(await verify(merchant.publicKey, message, bytesOfBase64(one?.paySign ?? '')));
  });

  test('needs no merchant number for a page, and accepts a MerchantKey', () => {
    const privateKey = w.MerchantKey.fromPem(merchant.privateKey);
    assert.deepEqual(
      w.signPaymentParams(PAYMENT, { privateKey }, 'jsapi'),
      w.signPaymentParams(PAYMENT, merchant, 'jsapi'),
    );
  });

  for (const [name, payment, given, client, expected] of /** @type {[string, any, any, any, string[]][]} */ ([
    ['nothing', undefined, merchant, 'jsapi', ['payment']],
    ['no fields', {}, merchant, 'jsapi', ['appId', 'prepay_id']],
    ['no merchant', PAYMENT, undefined, 'jsapi', ['merchant']],
    ['an empty merchant', PAYMENT, {}, 'app', ['mchid', 'privateKey']],
    ['no client', PAYMENT, merchant, undefined, ['client']],
    ['another client', { ...PAYMENT, prepay_id: '' }, merchant, 'h5', ['client', 'prepay_id']],
    ['a line more', { ...PAYMENT, appId: 'wx1\n2', nonce: 'a b' }, merchant, 'app', ['appId', 'nonce']],
    [
      'too long',
      { ...PAYMENT, prepay_id: 'x'.repeat(65), appId: 'x'.repeat(33) },
      merchant,
      'app',
      ['appId', 'prepay_id'],
    ],
    ['no text', { ...PAYMENT, prepay_id: 5 }, { ...merchant, privateKey: 5 }, 'app', ['prepay_id', 'privateKey']],
    ['milliseconds', { ...PAYMENT, timestamp: Date.now() }, merchant, 'app', ['timestamp']],
    ['WeChat’s spelling', { ...PAYMENT, nonceStr: nonce }, merchant, 'jsapi', ['nonceStr']],
  ])) {
    test(`rejects ${name}`, async () => {
      const error = await thrownBy(() => w.signPaymentParams(payment, given, client));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.deepEqual(error.issues.map(({ field }) => field).sort(), [...expected].sort());
    });
  }
}

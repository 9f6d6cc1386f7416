const w = require('wechatpay-presign');

test('signs and verifies', () => {
  const { request, merchant, response, trust, now } = JSON.parse(process.env['INPUT'] ?? '');
  const Authorization = w.signAuthorization(request, merchant, { timestamp: now, nonce: 'NONCE' });
  console.log(JSON.stringify({ Authorization, data: w.verifyResponse(response, trust, { now }) }));
  expect(() => w.MerchantKey.fromPem('x')).toThrow(w.InvalidKeyError);
});

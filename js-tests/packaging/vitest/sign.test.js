import { expect, test } from 'vitest';
import * as w from 'wechatpay-presign';
import { job } from '../job.js';

test('signs and verifies', () => {
  console.log(job(w, JSON.parse(process.env['INPUT'] ?? '')));
  expect(() => w.MerchantKey.fromPem('x')).toThrow(w.InvalidKeyError);
  try {
    w.MerchantKey.fromPem('x');
  } catch (error) {
    // Who has loaded the package, Node.js or Vitest, shows in here.
    console.log(error.stack);
  }
});

import { expect, test } from 'vitest';
import * as w from 'wechatpay-presign';
import { job } from '../job.js';

test('signs and verifies', () => {
  console.log(job(w, JSON.parse(process.env['INPUT'] ?? '')));
  expect(() => w.MerchantKey.fromPem('x')).toThrow(w.InvalidKeyError);
  try {
    w.MerchantKey.fromPem('x');
  } catch (error) {
    // The stack shows whether Node.js or Vitest loaded the package.
    console.log(error.stack);
  }
});

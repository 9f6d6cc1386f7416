// What the user's client is handed to pay with.
import { fieldsOf, pick } from './arguments.js';
import { call } from './instance.js';
import { merchantKeyNumber } from './keys.js';

/**
 * @param {unknown} payment
 * @param {unknown} merchant
 * @param {unknown} client
 */
export function signPaymentParams(payment, merchant, client) {
  const fields = fieldsOf('payment', payment);
  const { mchid, privateKey } = pick('merchant', merchant, 'mchid', 'privateKey');
  const key = merchantKeyNumber(privateKey);
  // What is no key goes to Rust, to be refused together with what else is wrong.
  const signing = key === undefined ? { mchid, privateKey } : { mchid };
  return call((wasm) => wasm.signPaymentParams(fields, signing, key, { client }));
}

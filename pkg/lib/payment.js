// What the user's client is handed to pay with.
import { asObject, fieldsOf } from './arguments.js';
import { pack } from './crossing.js';
import { call } from './instance.js';
import { merchantKeyNumber } from './keys.js';

/**
 * @param {unknown} payment
 * @param {unknown} merchant
 * @param {unknown} client
 */
export function signPaymentParams(payment, merchant, client) {
  const fields = fieldsOf('payment', payment);
  const { mchid, privateKey } = asObject('merchant', merchant);
  const key = merchantKeyNumber(privateKey);
  // What is no key goes to Rust, to be refused together with what else is wrong.
  const signing = key === undefined ? { mchid, privateKey } : { mchid };
  return call((wasm) => wasm.signPaymentParams(pack(fields), pack(signing), key, pack({ client })));
}

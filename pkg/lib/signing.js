// Signing a request, at once or in two halves.
import { asObject, fieldsOf, isBytes, ownBytes } from './arguments.js';
import { pack, packBody } from './crossing.js';
import { call } from './instance.js';
import { merchantKeyNumber } from './keys.js';

/**
 * @param {unknown} request
 * @param {unknown} merchant
 * @param {unknown} [options]
 */
export function signAuthorization(request, merchant, options = {}) {
  const { method, url, body } = asObject('request', request);
  const { mchid, serial, privateKey } = asObject('merchant', merchant);
  const moment = fieldsOf('options', options);
  const key = merchantKeyNumber(privateKey);
  // What is no key goes to Rust among the fields, to be refused together with them.
  const credential = key === undefined ? { mchid, serial, privateKey } : { mchid, serial };
  const { text, bytes, refused } = packBody(body);
  return call((wasm) => {
    const line = pack({ method, url }) + refused;
    return wasm.signAuthorization(line, text, bytes, pack(credential), key, pack(moment));
  });
}

/**
 * @param {unknown} request
 * @param {unknown} moment
 */
export function signingMessage(request, moment) {
  const { method, url, body } = asObject('request', request);
  const fields = fieldsOf('moment', moment);
  const { text, bytes, refused } = packBody(body);
  return call((wasm) => wasm.signingMessage(pack({ method, url }) + refused, text, bytes, pack(fields)));
}

/** @param {unknown} parts */
export function authorizationHeader(parts) {
  const { signature, ...others } = fieldsOf('parts', parts);
  // No signature is longer than this; one that is, is refused by its length all the same.
  const bytes = isBytes(signature) ? ownBytes('signature', signature).subarray(0, 2 ** 20) : undefined;
  const fields = bytes === undefined ? { ...others, signature } : others;
  return call((wasm) => wasm.authorizationHeader(pack(fields), bytes));
}

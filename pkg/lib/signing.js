// Signing a request, at once or in two halves.
import { bodyOf, fieldsOf, isBytes, ownBytes, pick } from './arguments.js';
import { call } from './instance.js';
import { merchantKeyNumber } from './keys.js';

/**
 * @param {unknown} request
 * @param {unknown} merchant
 * @param {unknown} [options]
 */
export function signAuthorization(request, merchant, options = {}) {
  const { body, ...line } = pick('request', request, 'method', 'url', 'body');
  const { privateKey, ...credential } = pick('merchant', merchant, 'mchid', 'serial', 'privateKey');
  const moment = fieldsOf('options', options);
  const key = merchantKeyNumber(privateKey);
  // What is no key goes to Rust among the fields, to be refused together with them.
  const fields = key === undefined ? { ...credential, privateKey } : credential;
  const content = bodyOf(body);
  return call((wasm) => wasm.signAuthorization(line, content, fields, key, moment));
}

/**
 * @param {unknown} request
 * @param {unknown} moment
 */
export function signingMessage(request, moment) {
  const { body, ...line } = pick('request', request, 'method', 'url', 'body');
  const fields = fieldsOf('moment', moment);
  const content = bodyOf(body);
  return call((wasm) => wasm.signingMessage(line, content, fields));
}

/** @param {unknown} parts */
export function authorizationHeader(parts) {
  const { signature, ...others } = fieldsOf('parts', parts);
  const bytes = isBytes(signature) ? ownBytes('signature', signature) : undefined;
  const fields = bytes === undefined ? { ...others, signature } : others;
  return call((wasm) => wasm.authorizationHeader(fields, bytes));
}

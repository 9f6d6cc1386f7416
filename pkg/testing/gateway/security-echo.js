/**
 * `POST /v3/security/echo`, WeChat's test of signing and verifying.
 *
 * WeChat documents { echo_message, encrypted_echo_message?, notify_url? } → { echo_message, encrypted_echo_message? }.
 * Here any JSON object is taken and its fields are said again; the method, the URL and who called are an assumption of
 * ours, for tests to look at. Nothing is decrypted, and no notification is sent.
 */
import { ok } from './answer.js';
import { readObject } from './judge/json-body.js';

/**
 * @param {import('./gateway.js').GatewayRequest} request
 * @param {import('./routes.js').Caller} caller
 */
export const echo = ({ method, path, body }, { mchid, serial_no }) =>
  ok({ ...readObject(body), method, url: path, mchid, serial_no });

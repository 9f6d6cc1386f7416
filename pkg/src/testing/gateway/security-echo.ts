/**
 * `POST /v3/security/echo`, WeChat's test of signing and verifying.
 *
 * WeChat documents { echo_message, encrypted_echo_message?, notify_url? } → { echo_message, encrypted_echo_message? }.
 * This gateway accepts any JSON object and returns its fields. It adds the method, the URL and the caller, so that tests can
 * check them. It decrypts nothing and sends no notification.
 */
import { readObject } from './checks/json-body.js';
import { ok } from './response.js';
import type { Handler } from './routes.js';

export const echo: Handler = ({ method, path, body }, { mchid, serial_no }) =>
  ok({ ...readObject(body), method, url: path, mchid, serial_no });

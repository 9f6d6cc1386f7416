/** Makes responses that are signed as WeChat signs them. */
import { base64, concat, sign } from './web-crypto.js';

/** @param {import('./index.js').Fixtures} fixtures */
export function responseSigner({ NOW, platform }) {
  /** @param {{ status?: number, body?: string | Uint8Array, timestamp?: number | string, by?: { privateKey: string, serial: string } }} [making] */
  return async ({ status = 200, body = '{"mchid":"1900000100"}', timestamp = NOW, by = platform } = {}) => ({
    status,
    headers: {
      'Wechatpay-Timestamp': String(timestamp),
      'Wechatpay-Nonce': 'NONCE',
      'Wechatpay-Signature': base64(await sign(by.privateKey, concat(`${timestamp}\nNONCE\n`, body, '\n'))),
      'Wechatpay-Serial': by.serial,
      'Request-ID': '08F78BB5AF0610D302-0',
    },
    body,
  });
}

/**
 * Makes the same responses as Response objects of the runtime.
 * @param {import('./index.js').Fixtures} fixtures
 */
export function responder(fixtures) {
  const signedResponse = responseSigner(fixtures);
  /** @param {Parameters<typeof signedResponse>[0] & { headers?: Record<string, string> }} [making] */
  return async ({ headers: others = {}, ...making } = {}) => {
    const { status, headers, body } = await signedResponse({ timestamp: fixtures.NOW, ...making });
    const date = new Date(fixtures.NOW * 1000).toUTCString();
    const content = status === 204 ? null : /** @type {BodyInit} */ (body);
    return new Response(content, { status, headers: { Date: date, ...headers, ...others } });
  };
}

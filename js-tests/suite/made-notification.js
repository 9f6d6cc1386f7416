/** Notifications as WeChat sends them, made with the runtime's own cryptography. */
import { base64, sign, utf8 } from './web-crypto.js';

export const API_V3_KEY = '0123456789abcdef0123456789ABCDEF';
export const CONTRACT = {
  mchid: '1900000100',
  out_contract_code: '100001256',
  contract_id: 'Wx15463511252015071056489715',
  openid: 'o张',
};

/**
 * @typedef {object} Making
 * @property {string} [id]
 * @property {number | string} [timestamp]
 * @property {string} [key]  the APIv3 key
 * @property {string} [nonce]
 * @property {string} [sealedFor]  the associated data of the encryption
 * @property {string | null} [associated_data]  the associated data that the notification names
 * @property {string} [algorithm]
 * @property {string} [event_type]
 * @property {string} [original_type]
 * @property {string} [plaintext]
 * @property {unknown} [envelope]  replaces the whole notification
 * @property {{ privateKey: string, serial: string }} [by]  who signs
 */

/**
 * @param {{ NOW: number, platform: { privateKey: string, serial: string } }} fixtures
 * @returns {(making?: Making) => Promise<{ headers: Record<string, string>, body: string }>}
 */
export function notificationMaker({ NOW, platform }) {
  return async ({
    id = 'EV-1',
    timestamp = NOW,
    key = API_V3_KEY,
    nonce = 'abcdefghijkl',
    sealedFor = 'contract',
    ...making
  } = {}) => {
    const {
      associated_data = sealedFor,
      algorithm = 'AEAD_AES_256_GCM',
      plaintext = JSON.stringify(CONTRACT),
      by = platform,
      event_type = 'ENTRUST.SIGN',
      original_type = 'entrust',
    } = making;
    const aes = await crypto.subtle.importKey('raw', utf8(key), 'AES-GCM', false, ['encrypt']);
    const sealing = { name: 'AES-GCM', iv: utf8(nonce), additionalData: utf8(sealedFor) };
    const ciphertext = base64(new Uint8Array(await crypto.subtle.encrypt(sealing, aes, utf8(plaintext))));
    const resource = {
      original_type,
      algorithm,
      nonce,
      ciphertext,
      ...(associated_data !== null && { associated_data }),
    };
    const envelope = {
      id,
      create_time: '2023-11-14T22:13:20+00:00',
      event_type,
      resource_type: 'encrypt-resource',
      summary: '签约成功',
      resource,
    };
    const body = JSON.stringify('envelope' in making ? making.envelope : envelope);
    /** @type {Record<string, string>} */
    const headers = {
      'Wechatpay-Timestamp': String(timestamp),
      'Wechatpay-Nonce': 'NONCE',
      'Wechatpay-Signature': base64(await sign(by.privateKey, `${timestamp}\nNONCE\n${body}\n`)),
      'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
      'Wechatpay-Serial': by.serial,
      'Request-ID': '08F78BB5AF0610D302-0',
    };
    return { headers, body };
  };
}

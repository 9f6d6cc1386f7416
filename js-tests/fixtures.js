/** Values that several tests share. All signatures are made with node:crypto. */
import { execFileSync } from 'node:child_process';
import { createCipheriv, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMerchant, makePlatformKey } from '#testing/keys.js';

/** The example of WeChat Pay's documentation. */
export const PARAMS = Object.freeze({
  appid: 'wxcbda96de0b165486',
  service_id: 1234,
  out_contract_code: '100001256',
  notify_url: 'https://yoursite.com/wxpay.html',
  contract_display_account: '张三',
  prepay_id: 'wx201410272009395522657a690389285100',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
});

export const NOW = 1_700_000_000;
export const API_V3_KEY = '0123456789abcdef0123456789ABCDEF';
export const merchant = await makeMerchant({ mchid: '1900000100' });
export const platform = await makePlatformKey();

/**
 * A response, signed as WeChat signs it.
 * @param {{ status?: number, body?: string | Uint8Array, timestamp?: number | string, by?: typeof platform }} [options]
 */
export function signedResponse({ status = 200, body = '{"mchid":"1900000100"}', timestamp = NOW, by = platform } = {}) {
  const message = Buffer.concat([Buffer.from(`${timestamp}\nNONCE\n`), Buffer.from(body), Buffer.from('\n')]);
  return {
    status,
    headers: {
      'Wechatpay-Timestamp': String(timestamp),
      'Wechatpay-Nonce': 'NONCE',
      'Wechatpay-Signature': sign('sha256', message, by.privateKey).toString('base64'),
      'Wechatpay-Serial': by.serial,
      'Request-ID': '08F78BB5AF0610D302-0',
    },
    body,
  };
}

/**
 * A notification as WeChat sends it.
 * @param {{ now: number, id?: string, key?: string, claimed?: string, by?: { serial: string, privateKey: string } }} options
 *   `claimed`: the associated_data that the notification names
 */
export function notification({ now, id = 'EV-1', key = API_V3_KEY, claimed = 'contract', by = platform }) {
  const nonce = 'abcdefghijkl';
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from('contract'));
  const plaintext = JSON.stringify({ out_contract_code: PARAMS.out_contract_code });
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('base64');
  const resource = { algorithm: 'AEAD_AES_256_GCM', nonce, ciphertext, associated_data: claimed };
  const body = JSON.stringify({ id, event_type: 'ENTRUST.SIGN', resource_type: 'encrypt-resource', resource });
  /** @type {Record<string, string>} */
  const headers = {
    'Wechatpay-Timestamp': String(now),
    'Wechatpay-Nonce': 'NONCE',
    'Wechatpay-Serial': by.serial,
    'Wechatpay-Signature': sign('sha256', Buffer.from(`${now}\nNONCE\n${body}\n`), by.privateKey).toString('base64'),
  };
  return { headers, body };
}

/**
 * Runs openssl in a temporary folder.
 * @template T
 * @param {(openssl: (...args: string[]) => string, folder: string) => T} use
 */
export function withOpenssl(use) {
  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-'));
  try {
    return use((...args) => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

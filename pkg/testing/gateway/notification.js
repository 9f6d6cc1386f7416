/** Notifications as WeChat POSTs them to a merchant's notify_url: signed, and what they tell encrypted. */
import { utf8 } from '../bytes.js';
import { rfc3339 } from './rfc3339.js';

/**
 * @typedef {object} NotificationOptions
 * @property {string} mchid  of a merchant with an APIv3 key
 * @property {string} event_type
 * @property {Record<string, unknown>} resource  what is told, and encrypted
 * @property {string} [id]  the same when a notification is sent again
 * @property {string} [create_time]  RFC 3339 (now)
 * @property {string} [summary]
 * @property {number} [ageSeconds]  how long ago it claims to have been signed; negative for the future (0)
 * @property {string} [serial]  of the platform key to sign with (the first one's)
 *
 * @typedef {object} Notification
 * @property {string} [url]  the notify_url of the pre-sign whose out_contract_code the resource names
 * @property {Record<string, string>} headers
 * @property {string} body
 */

/**
 * @param {{ signer: import('./platform-signature.js').PlatformSigner, requestId: (status: number) => string,
 *   encrypt: import('./encryption.js').Encrypt, now: () => number,
 *   notifyUrl: (name: { mchid: string, out_contract_code: unknown }) => string | undefined }} options
 * @returns {(notification: NotificationOptions) => Promise<Notification>}
 */
export function createNotifier({ signer, requestId, encrypt, now, notifyUrl }) {
  return async function notification({
    mchid,
    event_type,
    resource,
    id = crypto.randomUUID(),
    create_time = rfc3339(now()),
    summary = '签约状态变更',
    ageSeconds = 0,
    serial,
  }) {
    if (serial !== undefined && !signer.knows(serial)) throw new TypeError(`no platform key is called ${serial}`);
    const encrypted = await encrypt(mchid, JSON.stringify(resource), 'entrust');
    if (!encrypted) throw new TypeError(`the gateway knows no APIv3 key of merchant ${mchid}`);
    const body = JSON.stringify({
      id,
      create_time,
      resource_type: 'encrypt-resource',
      event_type,
      summary,
      resource: { original_type: 'entrust', ...encrypted },
    });
    return {
      url: notifyUrl({ mchid, out_contract_code: resource['out_contract_code'] }),
      headers: {
        'Content-Type': 'application/json',
        'Request-ID': requestId(200),
        ...(await signer.headers(utf8(body), serial, ageSeconds)),
      },
      body,
    };
  };
}

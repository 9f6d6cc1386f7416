/** Notifications as WeChat POSTs them to a merchant's notify_url: signed, with an encrypted resource. */
import { utf8 } from '../bytes.js';
import type { EncryptFor } from './encryption.js';
import type { PlatformSigner } from './platform-signature.js';
import type { MakeRequestId } from './request-id.js';
import { rfc3339 } from './rfc3339.js';

/**
 * The content of a notification, and how it is signed.
 *
 * @example
 * ```ts
 * const terminated: TestNotification = { event_type: 'ENTRUST.TERMINATE', resource: { out_contract_code: '100001256' } };
 * ```
 */
export interface TestNotification {
  /** Default: `ENTRUST.SIGN`. */
  event_type?: string;
  /** Encrypted under the merchant's APIv3 key. Default: a signed contract. */
  resource?: Record<string, unknown>;
  /** WeChat Pay uses the same id when it sends a notification again. Default: random. */
  id?: string;
  /** RFC 3339. Default: now. */
  create_time?: string;
  summary?: string;
  /** How long ago it claims to have been signed; negative for the future. Default: 0. */
  ageSeconds?: number;
  /** The platform key to sign with. Default: the first. */
  serial?: string;
  /** The value of `Wechatpay-Nonce`, which is signed. Default: random. */
  nonce?: string;
}

/**
 * A notification as its parts.
 *
 * @example
 * ```ts
 * const event = { mchid: kit.merchant.mchid, event_type: 'ENTRUST.SIGN', resource: {} };
 * const { headers, body }: NotificationParts = await kit.gateway.notification(event);
 * ```
 */
export interface NotificationParts {
  /** The `notify_url` of the contract that the resource names; undefined if the gateway does not know it. */
  url?: string;
  headers: Record<string, string>;
  body: string;
}

/** @internal */
export type NotificationContent = TestNotification & {
  mchid: string;
  event_type: string;
  resource: Record<string, unknown>;
};

/** @internal */
export type MakeNotification = (notification: NotificationContent) => Promise<NotificationParts>;

/** @internal */
export function createNotifier({
  signer,
  makeRequestId,
  encryptFor,
  now,
  notifyUrl,
}: {
  signer: PlatformSigner;
  makeRequestId: MakeRequestId;
  encryptFor: EncryptFor;
  now: () => number;
  notifyUrl: (name: { mchid: string; out_contract_code: unknown }) => string | undefined;
}): MakeNotification {
  return async ({
    mchid,
    event_type,
    resource,
    id = crypto.randomUUID(),
    create_time = rfc3339(now()),
    summary = '签约状态变更',
    serial,
    ...signing
  }) => {
    if (serial !== undefined && !signer.has(serial)) {
      throw new TypeError(`serial: the gateway has no platform key ${serial}`);
    }
    const encrypted = await encryptFor(mchid, JSON.stringify(resource), 'entrust');
    if (!encrypted) throw new TypeError(`mchid: the gateway has no APIv3 key of merchant ${mchid}`);
    const body = JSON.stringify({
      id,
      create_time,
      resource_type: 'encrypt-resource',
      event_type,
      summary,
      resource: { original_type: 'entrust', ...encrypted },
    });
    const url = notifyUrl({ mchid, out_contract_code: resource.out_contract_code });
    return {
      ...(url !== undefined && { url }),
      headers: {
        'Content-Type': 'application/json',
        'Request-ID': makeRequestId(200),
        ...(await signer.sign(utf8(body), { serial, ...signing })),
      },
      body,
    };
  };
}

/** Notifications as WeChat POSTs them to a merchant's notify_url: signed, with an encrypted resource. */
import { utf8 } from '../bytes.js';
import type { EncryptFor } from './encryption.js';
import { originalTypeOf, summaryOf } from './journal.js';
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
  /** Encrypted under the merchant's APIv3 key. Default: a realistic one for `event_type`. */
  resource?: Record<string, unknown>;
  /** The type of the resource. Default: `transaction` for payments, else `entrust`. */
  original_type?: string;
  /** WeChat Pay uses the same id when it sends a notification again. Default: random. */
  id?: string;
  /** RFC 3339. Default: now. */
  create_time?: string;
  /** Default: WeChat Pay's, by `event_type`. */
  summary?: string;
  /** How long ago it claims to have been signed; negative for the future. Default: 0. */
  ageSeconds?: number;
  /** The platform key to sign with. Default: the first. */
  serial?: string;
  /** The value of `Wechatpay-Nonce`, which is signed. Default: random. */
  nonce?: string;
}

/**
 * The parts of a notification.
 *
 * @example
 * ```ts
 * const event = { mchid: kit.merchant.mchid, event_type: 'ENTRUST.SIGN', resource: {} };
 * const { headers, body }: NotificationParts = await kit.gateway.notification(event);
 * ```
 */
export interface NotificationParts {
  /** The `notify_url` of the contract or order that the resource names; undefined if the gateway does not know it. */
  url?: string;
  headers: Record<string, string>;
  body: string;
}

/** @internal */
export type NotificationContent = TestNotification & {
  url?: string;
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
  notifyUrl: (name: { mchid: string; out_contract_code: unknown; out_trade_no: unknown }) => string | undefined;
}): MakeNotification {
  const urlFor = (mchid: string, { out_contract_code, out_trade_no, combine_out_trade_no }: Record<string, unknown>) =>
    notifyUrl({ mchid, out_contract_code, out_trade_no: out_trade_no ?? combine_out_trade_no });

  return async ({
    mchid,
    event_type,
    resource,
    id = crypto.randomUUID(),
    create_time = rfc3339(now()),
    summary = summaryOf(event_type),
    original_type = originalTypeOf(event_type),
    url = urlFor(mchid, resource),
    serial,
    ageSeconds = 0,
    nonce,
  }) => {
    if (serial !== undefined && !signer.has(serial)) {
      throw new TypeError(`serial: the gateway has no platform key ${serial}`);
    }
    const encrypted = await encryptFor(mchid, JSON.stringify(resource), original_type);
    if (!encrypted) throw new TypeError(`mchid: the gateway has no APIv3 key of merchant ${mchid}`);
    const body = JSON.stringify({
      id,
      create_time,
      resource_type: 'encrypt-resource',
      event_type,
      summary,
      resource: { original_type, ...encrypted },
    });
    return {
      ...(url !== undefined && { url }),
      headers: {
        'Content-Type': 'application/json',
        'Request-ID': makeRequestId(200),
        ...(await signer.sign(utf8(body), { serial, ageSeconds, ...(nonce !== undefined && { nonce }) })),
      },
      body,
    };
  };
}

// Verifying a notification, and decrypting its resource.
import { assertText, fieldsOf, propertiesOf } from './arguments.js';
import type { DirectTransaction, PartnerTransaction } from './client/transactions.js';
import { callWasm } from './instance.js';
import {
  type Received,
  type ResponseHeaders,
  type SignatureCheck,
  toReceived,
  type VerificationOptions,
  type VerificationPolicy,
  type VerifyWithHost,
} from './verification.js';

/**
 * A received notification.
 *
 * @example
 * ```ts
 * const received: ReceivedNotification = { headers: incoming.headers, body: await incoming.text() };
 * ```
 */
export interface ReceivedNotification {
  /** The headers. Only `Wechatpay-*` and `Request-ID` are read. */
  headers: ResponseHeaders;
  /** The body exactly as it was received, before any parsing, at most 64 MiB. */
  body: string | Uint8Array;
}

/**
 * The keys that are trusted, and the key to decrypt with.
 *
 * @example
 * ```ts
 * const policy: NotificationPolicy = { certs: { PUB_KEY_ID_0119000001002025010100111111111111: publicKeyPem }, apiV3Key };
 * ```
 */
export interface NotificationPolicy extends VerificationPolicy {
  /** The APIv3 key (APIv3密钥) that was set on the merchant platform: 32 bytes. */
  apiV3Key: string;
}

/**
 * The resource of a notification about a contract. WeChat Pay does not document it for this product. These are the fields
 * of a contract query; any of them may be missing, and there may be others.
 *
 * @example
 * ```ts
 * const { out_contract_code, contract_id } = notification.resource;
 * ```
 */
export interface ContractResource {
  mchid?: string;
  /** WeChat's own id of the contract. */
  contract_id?: string;
  service_id?: number;
  /** Your number for the contract. */
  out_contract_code?: string;
  appid?: string;
  openid?: string;
  sub_mchid?: string;
  sub_appid?: string;
  sub_openid?: string;
  contract_state?: string;
  /** RFC 3339. */
  contract_signed_time?: string;
  /** The details of the termination, if the contract was terminated. */
  contract_terminate_info?: {
    contract_termination_mode?: string;
    /** RFC 3339. */
    contract_terminated_time?: string;
    contract_termination_remark?: string;
  };
  [other: string]: unknown;
}

/**
 * A verified notification with its `resource` decrypted.
 *
 * @example
 * ```ts
 * const notification: Notification = verifyNotification({ headers: response.headers, body: bytes }, { certs, apiV3Key });
 * ```
 */
export interface Notification<Resource = ContractResource> {
  /** Stays the same when the notification is sent again. */
  id: string;
  /** RFC 3339. */
  create_time: string;
  /** The kind of event. Similar products use `ENTRUST.SIGN` for a signed contract. Do not reject unknown kinds. */
  event_type: string;
  resource_type: string;
  summary: string;
  resource: Resource;
}

/**
 * The resource of a notification about a payment: the transaction, as a query returns it, with the fields that it has once
 * the user has paid. `sp_mchid` tells a partner's from a direct merchant's. Source: WeChat Pay's pages 支付成功回调通知,
 * dated 2024-12-27 and 2025-02-20.
 *
 * @example
 * ```ts
 * const payerOf = (resource: PaymentResource) =>
 *   resource.sp_mchid === undefined ? resource.payer.openid : resource.payer.sp_openid;
 * ```
 */
export type PaymentResource = Paid<DirectTransaction> | Paid<PartnerTransaction>;

type Paid<Transaction extends DirectTransaction | PartnerTransaction> = Transaction &
  Required<Pick<Transaction, 'transaction_id' | 'trade_type' | 'bank_type' | 'success_time' | 'payer' | 'amount'>> &
  NoContractFields;

/** So that code for contracts compiles before it looks at `event_type`. */
type NoContractFields = {
  contract_id?: undefined;
  service_id?: undefined;
  out_contract_code?: undefined;
  contract_state?: undefined;
};

/**
 * The user has paid: `TRANSACTION.SUCCESS`.
 *
 * @example
 * ```ts
 * const paid = ({ resource }: PaymentNotification) => resource.out_trade_no;
 * ```
 */
export interface PaymentNotification extends Notification<PaymentResource> {
  event_type: 'TRANSACTION.SUCCESS';
}

/**
 * Any other notification, such as one about a contract.
 *
 * @example
 * ```ts
 * const signed = ({ event_type, resource }: OtherNotification) =>
 *   event_type.endsWith('.SIGN') ? resource.out_contract_code : undefined;
 * ```
 */
export interface OtherNotification extends Notification<ContractResource> {
  event_type: OtherEventType;
}

type Capital =
  | ('A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | 'N' | 'O' | 'P' | 'Q' | 'R' | 'S')
  | ('U' | 'V' | 'W' | 'X' | 'Y' | 'Z');

/**
 * Notifications other than payments. TypeScript cannot express "any string but `TRANSACTION.SUCCESS`"; this is any
 * that begins with another capital letter, as all others do that WeChat Pay documents.
 *
 * @example
 * ```ts
 * const kind: OtherEventType = 'ENTRUST.SIGN';
 * ```
 */
export type OtherEventType = `${Capital}${string}`;

/**
 * A notification of any kind. `event_type` tells what its `resource` is.
 *
 * @example
 * ```ts
 * const numberOf = ({ event_type, resource }: AnyNotification) =>
 *   event_type === 'TRANSACTION.SUCCESS' ? resource.out_trade_no : resource.out_contract_code;
 * ```
 */
export type AnyNotification = PaymentNotification | OtherNotification;

/**
 * Verifies a notification (回调通知), and only then decrypts its resource (AEAD_AES_256_GCM, whose tag is always checked).
 * Notifications are signed like responses, and checked like them, see {@link verifyResponse}. Equal arguments give equal
 * results if `now` is given.
 *
 * WeChat Pay may send a notification more than once: record its `id`.
 *
 * @param notification - Headers and the exact body.
 * @param policy - WeChat Pay's keys, and the APIv3 key.
 * @param options - The time, and the tolerance.
 * @returns The notification with its `resource` decrypted; the other fields as received.
 * @throws {@link SignatureVerificationError} if it cannot be trusted; {@link DecryptionError} if it can, but cannot be
 *   decrypted or is not JSON; {@link InvalidKeyError} if a key in `certs` cannot be used, if a certificate is listed under
 *   the serial number of another, is expired or not yet valid, or if the APIv3 key does not have 32 bytes;
 *   {@link InvalidParameterError} if an argument breaks a rule; {@link HostError} with code `ERR_NO_CLOCK` if `now` is
 *   needed and the host provides no clock.
 *
 * Source of the rules: the verification rules, and WeChat Pay's APIv3 page 解密回调报文.
 *
 * @example
 * ```js
 * const { event_type, resource } = verifyNotification(
 *   { headers: incoming.headers, body: await incoming.text() },
 *   { certs, apiV3Key },
 * );
 * if (event_type.endsWith('.SIGN')) console.log(resource.out_contract_code);
 * ```
 */
export function verifyNotification(
  notification: ReceivedNotification,
  policy: NotificationPolicy,
  options?: VerificationOptions,
): AnyNotification;
/**
 * The same, for a resource of which you know the type. It is not checked.
 *
 * @example
 * ```ts
 * type Refund = { out_refund_no: string };
 * const { resource } = verifyNotification<Refund>({ headers: incoming.headers, body: '' }, { certs, apiV3Key });
 * console.log(resource.out_refund_no);
 * ```
 */
export function verifyNotification<Resource>(
  notification: ReceivedNotification,
  policy: NotificationPolicy,
  options?: VerificationOptions,
): Notification<Resource>;
export function verifyNotification(
  notification: ReceivedNotification,
  policy: NotificationPolicy,
  options: VerificationOptions = {},
): Notification<unknown> {
  const received = propertiesOf('notification', notification, ['headers', 'body']);
  const { certs, apiV3Key } = propertiesOf('policy', policy, ['certs', 'apiV3Key']);
  assertText('apiV3Key', apiV3Key, 'a string');
  return verifyReceivedNotification(toReceived(received, certs, fieldsOf('options', options)), apiV3Key);
}

/** @internal */
export function verifyReceivedNotification<Resource>(
  { fields, headers, body, certs }: Received,
  apiV3Key: string,
  host?: VerifyWithHost,
): Notification<Resource> {
  return parse(callWasm((wasm) => wasm.verifyNotification(fields, headers, body, certs, apiV3Key, host)));
}

/** @internal */
export function prepareNotification({ fields, headers, body, certs }: Received): SignatureCheck {
  return callWasm((wasm) => wasm.prepareNotification(fields, headers, body, certs));
}

/** @internal */
export function finishNotification<Resource>(
  body: Uint8Array,
  isValid: boolean,
  apiV3Key: string,
  requestId: string | undefined,
): Notification<Resource> {
  return parse(callWasm((wasm) => wasm.finishNotification(body, isValid, apiV3Key, requestId)));
}

/** The JSON was checked. It is parsed here, so that numbers and names arrive as JavaScript reads them. */
function parse<Resource>({
  notification,
  resource,
}: {
  notification: string;
  resource: string;
}): Notification<Resource> {
  return Object.assign(JSON.parse(notification), { resource: JSON.parse(resource) });
}

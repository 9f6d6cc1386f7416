/**
 * A stand-in for WeChat Pay, for your tests. It makes throw-away keys, runs a gateway that checks requests and signs its
 * responses as WeChat Pay does, and makes signed, encrypted notifications, including forged ones.
 *
 * It needs only WebCrypto and the classes of the Fetch API, and opens no connection. It shares no code with the rest
 * of the package, so the two agree only if both are right.
 *
 * @example
 * ```js
 * import { createClient } from 'wechatpay-presign';
 * import { createTestKit } from 'wechatpay-presign/testing';
 *
 * const kit = await createTestKit();
 * const client = createClient(kit.config);
 * const { resource } = await client.notifications.parse(await kit.notification());
 * ```
 *
 * @module wechatpay-presign/testing
 */
export {
  type CertificateOptions,
  type CertificateSubject,
  makeCertificate,
  type TestCertificate,
} from './certificate.js';
export type { ListedCertificate } from './gateway/certificate-list.js';
export type { ContractTermination, GatewayContract } from './gateway/contract-store.js';
export type { Explanation } from './gateway/explanation.js';
export type { Fault, FaultOptions, PendingFault } from './gateway/faults.js';
export {
  createGateway,
  type Gateway,
  type GatewayOptions,
  type GatewayRequest,
  type RecordedRequest,
  type ResponseOptions,
  type UserContractName,
} from './gateway/gateway.js';
export type { GatewayEvent, GatewayNotification } from './gateway/journal.js';
export type { NotificationParts, TestNotification } from './gateway/notification.js';
export type { GatewayOrder } from './gateway/order-store.js';
export type { GatewayResponse } from './gateway/response.js';
export { makeMerchant, makePlatformKey, type TestMerchant, type TestPlatformKey } from './keys.js';
export {
  createTestKit,
  type Delivery,
  type Forgery,
  type RotationOptions,
  type TestKit,
  type TestKitOptions,
} from './kit.js';

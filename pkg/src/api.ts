/**
 * Pre-signing of a password-free contract with WeChat Pay APIv3 (电商收付通模式支付后场景预签约): build the request, sign
 * it, verify the response. These functions are synchronous, and you send the request with your own `fetch`. The client,
 * {@link createClient}, does all of this.
 *
 * "The field tables" are in WeChat Pay's documentation of password-free contracts (pay.weixin.qq.com,
 * partner-password-free-contract). The page of the `ecommerce` endpoint gives types only; lengths and character rules come
 * from its sibling pages (`qs`, terminate), dated 2024-11-18. "The signing rules" and "the verification rules" are WeChat
 * Pay's APIv3 pages 签名生成 and 签名验证.
 *
 * Every function can also throw a {@link HostError} with code `ERR_WASM_UNAVAILABLE` or `ERR_WASM_TRAP`, if the
 * WebAssembly module cannot be loaded or fails.
 *
 * @example
 * ```js
 * const request = buildPresignRequest(params, { platformSerial });
 * const Authorization = signAuthorization(request, merchant);
 * const response = await fetch(request.url, { ...request, headers: { ...request.headers, Authorization } });
 * const { status, headers } = response;
 * const result = verifyResponse({ status, headers, body: await response.text() }, { certs });
 * ```
 *
 * @module wechatpay-presign
 */

export type { PlatformCertificate } from './client/certificate-list.js';
export { type Client, createClient } from './client/client.js';
export type { ClientConfig, PlatformSubject } from './client/configuration.js';
export type { Contract, ContractName, PresignCallOptions, PresignResult } from './client/contracts.js';
export type { DoctorCheck, DoctorReport } from './client/doctor.js';
export type { DownloadOptions, DownloadSource } from './client/download.js';
export type { HandleOptions, NotificationsConfig } from './client/notification-options.js';
export type { NotificationRequest, ParseOptions, RawBody } from './client/notification-request.js';
export type { ParameterValue, SendOptions, VerbOptions } from './client/request-options.js';
export type { Signer } from './client/signer.js';
export type { ClientEvent } from './client/telemetry.js';
export type {
  DirectContractOrder,
  DirectOrder,
  DirectOrderName,
  DirectTransaction,
  DirectTransactionName,
  OrderAmount,
  OrderCommon,
  OrderContract,
  OrderDetail,
  OrderGoods,
  OrderResult,
  OrderScene,
  PartnerContractOrder,
  PartnerOrder,
  PartnerOrderName,
  PartnerTransaction,
  PartnerTransactionName,
  Promotion,
  TradeState,
} from './client/transactions.js';
export type { UploadOptions, UploadResult } from './client/upload.js';
export type {
  ApiResponse,
  Chain,
  ChainOptions,
  ChainVerbs,
  EndpointPath,
  OneParameterVerbs,
  PathParameters,
  PathVerbs,
  SeveralParametersVerbs,
  Verbs,
  VerbsOf,
} from './client/verbs.js';
export { type ConfigFromEnvOptions, configFromEnv } from './config-from-env.js';
export {
  type AnyWechatPayError,
  ApiError,
  DecryptionError,
  HostError,
  type HostErrorCode,
  type HostOperation,
  InvalidKeyError,
  InvalidParameterError,
  type InvalidParameterIssue,
  type InvalidParameterRule,
  isWechatPayError,
  NetworkError,
  SignatureVerificationError,
  type SignatureVerificationReason,
  WechatPayError,
  type WechatPayErrorCode,
  type WechatPayErrorJson,
} from './errors.js';
export type { NodeKeyObject, PrivateKeyInput, PublicKeyInput } from './key-input.js';
export { MerchantKey, PlatformKey } from './keys.js';
export {
  type AnyNotification,
  type ContractResource,
  type Notification,
  type NotificationPolicy,
  type OtherEventType,
  type OtherNotification,
  type PaymentNotification,
  type PaymentResource,
  type ReceivedNotification,
  verifyNotification,
} from './notification.js';
export { type AppParameters, type JsapiParameters, type PaymentParams, signPaymentParams } from './payment.js';
export {
  buildPresignRequest,
  type FieldName,
  type FieldNameOfMode,
  type FieldNameOfScene,
  type PresignAfterPaymentParams,
  type PresignCommonParams,
  type PresignInMiniProgramParams,
  type PresignMerchantParams,
  type PresignMode,
  type PresignOptions,
  type PresignParams,
  type PresignParamsOfMode,
  type PresignParamsOfScene,
  type PresignQsParams,
  type PresignRequest,
  type PresignScene,
  type PresignServiceProviderParams,
} from './presign.js';
export { type NodeResponse, sendResponse } from './send-response.js';
export { decryptField, encryptField } from './sensitive-field.js';
export {
  type AuthorizationParts,
  authorizationHeader,
  type Merchant,
  type SignableRequest,
  type SigningOptions,
  type SigningParams,
  signAuthorization,
  signingMessage,
} from './signing.js';
export type { CertificateStore, NotificationStore } from './stores/types.js';
export {
  type ReceivedResponse,
  type ResponseHeaders,
  type VerificationOptions,
  type VerificationPolicy,
  verifyResponse,
} from './verification.js';

/**
 * Pre-signing of a password-free contract with WeChat Pay APIv3 (电商收付通模式支付后场景预签约): build the request, sign
 * it, verify the answer. All functions are synchronous; sending is left to your `fetch`.
 *
 * "The field tables" below are those of WeChat Pay's documentation of password-free contracts
 * (pay.weixin.qq.com, partner-password-free-contract). The page of the `ecommerce` endpoint gives types only; lengths
 * and character rules are those of its sibling pages (`qs`, terminate), dated 2024-11-18. "The signing rules" and "the
 * verification rules" are WeChat Pay's APIv3 pages 签名生成 and 签名验证.
 *
 * Besides the errors that are documented with it, every function throws a {@link WechatPayError} with code
 * `ERR_WASM_UNAVAILABLE` or `ERR_WASM_TRAP` where the WebAssembly module cannot be loaded, or fails.
 *
 * @example
 * ```js
 * const request = buildPresignRequest(params, { platformSerial });
 * const Authorization = signAuthorization(request, merchant);
 * const response = await fetch(request.url, { ...request, headers: { ...request.headers, Authorization } });
 * const { status, headers } = response;
 * const answer = verifyResponse({ status, headers, body: await response.text() }, { certs });
 * ```
 *
 * @packageDocumentation
 */

/// <reference lib="esnext.disposable" />

export * from './client.cjs';

// ---- The request ----------------------------------------------------------------------------------------------------

/**
 * Who signs with whom: a segment of the endpoint's path.
 *
 * - `ecommerce`: 电商收付通, an e-commerce platform (the default everywhere)
 * - `normal`: 直连商户, a merchant of its own
 * - `service-provider`: 普通服务商, a service provider for a sub-merchant
 * - `qs`: 清算机构, a clearing institution for a sub-merchant
 *
 * Source: the field tables.
 *
 * @example
 * ```ts
 * const mode: PresignMode = 'service-provider';
 * ```
 */
export type PresignMode = 'ecommerce' | 'normal' | 'service-provider' | 'qs';

/**
 * When the contract is offered: the last segment of the endpoint's path.
 *
 * - `pay-redirect-sign`: 支付后场景, after a payment (the default everywhere)
 * - `mini-program`: 小程序场景, from a mini program; has no `prepay_id`
 *
 * Source: the field tables.
 *
 * @example
 * ```ts
 * const scene: PresignScene = 'mini-program';
 * ```
 */
export type PresignScene = 'pay-redirect-sign' | 'mini-program';

/**
 * The fields that every mode and scene has. Every text: one character or more, of one to three bytes in UTF-8 each (no
 * emoji), no NUL. Lengths count Unicode characters; {@link PresignOptions.limits} overrides them.
 *
 * Source: the field tables.
 *
 * @example
 * ```ts
 * const common = {
 *   service_id: 1234,
 *   out_contract_code: '100001256',
 *   notify_url: 'https://yoursite.com/wxpay.html',
 *   contract_display_account: '张三',
 * } satisfies PresignCommonParams;
 * ```
 */
export interface PresignCommonParams {
  /** The id of the password-free service (免密服务ID): an integer from 1 to 2^53 - 1. */
  service_id: number;
  /** Your number for the contract (商户协议号): at most 32 ASCII digits and letters. Unique, never used again. */
  out_contract_code: string;
  /** Where WeChat reports the signing: `https`, with no query or fragment, at most 256 characters. */
  notify_url: string;
  /** The user's name as the contract shows it (签约用户名称), at most 32 characters; may be Chinese. */
  contract_display_account: string;
}

/**
 * What scene `pay-redirect-sign` adds. Source: the field tables.
 *
 * @example
 * ```ts
 * const payment: PresignAfterPaymentParams = { prepay_id: 'wx201410272009395522657a690389285100' };
 * ```
 */
export interface PresignAfterPaymentParams {
  /** The order's prepay session (预支付交易会话标识), from the order API, at most 64 characters. */
  prepay_id: string;
}

/**
 * What scene `mini-program` does not have. Source: the field tables.
 *
 * @example
 * ```ts
 * const none: PresignInMiniProgramParams = {};
 * ```
 */
export interface PresignInMiniProgramParams {
  /** Refused in this scene. */
  prepay_id?: undefined;
}

/**
 * What the modes `ecommerce` and `normal` add. Source: the field tables.
 *
 * @example
 * ```ts
 * const payer: PresignMerchantParams = { appid: 'wxcbda96de0b165486', openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' };
 * ```
 */
export interface PresignMerchantParams {
  /** The merchant's AppID, at most 32 characters. */
  appid: string;
  /** The user under `appid`, at most 128 characters. */
  openid: string;
}

/**
 * What the mode `service-provider` adds: at least one of `sp_openid` and `sub_openid`. Source: the field tables.
 *
 * @example
 * ```ts
 * const payer: PresignServiceProviderParams = {
 *   sp_appid: 'wxcbda96de0b165486',
 *   sub_mchid: '1900000109',
 *   sub_appid: 'wxd678efh567hg6999',
 *   sub_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
 * };
 * ```
 */
export type PresignServiceProviderParams = {
  /** The service provider's AppID, at most 32 characters. */
  sp_appid: string;
  /** The sub-merchant's number, at most 32 characters. */
  sub_mchid: string;
  /** The sub-merchant's AppID, at most 32 characters. */
  sub_appid: string;
} & (
  | {
      /** The user under `sp_appid`, at most 128 characters. */
      sp_openid: string;
      /** The user under `sub_appid`, at most 128 characters. */
      sub_openid?: string | undefined;
    }
  | {
      /** The user under `sp_appid`, at most 128 characters. */
      sp_openid?: string | undefined;
      /** The user under `sub_appid`, at most 128 characters. */
      sub_openid: string;
    }
);

/**
 * What the mode `qs` adds: at least one of `openid` and `sub_openid`. Source: the field tables.
 *
 * @example
 * ```ts
 * const payer: PresignQsParams = {
 *   appid: 'wxcbda96de0b165486',
 *   sub_mchid: '1900000109',
 *   sub_appid: 'wxd678efh567hg6999',
 *   openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
 * };
 * ```
 */
export type PresignQsParams = {
  /** The clearing institution's AppID, at most 32 characters. */
  appid: string;
  /** The sub-merchant's AppID, at most 32 characters. */
  sub_appid: string;
  /** The sub-merchant's number, at most 32 characters. */
  sub_mchid: string;
} & (
  | {
      /** The user under `appid`, at most 128 characters. */
      openid: string;
      /** The user under `sub_appid`, at most 128 characters. */
      sub_openid?: string | undefined;
    }
  | {
      /** The user under `appid`, at most 128 characters. */
      openid?: string | undefined;
      /** The user under `sub_appid`, at most 128 characters. */
      sub_openid: string;
    }
);

/**
 * What each mode adds to {@link PresignCommonParams}. Source: the field tables.
 *
 * @example
 * ```ts
 * type Payer = PresignParamsOfMode['qs'];
 * ```
 */
export interface PresignParamsOfMode {
  ecommerce: PresignMerchantParams;
  normal: PresignMerchantParams;
  'service-provider': PresignServiceProviderParams;
  qs: PresignQsParams;
}

/**
 * What each scene adds to {@link PresignCommonParams}. Source: the field tables.
 *
 * @example
 * ```ts
 * type Payment = PresignParamsOfScene['pay-redirect-sign'];
 * ```
 */
export interface PresignParamsOfScene {
  'pay-redirect-sign': PresignAfterPaymentParams;
  'mini-program': PresignInMiniProgramParams;
}

/**
 * The fields of a request, by WeChat's names. Of mode `ecommerce` and scene `pay-redirect-sign` where not said
 * otherwise: `PresignParams<'qs'>`, `PresignParams<'normal', 'mini-program'>`. No other fields are accepted.
 *
 * Source: the field tables.
 *
 * @example
 * ```ts
 * const params: PresignParams<'ecommerce', 'mini-program'> = { ...common, ...payer };
 * ```
 */
export type PresignParams<
  Mode extends PresignMode = 'ecommerce',
  Scene extends PresignScene = 'pay-redirect-sign',
> = Mode extends PresignMode
  ? Scene extends PresignScene
    ? PresignCommonParams & PresignParamsOfMode[Mode] & PresignParamsOfScene[Scene]
    : never
  : never;

/**
 * The names of the text fields that each mode adds; those of all modes and scenes are in {@link FieldName}.
 *
 * @example
 * ```ts
 * type Names = FieldNameOfMode['qs'];
 * ```
 */
export interface FieldNameOfMode {
  ecommerce: 'appid' | 'openid';
  normal: 'appid' | 'openid';
  'service-provider': 'sp_appid' | 'sp_openid' | 'sub_mchid' | 'sub_appid' | 'sub_openid';
  qs: 'appid' | 'sub_appid' | 'sub_mchid' | 'openid' | 'sub_openid';
}

/**
 * The names of the text fields that each scene adds.
 *
 * @example
 * ```ts
 * type Names = FieldNameOfScene['pay-redirect-sign'];
 * ```
 */
export interface FieldNameOfScene {
  'pay-redirect-sign': 'prepay_id';
  'mini-program': never;
}

/**
 * The names of the text fields, which are those that have a length limit: of one mode and scene, or of all of them.
 *
 * @example
 * ```ts
 * const field: FieldName<'normal'> = 'openid';
 * ```
 */
export type FieldName<Mode extends PresignMode = PresignMode, Scene extends PresignScene = PresignScene> =
  'out_contract_code' | 'notify_url' | 'contract_display_account' | FieldNameOfMode[Mode] | FieldNameOfScene[Scene];

/**
 * Options of {@link buildPresignRequest}. Others are refused.
 *
 * @example
 * ```ts
 * const options: PresignOptions = { platformSerial, limits: { contract_display_account: 64 } };
 * ```
 */
export interface PresignOptions<
  Mode extends PresignMode = 'ecommerce',
  Scene extends PresignScene = 'pay-redirect-sign',
> {
  /** Who signs with whom. Default `'ecommerce'`. */
  mode?: Mode | undefined;
  /** When the contract is offered. Default `'pay-redirect-sign'`. */
  scene?: Scene | undefined;
  /**
   * The origin to send to: scheme, host and perhaps port, with no path. Default `https://api.mch.weixin.qq.com`;
   * WeChat's backup host is `https://api2.mch.weixin.qq.com`.
   */
  baseUrl?: string | undefined;
  /**
   * Which key WeChat is to sign its answer with: the id of its public key (`PUB_KEY_ID_…`), or the serial number of a
   * platform certificate in hexadecimal. Sent as `Wechatpay-Serial`; without it WeChat chooses. Pass it always.
   */
  platformSerial?: string | undefined;
  /**
   * Length limits of your own, in Unicode characters, 1 or more, by field of this mode and scene. The defaults come
   * from sibling pages of the documentation, so WeChat may accept more, or less.
   */
  limits?: { [Field in FieldName<Mode, Scene>]?: number | undefined } | undefined;
}

/**
 * A request that is ready to be signed and sent: everything but the `Authorization` header.
 *
 * @example
 * ```ts
 * const { method, url, headers, body }: PresignRequest = buildPresignRequest(params);
 * ```
 */
export interface PresignRequest {
  /** Always `POST`. */
  method: 'POST';
  /** The absolute URL, in the form in which `fetch` sends it. */
  url: string;
  /** `Accept`, `Content-Type`, `User-Agent`, and `Wechatpay-Serial` where `platformSerial` was given. */
  headers: Record<string, string>;
  /** The JSON, exactly as it must be signed and sent. */
  body: string;
}

/**
 * Builds the request of `POST /v3/password-exempt-contract/contracts/{mode}/pre-entrust-sign/{scene}`, and checks every
 * field against WeChat's rules. Pure: the same arguments give the same request.
 *
 * @param params - The fields by WeChat's names: {@link PresignParams}.
 * @param options - Mode, scene, host, the key to answer with, and limits of your own: {@link PresignOptions}.
 * @returns The request, to be signed by {@link signAuthorization} and sent by `fetch`.
 * @throws {@link InvalidParameterError} with all that is wrong in `issues`; a field of the limits is called
 *   `limits.openid`.
 *
 * Source of the rules: the field tables; that characters have three bytes at most, APIv3 in general.
 *
 * @example
 * ```js
 * const request = buildPresignRequest(
 *   {
 *     appid: 'wxcbda96de0b165486',
 *     service_id: 1234,
 *     out_contract_code: '100001256',
 *     notify_url: 'https://yoursite.com/wxpay.html',
 *     contract_display_account: '张三',
 *     prepay_id: 'wx201410272009395522657a690389285100',
 *     openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
 *   },
 *   { platformSerial: 'PUB_KEY_ID_0119000001002025010100111111111111' },
 * );
 * ```
 */
export function buildPresignRequest<
  Mode extends PresignMode = 'ecommerce',
  Scene extends PresignScene = 'pay-redirect-sign',
>(params: PresignParams<Mode, Scene>, options?: PresignOptions<Mode, Scene>): PresignRequest;

// ---- Signing --------------------------------------------------------------------------------------------------------

/**
 * What of a request is signed. A {@link PresignRequest} is one; so is any other request to APIv3.
 *
 * @example
 * ```ts
 * const request: SignableRequest = { method: 'GET', url: 'https://api.mch.weixin.qq.com/v3/certificates' };
 * ```
 */
export interface SignableRequest {
  /** `GET`, `POST`, `PUT`, `DELETE` or `PATCH`. */
  method: string;
  /**
   * An absolute `http(s)` URL, or its path and query. It must be written as `fetch` sends it, with everything
   * percent-encoded and no `.` or `..` in the path; what would be sent otherwise than signed is refused.
   */
  url: string;
  /** Exactly what is sent, 64 MiB at most; nothing for a `GET`. A string stands for its UTF-8. */
  body?: string | Uint8Array | null | undefined;
}

/**
 * Who signs.
 *
 * @example
 * ```ts
 * const merchant: Merchant = { mchid: '1900000100', serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1', privateKey };
 * ```
 */
export interface Merchant {
  /** The merchant number (商户号): visible ASCII, without quotes and backslashes. A service provider gives its own. */
  mchid: string;
  /** The serial number of the merchant API certificate, in hexadecimal digits. It is sent in upper case. */
  serial: string;
  /**
   * The private key of that certificate (`apiclient_key.pem`): a PEM in PKCS#8 or PKCS#1, or a {@link MerchantKey}. RSA
   * of 2048 to 4096 bits. A PEM is read once and remembered as long as the process lives.
   */
  privateKey: string | MerchantKey;
}

/**
 * What makes the signature of a request unique.
 *
 * @example
 * ```ts
 * const moment: SigningMoment = { timestamp: Math.floor(Date.now() / 1000), nonce: crypto.randomUUID() };
 * ```
 */
export interface SigningMoment {
  /** Unix time in seconds, an integer. WeChat refuses one that is more than 5 minutes off. */
  timestamp: number;
  /** Never used twice by one merchant: visible ASCII, without quotes and backslashes. */
  nonce: string;
}

/**
 * Options of {@link signAuthorization}. Others are refused.
 *
 * @example
 * ```ts
 * const options: SigningOptions = { nonce: crypto.randomUUID() };
 * ```
 */
export interface SigningOptions {
  /** Unix time in seconds, an integer. Default: the clock. */
  timestamp?: number | undefined;
  /** Visible ASCII, without quotes and backslashes. Default: 32 random hexadecimal digits. */
  nonce?: string | undefined;
}

/**
 * Signs a request: RSASSA-PKCS1-v1_5 with SHA-256. Pure where `timestamp` and `nonce` are given.
 *
 * @param request - The request as it will be sent.
 * @param merchant - Who signs, with which key.
 * @param options - When, and with which nonce.
 * @returns The value of the `Authorization` header. It is good for 5 minutes: do not log it.
 * @throws {@link InvalidParameterError} where something given breaks a rule, all of them in `issues`;
 *   {@link InvalidKeyError} where the private key cannot be used; {@link WechatPayError} with code `ERR_NO_RANDOMNESS`
 *   or `ERR_NO_CLOCK` where a nonce or the time is needed and the host has none (as in the global scope of a Cloudflare
 *   Worker), or `ERR_SIGNING` where the signature does not check out.
 *
 * Source of the rules: the signing rules.
 *
 * @example
 * ```js
 * const Authorization = signAuthorization(request, { mchid, serial, privateKey });
 * await fetch(request.url, { ...request, headers: { ...request.headers, Authorization } });
 * ```
 */
export function signAuthorization(request: SignableRequest, merchant: Merchant, options?: SigningOptions): string;

/**
 * What a signature is made over, for a key that lives in a KMS or HSM: method, path and query, timestamp, nonce and
 * body, each ended by a line feed. Sign it with RSASSA-PKCS1-v1_5 and SHA-256; a service that wants a digest instead
 * of the message gets the SHA-256 of these bytes. Pure.
 *
 * @param request - The request as it will be sent.
 * @param moment - Both are needed again for {@link authorizationHeader}, the same ones.
 * @returns The bytes.
 * @throws {@link InvalidParameterError} where something given breaks a rule, all of them in `issues`.
 *
 * Source of the rules: the signing rules.
 *
 * @example
 * ```js
 * const moment = { timestamp: Math.floor(Date.now() / 1000), nonce: crypto.randomUUID() };
 * const signature = await kms.sign(signingMessage(request, moment));
 * const Authorization = authorizationHeader({ mchid, serial, ...moment, signature });
 * ```
 */
export function signingMessage(request: SignableRequest, moment: SigningMoment): ReturnType<Uint8Array['slice']>;

/**
 * What an `Authorization` header is put together from. No other fields are accepted.
 *
 * @example
 * ```ts
 * const parts: AuthorizationParts = { mchid, serial, ...moment, signature };
 * ```
 */
export interface AuthorizationParts extends SigningMoment {
  /** The merchant number (商户号): visible ASCII, without quotes and backslashes. */
  mchid: string;
  /** The serial number of the merchant API certificate, in hexadecimal digits. It is sent in upper case. */
  serial: string;
  /** The signature over {@link signingMessage}: 256 to 512 bytes, or those in standard Base64. */
  signature: string | Uint8Array;
}

/**
 * Puts together the `Authorization` header from a signature made elsewhere: see {@link signingMessage}. It is not
 * checked whether the signature is right. Pure.
 *
 * @param parts - The merchant, the moment that was signed, and the signature.
 * @returns The value of the header, `WECHATPAY2-SHA256-RSA2048 mchid="…",nonce_str="…",…`.
 * @throws {@link InvalidParameterError} where something given breaks a rule, all of them in `issues`.
 *
 * Source of the rules: the signing rules.
 *
 * @example
 * ```js
 * const Authorization = authorizationHeader({ mchid, serial, timestamp, nonce, signature });
 * ```
 */
export function authorizationHeader(parts: AuthorizationParts): string;

// ---- Verification ---------------------------------------------------------------------------------------------------

/**
 * The headers of an answer: `Headers`, or anything with its `get`; or a record, in any case of its names, such as
 * Node's `IncomingMessage.headers`.
 *
 * @example
 * ```ts
 * const headers: ResponseHeaders = response.headers; // or request.headers of node:http
 * ```
 */
export type ResponseHeaders =
  { get(name: string): string | null | undefined } | Record<string, string | readonly string[] | undefined>;

/**
 * An answer, as it came.
 *
 * @example
 * ```ts
 * const received: ReceivedResponse = { status: 200, headers: response.headers, body: await response.text() };
 * ```
 */
export interface ReceivedResponse {
  /** The HTTP status, an integer from 100 to 599. */
  status: number;
  /** The headers; of them `Wechatpay-*` and `Request-ID` are read. */
  headers: ResponseHeaders;
  /**
   * The body exactly as it was received, before any parsing, 64 MiB at most; `''` where there is none. A string stands
   * for its UTF-8.
   */
  body: string | Uint8Array;
}

/**
 * Whom to believe.
 *
 * @example
 * ```ts
 * const trust: Trust = { certs: { PUB_KEY_ID_0119000001002025010100111111111111: publicKeyPem } };
 * ```
 */
export interface Trust {
  /**
   * WeChat's keys, each under what `Wechatpay-Serial` calls it: a platform certificate under its serial number
   * (hexadecimal, in any case, leading zeros or not), a public key under its id (`PUB_KEY_ID_…`). A key is a PEM
   * (certificate, SPKI or PKCS#1 public key; RSA of 2048 to 4096 bits) or a {@link PlatformKey}. A PEM is read once
   * and remembered as long as the process lives. Certificates are trusted because they are here: no chain is checked.
   */
  certs: Record<string, string | PlatformKey>;
}

/**
 * Options of {@link verifyResponse}. Others are refused.
 *
 * @example
 * ```ts
 * const options: VerificationOptions = { now: 1_700_000_000, toleranceSeconds: 60 };
 * ```
 */
export interface VerificationOptions {
  /** Unix time in seconds, an integer. Default: the clock. */
  now?: number | undefined;
  /** How far from now `Wechatpay-Timestamp` may be, either way, in seconds, an integer. Default 300. */
  toleranceSeconds?: number | undefined;
}

/**
 * Verifies an answer's signature and gives out its content. In this order: the headers are there, the timestamp is
 * fresh, a key is filed under the serial, the signature is that key's over these very bytes. Only the key named by
 * `Wechatpay-Serial` is tried. Pure where `now` is given.
 *
 * WeChat's signature does not name the request that it answers: compare `out_contract_code` with yours where it counts.
 *
 * @param response - Status, headers and the exact body.
 * @param trust - WeChat's keys.
 * @param options - The time, and how far off is accepted.
 * @returns The parsed JSON of a 2xx answer; `null` where its body is empty.
 * @throws {@link SignatureVerificationError} for a 2xx that cannot be trusted; {@link ApiError} for any other status,
 *   signed or not (`verified` says), and for a verified 2xx that is not JSON; {@link InvalidKeyError} where a key in
 *   `certs` cannot be used, is a certificate filed under a serial not its own, or, for a 2xx, one that is not valid
 *   now; {@link InvalidParameterError} where something given breaks a rule; {@link WechatPayError} with code
 *   `ERR_NO_CLOCK` where `now` is needed and the host has no clock.
 *
 * Source of the rules: the verification rules; the 300 seconds are theirs.
 *
 * @example
 * ```js
 * const { status, headers } = response;
 * const answer = verifyResponse(
 *   { status, headers, body: await response.text() },
 *   { certs: { PUB_KEY_ID_0119000001002025010100111111111111: publicKeyPem } },
 * );
 * // { mchid: '1900000100', service_id: 1234, out_contract_code: '100001256' }
 * ```
 */
export function verifyResponse(response: ReceivedResponse, trust: Trust, options?: VerificationOptions): unknown;

// ---- Notifications --------------------------------------------------------------------------------------------------

/**
 * A notification, as it came.
 *
 * @example
 * ```ts
 * const received: ReceivedNotification = { headers: incoming.headers, body: await incoming.text() };
 * ```
 */
export interface ReceivedNotification {
  /** The headers; of them `Wechatpay-*` and `Request-ID` are read. */
  headers: ResponseHeaders;
  /** The body exactly as it was received, before any parsing, 64 MiB at most. */
  body: string | Uint8Array;
}

/**
 * Whom to believe, and how to decrypt.
 *
 * @example
 * ```ts
 * const trust: NotificationTrust = { certs: { PUB_KEY_ID_0119000001002025010100111111111111: publicKeyPem }, apiV3Key };
 * ```
 */
export interface NotificationTrust extends Trust {
  /** The APIv3 key (APIv3密钥), as it was set on the merchant platform: 32 bytes. */
  apiV3Key: string;
}

/**
 * What a notification about a contract carries. WeChat Pay does not document it for this product: these are the fields that
 * a query of the contract gives, any of which may be missing here, and there may be more.
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
  /** How it ended, where it did. */
  contract_terminate_info?: {
    contract_termination_mode?: string;
    /** RFC 3339. */
    contract_terminated_time?: string;
    contract_termination_remark?: string;
  };
  [other: string]: unknown;
}

/**
 * A verified notification, its `resource` decrypted.
 *
 * @example
 * ```ts
 * const notification: Notification = verifyNotification({ headers: response.headers, body: bytes }, { certs, apiV3Key });
 * ```
 */
export interface Notification<Resource = ContractResource> {
  /** The same each time that this notification is sent. */
  id: string;
  /** RFC 3339. */
  create_time: string;
  /** What happened. Sister products call a signed contract `ENTRUST.SIGN`; never reject one that you do not know. */
  event_type: string;
  resource_type: string;
  summary: string;
  resource: Resource;
}

/**
 * Verifies a notification (回调通知), and only then decrypts what it carries (AEAD_AES_256_GCM, whose tag is always
 * checked). It is signed as an answer is, so the checks are those of {@link verifyResponse}. Pure where `now` is given.
 *
 * The same notification may come more than once: file it under its `id`.
 *
 * @param notification - Headers and the exact body.
 * @param trust - WeChat's keys, and the APIv3 key.
 * @param options - The time, and how far off is accepted.
 * @returns The notification with its `resource` decrypted; other fields as they came.
 * @throws {@link SignatureVerificationError} where it cannot be trusted; {@link DecryptionError} where it can, and cannot be
 *   decrypted, or is not JSON; {@link InvalidKeyError} where a key in `certs` cannot be used, is a certificate filed under
 *   a serial not its own or not valid now, or the APIv3 key has not 32 bytes; {@link InvalidParameterError} where something
 *   given breaks a rule; {@link WechatPayError} with code `ERR_NO_CLOCK` where `now` is needed and the host has no clock.
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
export function verifyNotification<Resource = ContractResource>(
  notification: ReceivedNotification,
  trust: NotificationTrust,
  options?: VerificationOptions,
): Notification<Resource>;

// ---- Sensitive fields -----------------------------------------------------------------------------------------------

/**
 * Encrypts a sensitive field (敏感信息字段) for WeChat Pay: RSAES-OAEP with SHA-1 and MGF1 with SHA-1. Each call gives another
 * ciphertext. Name the key in the header `Wechatpay-Serial` of the request.
 *
 * @param plaintext - At most 214 bytes in UTF-8 for a key of 2048 bits, 42 less than the key has.
 * @param platformKey - WeChat Pay's key: a PEM of its public key or of a platform certificate, or a {@link PlatformKey}.
 * @returns The ciphertext, in Base64.
 * @throws {@link InvalidParameterError} where the plaintext is none, or too long; {@link InvalidKeyError};
 *   {@link WechatPayError} with code `ERR_NO_RANDOMNESS` where the host gives no random bytes.
 *
 * @example
 * ```js
 * const json = { receivers: [{ name: encryptField('张三', certs[platformSerial]) }] };
 * await client.v3.profitsharing.receivers.add.post({ json, headers: { 'Wechatpay-Serial': platformSerial } });
 * ```
 */
export function encryptField(plaintext: string, platformKey: string | PlatformKey): string;

/**
 * Decrypts a sensitive field that WeChat Pay encrypted with the public key of the merchant API certificate.
 *
 * @param ciphertext - Base64.
 * @param merchantKey - The merchant's private key: a PEM, or a {@link MerchantKey}.
 * @throws {@link InvalidParameterError} where that is not Base64; {@link DecryptionError} in all other cases, which look the
 *   same and take the same time, whatever is wrong; {@link InvalidKeyError}.
 *
 * @example
 * ```js
 * const name = decryptField(params.payer_name, privateKey);
 * ```
 */
export function decryptField(ciphertext: string, merchantKey: string | MerchantKey): string;

// ---- Payment --------------------------------------------------------------------------------------------------------

/**
 * What is paid, and where.
 *
 * @example
 * ```ts
 * const payment: PaymentParams = { appId: 'wxd678efh567hg6787', prepay_id: 'wx201410272009395522657a690389285100' };
 * ```
 */
export interface PaymentParams {
  /** The AppID of the page, mini program or app in which the user pays: at most 32 ASCII characters. */
  appId: string;
  /** From the order: at most 64 ASCII characters. */
  prepay_id: string;
  /** Unix seconds. Default: the clock. */
  timestamp?: number | undefined;
  /** Default: 32 random hexadecimal digits. */
  nonce?: string | undefined;
}

/**
 * What `WeixinJSBridge`'s `getBrandWCPayRequest`, `wx.chooseWXPay` and a mini program's `wx.requestPayment` take.
 *
 * @example
 * ```ts
 * const parameters: JsapiParameters = signPaymentParams({ appId: 'wxd678efh567hg6787', prepay_id: 'wx2014' }, merchant, 'jsapi');
 * ```
 */
export interface JsapiParameters {
  appId: string;
  /** Unix seconds, as text. */
  timeStamp: string;
  nonceStr: string;
  /** `prepay_id=…` */
  package: string;
  signType: 'RSA';
  /** Base64. */
  paySign: string;
}

/**
 * What WeChat's SDK for apps takes.
 *
 * @example
 * ```ts
 * const parameters: AppParameters = signPaymentParams({ appId: 'wxd678efh567hg6787', prepay_id: 'wx2014' }, merchant, 'app');
 * ```
 */
export interface AppParameters {
  appid: string;
  /** The merchant number of who placed the order. */
  partnerid: string;
  prepayid: string;
  package: 'Sign=WXPay';
  noncestr: string;
  /** Unix seconds, as text. */
  timestamp: string;
  /** Base64. */
  sign: string;
}

/**
 * Signs what the user's client is handed to pay with, after pre-signing: the parameters of JSAPI调起支付 (mini programs too) or
 * of APP调起支付. Pure where `timestamp` and `nonce` are given.
 *
 * @param payment - The `prepay_id`, and where it is paid.
 * @param merchant - Who placed the order, and its private key.
 * @param client - `'jsapi'` for pages and mini programs, `'app'` for apps.
 * @returns The parameters, to be passed on as they are.
 * @throws {@link InvalidParameterError}, {@link InvalidKeyError}; {@link WechatPayError} with code `ERR_NO_RANDOMNESS`,
 *   `ERR_NO_CLOCK` or `ERR_SIGNING`.
 *
 * @example
 * ```js
 * await client.presign(params).catch(() => {}); // whatever becomes of the offer, the user pays
 * const parameters = signPaymentParams({ appId: params.appid, prepay_id: params.prepay_id }, merchant, 'jsapi');
 * ```
 */
export function signPaymentParams<PayingClient extends 'jsapi' | 'app'>(
  payment: PaymentParams,
  merchant: Pick<Merchant, PayingClient extends 'app' ? 'mchid' | 'privateKey' : 'privateKey'>,
  client: PayingClient,
): PayingClient extends 'app' ? AppParameters : JsapiParameters;

// ---- Keys -----------------------------------------------------------------------------------------------------------

/**
 * A merchant's private key, read once and held in the memory of the WebAssembly module, where no JavaScript sees it.
 * Prints nothing of itself. Needed only to say when a key is read and when it goes; a PEM works as well everywhere.
 *
 * @example
 * ```js
 * const privateKey = MerchantKey.fromPem(pem);
 * const Authorization = signAuthorization(request, { mchid, serial, privateKey });
 * privateKey.free();
 * ```
 */
export class MerchantKey {
  #private;
  private constructor();

  /**
   * Reads a private key.
   *
   * @param pem - A PEM with a PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`) key in it, RSA of 2048 to 4096 bits,
   *   not encrypted.
   * @throws {@link InvalidKeyError} where it cannot be used, with nothing of it in the message;
   *   {@link InvalidParameterError} where it is not a string.
   */
  static fromPem(pem: string): MerchantKey;

  /**
   * Wipes the key from the module's memory. Using it afterwards throws {@link InvalidKeyError}; freeing it again does
   * nothing. A key that is dropped without this is freed when it is garbage-collected.
   */
  free(): void;

  /** The same as {@link MerchantKey.free}, for `using key = MerchantKey.fromPem(pem)`. */
  [Symbol.dispose](): void;
}

/**
 * A key of WeChat Pay's, read once: a platform certificate or the WeChat Pay public key (微信支付公钥).
 *
 * @example
 * ```js
 * const key = PlatformKey.fromPem(pem);
 * const certs = { [key.serial ?? publicKeyId]: key };
 * ```
 */
export class PlatformKey {
  #private;
  private constructor();

  /**
   * Reads a certificate or a public key.
   *
   * @param pem - A PEM with an X.509 certificate (`CERTIFICATE`) or a public key (`PUBLIC KEY`, `RSA PUBLIC KEY`) in
   *   it, RSA of 2048 to 4096 bits.
   * @throws {@link InvalidKeyError} where it cannot be used; {@link InvalidParameterError} where it is not a string.
   */
  static fromPem(pem: string): PlatformKey;

  /**
   * The certificate's serial number in upper-case hexadecimal digits; `undefined` for a plain public key, whose id only
   * the merchant platform tells. Throws {@link InvalidKeyError} once the key has been freed.
   */
  readonly serial: string | undefined;

  /** Frees the key's memory. Using it afterwards throws {@link InvalidKeyError}; freeing it again does nothing. */
  free(): void;

  /** The same as {@link PlatformKey.free}, for `using key = PlatformKey.fromPem(pem)`. */
  [Symbol.dispose](): void;
}

// ---- Errors ---------------------------------------------------------------------------------------------------------

/**
 * Every `code` there is:
 *
 * - `ERR_INVALID_PARAMETER`: {@link InvalidParameterError}
 * - `ERR_INVALID_KEY`: {@link InvalidKeyError}
 * - `ERR_SIGNATURE_VERIFICATION`: {@link SignatureVerificationError}
 * - `ERR_API`: {@link ApiError}
 * - `ERR_DECRYPTION`: {@link DecryptionError}; nothing throws it yet
 * - `ERR_NETWORK`: {@link NetworkError}; nothing throws it yet
 * - `ERR_NO_RANDOMNESS`: the host gave no random bytes for a nonce
 * - `ERR_SIGNING`: a signature did not check out against its own public key, and was thrown away
 * - `ERR_WASM_UNAVAILABLE`: the `.wasm` file could not be loaded; `cause` says why
 * - `ERR_WASM_TRAP`: the WebAssembly module failed, and starts afresh with the next call; keys must be made again
 *
 * @example
 * ```ts
 * const passing: WechatPayErrorCode[] = ['ERR_NETWORK', 'ERR_API'];
 * ```
 */
export type WechatPayErrorCode = AnyWechatPayError['code'];

/**
 * Every error of this package, told apart by `code`. Nothing is lost by `instanceof` instead.
 *
 * @example
 * ```ts
 * function report(error: AnyWechatPayError) {
 *   switch (error.code) {
 *     case 'ERR_API':
 *       return `${error.status} ${error.apiCode}`;
 *     case 'ERR_SIGNATURE_VERIFICATION':
 *       return error.reason;
 *     default:
 *       return error.message;
 *   }
 * }
 * ```
 */
export type AnyWechatPayError =
  | InvalidParameterError
  | InvalidKeyError
  | SignatureVerificationError
  | ApiError
  | DecryptionError
  | NetworkError
  | WechatPayHostError;

/**
 * The errors that have no class of their own: {@link WechatPayError} with one of these codes.
 *
 * @example
 * ```ts
 * if (error.code === 'ERR_NO_CLOCK') console.error('call this inside a request');
 * ```
 */
export interface WechatPayHostError extends WechatPayError {
  readonly code: 'ERR_NO_RANDOMNESS' | 'ERR_NO_CLOCK' | 'ERR_SIGNING' | 'ERR_WASM_UNAVAILABLE' | 'ERR_WASM_TRAP';
}

/**
 * What every error of this package is an instance of. Never carries a private key or a whole `Authorization` header.
 *
 * @example
 * ```js
 * if (error instanceof WechatPayError) console.error(error.code, error.requestId, error.message);
 * ```
 */
export class WechatPayError extends Error {
  protected constructor();
  /** Stable, for programs; the message is for people and may change. */
  readonly code: WechatPayErrorCode;
  /** The answer's `Request-ID`, where there is one: WeChat's support asks for it. */
  readonly requestId?: string;
  /** What it most likely comes from, where the client can tell; also at the end of the message. */
  readonly hint?: string;
}

/**
 * The rule that a value breaks:
 *
 * - `required`: it is missing or empty
 * - `unknown-field`: there is no such field here
 * - `type`: it must be of another type
 * - `choice`: it must be one of a few values
 * - `integer`: it must be an integer between given bounds
 * - `max-length`: it is too long
 * - `length`: it is of another length than it must be
 * - `characters`: it holds characters that are not allowed
 * - `url`: it must be a URL of the form described
 * - `seconds`: it must be in seconds, and looks like milliseconds
 * - `base64`: it must be standard Base64
 * - `no-body`: a `GET` has no body
 * - `key`: a key cannot be used, or is not the one that belongs there
 *
 * @example
 * ```ts
 * const rules: InvalidParameterRule[] = error.issues.map(({ rule }) => rule);
 * ```
 */
export type InvalidParameterRule =
  | 'required'
  | 'unknown-field'
  | 'type'
  | 'choice'
  | 'integer'
  | 'max-length'
  | 'length'
  | 'characters'
  | 'url'
  | 'seconds'
  | 'base64'
  | 'no-body'
  | 'key';

/**
 * One value that breaks one rule.
 *
 * @example
 * ```ts
 * const issue: InvalidParameterIssue = { field: 'openid', rule: 'required', message: 'openid is missing' };
 * ```
 */
export interface InvalidParameterIssue {
  /** The field's name as you wrote it, such as `openid`, `limits.openid` or `certs["5F1C…"]`. */
  field: string;
  /** The rule that it breaks. */
  rule: InvalidParameterRule;
  /** The rule in words, with the field's name; never the value. */
  message: string;
}

/**
 * A value given to a function breaks a rule: an error in the calling program or its data. Nothing was sent.
 *
 * @example
 * ```js
 * if (error instanceof InvalidParameterError) console.error(error.issues); // [{ field, rule, message }]
 * ```
 */
export class InvalidParameterError extends WechatPayError {
  protected constructor();
  readonly name: 'InvalidParameterError';
  readonly code: 'ERR_INVALID_PARAMETER';
  /** The field of the first issue. */
  readonly field: string;
  /** The rule of the first issue. */
  readonly rule: InvalidParameterRule;
  /** All that is wrong, never empty. */
  readonly issues: readonly InvalidParameterIssue[];
}

/**
 * A PEM, certificate or key cannot be used. The message says what is wrong with it, never its content.
 *
 * @example
 * ```js
 * if (error instanceof InvalidKeyError) console.error(error.message); // 'privateKey is not a PEM: …'
 * ```
 */
export class InvalidKeyError extends WechatPayError {
  protected constructor();
  readonly name: 'InvalidKeyError';
  readonly code: 'ERR_INVALID_KEY';
}

/**
 * Why an answer is not trusted, in the order of the checks:
 *
 * - `missing-header`: a `Wechatpay-*` header is missing; what answered may not be WeChat at all
 * - `stale-timestamp`: `Wechatpay-Timestamp` is not a time, or too far from now; check the clock
 * - `unknown-serial`: no key is filed under `Wechatpay-Serial`; fetch the certificates again, or add the public key
 * - `sign-test`: WeChat's probe, with a signature that is wrong on purpose; the outcome of the request is unknown
 * - `bad-signature`: the signature is not that key's over these bytes
 *
 * @example
 * ```ts
 * const probe: SignatureVerificationReason = 'sign-test';
 * ```
 */
export type SignatureVerificationReason =
  'missing-header' | 'stale-timestamp' | 'unknown-serial' | 'sign-test' | 'bad-signature';

/**
 * A 2xx answer that cannot be trusted. The request may have been carried out all the same.
 *
 * @example
 * ```js
 * if (error instanceof SignatureVerificationError && error.reason === 'unknown-serial') await reloadPlatformKeys();
 * ```
 */
export class SignatureVerificationError extends WechatPayError {
  protected constructor();
  readonly name: 'SignatureVerificationError';
  readonly code: 'ERR_SIGNATURE_VERIFICATION';
  /** The check that failed. */
  readonly reason: SignatureVerificationReason;
}

/**
 * WeChat Pay, or something on the way to it, answered with another status than 2xx; or with a signed 2xx that is not
 * JSON. `message` is WeChat's own where there is one.
 *
 * @example
 * ```js
 * if (error instanceof ApiError) console.error(error.status, error.apiCode, error.message, error.requestId);
 * ```
 */
export class ApiError extends WechatPayError {
  protected constructor();
  readonly name: 'ApiError';
  readonly code: 'ERR_API';
  /** The HTTP status. */
  readonly status: number;
  /** WeChat's `code`, such as `PARAM_ERROR`; `undefined` where the body has none. */
  readonly apiCode: string | undefined;
  /** WeChat's `detail`, as it came. It may repeat what you sent. */
  readonly detail: unknown;
  /** Whether sending the same request again may help: after 429, 500, 502, 503 and 504. Sign it anew. */
  readonly retryable: boolean;
  /** Whether the signature was good. Errors may come unsigned; then anybody may have written this one. */
  readonly verified: boolean;
  /** Why it is not verified. */
  readonly cause?: SignatureVerificationError | InvalidKeyError;
}

/**
 * Something encrypted by WeChat Pay cannot be decrypted, or is not JSON when it is: the APIv3 key is another one, or a
 * genuine notification carries something else. What exactly was wrong is not said.
 *
 * @example
 * ```js
 * if (error instanceof DecryptionError) console.error(error.message);
 * ```
 */
export class DecryptionError extends WechatPayError {
  protected constructor();
  readonly name: 'DecryptionError';
  readonly code: 'ERR_DECRYPTION';
}

/**
 * No answer came to the client: `fetch` failed, the time was over, the call was aborted, the answer broke off or was too
 * large. Whether the request was carried out is not known.
 *
 * @example
 * ```js
 * if (error instanceof NetworkError) console.error(error.retryable, error.cause);
 * ```
 */
export class NetworkError extends WechatPayError {
  protected constructor();
  readonly name: 'NetworkError';
  readonly code: 'ERR_NETWORK';
  /** Whether sending the same request again may help. */
  readonly retryable: boolean;
}

// The pre-sign request: its parameters, which depend on mode and scene, and how it is built.
import { fieldsOf } from './arguments.js';
import { callWasm } from './instance.js';
import { toFieldMap, unlessEmpty } from './plain-data.js';
import type { MessageToSign, SigningParams } from './signing.js';

/**
 * The kind of merchant: a segment of the endpoint's path.
 *
 * - `ecommerce`: 电商收付通, an e-commerce platform (the default)
 * - `normal`: 直连商户, a merchant without a service provider
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
 * The place where the contract is offered: the last segment of the endpoint's path.
 *
 * - `pay-redirect-sign`: 支付后场景, after a payment (the default)
 * - `mini-program`: 小程序场景, in a mini program; takes no `prepay_id`
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
 * The fields of every mode and scene. A string has at least one character, and each character has at most three bytes in
 * UTF-8 (no emoji) and is not NUL. Lengths are in Unicode characters; {@link PresignOptions.limits} overrides them.
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
  /** Your number for the contract (商户协议号): at most 32 ASCII digits and letters. Unique, and never reused. */
  out_contract_code: string;
  /**
   * The URL for WeChat's notifications: `https`, no query or fragment, at most 256 characters. `http` is allowed if the
   * origin of the API is a loopback address, as that of the sandbox.
   */
  notify_url: string;
  /** The user's name as shown in the contract (签约用户名称), at most 32 characters; may be Chinese. */
  contract_display_account: string;
}

/**
 * The fields that only scene `pay-redirect-sign` has. Source: the field tables.
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
 * The fields that scene `mini-program` must not have. Source: the field tables.
 *
 * @example
 * ```ts
 * const none: PresignInMiniProgramParams = {};
 * ```
 */
export interface PresignInMiniProgramParams {
  /** Rejected in this scene. */
  prepay_id?: undefined;
}

/**
 * The fields that only modes `ecommerce` and `normal` have. Source: the field tables.
 *
 * @example
 * ```ts
 * const payer: PresignMerchantParams = { appid: 'wxcbda96de0b165486', openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' };
 * ```
 */
export interface PresignMerchantParams {
  /** The merchant's AppID, at most 32 characters. */
  appid: string;
  /** The user's OpenID under `appid`, at most 128 characters. */
  openid: string;
}

/**
 * The fields that only mode `service-provider` has, with at least one of `sp_openid` and `sub_openid`. Source: the field
 * tables.
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
      /** The user's OpenID under `sp_appid`, at most 128 characters. */
      sp_openid: string;
      /** The user's OpenID under `sub_appid`, at most 128 characters. */
      sub_openid?: string | undefined;
    }
  | {
      /** The user's OpenID under `sp_appid`, at most 128 characters. */
      sp_openid?: string | undefined;
      /** The user's OpenID under `sub_appid`, at most 128 characters. */
      sub_openid: string;
    }
);

/**
 * The fields that only mode `qs` has, with at least one of `openid` and `sub_openid`. Source: the field tables.
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
      /** The user's OpenID under `appid`, at most 128 characters. */
      openid: string;
      /** The user's OpenID under `sub_appid`, at most 128 characters. */
      sub_openid?: string | undefined;
    }
  | {
      /** The user's OpenID under `appid`, at most 128 characters. */
      openid?: string | undefined;
      /** The user's OpenID under `sub_appid`, at most 128 characters. */
      sub_openid: string;
    }
);

/**
 * The fields that each mode adds to {@link PresignCommonParams}. Source: the field tables.
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
 * The fields that each scene adds to {@link PresignCommonParams}. Source: the field tables.
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
 * The fields of a request, by WeChat's names. The default is mode `ecommerce` and scene `pay-redirect-sign`; name others as
 * in `PresignParams<'qs'>` or `PresignParams<'normal', 'mini-program'>`. Other fields are rejected.
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
 * The names of the string fields that each mode adds. {@link FieldName} has all of them.
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
 * The names of the string fields that each scene adds.
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
 * The names of the string fields, which have a length limit: of one mode and scene, or by default of all.
 *
 * @example
 * ```ts
 * const field: FieldName<'normal'> = 'openid';
 * ```
 */
export type FieldName<Mode extends PresignMode = PresignMode, Scene extends PresignScene = PresignScene> =
  | 'out_contract_code'
  | 'notify_url'
  | 'contract_display_account'
  | FieldNameOfMode[Mode]
  | FieldNameOfScene[Scene];

/**
 * Options of {@link buildPresignRequest}. Other options are rejected.
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
  /** The kind of merchant. Default `'ecommerce'`. */
  mode?: Mode | undefined;
  /** The place where the contract is offered. Default `'pay-redirect-sign'`. */
  scene?: Scene | undefined;
  /**
   * The origin of the API: scheme, host and, if needed, port, but no path. Default `https://api.mch.weixin.qq.com`;
   * WeChat's backup host is `https://api2.mch.weixin.qq.com`.
   */
  baseUrl?: string | undefined;
  /**
   * The key that WeChat should sign its response with: the id of its public key (`PUB_KEY_ID_…`), or the serial number of
   * a platform certificate in hexadecimal. Sent as `Wechatpay-Serial`. Without it WeChat chooses, so always pass it.
   */
  platformSerial?: string | undefined;
  /**
   * Your own length limits for fields of this mode and scene: in Unicode characters, at least 1. The defaults come from
   * sibling pages of the documentation, so WeChat may accept more or less.
   */
  limits?: { [Field in FieldName<Mode, Scene>]?: number | undefined } | undefined;
}

/**
 * A request that is ready to be signed and sent. Only the `Authorization` header is missing.
 *
 * @example
 * ```ts
 * const { method, url, headers, body }: PresignRequest = buildPresignRequest(params);
 * ```
 */
export interface PresignRequest {
  /** Always `POST`. */
  method: 'POST';
  /** The absolute URL, exactly as `fetch` sends it. */
  url: string;
  /** `Accept`, `Content-Type`, `User-Agent`, and `Wechatpay-Serial` if `platformSerial` was given. */
  headers: Record<string, string>;
  /** The JSON, exactly as it must be signed and sent. */
  body: string;
}

/**
 * Builds the request of `POST /v3/password-exempt-contract/contracts/{mode}/pre-entrust-sign/{scene}`, and checks every
 * field against WeChat's rules. Equal arguments give equal requests.
 *
 * @param params - The fields by WeChat's names: {@link PresignParams}.
 * @param options - Mode, scene, host, the key to sign the response with, and your own limits: {@link PresignOptions}.
 * @returns The request, to be signed by {@link signAuthorization} and sent by `fetch`.
 * @throws {@link InvalidParameterError} if a field breaks a rule, with every problem in `issues`. There, the limits
 *   have names such as `limits.openid`.
 *
 * Source of the rules: the field tables. The limit of three bytes for each character applies to all of APIv3.
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
>(params: PresignParams<Mode, Scene>, options: PresignOptions<Mode, Scene> = {}): PresignRequest {
  const fields = toFields(params, options);
  return callWasm((wasm) => wasm.buildPresignRequest(fields));
}

/**
 * The same request, without its host and headers.
 *
 * @param baseUrl - The origin that it is sent to.
 * @param signingParams - If they can be used, the message to sign is made too.
 *
 * @internal
 */
export function buildPresign(
  params: unknown,
  options: unknown,
  baseUrl: string,
  signingParams?: SigningParams,
): BuiltRequest {
  const fields = toFields(params, options);
  const { timestamp, nonce } = signingParams ?? {};
  const { method, path, body, message }: BuiltRequest & { message?: MessageToSign['message'] } = callWasm((wasm) =>
    wasm.buildPresign(fields, baseUrl, timestamp, nonce),
  );
  const toSign = message && signingParams && { params: signingParams, message };
  return { method, path, body, toSign };
}

/**
 * A request without host and headers.
 *
 * @internal
 */
export interface BuiltRequest {
  method: string;
  path: string;
  body?: string | undefined;
  /** The message to sign, if signing parameters were given. */
  toSign?: MessageToSign | undefined;
}

function toFields(params: unknown, options: unknown) {
  const fields = fieldsOf('params', params);
  const { limits = {}, ...others } = fieldsOf('options', options);
  const ownLimits = fieldsOf('limits', limits);
  return { params: toFieldMap(fields), ...unlessEmpty('options', others), ...unlessEmpty('limits', ownLimits) };
}

// The parameters with which the user's client pays.
import { fieldsOf, propertiesOf } from './arguments.js';
import { callWasm } from './instance.js';
import { merchantKeyNumber } from './keys.js';
import { toFieldMap } from './plain-data.js';
import type { Merchant } from './signing.js';

/**
 * The order to pay, and the app to pay it in.
 *
 * @example
 * ```ts
 * const payment: PaymentParams = { appId: 'wxd678efh567hg6787', prepay_id: 'wx201410272009395522657a690389285100' };
 * ```
 */
export interface PaymentParams {
  /** The AppID of the page, mini program or app in which the user pays: at most 32 ASCII characters. */
  appId: string;
  /** The id alone, without `prepay_id=`, as the order API returns it: at most 64 ASCII characters. */
  prepay_id: string;
  /** Unix time in seconds. Default: the clock. */
  timestamp?: number | undefined;
  /** Default: 32 random hexadecimal digits. */
  nonce?: string | undefined;
}

/**
 * The parameters of `getBrandWCPayRequest` of `WeixinJSBridge`, of `wx.chooseWXPay`, and of a mini program's
 * `wx.requestPayment`.
 *
 * @example
 * ```ts
 * const parameters: JsapiParameters = signPaymentParams({ appId: 'wxd678efh567hg6787', prepay_id: 'wx2014' }, merchant, 'jsapi');
 * ```
 */
export interface JsapiParameters {
  appId: string;
  /** Unix time in seconds, as a string. */
  timeStamp: string;
  nonceStr: string;
  /** `prepay_id=…` */
  package: string;
  signType: 'RSA';
  /** In Base64. */
  paySign: string;
}

/**
 * The parameters of WeChat's SDK for apps.
 *
 * @example
 * ```ts
 * const parameters: AppParameters = signPaymentParams({ appId: 'wxd678efh567hg6787', prepay_id: 'wx2014' }, merchant, 'app');
 * ```
 */
export interface AppParameters {
  appid: string;
  /** The number of the merchant who placed the order. */
  partnerid: string;
  prepayid: string;
  package: 'Sign=WXPay';
  noncestr: string;
  /** Unix time in seconds, as a string. */
  timestamp: string;
  /** In Base64. */
  sign: string;
}

/**
 * Signs the parameters with which the user's client pays, after pre-signing: for JSAPI调起支付 (also mini programs) or
 * for APP调起支付. {@link Client.paymentParams} does the same with the client's own key or signer. Equal arguments give
 * equal results if `timestamp` and `nonce` are given.
 *
 * @param payment - The order, and the app in which it is paid.
 * @param merchant - The merchant who placed the order.
 * @param client - `'jsapi'` for pages and mini programs, `'app'` for apps.
 * @returns The parameters, to pass on unchanged.
 * @throws {@link InvalidParameterError}, {@link InvalidKeyError}; {@link HostError} with code `ERR_NO_RANDOMNESS`,
 *   `ERR_NO_CLOCK` or `ERR_SIGNING`.
 *
 * @example
 * ```js
 * await client.presign(params).catch(() => {}); // the user can pay even if pre-signing fails
 * const parameters = signPaymentParams({ appId: params.appid, prepay_id: params.prepay_id }, merchant, 'jsapi');
 * ```
 */
export function signPaymentParams<PayingClient extends 'jsapi' | 'app'>(
  payment: PaymentParams,
  merchant: Pick<Merchant, PayingClient extends 'app' ? 'mchid' | 'privateKey' : 'privateKey'>,
  client: PayingClient,
): PayingClient extends 'app' ? AppParameters : JsapiParameters {
  const signed = signPaymentFields(fieldsOf('payment', payment), merchant, client);
  return signed as PayingClient extends 'app' ? AppParameters : JsapiParameters;
}

/** @internal */
export function signPaymentFields(
  payment: Record<string, unknown>,
  merchant: unknown,
  client: unknown,
): JsapiParameters | AppParameters {
  const { mchid, privateKey } = propertiesOf('merchant', merchant, ['mchid', 'privateKey']);
  const key = merchantKeyNumber(privateKey);
  // If it is not a key, Rust rejects it together with the other fields.
  const signing = key === undefined ? { mchid, privateKey } : { mchid };
  return callWasm((wasm) => wasm.signPaymentParams(toPaymentFields(payment, signing, client), key));
}

/**
 * Checks the parameters of a payment that something else signs.
 *
 * @internal
 */
export function preparePaymentParams(
  payment: Record<string, unknown>,
  mchid: string,
  client: unknown,
): { message: Uint8Array<ArrayBuffer>; complete(signature: Uint8Array): JsapiParameters | AppParameters } {
  const fields = toPaymentFields(payment, { mchid }, client);
  const { message, params, signatureField } = callWasm((wasm) => wasm.preparePaymentParams(fields));
  return {
    message: new TextEncoder().encode(message),
    complete: (signature) => ({ ...params, [signatureField]: btoa(String.fromCharCode(...signature)) }),
  };
}

function toPaymentFields(payment: Record<string, unknown>, merchant: Record<string, unknown>, client: unknown) {
  return { payment: toFieldMap(payment), merchant: toFieldMap(merchant), client: toFieldMap({ client }) };
}

// Signing a request, in one step or in two.
import { fieldsOf, isBytes, ownBytes, propertiesOf } from './arguments.js';
import { callWasm } from './instance.js';
import type { PrivateKeyInput } from './key-input.js';
import { merchantKeyNumber } from './keys.js';
import { toBody, toFieldMap } from './plain-data.js';

/** No signature is longer, in bytes. A longer one is rejected for its length, so its end is not needed. */
const MAX_SIGNATURE_LENGTH = 2 ** 20;

/**
 * The parts of a request that are signed. A {@link PresignRequest} has them; so has any other APIv3 request.
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
   * An absolute `http(s)` URL, or its path and query. It must be written exactly as `fetch` sends it: percent-encoded,
   * with no `.` or `..` in the path. A URL that `fetch` would change is rejected.
   */
  url: string;
  /** Exactly the body that is sent, at most 64 MiB; none for a `GET`. A string is encoded as UTF-8. */
  body?: string | Uint8Array | null | undefined;
}

/**
 * The merchant who signs.
 *
 * @example
 * ```ts
 * const merchant: Merchant = { mchid: '1900000100', serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1', privateKey };
 * ```
 */
export interface Merchant {
  /** The merchant number (商户号): visible ASCII, no quotes or backslashes. A service provider uses its own. */
  mchid: string;
  /** The serial number of the merchant API certificate, in hexadecimal digits. Sent in upper case. */
  serial: string;
  /**
   * The private key of that certificate (`apiclient_key.pem`). It is parsed once and remembered for the lifetime of the
   * process, unless it is a {@link MerchantKey}.
   */
  privateKey: PrivateKeyInput;
}

/**
 * The time and nonce that make a signature unique.
 *
 * @example
 * ```ts
 * const signingParams: SigningParams = { timestamp: Math.floor(Date.now() / 1000), nonce: crypto.randomUUID() };
 * ```
 */
export interface SigningParams {
  /** Unix time in seconds, an integer. WeChat rejects a time that is more than 5 minutes off. */
  timestamp: number;
  /** Used only once by each merchant. Visible ASCII, no quotes or backslashes. */
  nonce: string;
}

/**
 * A message to sign, and the time and nonce in it.
 *
 * @internal
 */
export interface MessageToSign {
  params: SigningParams;
  message: Uint8Array<ArrayBuffer>;
}

/**
 * Options of {@link signAuthorization}. Other options are rejected.
 *
 * @example
 * ```ts
 * const options: SigningOptions = { nonce: crypto.randomUUID() };
 * ```
 */
export interface SigningOptions {
  /** Unix time in seconds, an integer. Default: the clock. */
  timestamp?: number | undefined;
  /** Visible ASCII, no quotes or backslashes. Default: 32 random hexadecimal digits. */
  nonce?: string | undefined;
}

/**
 * Signs a request: RSASSA-PKCS1-v1_5 with SHA-256. Equal arguments give equal results if `timestamp` and `nonce` are
 * given.
 *
 * @param request - The request as it will be sent.
 * @param merchant - The merchant who signs.
 * @param options - The time and the nonce.
 * @returns The value of the `Authorization` header. It is valid for 5 minutes: do not log it.
 * @throws {@link InvalidParameterError} if an argument breaks a rule, with every problem in `issues`;
 *   {@link InvalidKeyError} if the private key cannot be used; {@link HostError} with code `ERR_NO_RANDOMNESS` or
 *   `ERR_NO_CLOCK` if a nonce or the time is needed and the host provides none (as in the global scope of a Cloudflare
 *   Worker), or `ERR_SIGNING` if the signature turns out to be wrong.
 *
 * Source of the rules: the signing rules.
 *
 * @example
 * ```js
 * const Authorization = signAuthorization(request, { mchid, serial, privateKey });
 * await fetch(request.url, { ...request, headers: { ...request.headers, Authorization } });
 * ```
 */
export function signAuthorization(request: SignableRequest, merchant: Merchant, options: SigningOptions = {}): string {
  const line = toRequest(request);
  const { mchid, serial, privateKey } = propertiesOf('merchant', merchant, ['mchid', 'serial', 'privateKey']);
  const signingParams = fieldsOf('options', options);
  const key = merchantKeyNumber(privateKey);
  // If it is not a key, Rust rejects it together with the other fields.
  const credential = key === undefined ? { mchid, serial, privateKey } : { mchid, serial };
  const fields = {
    request: line.fields,
    merchant: toFieldMap(credential),
    options: toFieldMap(signingParams),
  };
  return callWasm((wasm) => wasm.signAuthorization(fields, line.body, key));
}

/**
 * The message to sign with a key that is kept in a KMS or HSM: method, path and query, timestamp, nonce and body, each
 * followed by a line feed. Sign it with RSASSA-PKCS1-v1_5 and SHA-256. If the service expects a digest instead of a
 * message, pass the SHA-256 of these bytes. Equal arguments give equal results.
 *
 * @param request - The request as it will be sent.
 * @param signingParams - The time and the nonce. Pass the same ones to {@link authorizationHeader}.
 * @returns The bytes to sign.
 * @throws {@link InvalidParameterError} if an argument breaks a rule, with every problem in `issues`.
 *
 * Source of the rules: the signing rules.
 *
 * @example
 * ```js
 * const signingParams = { timestamp: Math.floor(Date.now() / 1000), nonce: crypto.randomUUID() };
 * const signature = await kms.sign(signingMessage(request, signingParams));
 * const Authorization = authorizationHeader({ mchid, serial, ...signingParams, signature });
 * ```
 */
export function signingMessage(
  request: SignableRequest,
  signingParams: SigningParams,
): ReturnType<Uint8Array['slice']> {
  const { fields, body } = toRequest(request);
  const params = toFieldMap(fieldsOf('signingParams', signingParams));
  // A copy made by the glue, so its buffer is never shared.
  return callWasm((wasm) => wasm.signingMessage(fields, params, body) as Uint8Array<ArrayBuffer>);
}

/** A body that is neither text nor bytes stays among the fields, so that Rust can reject it together with them. */
function toRequest(request: unknown) {
  const { method, url, body } = propertiesOf('request', request, ['method', 'url', 'body']);
  const { bytes, fields } = toBody(body);
  return { fields: { ...toFieldMap({ method, url }), ...fields }, body: bytes };
}

/**
 * The parts of an `Authorization` header. Other fields are rejected.
 *
 * @example
 * ```ts
 * const parts: AuthorizationParts = { mchid, serial, ...signingParams, signature };
 * ```
 */
export interface AuthorizationParts extends SigningParams {
  /** The merchant number (商户号): visible ASCII, no quotes or backslashes. */
  mchid: string;
  /** The serial number of the merchant API certificate, in hexadecimal digits. Sent in upper case. */
  serial: string;
  /** The signature of {@link signingMessage}: 256 to 512 bytes, or their standard Base64. */
  signature: string | Uint8Array;
}

/**
 * Builds the `Authorization` header from a signature made elsewhere: see {@link signingMessage}. The signature is not
 * verified. Equal arguments give equal results.
 *
 * @param parts - The merchant, the time and nonce that were signed, and the signature.
 * @returns The value of the header, `WECHATPAY2-SHA256-RSA2048 mchid="…",nonce_str="…",…`.
 * @throws {@link InvalidParameterError} if a part breaks a rule, with every problem in `issues`.
 *
 * Source of the rules: the signing rules.
 *
 * @example
 * ```js
 * const Authorization = authorizationHeader({ mchid, serial, timestamp, nonce, signature });
 * ```
 */
export function authorizationHeader(parts: AuthorizationParts): string {
  const { signature, ...others } = fieldsOf('parts', parts);
  const bytes = isBytes(signature) ? ownBytes('signature', signature).subarray(0, MAX_SIGNATURE_LENGTH) : undefined;
  const fields = bytes === undefined ? { ...others, signature } : others;
  const plain = toFieldMap(fields);
  return callWasm((wasm) => wasm.authorizationHeader(plain, bytes));
}

// Verifying a response.
import { fieldsOf, propertiesOf } from './arguments.js';
import { annotate, InvalidKeyError, SignatureVerificationError } from './errors.js';
import { callWasm } from './instance.js';
import type { PublicKeyInput } from './key-input.js';
import { platformKeyNumbers } from './keys.js';
import { type FieldMap, type PlainHeaders, toBody, toFieldMap, toHeaders, unlessEmpty } from './plain-data.js';

/**
 * The headers of a response or notification: `Headers`, any object with its `get`, or a record with names in any case,
 * such as Node's `IncomingMessage.headers`.
 *
 * @example
 * ```ts
 * const headers: ResponseHeaders = response.headers; // or request.headers of node:http
 * ```
 */
export type ResponseHeaders =
  | { get(name: string): string | null | undefined }
  | Record<string, string | readonly string[] | undefined>;

/**
 * A received response.
 *
 * @example
 * ```ts
 * const received: ReceivedResponse = { status: 200, headers: response.headers, body: await response.text() };
 * ```
 */
export interface ReceivedResponse {
  /** The HTTP status, an integer from 100 to 599. */
  status: number;
  /** The headers. Only `Wechatpay-*` and `Request-ID` are read. */
  headers: ResponseHeaders;
  /**
   * The body exactly as it was received, before any parsing, at most 64 MiB; `''` if there is none. A string is encoded
   * as UTF-8.
   */
  body: string | Uint8Array;
}

/**
 * The keys that are trusted.
 *
 * @example
 * ```ts
 * const policy: VerificationPolicy = { certs: { PUB_KEY_ID_0119000001002025010100111111111111: publicKeyPem } };
 * ```
 */
export interface VerificationPolicy {
  /**
   * WeChat Pay's keys, by the value of `Wechatpay-Serial`: a platform certificate by its serial number (hexadecimal, in
   * any case, with or without leading zeros), a public key by its id (`PUB_KEY_ID_…`). A key is parsed once and
   * remembered for the lifetime of the process, unless it is a {@link PlatformKey}. Certificates are trusted because they
   * are listed here: no chain is checked.
   */
  certs: Record<string, PublicKeyInput>;
}

/**
 * Options of {@link verifyResponse}. Other options are rejected.
 *
 * @example
 * ```ts
 * const options: VerificationOptions = { now: 1_700_000_000, toleranceSeconds: 60 };
 * ```
 */
export interface VerificationOptions {
  /** Unix time in seconds, an integer. Default: the clock. */
  now?: number | undefined;
  /** How far `Wechatpay-Timestamp` may differ from now, in seconds, an integer. Default 300. */
  toleranceSeconds?: number | undefined;
}

/**
 * Verifies the signature of a response and returns its content. The checks, in this order: the headers are present, the
 * timestamp is fresh, there is a key for the serial, and that key signed exactly these bytes. Only the key named by
 * `Wechatpay-Serial` is tried. Equal arguments give equal results if `now` is given.
 *
 * WeChat's signature does not name the request: compare `out_contract_code` with yours if it matters.
 *
 * @param response - Status, headers and the exact body.
 * @param policy - WeChat Pay's keys.
 * @param options - The time, and the tolerance.
 * @returns The parsed JSON of a 2xx response; `null` if its body is empty.
 * @throws {@link SignatureVerificationError} for a 2xx that cannot be trusted; {@link ApiError} for any other status,
 *   signed or not (see `verified`), and for a verified 2xx that is not JSON; {@link InvalidKeyError} if a key in `certs`
 *   cannot be used, if a certificate is listed under the serial number of another, or, for a 2xx, if it is expired or not
 *   yet valid; {@link InvalidParameterError} if an argument breaks a rule; {@link HostError} with code `ERR_NO_CLOCK` if
 *   `now` is needed and the host provides no clock.
 *
 * Source of the rules: the verification rules, including the 300 seconds.
 *
 * @example
 * ```js
 * const { status, headers } = response;
 * const result = verifyResponse(
 *   { status, headers, body: await response.text() },
 *   { certs: { PUB_KEY_ID_0119000001002025010100111111111111: publicKeyPem } },
 * );
 * // { mchid: '1900000100', service_id: 1234, out_contract_code: '100001256' }
 * ```
 */
export function verifyResponse(
  response: ReceivedResponse,
  policy: VerificationPolicy,
  options: VerificationOptions = {},
): unknown {
  const received = propertiesOf('response', response, ['status', 'headers', 'body']);
  const { certs } = propertiesOf('policy', policy, ['certs']);
  return verifyReceivedResponse(toReceived(received, certs, fieldsOf('options', options)));
}

/**
 * A response or notification, as plain data for the WebAssembly module.
 *
 * @internal
 */
export interface Received {
  fields: { received: FieldMap; options?: FieldMap };
  headers: PlainHeaders;
  body: Uint8Array;
  /** The numbers of keys by serial. */
  certs: Record<string, number>;
}

/** @internal */
export function toReceived(
  { status, headers, body }: { status?: unknown; headers: unknown; body: unknown },
  certs: unknown,
  options: Record<string, unknown>,
): Received {
  const numbers = platformKeyNumbers(certs);
  const plainHeaders = toHeaders(headers);
  const { bytes, fields } = toBody(body);
  return {
    fields: { received: { ...toFieldMap({ status }), ...fields }, ...unlessEmpty('options', options) },
    headers: plainHeaders,
    body: bytes,
    certs: numbers,
  };
}

/**
 * A signature that is still to be verified, after every other check has passed.
 *
 * @internal
 */
export interface SignatureCheck {
  /** The name of the key in `certs`. */
  serial: string;
  message: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
  requestId?: string;
}

/**
 * Verifies a signature with the host's cryptography. The WebAssembly module calls it, and verifies itself if it throws.
 *
 * @internal
 */
export type VerifyWithHost = (
  serial: string,
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
) => boolean;

/** @internal */
export function verifyReceivedResponse({ fields, headers, body, certs }: Received, host?: VerifyWithHost): unknown {
  return parse(completing(() => callWasm((wasm) => wasm.verifyResponse(fields, headers, body, certs, host))));
}

/** @internal */
export function prepareResponse({ fields, headers, body, certs }: Received): SignatureCheck {
  return completing(() => callWasm((wasm) => wasm.prepareResponse(fields, headers, body, certs)));
}

/** @internal */
export function finishResponse(
  { status, body }: { status: number; body: Uint8Array },
  isValid: boolean,
  requestId: string | undefined,
): unknown {
  return parse(completing(() => callWasm((wasm) => wasm.finishResponse(status, body, isValid, requestId))));
}

/** Parses the JSON of a response, which was already checked; null without a body. */
function parse(json: string | undefined): unknown {
  return json === undefined ? null : JSON.parse(json);
}

/** If a response cannot be trusted, WeChat Pay may have carried out the request. */
function completing<Result>(verify: () => Result): Result {
  try {
    return verify();
  } catch (error) {
    if (error instanceof SignatureVerificationError || error instanceof InvalidKeyError) {
      annotate(error, { outcomeUnknown: true });
    }
    throw error;
  }
}

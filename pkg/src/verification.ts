// Verifying a response.
import { fieldsOf, propertiesOf } from './arguments.js';
import { pack, packSigned, type SignedContent } from './crossing.js';
import { ApiError, annotate, InvalidKeyError, SignatureVerificationError } from './errors.js';
import { callWasm } from './instance.js';
import { type PlatformKey, packPlatformKeys } from './keys.js';

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
 * A response as it was received.
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
   * any case, with or without leading zeros), a public key by its id (`PUB_KEY_ID_…`). Each key is a PEM (certificate,
   * SPKI or PKCS#1 public key; RSA, 2048 to 4096 bits) or a {@link PlatformKey}. A PEM is parsed once and remembered for
   * the lifetime of the process. Certificates are trusted because they are listed here: no chain is checked.
   */
  certs: Record<string, string | PlatformKey>;
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
  const { status, headers, body } = propertiesOf('response', response, ['status', 'headers', 'body']);
  const { certs } = propertiesOf('policy', policy, ['certs']);
  const window = fieldsOf('options', options);
  const keys = packPlatformKeys(certs);
  return finishResponse(status, packSigned(headers, body), keys, window);
}

/**
 * Checks everything but the signature if the host has verified that, as `isValid` says; otherwise everything.
 *
 * @internal
 */
export function finishResponse(
  status: unknown,
  message: SignedContent,
  keys: string,
  window: Record<string, unknown>,
  isValid?: boolean,
): unknown {
  const { headers, text, bytes, rejected } = message;
  try {
    return callWasm((wasm) => {
      const fields = pack({ status }) + rejected;
      return wasm.verifyResponse(fields, headers, text, bytes, keys, pack(window), isValid);
    });
  } catch (error) {
    throw completed(error, message);
  }
}

/** Adds what only the response tells: WeChat Pay may have acted, and what its body says. */
function completed(error: unknown, { text, bytes }: SignedContent): unknown {
  if (error instanceof SignatureVerificationError || error instanceof InvalidKeyError) {
    annotate(error, { outcomeUnknown: true });
  }
  if (error instanceof ApiError) addBody(error, text ?? new TextDecoder().decode(bytes));
  return error;
}

/** The number of characters of a body that an error keeps. */
const EXCERPT_LENGTH = 200;

function addBody(error: ApiError, body: string): void {
  if (body === '') return;
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    Object.assign(error, {
      bodyExcerpt: Array.from(body.slice(0, 2 * EXCERPT_LENGTH))
        .slice(0, EXCERPT_LENGTH)
        .join(''),
    });
    return;
  }
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
  if (typeof message === 'string' && message !== '') Object.assign(error, { apiMessage: message });
}

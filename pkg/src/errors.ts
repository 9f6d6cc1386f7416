// One class for each kind of failure, each with a stable `code`. Errors from Rust arrive as an `ErrorPayload`.

/**
 * Every `code`:
 *
 * - `ERR_INVALID_PARAMETER`: {@link InvalidParameterError}
 * - `ERR_INVALID_KEY`: {@link InvalidKeyError}
 * - `ERR_SIGNATURE_VERIFICATION`: {@link SignatureVerificationError}
 * - `ERR_API`: {@link ApiError}
 * - `ERR_DECRYPTION`: {@link DecryptionError}
 * - `ERR_NETWORK`: {@link NetworkError}
 * - the codes in {@link HostErrorCode}: {@link HostError}
 *
 * @example
 * ```ts
 * const transient: WechatPayErrorCode[] = ['ERR_NETWORK', 'ERR_API'];
 * ```
 */
export type WechatPayErrorCode = AnyWechatPayError['code'];

/**
 * Every error that this package throws. `code` distinguishes them; so does `instanceof`.
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
  | HostError;

/**
 * The result of `toJSON()`: plain data that can be logged, cloned and sent to another thread.
 *
 * @example
 * ```ts
 * function log(error: WechatPayError) {
 *   const entry: WechatPayErrorJson = error.toJSON();
 *   console.error(JSON.stringify(entry));
 * }
 * ```
 */
export interface WechatPayErrorJson {
  name: string;
  message: string;
  code: WechatPayErrorCode;
  retryable: boolean;
  outcomeUnknown: boolean;
  requestId?: string;
  hint?: string;
  endpoint?: string;
  attempts?: number;
  /** Of {@link InvalidParameterError}. */
  field?: string;
  /** Of {@link InvalidParameterError}. */
  rule?: InvalidParameterRule;
  /** Of {@link InvalidParameterError}. */
  issues?: InvalidParameterIssue[];
  /** Of {@link SignatureVerificationError}. */
  reason?: SignatureVerificationReason;
  /** Of {@link ApiError}. */
  status?: number;
  /** Of {@link ApiError}. */
  apiCode?: string;
  /** Of {@link ApiError}. */
  apiMessage?: string;
  /** Of {@link ApiError}. */
  verified?: boolean;
  /** Of {@link HostError}. */
  operation?: HostOperation;
}

/** Details that every class takes. */
interface ErrorDetails {
  retryable?: boolean | undefined;
  outcomeUnknown?: boolean | undefined;
  requestId?: string | undefined;
  hint?: string | undefined;
  endpoint?: string | undefined;
  attempts?: number | undefined;
  cause?: unknown;
}

/** The only properties that `toJSON()` copies. Others may hold secrets, or values that cannot be cloned. */
const JSON_FIELDS = [
  ...(['code', 'retryable', 'outcomeUnknown', 'requestId', 'hint', 'endpoint', 'attempts'] as const),
  ...(['field', 'rule', 'issues', 'reason', 'status', 'apiCode', 'apiMessage', 'verified', 'operation'] as const),
] as const;

/** Marks the errors of every copy of this package, so that `isWechatPayError` recognises errors of another copy. */
const BRAND = Symbol.for('wechatpay-presign.error');

/**
 * The base class of every error of this package. No error carries a private key, an APIv3 key or a whole
 * `Authorization` header.
 *
 * @example
 * ```js
 * if (error instanceof WechatPayError) console.error(error.code, error.requestId, error.message);
 * ```
 */
export abstract class WechatPayError extends Error {
  // Declared only: a field that is not set must not exist, and `detail` must not become enumerable.
  /** Stable, for programs. The message is for people and may change. */
  declare readonly code: WechatPayErrorCode;
  /** Whether the same call, repeated unchanged, may succeed. */
  declare readonly retryable: boolean;
  /** Whether WeChat Pay may have carried out the request. Query before you send another one. */
  declare readonly outcomeUnknown: boolean;
  /** The `Request-ID` header of the response, if there was one. WeChat's support asks for it. */
  declare readonly requestId?: string;
  /** The most likely reason, if the client can tell. The message ends with it. */
  declare readonly hint?: string;
  /** The method and path of the request, such as `GET /v3/certificates`. Set by the client. */
  declare readonly endpoint?: string;
  /** The number of attempts, retries included. Set by the client. */
  declare readonly attempts?: number;

  protected constructor(message: string, code: WechatPayErrorCode, details: ErrorDetails = {}) {
    const { cause, retryable = false, outcomeUnknown = false, ...optional } = details;
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, { code, retryable, outcomeUnknown });
    annotate(this, optional);
  }

  // A getter on the prototype is not a property of each error, and survives the minification of class names.
  override get name(): string {
    return 'WechatPayError';
  }

  /** @internal */
  get [BRAND](): true {
    return true;
  }

  /** The error as plain data: its name, message, code and details. Never a key, a header or a body. */
  toJSON(): WechatPayErrorJson {
    const values = this as Record<string, unknown>;
    const json: Record<string, unknown> = { name: this.name, message: this.message };
    for (const field of JSON_FIELDS) {
      const value = values[field];
      if (value !== undefined) json[field] = field === 'issues' ? copyIssues(value) : value;
    }
    return json as unknown as WechatPayErrorJson;
  }
}

function copyIssues(issues: unknown): InvalidParameterIssue[] {
  return (issues as readonly InvalidParameterIssue[]).map((issue) => ({ ...issue }));
}

/**
 * Adds details that only the caller of the failing function knows. A hint is also appended to the message.
 *
 * @internal
 */
export function annotate(error: WechatPayError, { hint, ...details }: Omit<ErrorDetails, 'cause'>): void {
  for (const [name, value] of Object.entries(details)) {
    if (value !== undefined) Object.assign(error, { [name]: value });
  }
  if (hint === undefined) return;
  const { message } = error;
  // Engines write the message into the stack when the error is made, or when the stack is first read. Before the message
  // there is only a name.
  const stack: unknown = error.stack;
  Object.assign(error, { hint, message: `${message}: ${hint}` });
  const at = typeof stack === 'string' ? stack.indexOf(message) : -1;
  if (typeof stack !== 'string' || at < 0 || stack.slice(0, at).includes('\n')) return;
  const value = `${stack.slice(0, at)}${error.message}${stack.slice(at + message.length)}`;
  Object.defineProperty(error, 'stack', { value, configurable: true, writable: true });
}

/**
 * Whether a value is an error of this package, and which one: `code` then narrows it. Unlike `instanceof`, it also
 * accepts errors of another copy of the package.
 *
 * @param error - Any value.
 *
 * @example
 * ```js
 * if (isWechatPayError(error) && error.code === 'ERR_API') console.error(error.status, error.apiCode);
 * ```
 */
export function isWechatPayError(error: unknown): error is AnyWechatPayError {
  try {
    return typeof error === 'object' && error !== null && (error as { [BRAND]?: unknown })[BRAND] === true;
  } catch {
    // A revoked proxy throws.
    return false;
  }
}

/**
 * The rule that a value breaks:
 *
 * - `required`: it is missing or empty
 * - `unknown-field`: there is no such field
 * - `type`: it has the wrong type
 * - `choice`: it must be one of a few values
 * - `integer`: it must be an integer within given bounds
 * - `max-length`: it is too long
 * - `length`: it has the wrong length
 * - `characters`: it contains characters that are not allowed
 * - `url`: it must be a URL of the form described
 * - `seconds`: it must be in seconds, but looks like milliseconds
 * - `time`: it must be a time in the form of RFC 3339
 * - `base64`: it must be standard Base64
 * - `no-body`: a `GET` has no body
 * - `key`: a key cannot be used, or does not belong there
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
  | 'time'
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
  /** The name of the field as you wrote it, such as `openid`, `limits.openid` or `certs["5F1C…"]`. */
  field: string;
  /** The rule that the value breaks. */
  rule: InvalidParameterRule;
  /** The rule in words, with the name of the field. Never the value. */
  message: string;
}

/**
 * An argument breaks a rule: a mistake in the calling program or its data. Nothing was sent.
 *
 * @example
 * ```js
 * if (error instanceof InvalidParameterError) console.error(error.issues); // [{ field, rule, message }]
 * ```
 */
export class InvalidParameterError extends WechatPayError {
  declare readonly code: 'ERR_INVALID_PARAMETER';
  /** The field of the first issue. */
  readonly field: string;
  /** The rule of the first issue. */
  readonly rule: InvalidParameterRule;
  /** Every problem; never empty. */
  readonly issues: readonly InvalidParameterIssue[];

  /** @internal */
  constructor(message: string, details: ErrorDetails & { issues?: readonly InvalidParameterIssue[] } = {}) {
    const { issues = [{ field: '', rule: 'type', message }], ...others } = details;
    super(message, 'ERR_INVALID_PARAMETER', others);
    this.field = issues[0]?.field ?? '';
    this.rule = issues[0]?.rule ?? 'type';
    this.issues = issues;
  }

  override get name(): 'InvalidParameterError' {
    return 'InvalidParameterError';
  }

  /**
   * An error about one field. `explanation` continues a sentence that begins with the name of the field.
   *
   * @internal
   */
  static about(
    field: string,
    rule: InvalidParameterRule,
    explanation: string,
    details: ErrorDetails = {},
  ): InvalidParameterError {
    const message = `${field} ${explanation}`;
    // `this` in place of the class name: a bundler renames a class that refers to itself.
    return new this(message, { ...details, issues: [{ field, rule, message }] });
  }
}

/**
 * A PEM, certificate or key cannot be used. The message says why, and never shows its content.
 *
 * @example
 * ```js
 * if (error instanceof InvalidKeyError) console.error(error.message); // 'privateKey is not a PEM: …'
 * ```
 */
export class InvalidKeyError extends WechatPayError {
  declare readonly code: 'ERR_INVALID_KEY';

  /** @internal */
  constructor(message: string, details?: ErrorDetails) {
    super(message, 'ERR_INVALID_KEY', details);
  }

  override get name(): 'InvalidKeyError' {
    return 'InvalidKeyError';
  }
}

/**
 * Why a response or notification cannot be trusted, in the order of the checks:
 *
 * - `missing-header`: a `Wechatpay-*` header is missing; the sender may not be WeChat Pay
 * - `stale-timestamp`: `Wechatpay-Timestamp` is not a time, or too far from now; check the clock
 * - `unknown-serial`: `certs` has no key for `Wechatpay-Serial`; download the certificates again, or add the public key
 * - `sign-test`: a probe by WeChat Pay, whose signature is wrong on purpose; the outcome of the request is unknown
 * - `bad-signature`: the key did not sign these bytes
 * - `bad-hash`: a downloaded file is not the one that WeChat Pay's response named; download it again
 *
 * @example
 * ```ts
 * const probe: SignatureVerificationReason = 'sign-test';
 * ```
 */
export type SignatureVerificationReason =
  | 'missing-header'
  | 'stale-timestamp'
  | 'unknown-serial'
  | 'sign-test'
  | 'bad-signature'
  | 'bad-hash';

/**
 * A notification, a response with status 2xx, or a downloaded file that cannot be trusted. WeChat Pay may have carried out
 * the request.
 *
 * @example
 * ```js
 * if (error instanceof SignatureVerificationError && error.reason === 'unknown-serial') await reloadPlatformKeys();
 * ```
 */
export class SignatureVerificationError extends WechatPayError {
  declare readonly code: 'ERR_SIGNATURE_VERIFICATION';
  /** The check that failed. */
  readonly reason: SignatureVerificationReason;

  /** @internal */
  constructor(message: string, details: ErrorDetails & { reason?: SignatureVerificationReason } = {}) {
    const { reason = 'bad-signature', ...others } = details;
    super(message, 'ERR_SIGNATURE_VERIFICATION', others);
    this.reason = reason;
  }

  override get name(): 'SignatureVerificationError' {
    return 'SignatureVerificationError';
  }
}

/**
 * WeChat Pay, or a proxy in front of it, responded with a status other than 2xx; or with a signed 2xx that is not JSON.
 *
 * @example
 * ```js
 * if (error instanceof ApiError) console.error(error.status, error.apiCode, error.message, error.requestId);
 * ```
 */
export class ApiError extends WechatPayError {
  declare readonly code: 'ERR_API';
  /** The HTTP status. */
  readonly status: number;
  /** WeChat's `code`, such as `PARAM_ERROR`; `undefined` if the body has none. */
  readonly apiCode: string | undefined;
  /** WeChat's `message`; `undefined` if the body has none. */
  readonly apiMessage: string | undefined;
  /** Whether the signature was good. Errors may be unsigned; then anyone may have written this one. */
  readonly verified: boolean;
  /** WeChat's `detail`, as received. Not enumerable, since it may repeat what you sent. */
  declare readonly detail: unknown;
  /** The first 200 characters of a body that is not JSON. Not enumerable. */
  declare readonly bodyExcerpt: string | undefined;
  /** Why the error is not verified. */
  declare readonly cause?: SignatureVerificationError | InvalidKeyError;

  /** @internal */
  constructor(
    message: string,
    details: ErrorDetails & {
      status?: number;
      apiCode?: string | undefined;
      apiMessage?: string | undefined;
      verified?: boolean;
      detail?: unknown;
      bodyExcerpt?: string | undefined;
    } = {},
  ) {
    const { status = 0, apiCode, apiMessage, verified = false, detail, bodyExcerpt, ...others } = details;
    // A server error, or a 2xx that cannot be read: the request may have been carried out.
    super(message, 'ERR_API', { ...others, outcomeUnknown: others.outcomeUnknown ?? (status >= 500 || status < 300) });
    this.status = status;
    this.apiCode = apiCode;
    this.apiMessage = apiMessage;
    this.verified = verified;
    const hidden = { enumerable: false, configurable: true, writable: true };
    Object.defineProperty(this, 'detail', { ...hidden, value: detail });
    Object.defineProperty(this, 'bodyExcerpt', { ...hidden, value: bodyExcerpt });
  }

  override get name(): 'ApiError' {
    return 'ApiError';
  }
}

/**
 * Encrypted data from WeChat Pay cannot be decrypted, or is not JSON once decrypted: the APIv3 key is wrong, or a
 * genuine notification carries something unexpected. The error does not say which.
 *
 * @example
 * ```js
 * if (error instanceof DecryptionError) console.error(error.message);
 * ```
 */
export class DecryptionError extends WechatPayError {
  declare readonly code: 'ERR_DECRYPTION';

  /** @internal */
  constructor(message: string, details?: ErrorDetails) {
    super(message, 'ERR_DECRYPTION', details);
  }

  override get name(): 'DecryptionError' {
    return 'DecryptionError';
  }
}

/**
 * The client got no complete response: `fetch` failed, the call timed out or was aborted, or the response broke off or
 * was too large.
 *
 * @example
 * ```js
 * if (error instanceof NetworkError) console.error(error.retryable, error.cause);
 * ```
 */
export class NetworkError extends WechatPayError {
  declare readonly code: 'ERR_NETWORK';

  /** @internal */
  constructor(message: string, details: ErrorDetails = {}) {
    // The outcome is unknown, unless the caller knows that nothing was sent.
    super(message, 'ERR_NETWORK', { ...details, outcomeUnknown: details.outcomeUnknown ?? true });
  }

  override get name(): 'NetworkError' {
    return 'NetworkError';
  }
}

/**
 * The `code` of a {@link HostError}:
 *
 * - `ERR_NO_RANDOMNESS`: the host provides no random bytes, as in the global scope of a Cloudflare Worker
 * - `ERR_NO_CLOCK`: the host provides no clock
 * - `ERR_SIGNING`: a signature was wrong and was discarded, or a `signer` failed; the attempt was not sent
 * - `ERR_STORE`: a store threw, or returned something unexpected
 * - `ERR_HANDLER`: a notification handler, or the stream that it was given, failed
 * - `ERR_WASM_UNAVAILABLE`: the WebAssembly module cannot be loaded; `cause` says why
 * - `ERR_WASM_TRAP`: the WebAssembly module failed; the next call starts a new instance, and key objects must be created again
 *
 * @example
 * ```ts
 * const code: HostErrorCode = 'ERR_NO_CLOCK';
 * ```
 */
export type HostErrorCode =
  | 'ERR_NO_RANDOMNESS'
  | 'ERR_NO_CLOCK'
  | 'ERR_SIGNING'
  | 'ERR_STORE'
  | 'ERR_HANDLER'
  | 'ERR_WASM_UNAVAILABLE'
  | 'ERR_WASM_TRAP';

/**
 * The part of the host that failed.
 *
 * @example
 * ```ts
 * const operation: HostOperation = 'randomness';
 * ```
 */
export type HostOperation = 'randomness' | 'clock' | 'signing' | 'signer' | 'store' | 'handler' | 'stream' | 'wasm';

/**
 * The runtime, or code that you passed in, failed: a store, a signer, a handler or its stream, the source of randomness,
 * the clock, or the WebAssembly module.
 *
 * @example
 * ```js
 * if (error instanceof HostError) console.error(error.operation, error.cause);
 * ```
 */
export class HostError extends WechatPayError {
  declare readonly code: HostErrorCode;
  /** The part that failed. */
  readonly operation: HostOperation;

  /** @internal */
  constructor(message: string, details: ErrorDetails & { code?: HostErrorCode; operation?: HostOperation } = {}) {
    const { code = 'ERR_HANDLER', operation = 'handler', ...others } = details;
    super(message, code, others);
    this.operation = operation;
  }

  override get name(): 'HostError' {
    return 'HostError';
  }
}

/** An error as Rust throws it, as plain data: see src/bindings/errors.rs. */
interface ErrorPayload {
  code: WechatPayErrorCode;
  message: string;
  issues?: InvalidParameterIssue[];
  reason?: SignatureVerificationReason;
  api?: {
    status: number;
    apiCode?: string;
    apiMessage?: string;
    /** In JSON. */
    detail?: string;
    bodyExcerpt?: string;
    retryable: boolean;
    verified: boolean;
    cause?: ErrorPayload;
  };
  requestId?: string;
}

/**
 * Turns an error thrown by Rust into an error of this package. Other values are returned as they are.
 *
 * @internal
 */
export function fromPayload(thrown: unknown): unknown {
  if (!isPayload(thrown)) return thrown;
  const { code, message, issues = [], reason = 'bad-signature', api, requestId } = thrown;
  switch (code) {
    case 'ERR_INVALID_PARAMETER':
      return new InvalidParameterError(message, { issues, requestId });
    case 'ERR_INVALID_KEY':
      return new InvalidKeyError(message, { requestId });
    case 'ERR_DECRYPTION':
      return new DecryptionError(message, { requestId });
    case 'ERR_SIGNATURE_VERIFICATION':
      return new SignatureVerificationError(message, { reason, requestId });
    case 'ERR_API': {
      const { detail, cause, ...others } = api ?? { status: 0, verified: false };
      const parsed = detail === undefined ? undefined : JSON.parse(detail);
      return new ApiError(message, { ...others, detail: parsed, cause: fromPayload(cause), requestId });
    }
    case 'ERR_NO_RANDOMNESS':
      return new HostError(message, { code, operation: 'randomness', requestId });
    case 'ERR_NO_CLOCK':
      return new HostError(message, { code, operation: 'clock', requestId });
    case 'ERR_SIGNING':
      return new HostError(message, { code, operation: 'signing', requestId });
    default:
      return thrown;
  }
}

/** Rust throws a plain object; hosts throw an `Error`. */
function isPayload(thrown: unknown): thrown is ErrorPayload {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'code' in thrown;
}

// One class per kind of failure, each with a stable `code`. What Rust throws is made into them here.

/** What everything thrown by this package is an instance of. */
export class WechatPayError extends Error {
  /**
   * @param {string} message
   * @param {{ code: string, cause?: unknown, requestId?: string | undefined }} details
   */
  constructor(message, { code, cause, requestId }) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    if (requestId !== undefined) this.requestId = requestId;
  }

  // On the prototype, so that it is no property of each error and survives the minification of class names.
  /** @override */
  get name() {
    return 'WechatPayError';
  }
}

/** A value given to a function breaks a rule. All of them are in `issues`. */
export class InvalidParameterError extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ issues: { field: string, rule: string, message: string }[] }} details
   */
  constructor(message, { issues }) {
    super(message, { code: 'ERR_INVALID_PARAMETER' });
    this.field = issues[0]?.field ?? '';
    this.rule = issues[0]?.rule ?? '';
    this.issues = issues;
  }

  /** @override */
  get name() {
    return 'InvalidParameterError';
  }

  /**
   * An error about one field.
   * @param {string} field
   * @param {string} rule
   * @param {string} explanation  The sentence that begins with the field's name, without it.
   */
  static about(field, rule, explanation) {
    return oneIssue(field, rule, `${field} ${explanation}`);
  }
}

/**
 * Outside of the class: one that names itself inside gets another name when it is bundled.
 * @param {string} field
 * @param {string} rule
 * @param {string} message
 */
function oneIssue(field, rule, message) {
  return new InvalidParameterError(message, { issues: [{ field, rule, message }] });
}

/** A key or certificate cannot be used. */
export class InvalidKeyError extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ requestId?: string }} [details]  Of the answer that the key was needed for.
   */
  constructor(message, { requestId } = {}) {
    super(message, { code: 'ERR_INVALID_KEY', requestId });
  }

  /** @override */
  get name() {
    return 'InvalidKeyError';
  }
}

/** An answer or notification cannot be trusted. */
export class SignatureVerificationError extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ reason: string, requestId?: string }} details
   */
  constructor(message, { reason, requestId }) {
    super(message, { code: 'ERR_SIGNATURE_VERIFICATION', requestId });
    this.reason = reason;
  }

  /** @override */
  get name() {
    return 'SignatureVerificationError';
  }
}

/** WeChat Pay answered with an error. */
export class ApiError extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ status: number, apiCode?: string, detail?: unknown, retryable: boolean, verified: boolean,
   *   requestId?: string, cause?: unknown }} details
   */
  constructor(message, { status, apiCode, detail, retryable, verified, requestId, cause }) {
    super(message, { code: 'ERR_API', cause, requestId });
    this.status = status;
    this.apiCode = apiCode;
    this.detail = detail;
    this.retryable = retryable;
    this.verified = verified;
  }

  /** @override */
  get name() {
    return 'ApiError';
  }
}

/** Something encrypted by WeChat Pay cannot be decrypted. */
export class DecryptionError extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ requestId?: string | undefined }} [details]  Of what could not be decrypted.
   */
  constructor(message, { requestId } = {}) {
    super(message, { code: 'ERR_DECRYPTION', requestId });
  }

  /** @override */
  get name() {
    return 'DecryptionError';
  }
}

/** No answer came: `fetch` failed, timed out or was aborted. */
export class NetworkError extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ retryable: boolean, cause?: unknown, requestId?: string | undefined }} details
   */
  constructor(message, { retryable, cause, requestId }) {
    super(message, { code: 'ERR_NETWORK', cause, requestId });
    this.retryable = retryable;
  }

  /** @override */
  get name() {
    return 'NetworkError';
  }
}

/**
 * The error to throw for one that came out of the wasm.
 * @param {unknown} thrown
 * @returns {unknown}
 */
export function fromRust(thrown) {
  if (!(thrown instanceof Error) || !('code' in thrown)) return thrown;
  const { message } = thrown;
  // What Rust puts on its errors: see `Report` in src/boundary.rs.
  const report = /** @type {any} */ (thrown);
  switch (report.code) {
    case 'ERR_INVALID_PARAMETER':
      return new InvalidParameterError(message, report);
    case 'ERR_INVALID_KEY':
      return new InvalidKeyError(message, report);
    case 'ERR_DECRYPTION':
      return new DecryptionError(message, report);
    case 'ERR_SIGNATURE_VERIFICATION':
      return new SignatureVerificationError(message, report);
    case 'ERR_API':
      return new ApiError(message, { ...report, cause: fromRust(report.cause) });
    default:
      return new WechatPayError(message, report);
  }
}

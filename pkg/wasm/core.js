var __defProp = Object.defineProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};

// pkg/lib/client/cryptography/node.js
function nodeCrypto(load) {
  return {
    importPrivateKey(pkcs8) {
      const { createPrivateKey, sign } = load();
      const key = createPrivateKey({ key: (
        /** @type {any} */
        pkcs8
      ), format: "der", type: "pkcs8" });
      return (message) => new Uint8Array(sign("sha256", message, key));
    },
    importPublicKey(spki) {
      const { createPublicKey, verify } = load();
      const key = createPublicKey({ key: (
        /** @type {any} */
        spki
      ), format: "der", type: "spki" });
      return (message, signature) => verify("sha256", message, key, signature);
    }
  };
}

// pkg/lib/client/cryptography/subtle.js
var RSA = Object.freeze({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" });
var subtleCrypto = {
  async importPrivateKey(pkcs8) {
    const { subtle } = crypto;
    const key = await subtle.importKey("pkcs8", pkcs8, RSA, false, ["sign"]);
    return async (message) => new Uint8Array(await subtle.sign(RSA.name, key, message));
  },
  async importPublicKey(spki) {
    const { subtle } = crypto;
    const key = await subtle.importKey("spki", spki, RSA, false, ["verify"]);
    return (message, signature) => subtle.verify(RSA.name, key, signature, message);
  }
};

// pkg/lib/client/cryptography/provider.js
var host;
function useWebCrypto() {
  host ??= subtleCrypto;
}
function useNodeCrypto(load) {
  host ??= nodeCrypto(load);
}
function hostCrypto() {
  return host;
}

// pkg/lib/errors.js
var WechatPayError = class extends Error {
  /**
   * @param {string} message
   * @param {{ code: string, cause?: unknown, requestId?: string | undefined }} details
   */
  constructor(message, { code, cause, requestId }) {
    super(message, cause === void 0 ? void 0 : { cause });
    this.code = code;
    if (requestId !== void 0) this.requestId = requestId;
  }
  // On the prototype, so that it is no property of each error and survives the minification of class names.
  /** @override */
  get name() {
    return "WechatPayError";
  }
};
var InvalidParameterError = class extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ issues: { field: string, rule: string, message: string }[] }} details
   */
  constructor(message, { issues }) {
    super(message, { code: "ERR_INVALID_PARAMETER" });
    this.field = issues[0]?.field ?? "";
    this.rule = issues[0]?.rule ?? "";
    this.issues = issues;
  }
  /** @override */
  get name() {
    return "InvalidParameterError";
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
};
function oneIssue(field, rule, message) {
  return new InvalidParameterError(message, { issues: [{ field, rule, message }] });
}
var InvalidKeyError = class extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ requestId?: string }} [details]  Of the answer that the key was needed for.
   */
  constructor(message, { requestId } = {}) {
    super(message, { code: "ERR_INVALID_KEY", requestId });
  }
  /** @override */
  get name() {
    return "InvalidKeyError";
  }
};
var SignatureVerificationError = class extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ reason: string, requestId?: string }} details
   */
  constructor(message, { reason, requestId }) {
    super(message, { code: "ERR_SIGNATURE_VERIFICATION", requestId });
    this.reason = reason;
  }
  /** @override */
  get name() {
    return "SignatureVerificationError";
  }
};
var ApiError = class extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ status: number, apiCode?: string, detail?: unknown, retryable: boolean, verified: boolean,
   *   requestId?: string, cause?: unknown }} details
   */
  constructor(message, { status, apiCode, detail, retryable, verified, requestId, cause }) {
    super(message, { code: "ERR_API", cause, requestId });
    this.status = status;
    this.apiCode = apiCode;
    this.detail = detail;
    this.retryable = retryable;
    this.verified = verified;
  }
  /** @override */
  get name() {
    return "ApiError";
  }
};
var DecryptionError = class extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ requestId?: string | undefined }} [details]  Of what could not be decrypted.
   */
  constructor(message, { requestId } = {}) {
    super(message, { code: "ERR_DECRYPTION", requestId });
  }
  /** @override */
  get name() {
    return "DecryptionError";
  }
};
var NetworkError = class extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ retryable: boolean, cause?: unknown, requestId?: string | undefined }} details
   */
  constructor(message, { retryable, cause, requestId }) {
    super(message, { code: "ERR_NETWORK", cause, requestId });
    this.retryable = retryable;
  }
  /** @override */
  get name() {
    return "NetworkError";
  }
};
function fromRust(thrown) {
  if (!(thrown instanceof Error) || !("code" in thrown)) return thrown;
  const { message } = thrown;
  const report = (
    /** @type {any} */
    thrown
  );
  switch (report.code) {
    case "ERR_INVALID_PARAMETER":
      return new InvalidParameterError(message, report);
    case "ERR_INVALID_KEY":
      return new InvalidKeyError(message, report);
    case "ERR_DECRYPTION":
      return new DecryptionError(message, report);
    case "ERR_SIGNATURE_VERIFICATION":
      return new SignatureVerificationError(message, report);
    case "ERR_API":
      return new ApiError(message, { ...report, cause: fromRust(report.cause) });
    default:
      return new WechatPayError(message, report);
  }
}

// pkg/lib/arguments.js
function fieldsOf(name, value) {
  return { ...asObject(name, value) };
}
function isBytes(value) {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}
function ownBytes(name, bytes) {
  try {
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    throw InvalidParameterError.about(name, "type", "is a Uint8Array whose memory has been taken away (detached)");
  }
}
function hasGet(headers) {
  return typeof headers === "object" && headers !== null && "get" in headers && typeof headers.get === "function";
}
function asObject(name, value) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return (
      /** @type {Record<string, unknown>} */
      value
    );
  }
  const rule = value === void 0 ? "required" : "type";
  throw InvalidParameterError.about(name, rule, `must be an object, but is ${kindOf(value)}`);
}
function assertText(field, value, what) {
  if (typeof value === "string") return;
  const [rule, hint] = value === void 0 ? ["required", ": is the environment variable set?"] : ["type", ""];
  throw InvalidParameterError.about(field, rule, `must be ${what}, but is ${kindOf(value)}${hint}`);
}
function shownName(name) {
  return /^[\w.$-]{1,64}$/.test(name) ? name : "(not a name)";
}
function kindOf(value) {
  if (value === void 0 || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  const type = typeof value;
  return type === "object" ? "an object" : `a ${type}`;
}

// pkg/lib/source.js
var source = {
  runtime: runtimeName(),
  tried: "to use what initSync or init was given",
  fix: "call initSync(module) or `await init(module)` first, or import wechatpay-presign, which brings its own module",
  compile() {
    throw new Error("neither has been called");
  }
};
function loadFrom(given) {
  source = given;
}
function startFromSource(start2, compiled2) {
  try {
    return start2(compiled2 ?? source.compile());
  } catch (cause) {
    throw unavailable(source, cause);
  }
}
function unavailable({ runtime, tried, fix }, cause) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WechatPayError(
    `the WebAssembly module cannot be loaded in ${runtime}: tried ${tried}, but: ${reason}. To fix it, ${fix}.`,
    { code: "ERR_WASM_UNAVAILABLE", cause }
  );
}
function asModule(given) {
  const tag = Object.prototype.toString.call(given);
  if (tag === "[object WebAssembly.Module]") return (
    /** @type {WebAssembly.Module} */
    given
  );
  if (tag === "[object ArrayBuffer]" || ArrayBuffer.isView(given)) {
    return new WebAssembly.Module(
      /** @type {BufferSource} */
      given
    );
  }
  if (typeof given === "object" && given !== null && "default" in given) return asModule(given.default);
  throw new TypeError(`there is ${kindOf(given)} in place of a WebAssembly.Module or its bytes`);
}
function compileBase64(base64) {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}
function runtimeName() {
  const { navigator, process } = (
    /** @type {Partial<typeof globalThis>} */
    globalThis
  );
  return navigator?.userAgent ?? (process?.version ? `Node.js ${process.version}` : "this runtime");
}

// pkg/wasm/wechatpay_presign_bg.js
var wechatpay_presign_bg_exports = {};
__export(wechatpay_presign_bg_exports, {
  __wbg___wbindgen_boolean_get_4f1baf9a00be3c74: () => __wbg___wbindgen_boolean_get_4f1baf9a00be3c74,
  __wbg___wbindgen_is_null_c22311b1cc228e3a: () => __wbg___wbindgen_is_null_c22311b1cc228e3a,
  __wbg___wbindgen_is_object_8b968c3ab8e96595: () => __wbg___wbindgen_is_object_8b968c3ab8e96595,
  __wbg___wbindgen_is_string_fc456fee5d3317de: () => __wbg___wbindgen_is_string_fc456fee5d3317de,
  __wbg___wbindgen_is_undefined_be5b34249ff1fc15: () => __wbg___wbindgen_is_undefined_be5b34249ff1fc15,
  __wbg___wbindgen_number_get_934b640d0889af78: () => __wbg___wbindgen_number_get_934b640d0889af78,
  __wbg___wbindgen_string_get_7ce8eee7fd327545: () => __wbg___wbindgen_string_get_7ce8eee7fd327545,
  __wbg___wbindgen_throw_4c88d8bf264fd984: () => __wbg___wbindgen_throw_4c88d8bf264fd984,
  __wbg_assign_6b6bb30388088072: () => __wbg_assign_6b6bb30388088072,
  __wbg_entries_7bb1459bd9b5c2b9: () => __wbg_entries_7bb1459bd9b5c2b9,
  __wbg_getRandomValues_8b6f1f663e6f188d: () => __wbg_getRandomValues_8b6f1f663e6f188d,
  __wbg_get_2080c49015e35254: () => __wbg_get_2080c49015e35254,
  __wbg_get_d7176cfb76d71114: () => __wbg_get_d7176cfb76d71114,
  __wbg_get_unchecked_e6325ad374eff861: () => __wbg_get_unchecked_e6325ad374eff861,
  __wbg_isArray_bcf1376d0d732d08: () => __wbg_isArray_bcf1376d0d732d08,
  __wbg_isWellFormed_9e12b0337ba4dfeb: () => __wbg_isWellFormed_9e12b0337ba4dfeb,
  __wbg_length_b03a0fabb109b1e9: () => __wbg_length_b03a0fabb109b1e9,
  __wbg_length_e83e819f48c774e4: () => __wbg_length_e83e819f48c774e4,
  __wbg_new_787b9fb330d55d78: () => __wbg_new_787b9fb330d55d78,
  __wbg_new_from_slice_b8daf545a41c6aa0: () => __wbg_new_from_slice_b8daf545a41c6aa0,
  __wbg_now_463ac581d2fc7ea3: () => __wbg_now_463ac581d2fc7ea3,
  __wbg_parse_c3f72b5a24f83c01: () => __wbg_parse_c3f72b5a24f83c01,
  __wbg_set_2793479888329cb6: () => __wbg_set_2793479888329cb6,
  __wbg_set_wasm: () => __wbg_set_wasm,
  __wbindgen_generic_0000000000000001: () => __wbindgen_generic_0000000000000001,
  __wbindgen_init_externref_table: () => __wbindgen_init_externref_table,
  authorizationHeader: () => authorizationHeader,
  buildContractQuery: () => buildContractQuery,
  buildContractTermination: () => buildContractTermination,
  buildPresignRequest: () => buildPresignRequest,
  checkApiV3Key: () => checkApiV3Key,
  checkConfiguration: () => checkConfiguration,
  decryptField: () => decryptField,
  encryptField: () => encryptField,
  explainSignError: () => explainSignError,
  isSameSerial: () => isSameSerial,
  merchantKeyFree: () => merchantKeyFree,
  merchantKeyFromPem: () => merchantKeyFromPem,
  newMoment: () => newMoment,
  openCertificates: () => openCertificates,
  pkcs8FromPem: () => pkcs8FromPem,
  platformKeyFree: () => platformKeyFree,
  platformKeyFromPem: () => platformKeyFromPem,
  platformKeyIsOf: () => platformKeyIsOf,
  platformKeySerial: () => platformKeySerial,
  platformKeySpki: () => platformKeySpki,
  platformKeyValidity: () => platformKeyValidity,
  platformKeyVerifies: () => platformKeyVerifies,
  receiveCertificates: () => receiveCertificates,
  requestHeaders: () => requestHeaders,
  signAuthorization: () => signAuthorization,
  signPaymentParams: () => signPaymentParams,
  signatureToCheck: () => signatureToCheck,
  signingMessage: () => signingMessage,
  verifyNotification: () => verifyNotification,
  verifyResponse: () => verifyResponse
});
function authorizationHeader(parts, signature) {
  let deferred4_0;
  let deferred4_1;
  try {
    let ptr0, len0, ptr1, len1;
    try {
      ptr0 = passStringToWasm0(parts, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      len0 = WASM_VECTOR_LEN;
      ptr1 = isLikeNone(signature) ? 0 : passArray8ToWasm0(signature, wasm.__wbindgen_malloc);
      len1 = WASM_VECTOR_LEN;
    } catch (e) {
      if (ptr1) {
        wasm.__wbindgen_free(ptr1, len1 * 1, 1);
      }
      if (ptr0) {
        wasm.__wbindgen_free(ptr0, len0 * 1, 1);
      }
      throw e;
    }
    const ret = wasm.authorizationHeader(ptr0, len0, ptr1, len1);
    var ptr3 = ret[0];
    var len3 = ret[1];
    if (ret[3]) {
      ptr3 = 0;
      len3 = 0;
      throw takeFromExternrefTable0(ret[2]);
    }
    deferred4_0 = ptr3;
    deferred4_1 = len3;
    return getStringFromWasm0(ptr3, len3);
  } finally {
    wasm.__wbindgen_free(deferred4_0, deferred4_1, 1);
  }
}
function buildContractQuery(contract, options) {
  let ptr0, len0, ptr1, len1;
  try {
    ptr0 = passStringToWasm0(contract, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(options, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.buildContractQuery(ptr0, len0, ptr1, len1);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function buildContractTermination(contract, reason, options) {
  let ptr0, len0, ptr1, len1, ptr2, len2;
  try {
    ptr0 = passStringToWasm0(contract, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(reason, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = passStringToWasm0(options, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len2 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.buildContractTermination(ptr0, len0, ptr1, len1, ptr2, len2);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function buildPresignRequest(params, options, limits) {
  let ptr0, len0, ptr1, len1, ptr2, len2;
  try {
    ptr0 = passStringToWasm0(params, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(options, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = passStringToWasm0(limits, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len2 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.buildPresignRequest(ptr0, len0, ptr1, len1, ptr2, len2);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function checkApiV3Key(key) {
  const ptr0 = passStringToWasm0(key, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
  const len0 = WASM_VECTOR_LEN;
  const ret = wasm.checkApiV3Key(ptr0, len0);
  if (ret[1]) {
    throw takeFromExternrefTable0(ret[0]);
  }
}
function checkConfiguration(config) {
  const ptr0 = passStringToWasm0(config, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
  const len0 = WASM_VECTOR_LEN;
  const ret = wasm.checkConfiguration(ptr0, len0);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function decryptField(field, key) {
  let deferred4_0;
  let deferred4_1;
  try {
    const val2 = +key;
    const ptr0 = passStringToWasm0(field, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.decryptField(ptr0, len0, val2);
    var ptr3 = ret[0];
    var len3 = ret[1];
    if (ret[3]) {
      ptr3 = 0;
      len3 = 0;
      throw takeFromExternrefTable0(ret[2]);
    }
    deferred4_0 = ptr3;
    deferred4_1 = len3;
    return getStringFromWasm0(ptr3, len3);
  } finally {
    wasm.__wbindgen_free(deferred4_0, deferred4_1, 1);
  }
}
function encryptField(field, key) {
  let deferred4_0;
  let deferred4_1;
  try {
    const val2 = +key;
    const ptr0 = passStringToWasm0(field, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.encryptField(ptr0, len0, val2);
    var ptr3 = ret[0];
    var len3 = ret[1];
    if (ret[3]) {
      ptr3 = 0;
      len3 = 0;
      throw takeFromExternrefTable0(ret[2]);
    }
    deferred4_0 = ptr3;
    deferred4_1 = len3;
    return getStringFromWasm0(ptr3, len3);
  } finally {
    wasm.__wbindgen_free(deferred4_0, deferred4_1, 1);
  }
}
function explainSignError(ours, theirs, their_length) {
  let deferred4_0;
  let deferred4_1;
  try {
    const val3 = +(isLikeNone(their_length) ? Number.MAX_SAFE_INTEGER : their_length >>> 0);
    let ptr0, len0, ptr1, len1;
    try {
      ptr0 = passArray8ToWasm0(ours, wasm.__wbindgen_malloc);
      len0 = WASM_VECTOR_LEN;
      ptr1 = passStringToWasm0(theirs, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      len1 = WASM_VECTOR_LEN;
    } catch (e) {
      if (ptr1) {
        wasm.__wbindgen_free(ptr1, len1 * 1, 1);
      }
      if (ptr0) {
        wasm.__wbindgen_free(ptr0, len0 * 1, 1);
      }
      throw e;
    }
    const ret = wasm.explainSignError(ptr0, len0, ptr1, len1, val3);
    deferred4_0 = ret[0];
    deferred4_1 = ret[1];
    return getStringFromWasm0(ret[0], ret[1]);
  } finally {
    wasm.__wbindgen_free(deferred4_0, deferred4_1, 1);
  }
}
function isSameSerial(one, other) {
  let ptr0, len0, ptr1, len1;
  try {
    ptr0 = passStringToWasm0(one, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(other, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.isSameSerial(ptr0, len0, ptr1, len1);
  return ret !== 0;
}
function merchantKeyFree(number) {
  wasm.merchantKeyFree(number);
}
function merchantKeyFromPem(pem) {
  const ptr0 = passStringToWasm0(pem, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
  const len0 = WASM_VECTOR_LEN;
  const ret = wasm.merchantKeyFromPem(ptr0, len0);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return ret[0] >>> 0;
}
function newMoment() {
  const ret = wasm.newMoment();
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function openCertificates(body, api_v3_key, root, options) {
  const val4 = +(isLikeNone(root) ? Number.MAX_SAFE_INTEGER : root >>> 0);
  let ptr0, len0, ptr1, len1, ptr2, len2;
  try {
    ptr0 = passStringToWasm0(body, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(api_v3_key, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = passStringToWasm0(options, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len2 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.openCertificates(ptr0, len0, ptr1, len1, val4, ptr2, len2);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function pkcs8FromPem(pem) {
  const ptr0 = passStringToWasm0(pem, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
  const len0 = WASM_VECTOR_LEN;
  const ret = wasm.pkcs8FromPem(ptr0, len0);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function platformKeyFree(number) {
  wasm.platformKeyFree(number);
}
function platformKeyFromPem(pem) {
  const ptr0 = passStringToWasm0(pem, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
  const len0 = WASM_VECTOR_LEN;
  const ret = wasm.platformKeyFromPem(ptr0, len0);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return ret[0] >>> 0;
}
function platformKeyIsOf(number, merchant) {
  const ret = wasm.platformKeyIsOf(number, merchant);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return ret[0] !== 0;
}
function platformKeySerial(number) {
  const ret = wasm.platformKeySerial(number);
  if (ret[3]) {
    throw takeFromExternrefTable0(ret[2]);
  }
  let v1;
  if (ret[0] !== 0) {
    v1 = getStringFromWasm0(ret[0], ret[1]);
    wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
  }
  return v1;
}
function platformKeySpki(number) {
  const ret = wasm.platformKeySpki(number);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function platformKeyValidity(number) {
  const ret = wasm.platformKeyValidity(number);
  if (ret[3]) {
    throw takeFromExternrefTable0(ret[2]);
  }
  let v1;
  if (ret[0] !== 0) {
    v1 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
  }
  return v1;
}
function platformKeyVerifies(number, message, signature) {
  const val3 = +number;
  let ptr0, len0, ptr1, len1;
  try {
    ptr0 = passArray8ToWasm0(message, wasm.__wbindgen_malloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passArray8ToWasm0(signature, wasm.__wbindgen_malloc);
    len1 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.platformKeyVerifies(val3, ptr0, len0, ptr1, len1);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return ret[0] !== 0;
}
function receiveCertificates(response, headers, bytes, certs, api_v3_key, root, options) {
  const val7 = +(isLikeNone(root) ? Number.MAX_SAFE_INTEGER : root >>> 0);
  let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5;
  try {
    ptr0 = passStringToWasm0(response, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(headers, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = passArray8ToWasm0(bytes, wasm.__wbindgen_malloc);
    len2 = WASM_VECTOR_LEN;
    ptr3 = passStringToWasm0(certs, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len3 = WASM_VECTOR_LEN;
    ptr4 = passStringToWasm0(api_v3_key, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len4 = WASM_VECTOR_LEN;
    ptr5 = passStringToWasm0(options, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len5 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr5) {
      wasm.__wbindgen_free(ptr5, len5 * 1, 1);
    }
    if (ptr4) {
      wasm.__wbindgen_free(ptr4, len4 * 1, 1);
    }
    if (ptr3) {
      wasm.__wbindgen_free(ptr3, len3 * 1, 1);
    }
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.receiveCertificates(ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, val7, ptr5, len5);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function requestHeaders(has_body, platform_serial) {
  const val2 = +has_body;
  var ptr0 = isLikeNone(platform_serial) ? 0 : passStringToWasm0(platform_serial, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
  var len0 = WASM_VECTOR_LEN;
  const ret = wasm.requestHeaders(val2, ptr0, len0);
  return ret;
}
function signAuthorization(request, text, bytes, merchant, key, options) {
  let deferred8_0;
  let deferred8_1;
  try {
    const val6 = +(isLikeNone(key) ? Number.MAX_SAFE_INTEGER : key >>> 0);
    let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4;
    try {
      ptr0 = passStringToWasm0(request, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      len0 = WASM_VECTOR_LEN;
      ptr1 = isLikeNone(text) ? 0 : passStringToWasm0(text, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      len1 = WASM_VECTOR_LEN;
      ptr2 = isLikeNone(bytes) ? 0 : passArray8ToWasm0(bytes, wasm.__wbindgen_malloc);
      len2 = WASM_VECTOR_LEN;
      ptr3 = passStringToWasm0(merchant, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      len3 = WASM_VECTOR_LEN;
      ptr4 = passStringToWasm0(options, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      len4 = WASM_VECTOR_LEN;
    } catch (e) {
      if (ptr4) {
        wasm.__wbindgen_free(ptr4, len4 * 1, 1);
      }
      if (ptr3) {
        wasm.__wbindgen_free(ptr3, len3 * 1, 1);
      }
      if (ptr2) {
        wasm.__wbindgen_free(ptr2, len2 * 1, 1);
      }
      if (ptr1) {
        wasm.__wbindgen_free(ptr1, len1 * 1, 1);
      }
      if (ptr0) {
        wasm.__wbindgen_free(ptr0, len0 * 1, 1);
      }
      throw e;
    }
    const ret = wasm.signAuthorization(ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, val6, ptr4, len4);
    var ptr7 = ret[0];
    var len7 = ret[1];
    if (ret[3]) {
      ptr7 = 0;
      len7 = 0;
      throw takeFromExternrefTable0(ret[2]);
    }
    deferred8_0 = ptr7;
    deferred8_1 = len7;
    return getStringFromWasm0(ptr7, len7);
  } finally {
    wasm.__wbindgen_free(deferred8_0, deferred8_1, 1);
  }
}
function signPaymentParams(payment, merchant, key, client) {
  const val4 = +(isLikeNone(key) ? Number.MAX_SAFE_INTEGER : key >>> 0);
  let ptr0, len0, ptr1, len1, ptr2, len2;
  try {
    ptr0 = passStringToWasm0(payment, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(merchant, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = passStringToWasm0(client, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len2 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.signPaymentParams(ptr0, len0, ptr1, len1, val4, ptr2, len2);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function signatureToCheck(headers, text, bytes, certs, now) {
  const val5 = +(isLikeNone(now) ? 0 : now);
  let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3;
  try {
    ptr0 = passStringToWasm0(headers, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = isLikeNone(text) ? 0 : passStringToWasm0(text, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = isLikeNone(bytes) ? 0 : passArray8ToWasm0(bytes, wasm.__wbindgen_malloc);
    len2 = WASM_VECTOR_LEN;
    ptr3 = passStringToWasm0(certs, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len3 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr3) {
      wasm.__wbindgen_free(ptr3, len3 * 1, 1);
    }
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.signatureToCheck(ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, !isLikeNone(now), val5);
  let v6;
  if (ret[0] !== 0) {
    v6 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
  }
  return v6;
}
function signingMessage(request, text, bytes, moment) {
  let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3;
  try {
    ptr0 = passStringToWasm0(request, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = isLikeNone(text) ? 0 : passStringToWasm0(text, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = isLikeNone(bytes) ? 0 : passArray8ToWasm0(bytes, wasm.__wbindgen_malloc);
    len2 = WASM_VECTOR_LEN;
    ptr3 = passStringToWasm0(moment, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len3 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr3) {
      wasm.__wbindgen_free(ptr3, len3 * 1, 1);
    }
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.signingMessage(ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3);
  if (ret[3]) {
    throw takeFromExternrefTable0(ret[2]);
  }
  var v5 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
  wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
  return v5;
}
function verifyNotification(notification, headers, text, bytes, certs, api_v3_key, options, verdict) {
  let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5, ptr6, len6;
  try {
    ptr0 = passStringToWasm0(notification, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(headers, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = isLikeNone(text) ? 0 : passStringToWasm0(text, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len2 = WASM_VECTOR_LEN;
    ptr3 = isLikeNone(bytes) ? 0 : passArray8ToWasm0(bytes, wasm.__wbindgen_malloc);
    len3 = WASM_VECTOR_LEN;
    ptr4 = passStringToWasm0(certs, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len4 = WASM_VECTOR_LEN;
    ptr5 = passStringToWasm0(api_v3_key, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len5 = WASM_VECTOR_LEN;
    ptr6 = passStringToWasm0(options, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len6 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr6) {
      wasm.__wbindgen_free(ptr6, len6 * 1, 1);
    }
    if (ptr5) {
      wasm.__wbindgen_free(ptr5, len5 * 1, 1);
    }
    if (ptr4) {
      wasm.__wbindgen_free(ptr4, len4 * 1, 1);
    }
    if (ptr3) {
      wasm.__wbindgen_free(ptr3, len3 * 1, 1);
    }
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.verifyNotification(ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5, ptr6, len6, isLikeNone(verdict) ? 16777215 : verdict ? 1 : 0);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function verifyResponse(response, headers, text, bytes, certs, options, verdict) {
  let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5;
  try {
    ptr0 = passStringToWasm0(response, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len0 = WASM_VECTOR_LEN;
    ptr1 = passStringToWasm0(headers, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len1 = WASM_VECTOR_LEN;
    ptr2 = isLikeNone(text) ? 0 : passStringToWasm0(text, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len2 = WASM_VECTOR_LEN;
    ptr3 = isLikeNone(bytes) ? 0 : passArray8ToWasm0(bytes, wasm.__wbindgen_malloc);
    len3 = WASM_VECTOR_LEN;
    ptr4 = passStringToWasm0(certs, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len4 = WASM_VECTOR_LEN;
    ptr5 = passStringToWasm0(options, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    len5 = WASM_VECTOR_LEN;
  } catch (e) {
    if (ptr5) {
      wasm.__wbindgen_free(ptr5, len5 * 1, 1);
    }
    if (ptr4) {
      wasm.__wbindgen_free(ptr4, len4 * 1, 1);
    }
    if (ptr3) {
      wasm.__wbindgen_free(ptr3, len3 * 1, 1);
    }
    if (ptr2) {
      wasm.__wbindgen_free(ptr2, len2 * 1, 1);
    }
    if (ptr1) {
      wasm.__wbindgen_free(ptr1, len1 * 1, 1);
    }
    if (ptr0) {
      wasm.__wbindgen_free(ptr0, len0 * 1, 1);
    }
    throw e;
  }
  const ret = wasm.verifyResponse(ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5, isLikeNone(verdict) ? 16777215 : verdict ? 1 : 0);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function __wbg___wbindgen_boolean_get_4f1baf9a00be3c74(arg0) {
  const v = arg0;
  const ret = typeof v === "boolean" ? v : void 0;
  return isLikeNone(ret) ? 16777215 : ret ? 1 : 0;
}
function __wbg___wbindgen_is_null_c22311b1cc228e3a(arg0) {
  const ret = arg0 === null;
  return ret;
}
function __wbg___wbindgen_is_object_8b968c3ab8e96595(arg0) {
  const val = arg0;
  const ret = typeof val === "object" && val !== null;
  return ret;
}
function __wbg___wbindgen_is_string_fc456fee5d3317de(arg0) {
  const ret = typeof arg0 === "string";
  return ret;
}
function __wbg___wbindgen_is_undefined_be5b34249ff1fc15(arg0) {
  const ret = arg0 === void 0;
  return ret;
}
function __wbg___wbindgen_number_get_934b640d0889af78(arg0, arg1) {
  const obj = arg1;
  const ret = typeof obj === "number" ? obj : void 0;
  getDataViewMemory0().setFloat64((arg0 >>> 0) + 8 * 1, isLikeNone(ret) ? 0 : ret, true);
  getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, !isLikeNone(ret), true);
}
function __wbg___wbindgen_string_get_7ce8eee7fd327545(arg0, arg1) {
  const obj = arg1;
  const ret = typeof obj === "string" ? obj : void 0;
  var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
  var len1 = WASM_VECTOR_LEN;
  getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
  getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
}
function __wbg___wbindgen_throw_4c88d8bf264fd984(arg0, arg1) {
  throw new Error(getStringFromWasm0(arg0, arg1));
}
function __wbg_assign_6b6bb30388088072(arg0, arg1) {
  const ret = Object.assign(arg0, arg1);
  return ret;
}
function __wbg_entries_7bb1459bd9b5c2b9(arg0) {
  const ret = Object.entries(arg0);
  return ret;
}
function __wbg_getRandomValues_8b6f1f663e6f188d() {
  return handleError(function(arg0, arg1) {
    globalThis.crypto.getRandomValues(getArrayU8FromWasm0(arg0, arg1));
  }, arguments);
}
function __wbg_get_2080c49015e35254() {
  return handleError(function(arg0, arg1) {
    const ret = Reflect.get(arg0, arg1);
    return ret;
  }, arguments);
}
function __wbg_get_d7176cfb76d71114(arg0, arg1) {
  const ret = arg0[arg1 >>> 0];
  return ret;
}
function __wbg_get_unchecked_e6325ad374eff861(arg0, arg1) {
  const ret = arg0[arg1 >>> 0];
  return ret;
}
function __wbg_isArray_bcf1376d0d732d08(arg0) {
  const ret = Array.isArray(arg0);
  return ret;
}
function __wbg_isWellFormed_9e12b0337ba4dfeb(arg0) {
  const ret = arg0.isWellFormed();
  return ret;
}
function __wbg_length_b03a0fabb109b1e9(arg0) {
  const ret = arg0.length;
  return ret;
}
function __wbg_length_e83e819f48c774e4(arg0) {
  const ret = arg0.length;
  return ret;
}
function __wbg_new_787b9fb330d55d78(arg0, arg1) {
  const ret = new Error(getStringFromWasm0(arg0, arg1));
  return ret;
}
function __wbg_new_from_slice_b8daf545a41c6aa0(arg0, arg1) {
  const ret = new Uint8Array(getArrayU8FromWasm0(arg0, arg1));
  return ret;
}
function __wbg_now_463ac581d2fc7ea3() {
  const ret = Date.now();
  return ret;
}
function __wbg_parse_c3f72b5a24f83c01() {
  return handleError(function(arg0, arg1) {
    const ret = JSON.parse(getStringFromWasm0(arg0, arg1));
    return ret;
  }, arguments);
}
function __wbg_set_2793479888329cb6() {
  return handleError(function(arg0, arg1, arg2) {
    const ret = Reflect.set(arg0, arg1, arg2);
    return ret;
  }, arguments);
}
function __wbindgen_generic_0000000000000001(arg0, arg1) {
  const ret = getStringFromWasm0(arg0, arg1);
  return ret;
}
function __wbindgen_init_externref_table() {
  const table = wasm.__wbindgen_externrefs;
  table.set(0, void 0);
  table.set(1024, void 0);
  table.set(1025, null);
  table.set(1026, true);
  table.set(1027, false);
}
function addToExternrefTable0(obj) {
  const idx = wasm.__externref_table_alloc();
  wasm.__wbindgen_externrefs.set(idx, obj);
  return idx;
}
function getArrayF64FromWasm0(ptr, len) {
  ptr = ptr >>> 0;
  return getFloat64ArrayMemory0().subarray(ptr / 8, ptr / 8 + len);
}
function getArrayU8FromWasm0(ptr, len) {
  ptr = ptr >>> 0;
  return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}
var cachedDataViewMemory0 = null;
function getDataViewMemory0() {
  if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || cachedDataViewMemory0.buffer.detached === void 0 && cachedDataViewMemory0.buffer !== wasm.memory.buffer) {
    cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
  }
  return cachedDataViewMemory0;
}
var cachedFloat64ArrayMemory0 = null;
function getFloat64ArrayMemory0() {
  if (cachedFloat64ArrayMemory0 === null || cachedFloat64ArrayMemory0.byteLength === 0) {
    cachedFloat64ArrayMemory0 = new Float64Array(wasm.memory.buffer);
  }
  return cachedFloat64ArrayMemory0;
}
function getStringFromWasm0(ptr, len) {
  ptr = ptr >>> 0;
  return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}
var cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
  if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
    cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
  }
  return cachedUint8ArrayMemory0;
}
function handleError(f, args) {
  try {
    return f.apply(this, args);
  } catch (e) {
    const idx = addToExternrefTable0(e);
    wasm.__wbindgen_exn_store(idx);
  }
}
function isLikeNone(x) {
  return x === void 0 || x === null;
}
function passArray8ToWasm0(arg, malloc) {
  const ptr = malloc(arg.length * 1, 1) >>> 0;
  getUint8ArrayMemory0().set(arg, ptr / 1);
  WASM_VECTOR_LEN = arg.length;
  return ptr;
}
function passStringToWasm0(arg, malloc, realloc) {
  if (realloc === void 0) {
    const buf = cachedTextEncoder.encode(arg);
    const ptr2 = malloc(buf.length, 1) >>> 0;
    getUint8ArrayMemory0().subarray(ptr2, ptr2 + buf.length).set(buf);
    WASM_VECTOR_LEN = buf.length;
    return ptr2;
  }
  let len = arg.length;
  let ptr = malloc(len, 1) >>> 0;
  const mem = getUint8ArrayMemory0();
  let offset = 0;
  for (; offset < len; offset++) {
    const code = arg.charCodeAt(offset);
    if (code > 127) break;
    mem[ptr + offset] = code;
  }
  if (offset !== len) {
    if (offset !== 0) {
      arg = arg.slice(offset);
    }
    ptr = realloc(ptr, len, len = offset + arg.length * 3, 1) >>> 0;
    const view = getUint8ArrayMemory0().subarray(ptr + offset, ptr + len);
    const ret = cachedTextEncoder.encodeInto(arg, view);
    offset += ret.written;
    ptr = realloc(ptr, len, offset, 1) >>> 0;
  }
  WASM_VECTOR_LEN = offset;
  return ptr;
}
function takeFromExternrefTable0(idx) {
  const value = wasm.__wbindgen_externrefs.get(idx);
  wasm.__externref_table_dealloc(idx);
  return value;
}
var cachedTextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
cachedTextDecoder.decode();
var MAX_SAFARI_DECODE_BYTES = 2146435072;
var numBytesDecoded = 0;
function decodeText(bytes) {
  numBytesDecoded += bytes.length;
  if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
    cachedTextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
    cachedTextDecoder.decode();
    numBytesDecoded = bytes.length;
  }
  return cachedTextDecoder.decode(bytes);
}
var cachedTextEncoder = new TextEncoder();
if (!("encodeInto" in cachedTextEncoder)) {
  cachedTextEncoder.encodeInto = function(arg, view) {
    const buf = cachedTextEncoder.encode(arg);
    view.set(buf);
    return {
      read: arg.length,
      written: buf.length
    };
  };
}
var WASM_VECTOR_LEN = 0;
var wasm;
function __wbg_set_wasm(val) {
  wasm = val;
}

// pkg/lib/instance.js
var compiled;
var current;
function life() {
  current ??= startFromSource(start, compiled);
  return current;
}
function start(module) {
  const imports = { "./wechatpay_presign_bg.js": (
    /** @type {any} */
    wechatpay_presign_bg_exports
  ) };
  const exports = (
    /** @type {Life} */
    new WebAssembly.Instance(module, imports).exports
  );
  __wbg_set_wasm(exports);
  exports.__wbindgen_start();
  compiled = module;
  return exports;
}
function isRunning(past) {
  return past === current;
}
function call(use) {
  life();
  try {
    return use(wechatpay_presign_bg_exports);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw afterTrap(error);
    throw fromRust(error);
  }
}
function afterTrap(trap) {
  current?.memory.grow(0);
  current = void 0;
  return new WechatPayError(
    `the WebAssembly module failed (${trap.message}) and starts afresh with the next call; MerchantKey and PlatformKey objects made before must be made again`,
    { code: "ERR_WASM_TRAP", cause: trap }
  );
}

// pkg/lib/crossing.js
var MAX_TEXT_LENGTH = 2 ** 20;
var MAX_BODY_LENGTH = 64 * 2 ** 20;
var HEADERS = [
  "wechatpay-timestamp",
  "wechatpay-nonce",
  "wechatpay-signature",
  "wechatpay-serial",
  "wechatpay-signature-type",
  "request-id"
];
function pack(fields) {
  let packed = "";
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== void 0) packed += textOf(name) + valueOf(value);
  }
  return packed;
}
function packSigned(headers, body) {
  return { headers: packHeaders(headers), ...packBody(body) };
}
function packHeaders(headers) {
  const get = hasGet(headers) ? askingFor(
    /** @type {Headers} */
    headers
  ) : lookingUpIn(fieldsOf("headers", headers));
  let packed = "";
  for (const name of HEADERS) {
    const value = get(name);
    if (typeof value === "string") packed += `${textOf(name)}t${textOf(value)}`;
  }
  return packed;
}
function packBody(body) {
  if (body === void 0 || body === null) return { refused: "" };
  if (typeof body === "string") {
    if (body.length > MAX_BODY_LENGTH) return refusedBody("L");
    return isWellFormed(body) ? { text: body, refused: "" } : refusedBody("h");
  }
  if (!isBytes(body)) return refusedBody(valueOf(body));
  const bytes = ownBytes("body", body);
  return bytes.length > MAX_BODY_LENGTH ? refusedBody("L") : { bytes, refused: "" };
}
function refusedBody(value) {
  return { refused: textOf("body") + value };
}
function textOf(text) {
  return `${text.length}:${text}`;
}
function valueOf(value) {
  switch (typeof value) {
    case "string":
      if (value.length > MAX_TEXT_LENGTH) return "l";
      return isWellFormed(value) ? `t${textOf(value)}` : "h";
    case "number":
      return Number.isSafeInteger(value) ? `i${value};` : "n";
    case "boolean":
      return "b";
    case "bigint":
      return "B";
    case "symbol":
      return "s";
    case "function":
      return "f";
    default:
      if (value === null) return "0";
      return Array.isArray(value) ? "a" : "o";
  }
}
function isWellFormed(text) {
  return text.isWellFormed();
}
function askingFor(headers) {
  return (name) => {
    try {
      return headers.get(name);
    } catch {
      return void 0;
    }
  };
}
function lookingUpIn(record) {
  const values = /* @__PURE__ */ new Map();
  for (const name of Object.keys(record)) {
    const key = name.toLowerCase();
    const value = record[name];
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one !== "string") continue;
      const others = values.get(key);
      values.set(key, others === void 0 ? one : `${others}, ${one}`);
    }
  }
  return (name) => values.get(name);
}

// pkg/lib/presign.js
function buildPresignRequest2(params, options = {}) {
  const fields = fieldsOf("params", params);
  const { limits = {}, ...others } = fieldsOf("options", options);
  const ownLimits = fieldsOf("limits", limits);
  return call((wasm2) => wasm2.buildPresignRequest(pack(fields), pack(others), pack(ownLimits)));
}

// pkg/lib/keys.js
var Handle = class _Handle {
  /** Frees the keys of objects that were dropped without `free()`, where the host can tell. */
  static #dropped = typeof FinalizationRegistry === "undefined" ? void 0 : new FinalizationRegistry((release) => release());
  /** @type {number | undefined} */
  #number;
  #life = life();
  #what;
  #release;
  /**
   * @param {string} what
   * @param {number} number
   * @param {(number: number) => void} free
   */
  constructor(what, number, free) {
    this.#what = what;
    this.#number = number;
    const bornIn = this.#life;
    this.#release = () => {
      if (isRunning(bornIn)) free(number);
    };
    _Handle.#dropped?.register(this, this.#release, this);
  }
  get isUsable() {
    return this.#number !== void 0 && isRunning(this.#life);
  }
  get number() {
    if (this.#number === void 0) throw new InvalidKeyError(`this ${this.#what} has been freed`);
    if (this.isUsable) return this.#number;
    throw new InvalidKeyError(`this ${this.#what} was lost when the WebAssembly module failed: make it again`);
  }
  free() {
    if (this.#number === void 0) return;
    this.#number = void 0;
    _Handle.#dropped?.unregister(this);
    this.#release();
  }
};
var Memory = class _Memory {
  static LIMIT = 1e4;
  /** @type {Map<string, Handle>} */
  #handles = /* @__PURE__ */ new Map();
  /**
   * @param {string} pem
   * @param {(pem: string) => Handle} read
   */
  recall(pem, read) {
    const known2 = this.#handles.get(pem);
    if (known2?.isUsable) return known2;
    const handle = read(pem);
    this.#handles.set(pem, handle);
    if (this.#handles.size > _Memory.LIMIT) {
      const [oldest] = this.#handles.keys();
      this.#handles.get(
        /** @type {string} */
        oldest
      )?.free();
      this.#handles.delete(
        /** @type {string} */
        oldest
      );
    }
    return handle;
  }
};
var MAKING = /* @__PURE__ */ Symbol("fromPem");
function assertMadeHere(making, what) {
  if (making !== MAKING) throw new TypeError(`a ${what} is made by ${what}.fromPem(pem)`);
}
var dispose = (
  /** @type {typeof Symbol.dispose} */
  Symbol.dispose ?? /* @__PURE__ */ Symbol.for("Symbol.dispose")
);
var merchantHandleOf;
var platformHandleOf;
var MerchantKey = class {
  #handle;
  /** @param {unknown} making @param {Handle} handle */
  constructor(making, handle) {
    assertMadeHere(making, "MerchantKey");
    this.#handle = handle;
  }
  /** @param {string} pem */
  static fromPem(pem) {
    return makeMerchantKey(pem);
  }
  free() {
    this.#handle.free();
  }
  [dispose]() {
    this.free();
  }
  static {
    merchantHandleOf = (key) => isObject(key) && #handle in key ? key.#handle : void 0;
  }
};
var PlatformKey = class {
  #handle;
  /** @param {unknown} making @param {Handle} handle */
  constructor(making, handle) {
    assertMadeHere(making, "PlatformKey");
    this.#handle = handle;
  }
  /** @param {string} pem */
  static fromPem(pem) {
    return makePlatformKey(pem);
  }
  get serial() {
    const { number } = this.#handle;
    return call((wasm2) => wasm2.platformKeySerial(number));
  }
  free() {
    this.#handle.free();
  }
  [dispose]() {
    this.free();
  }
  static {
    platformHandleOf = (key) => isObject(key) && #handle in key ? key.#handle : void 0;
  }
};
var makeMerchantKey = (pem) => new MerchantKey(MAKING, readMerchantKey(pem));
var makePlatformKey = (pem) => new PlatformKey(MAKING, readPlatformKey(pem));
function isObject(value) {
  return typeof value === "object" && value !== null;
}
function readMerchantKey(pem) {
  assertText("privateKey", pem, "a PEM");
  const number = call((wasm2) => wasm2.merchantKeyFromPem(pem));
  return new Handle("MerchantKey", number, (freed) => call((wasm2) => wasm2.merchantKeyFree(freed)));
}
function readPlatformKey(pem) {
  assertText("pem", pem, "a PEM");
  const number = call((wasm2) => wasm2.platformKeyFromPem(pem));
  return new Handle("PlatformKey", number, (freed) => call((wasm2) => wasm2.platformKeyFree(freed)));
}
var merchantKeys = new Memory();
var platformKeys = new Memory();
function merchantKeyNumber(key) {
  const handle = typeof key === "string" ? merchantKeys.recall(key, readMerchantKey) : merchantHandleOf(key);
  return handle?.number;
}
function packPlatformKeys(certs) {
  const keys = fieldsOf("certs", certs);
  for (const serial of Object.keys(keys)) keys[serial] = platformKeyNumber(serial, keys[serial], certsField);
  return pack(keys);
}
function certsField(serial) {
  return `certs[${/^\w{1,64}$/.test(serial) ? JSON.stringify(serial) : "(not a serial)"}]`;
}
function platformKeyNumber(name, key, toField = String) {
  const given = platformHandleOf(key);
  if (given !== void 0) return given.number;
  if (typeof key !== "string") assertText(toField(name), key, "a PEM");
  try {
    return platformKeys.recall(
      /** @type {string} */
      key,
      readPlatformKey
    ).number;
  } catch (error) {
    throw error instanceof InvalidKeyError ? new InvalidKeyError(`${toField(name)}: ${error.message}`) : error;
  }
}

// pkg/lib/signing.js
function signAuthorization2(request, merchant, options = {}) {
  const { method, url, body } = asObject("request", request);
  const { mchid, serial, privateKey } = asObject("merchant", merchant);
  const moment = fieldsOf("options", options);
  const key = merchantKeyNumber(privateKey);
  const credential = key === void 0 ? { mchid, serial, privateKey } : { mchid, serial };
  const { text, bytes, refused: refused2 } = packBody(body);
  return call((wasm2) => {
    const line = pack({ method, url }) + refused2;
    return wasm2.signAuthorization(line, text, bytes, pack(credential), key, pack(moment));
  });
}
function signingMessage2(request, moment) {
  const { method, url, body } = asObject("request", request);
  const fields = fieldsOf("moment", moment);
  const { text, bytes, refused: refused2 } = packBody(body);
  return call((wasm2) => wasm2.signingMessage(pack({ method, url }) + refused2, text, bytes, pack(fields)));
}
function authorizationHeader2(parts) {
  const { signature, ...others } = fieldsOf("parts", parts);
  const bytes = isBytes(signature) ? ownBytes("signature", signature).subarray(0, 2 ** 20) : void 0;
  const fields = bytes === void 0 ? { ...others, signature } : others;
  return call((wasm2) => wasm2.authorizationHeader(pack(fields), bytes));
}

// pkg/lib/verification.js
function verifyResponse2(response, trust, options = {}) {
  const { status, headers, body } = asObject("response", response);
  const { certs } = asObject("trust", trust);
  const window = fieldsOf("options", options);
  const keys = packPlatformKeys(certs);
  return judgeResponse(status, packSigned(headers, body), keys, window);
}
function judgeResponse(status, { headers, text, bytes, refused: refused2 }, keys, window, verdict) {
  return call((wasm2) => {
    const fields = pack({ status }) + refused2;
    return wasm2.verifyResponse(fields, headers, text, bytes, keys, pack(window), verdict);
  });
}

// pkg/lib/notification.js
function verifyNotification2(notification, trust, options = {}) {
  const { headers, body } = asObject("notification", notification);
  const { certs, apiV3Key } = asObject("trust", trust);
  assertText("apiV3Key", apiV3Key, "a string");
  const window = fieldsOf("options", options);
  const keys = packPlatformKeys(certs);
  return judgeNotification(packSigned(headers, body), apiV3Key, keys, window);
}
function judgeNotification({ headers, text, bytes, refused: refused2 }, apiV3Key, keys, window, verdict) {
  return call((wasm2) => wasm2.verifyNotification(refused2, headers, text, bytes, keys, apiV3Key, pack(window), verdict));
}

// pkg/lib/sensitive-field.js
function encryptField2(plaintext, platformKey) {
  const key = platformKeyNumber("platformKey", platformKey);
  return call((wasm2) => wasm2.encryptField(pack({ plaintext }), key));
}
function decryptField2(ciphertext, merchantKey) {
  const key = merchantKeyNumber(merchantKey);
  if (key === void 0) {
    const rule = merchantKey === void 0 ? "required" : "type";
    const explanation = `must be a PEM or a MerchantKey, but is ${kindOf(merchantKey)}`;
    throw InvalidParameterError.about("merchantKey", rule, explanation);
  }
  return call((wasm2) => wasm2.decryptField(pack({ ciphertext }), key));
}

// pkg/lib/payment.js
function signPaymentParams2(payment, merchant, client) {
  const fields = fieldsOf("payment", payment);
  const { mchid, privateKey } = asObject("merchant", merchant);
  const key = merchantKeyNumber(privateKey);
  const signing = key === void 0 ? { mchid, privateKey } : { mchid };
  return call((wasm2) => wasm2.signPaymentParams(pack(fields), pack(signing), key, pack({ client })));
}

// pkg/lib/client/abort.js
function aborted(signal) {
  return new NetworkError("the call was aborted", { retryable: false, cause: signal.reason });
}
function isSignal(value) {
  return typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;
}

// pkg/lib/client/deadline.js
async function withDeadline({ signal, timeoutMs }, use, late = "no answer came") {
  if (signal?.aborted) throw aborted(signal);
  const controller = new AbortController();
  let timer;
  let stop = () => {
  };
  try {
    return await new Promise((resolve, reject) => {
      const end = (error) => {
        reject(error);
        controller.abort(error);
      };
      stop = () => end(aborted(
        /** @type {AbortSignal} */
        signal
      ));
      timer = setTimeout(() => {
        end(new NetworkError(`${late} within ${timeoutMs} ms`, { retryable: true }));
      }, timeoutMs);
      signal?.addEventListener("abort", stop, { once: true });
      use(controller.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

// pkg/lib/client/explanation.js
var WRONG_CLOCK_SECONDS = 150;
function explain(error, circumstances) {
  const hint = hintFor(error, circumstances);
  if (hint !== void 0) addHint(error, hint);
}
function noteThatThereAreNone(error) {
  if (tellsOfNoCertificates(error)) {
    addHint(
      error,
      "a merchant registered since late 2024 has no certificates; put WeChat Pay’s public key into certs, under its id PUB_KEY_ID_… (both are on the merchant platform, under API security)"
    );
  }
  return error;
}
function tellsOfNoCertificates(error) {
  const codes = ["RESOURCE_NOT_EXISTS", "NOT_FOUND", "SYSTEM_ERROR"];
  return error instanceof ApiError && codes.includes(error.apiCode ?? "");
}
function addHint(error, hint) {
  Object.assign(error, { hint, message: `${error.message}: ${hint}` });
}
function hintFor(error, { answered, receivedAt, moment, request }) {
  const isStale = "reason" in error && error.reason === "stale-timestamp";
  if (isStale || isSignError(error)) {
    const skew = clockSkew(answered, receivedAt);
    if (skew !== void 0 && Math.abs(skew) > WRONG_CLOCK_SECONDS) return describeSkew(skew);
  }
  if (isSignError(error)) return explainSignError2(error.detail, signingMessage2(request, moment));
  if (isRedirect(error))
    return "a redirect is never followed: the signature, and the right to pay, would go to another host";
  return void 0;
}
function clockSkew(answered, receivedAt) {
  const date = Date.parse(answered.get("date") ?? "");
  return Number.isNaN(date) ? void 0 : Math.round((receivedAt - date) / 1e3);
}
function describeSkew(skew) {
  const direction = skew > 0 ? "ahead of" : "behind";
  return `the clock of this machine is ${Math.abs(skew)} s ${direction} WeChat Pay’s; set it, by NTP`;
}
function isSignError(error) {
  return error instanceof ApiError && error.apiCode === "SIGN_ERROR";
}
function isRedirect(error) {
  return error instanceof ApiError && error.status >= 300 && error.status < 400;
}
function explainSignError2(detail, ours) {
  const { truncated_sign_message: theirs, sign_message_length: length } = detail?.sign_information ?? {};
  if (typeof theirs !== "string") return void 0;
  const size = Number.isInteger(length) && length >= 0 ? length : void 0;
  return call((wasm2) => wasm2.explainSignError(ours, theirs, size));
}

// pkg/lib/client/common-headers.js
var KEPT = 100;
var known = /* @__PURE__ */ new Map();
function commonHeaders(hasBody, platformSerial) {
  const key = `${hasBody} ${platformSerial}`;
  const before = known.get(key);
  if (before !== void 0) return before;
  const headers = call((wasm2) => wasm2.requestHeaders(hasBody, platformSerial));
  if (known.size >= KEPT) known.clear();
  known.set(key, headers);
  return headers;
}

// pkg/lib/client/key-checks.js
function checkSigningKey({ privateKey, signer, certificate, serial, apiV3Key }, findings) {
  if (apiV3Key !== void 0) checkApiV3Key2(apiV3Key, findings);
  const merchant = checkSigner(privateKey, signer, findings);
  if (certificate !== void 0) checkCertificate(certificate, { merchant, serial }, findings);
  return merchant;
}
function checkSigner(privateKey, signer, findings) {
  if (signer !== void 0) {
    if (!hasSign(signer)) findings.refuse("signer", "type", "must be an object with a function `sign`");
    if (privateKey !== void 0) {
      findings.refuse("signer", "choice", "and privateKey are both given, and one is to sign");
    }
    return void 0;
  }
  if (isCryptoKey(privateKey)) {
    const { type, algorithm, usages } = privateKey;
    const { name, hash } = (
      /** @type {RsaHashedKeyAlgorithm} */
      algorithm
    );
    if (type !== "private" || name !== "RSASSA-PKCS1-v1_5" || hash?.name !== "SHA-256" || !usages.includes("sign")) {
      findings.refuse("privateKey", "key", "must be a private key for RSASSA-PKCS1-v1_5 with SHA-256 that may sign");
    }
    return void 0;
  }
  if (privateKey === void 0) {
    findings.refuse("privateKey", "required", "is undefined: is the environment variable set?");
    return void 0;
  }
  return findings.of(() => {
    const number = merchantKeyNumber(privateKey);
    if (number !== void 0) return number;
    const explanation = `must be a PEM, a MerchantKey or a CryptoKey, but is ${kindOf(privateKey)}`;
    throw InvalidParameterError.about("privateKey", "type", explanation);
  });
}
function checkCertificate(certificate, { merchant, serial }, findings) {
  const own = findings.of(() => platformKeyNumber("certificate", certificate), "certificate");
  if (own === void 0) return;
  const ownSerial = serialOf(own);
  if (ownSerial !== void 0 && typeof serial === "string" && !isSame(ownSerial, serial)) {
    findings.refuse("serial", "key", `is not that of the certificate, which is ${ownSerial}`);
  }
  if (merchant !== void 0 && !isOf(own, merchant)) {
    findings.refuse("privateKey", "key", "is not that of the certificate: one of them is old, or of another merchant");
  }
}
function checkCerts(certs, { merchant, serial, mayDownload }, findings) {
  if (Object.keys(certs).length === 0 && !mayDownload) {
    findings.refuse(
      "certs",
      "required",
      "is empty: WeChat Pay’s public key or certificates are needed to verify answers, or apiV3Key to download certificates"
    );
  }
  for (const [filed, key] of Object.entries(certs)) {
    const field = certsField(filed);
    const number = findings.of(() => platformKeyNumber(field, key), field);
    if (number === void 0) continue;
    const isOwnKey = merchant !== void 0 && isOf(number, merchant);
    const actual = serialOf(number);
    if (isOwnKey || typeof serial === "string" && isSame(actual ?? filed, serial)) {
      findings.refuse(
        field,
        "key",
        "is the merchant’s own: WeChat Pay’s belong here, its public key (PUB_KEY_ID_…) or its platform certificates"
      );
    } else if (actual !== void 0 && !isSame(actual, filed)) {
      findings.refuse(
        field,
        "key",
        `is the certificate with the serial number ${actual}, and must be filed under that`
      );
    }
  }
}
function checkRoot(root, findings) {
  if (root === void 0) return;
  const number = findings.of(() => platformKeyNumber("rootCertificate", root), "rootCertificate");
  if (number !== void 0 && serialOf(number) === void 0) {
    findings.refuse(
      "rootCertificate",
      "key",
      "is a public key, and must be a certificate: that of who issues WeChat Pay’s"
    );
  }
}
function checkApiV3Key2(key, findings) {
  if (typeof key === "string") findings.of(() => call((wasm2) => wasm2.checkApiV3Key(key)), "apiV3Key");
  else findings.refuse("apiV3Key", "type", `must be a string, but is ${kindOf(key)}`);
}
function serialOf(number) {
  return call((wasm2) => wasm2.platformKeySerial(number));
}
function isSame(one, other) {
  return call((wasm2) => wasm2.isSameSerial(one, other));
}
function isOf(certificate, merchant) {
  return call((wasm2) => wasm2.platformKeyIsOf(certificate, merchant));
}
function isCryptoKey(key) {
  return Object.prototype.toString.call(key) === "[object CryptoKey]";
}
function hasSign(signer) {
  return typeof signer === "object" && signer !== null && "sign" in signer && typeof signer.sign === "function";
}

// pkg/lib/client/signer.js
function signerOf({ mchid, serial, privateKey, signer, certificate }, provider) {
  if (signer !== void 0) return elsewhere(signer, { mchid, serial }, certificate);
  if (isCryptoKey(privateKey)) {
    const sign = async (message) => new Uint8Array(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", privateKey, message));
    return elsewhere({ sign }, { mchid, serial }, certificate);
  }
  const merchant = { mchid, serial, privateKey };
  const inWasm = (request, moment) => signAuthorization2(request, merchant, moment);
  return provider !== void 0 && typeof privateKey === "string" ? byHost(provider, merchant, inWasm) : inWasm;
}
function byHost(provider, { mchid, serial, privateKey }, inWasm) {
  let sign;
  return async (request, moment) => {
    let signature;
    try {
      sign ??= await importPrivateKey(provider, privateKey);
      signature = await sign(signingMessage2(request, moment));
    } catch {
      return inWasm(request, moment);
    }
    return authorizationHeader2({ mchid, serial, ...moment, signature });
  };
}
async function importPrivateKey(provider, pem) {
  const pkcs8 = call((wasm2) => wasm2.pkcs8FromPem(pem));
  try {
    return await provider.importPrivateKey(pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}
function elsewhere(signer, credential, certificate) {
  return async (request, moment) => {
    const message = signingMessage2(request, moment);
    const signature = await signer.sign(message.slice());
    if (!isBytes(signature) || signature.length < 256 || signature.length > 512) {
      const found = isBytes(signature) ? `${signature.length} bytes` : "something else";
      throw refused(`gave ${found}, and must give the 256 to 512 bytes of an RSA signature`);
    }
    if (certificate !== void 0) {
      const key = platformKeyNumber("certificate", certificate);
      if (!call((wasm2) => wasm2.platformKeyVerifies(key, message, signature))) {
        throw refused(
          "gave a signature that is not that of the key in `certificate` over the message: RSASSA-PKCS1-v1_5 with SHA-256 is needed, over the message and not over its digest taken twice"
        );
      }
    }
    return authorizationHeader2({ ...credential, ...moment, signature });
  };
}
function refused(what) {
  return new WechatPayError(`the signer ${what}; nothing was sent`, { code: "ERR_SIGNING" });
}

// pkg/lib/client/verifier.js
var Verifier = class {
  #provider;
  #now;
  /** By what was given as a key: a PEM, or a PlatformKey. @type {Map<unknown, Verify>} */
  #keys = /* @__PURE__ */ new Map();
  /**
   * @param {import('./cryptography/provider.js').CryptoProvider | undefined} provider
   * @param {() => number | undefined} now  in seconds
   */
  constructor(provider, now) {
    this.#provider = provider;
    this.#now = now;
  }
  /**
   * Judges what was received, at one moment, and by what the host says of its signature.
   * @template T
   * @param {{ headers: Headers, body: Uint8Array }} received
   * @param {Certs} certs
   * @param {(signed: Signed, keys: string, window: { now: number | undefined }, verdict: boolean | undefined) => T} judge
   */
  async judge({ headers, body }, certs, judge) {
    const now = this.#now();
    const signed = packSigned(headers, body);
    const verdict = await this.#verdict(signed, certs, now);
    return judge(signed, packPlatformKeys(certs), { now }, verdict);
  }
  /**
   * What the host says of a signature; undefined where the wasm has to say it.
   * @param {Signed} signed
   * @param {Certs} certs
   * @param {number | undefined} now
   * @returns {Promise<boolean | undefined>}
   */
  async #verdict({ headers, text, bytes }, certs, now) {
    if (this.#provider === void 0) return void 0;
    const keys = packPlatformKeys(certs);
    const toCheck = call((wasm2) => wasm2.signatureToCheck(headers, text, bytes, keys, now));
    if (toCheck === void 0) return void 0;
    const { place, message, signature } = unpackCheck(toCheck);
    try {
      const key = Object.values(certs)[place];
      const verify = this.#keys.get(key) ?? await this.#import(this.#provider, key);
      const verdict = verify(message, signature);
      return typeof verdict === "boolean" ? verdict : await verdict;
    } catch {
      return void 0;
    }
  }
  /**
   * @param {import('./cryptography/provider.js').CryptoProvider} provider
   * @param {unknown} key
   */
  async #import(provider, key) {
    const number = platformKeyNumber("certs", key);
    const spki = call((wasm2) => wasm2.platformKeySpki(number));
    const verify = await provider.importPublicKey(spki);
    this.#keys.set(key, verify);
    return verify;
  }
};
function unpackCheck(packed) {
  const numbers = new DataView(packed.buffer, packed.byteOffset);
  const place = numbers.getUint32(0, true);
  const end = 8 + numbers.getUint32(4, true);
  return { place, signature: packed.subarray(8, end), message: packed.subarray(end) };
}

// pkg/lib/client/configuration.js
var OPTIONS = {
  keys: ["privateKey", "signer", "certificate", "certs", "apiV3Key", "rootCertificate", "store"],
  choices: ["crypto"],
  texts: ["mchid", "serial", "baseUrl", "backupBaseUrl", "platformSerial"],
  functions: ["fetch", "clock", "nonce", "seen", "onRequest", "onResponse", "onRetry"]
};
var NUMBERS = {
  timeoutMs: (
    /** @type {const} */
    [1e4, 1, 2 ** 31 - 1]
  ),
  retries: (
    /** @type {const} */
    [2, 0, 10]
  ),
  retryDelayMs: (
    /** @type {const} */
    [500, 0, 6e4]
  ),
  maxAnswerBytes: (
    /** @type {const} */
    [4 * 1024 * 1024, 1, 64 * 1024 * 1024]
  )
};
function readConfiguration(given) {
  const config = fieldsOf("config", given);
  const findings = new Findings();
  const { texts, functions } = OPTIONS;
  const hosts = findings.of(() => call((wasm2) => wasm2.checkConfiguration(pack(only(config, texts)))));
  const merchant = checkSigningKey(config, findings);
  const mayDownload = config["apiV3Key"] !== void 0;
  const { certs: filed = mayDownload ? {} : void 0 } = config;
  const certs = findings.of(() => fieldsOf("certs", filed));
  if (certs !== void 0) checkCerts(certs, { merchant, serial: config["serial"], mayDownload }, findings);
  checkRoot(config["rootCertificate"], findings);
  checkStore(config["store"], findings);
  const { crypto: whose = "host" } = config;
  if (whose !== "host" && whose !== "wasm") findings.refuse("crypto", "choice", "must be host or wasm");
  const numbers = findings.of(() => readNumbers(config));
  for (const name of functions) {
    const value = config[name];
    if (value !== void 0 && typeof value !== "function") {
      findings.refuse(name, "type", `must be a function, but is ${kindOf(value)}`);
    }
  }
  const names = [...Object.values(OPTIONS).flat(), ...Object.keys(NUMBERS)];
  for (const name of Object.keys(config).filter((name2) => !names.includes(name2) && config[name2] !== void 0)) {
    findings.refuse(shownName(name), "unknown-field", `is not an option; known are ${names.join(", ")}`);
  }
  findings.throwIfAny();
  const {
    mchid,
    serial,
    platformSerial,
    apiV3Key,
    rootCertificate,
    store,
    fetch,
    clock = Date.now,
    nonce,
    seen
  } = config;
  const now = () => Math.floor(clock() / 1e3) || void 0;
  const provider = whose === "host" ? hostCrypto() : void 0;
  const { onRequest, onResponse, onRetry } = config;
  return {
    .../** @type {NonNullable<typeof numbers>} */
    numbers,
    .../** @type {{ baseUrl: string, backupBaseUrl?: string }} */
    hosts,
    mchid: (
      /** @type {string} */
      mchid
    ),
    serial: (
      /** @type {string} */
      serial
    ),
    platformSerial: (
      /** @type {string | undefined} */
      platformSerial
    ),
    certs: (
      /** @type {Record<string, unknown>} */
      certs
    ),
    apiV3Key: (
      /** @type {string | undefined} */
      apiV3Key
    ),
    rootCertificate: (
      /** @type {unknown} */
      rootCertificate
    ),
    store: (
      /** @type {Store | undefined} */
      store
    ),
    seen: (
      /** @type {((id: string) => unknown) | undefined} */
      seen
    ),
    sign: signerOf(config, provider),
    verifier: new Verifier(provider, now),
    fetch: (
      /** @type {typeof globalThis.fetch | undefined} */
      fetch
    ),
    /** In milliseconds. */
    clock: (
      /** @type {() => number} */
      clock
    ),
    /** In seconds; undefined where the host has no clock, for the wasm to say so. */
    now,
    nonce: (
      /** @type {(() => string) | undefined} */
      nonce
    ),
    hooks: (
      /** @type {Record<'onRequest' | 'onResponse' | 'onRetry', ((event: any) => unknown) | undefined>} */
      {
        onRequest,
        onResponse,
        onRetry
      }
    )
  };
}
function checkStore(store, findings) {
  if (store === void 0) return;
  const { get, set } = (
    /** @type {Partial<Store>} */
    store ?? {}
  );
  if (typeof get !== "function" || typeof set !== "function") {
    findings.refuse("store", "type", "must be an object with the functions `get` and `set`");
  }
}
var SHOWN_ISSUES = 20;
var Findings = class {
  /** @type {{ field: string, rule: string, message: string }[]} */
  #issues = [];
  /**
   * @param {string} field
   * @param {string} rule
   * @param {string} explanation  The sentence that begins with the field's name, without it.
   */
  refuse(field, rule, explanation) {
    this.#issues.push({ field, rule, message: `${field} ${explanation}` });
  }
  /**
   * What is read; where that fails, the failure is noted, and nothing is read.
   * @template T
   * @param {() => T} read
   * @param {string} [field]  Which it is about, where it is a key.
   */
  of(read, field = "privateKey") {
    try {
      return read();
    } catch (error) {
      if (error instanceof InvalidParameterError) this.#issues.push(...error.issues);
      else if (error instanceof InvalidKeyError) this.#issues.push({ field, rule: "key", message: error.message });
      else throw error;
      return void 0;
    }
  }
  throwIfAny() {
    if (this.#issues.length === 0) return;
    const shown = this.#issues.slice(0, SHOWN_ISSUES).map((issue) => issue.message);
    const more = this.#issues.length - shown.length;
    const message = shown.concat(more > 0 ? `and ${more} more` : []).join("; ");
    throw this.#issues.every(({ rule }) => rule === "key") ? new InvalidKeyError(message) : new InvalidParameterError(message, { issues: this.#issues });
  }
};
function only(config, names) {
  return Object.fromEntries(names.map((name) => [name, config[name]]));
}
function readLimits(given, defaults) {
  const { timeoutMs, retries } = fieldsOf("options", given);
  if (timeoutMs === void 0 && retries === void 0) return defaults;
  return readNumbers({
    ...defaults,
    ...timeoutMs !== void 0 && { timeoutMs },
    ...retries !== void 0 && { retries }
  });
}
function readNumbers(config) {
  const findings = new Findings();
  const read = Object.entries(NUMBERS).map(([name, [byDefault, least, most]]) => {
    const { [name]: value = byDefault } = config;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return [name, value];
    findings.refuse(name, "integer", `must be an integer from ${least} to ${most}`);
    return [name, byDefault];
  });
  findings.throwIfAny();
  return (
    /** @type {Record<keyof typeof NUMBERS, number>} */
    Object.fromEntries(read)
  );
}

// pkg/lib/client/receive.js
async function receive(send, limit, signal) {
  let response;
  try {
    response = await send();
  } catch (cause) {
    throw lost("nothing was received", cause);
  }
  if (!isResponse(response)) throw lost("fetch gave something else than a Response", void 0, { retryable: false });
  if (response.type === "opaqueredirect" || response.status === 0) {
    throw lost("the answer was a redirect, which is not followed", void 0, { retryable: false });
  }
  const { status, headers } = response;
  const requestId = headers.get("request-id") ?? void 0;
  try {
    const announced = Number(headers.get("content-length") ?? 0);
    const body = announced > limit ? void 0 : await readAll(response.body, limit, signal);
    if (body !== void 0) return { status, headers, body };
  } catch (cause) {
    throw lost("the answer broke off", cause, { requestId });
  }
  await response.body?.cancel().catch(() => {
  });
  throw lost(`the answer is larger than ${limit} bytes`, void 0, { retryable: false, requestId });
}
async function readAll(stream, limit, signal) {
  if (!stream) return new Uint8Array();
  const reader = stream.getReader();
  const stop = () => void reader.cancel(signal?.reason).catch(() => {
  });
  signal?.addEventListener("abort", stop, { once: true });
  const chunks = [];
  let length = 0;
  try {
    for (; ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      if (length > limit) {
        stop();
        return void 0;
      }
      chunks.push(value);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    reader.releaseLock();
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
function isResponse(value) {
  return typeof value === "object" && value !== null && "status" in value && typeof value.status === "number" && "headers" in value && hasGet(value.headers);
}
function lost(what, cause, { retryable = true, requestId } = {}) {
  if (cause instanceof NetworkError) return cause;
  const reason = cause instanceof Error ? `: ${reasonOf(cause)}` : "";
  return new NetworkError(`${what}${reason}`, { retryable, cause, requestId });
}
function reasonOf({ message, cause }) {
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

// pkg/lib/client/retry.js
var LONGEST_MS = 3e4;
function delayBefore(attempt, { answer, error, retryAfterMs = 0 }, { retryDelayMs }) {
  const isRetryable = error instanceof ApiError || error instanceof NetworkError ? error.retryable : answer?.status === 202;
  if (!isRetryable || retryAfterMs > LONGEST_MS) return void 0;
  const step = error instanceof ApiError && error.status === 429 ? 2 : 1;
  const backOff = retryDelayMs * step * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return Math.min(Math.max(Math.round(backOff), retryAfterMs), LONGEST_MS);
}
function readRetryAfter(value, now) {
  if (value === null) return void 0;
  const delay = /^\d+$/.test(value) ? Number(value) * 1e3 : Date.parse(value) - now;
  return Number.isNaN(delay) ? void 0 : Math.max(0, delay);
}
function pause(delayMs, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(aborted(
        /** @type {AbortSignal} */
        signal
      ));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

// pkg/lib/client/telemetry.js
var REDACTED = "WECHATPAY2-SHA256-RSA2048 [redacted]";
function announce(hook, { method, url, attempt, durationMs, delayMs, status, headers, body, error }) {
  if (hook === void 0) return;
  const { protocol, hostname, port } = new URL(url);
  const side = status === void 0 ? "request" : "response";
  const size = typeof body === "string" ? new TextEncoder().encode(body).length : body?.length;
  const attributes = {
    "http.request.method": method,
    "url.full": url,
    "server.address": hostname,
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
    "http.request.resend_count": attempt - 1,
    ...status !== void 0 && { "http.response.status_code": status },
    ...size !== void 0 && { [`http.${side}.body.size`]: size },
    ...error !== void 0 && { "error.type": (
      /** @type {any} */
      error.code ?? "Error"
    ) }
  };
  const pairs = headers instanceof Headers ? [...headers] : Object.entries(headers ?? {});
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    attributes[`http.${side}.header.${lower}`] = [lower === "authorization" ? REDACTED : value];
  }
  try {
    const event = { attributes, attempt, durationMs, delayMs, error };
    const given = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== void 0));
    const outcome = hook(given);
    if (outcome instanceof Promise) outcome.catch(() => {
    });
  } catch {
  }
}

// pkg/lib/client/exchange.js
var MANUAL = (
  /** @type {const} */
  "manual"
);
async function exchange({ headers: unsigned, ...request }, { attempt, ...deadline }, configuration, verify) {
  const { clock, hooks } = configuration;
  const { method, url } = request;
  const moment = newMoment2(configuration);
  const begun = clock();
  const about = () => ({ method, url, attempt, durationMs: clock() - begun });
  let received;
  try {
    received = await withDeadline(deadline, async (both) => {
      const headers2 = { ...unsigned, Authorization: await configuration.sign(request, moment) };
      both.throwIfAborted();
      announce(hooks.onRequest, { ...request, attempt, headers: headers2 });
      const { fetch = globalThis.fetch, maxAnswerBytes } = configuration;
      const { body: body2 } = request;
      const init = { method, headers: headers2, ...body2 !== void 0 && { body: body2 }, redirect: MANUAL, signal: both };
      return receive(() => fetch(url, init), maxAnswerBytes, both);
    });
  } catch (error) {
    announce(hooks.onResponse, { ...about(), error });
    return { error };
  }
  const { status, headers, body } = received;
  const known2 = { headers, retryAfterMs: readRetryAfter(headers.get("retry-after"), clock()) };
  try {
    const data = await verify({ status, headers, body }, deadline);
    announce(hooks.onResponse, { ...about(), status, headers, body });
    return { answer: { status, headers, requestId: headers.get("request-id") ?? void 0, data }, ...known2 };
  } catch (error) {
    if (error instanceof ApiError || error instanceof SignatureVerificationError) {
      explain(error, { answered: headers, moment, receivedAt: clock(), request });
    }
    announce(hooks.onResponse, { ...about(), status, headers, body, error });
    return { error, ...known2 };
  }
}
function newMoment2({ clock, nonce }) {
  if (nonce === void 0 && clock === Date.now) return call((wasm2) => wasm2.newMoment());
  const timestamp = Math.floor(clock() / 1e3);
  return { timestamp, nonce: nonce?.() ?? call((wasm2) => wasm2.newMoment()).nonce };
}

// pkg/lib/client/hosts.js
var FAILURES = 2;
var LEAVE_ALONE_MS = 6e4;
var Hosts = class {
  #main;
  #backup;
  #clock;
  #failures = 0;
  #mainIsBackAt = 0;
  /** @param {{ baseUrl: string, backupBaseUrl?: string, clock: () => number }} configuration */
  constructor({ baseUrl, backupBaseUrl, clock }) {
    this.#main = baseUrl;
    this.#backup = backupBaseUrl;
    this.#clock = clock;
  }
  pick() {
    return this.#backup !== void 0 && this.#clock() < this.#mainIsBackAt ? this.#backup : this.#main;
  }
  /**
   * @param {string} host
   * @param {unknown} error  what came of an attempt there
   */
  note(host2, error) {
    if (host2 !== this.#main) {
      if (isFailureOfHost(error)) this.#mainIsBackAt = 0;
      return;
    }
    this.#failures = isFailureOfHost(error) ? this.#failures + 1 : 0;
    if (this.#failures < FAILURES) return;
    this.#failures = 0;
    this.#mainIsBackAt = this.#clock() + LEAVE_ALONE_MS;
  }
};
function isFailureOfHost(error) {
  if (error instanceof NetworkError) return error.retryable;
  return error instanceof ApiError && [502, 503, 504].includes(error.status);
}

// pkg/lib/client/transport.js
var Transport = class {
  #configuration;
  #hosts;
  /** @param {import('./configuration.js').Configuration} configuration */
  constructor(configuration) {
    this.#configuration = configuration;
    this.#hosts = new Hosts(configuration);
  }
  /**
   * @param {Outgoing} outgoing
   * @param {ReturnType<typeof readSending>} options
   * @param {import('./exchange.js').Verify} verify
   * @returns {Promise<Answer>}
   */
  async send(outgoing, { retries, ...sending }, verify) {
    const configuration = this.#configuration;
    for (let attempt = 1; ; attempt += 1) {
      const { url, ...outcome } = await this.attempt(outgoing, { ...sending, attempt }, verify);
      const { answer, error } = outcome;
      const delayMs = attempt > retries ? void 0 : delayBefore(attempt, outcome, configuration);
      if (delayMs !== void 0) {
        announce(configuration.hooks.onRetry, { method: outgoing.method, url, attempt, delayMs, error });
        await pause(delayMs, sending.signal);
      } else if (answer !== void 0) {
        return answer;
      } else {
        throw error;
      }
    }
  }
  /**
   * One attempt, and whatever came of it.
   * @param {Outgoing} outgoing
   * @param {import('./deadline.js').Deadline & { attempt: number }} sending
   * @param {import('./exchange.js').Verify} verify
   */
  async attempt({ method, target, body, headers: own, platformSerial }, sending, verify) {
    if (sending.signal?.aborted) throw aborted(sending.signal);
    const host2 = this.#hosts.pick();
    const url = host2 + target;
    const headers = withCommonHeaders(own, body !== void 0, platformSerial);
    const outcome = await exchange({ method, url, body, headers }, sending, this.#configuration, verify);
    this.#hosts.note(host2, outcome.error);
    return { url, ...outcome };
  }
};
function withCommonHeaders(own, hasBody, platformSerial) {
  const common = commonHeaders(hasBody, platformSerial);
  const names = Object.keys(own);
  if (names.length === 0) return { ...common };
  const overruled = new Set(names.map((name) => name.toLowerCase()));
  const kept = Object.entries(common).filter(([name]) => !overruled.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...own };
}
function readSending(options, defaults) {
  const { signal, ...others } = fieldsOf("options", options);
  const [unknown] = Object.keys(others).filter(
    (name) => !["timeoutMs", "retries"].includes(name) && others[name] !== void 0
  );
  if (unknown !== void 0) {
    throw InvalidParameterError.about(shownName(unknown), "unknown-field", "is not an option of this call");
  }
  if (signal !== void 0 && !isSignal(signal)) {
    throw InvalidParameterError.about("signal", "type", `must be an AbortSignal, but is ${kindOf(signal)}`);
  }
  const { timeoutMs, retries } = readLimits(others, defaults);
  return { signal, timeoutMs, retries };
}

// pkg/lib/client/certificates.js
var RENEW_AFTER_MS = 12 * 60 * 60 * 1e3;
var RENEW_BEFORE_EXPIRY_SECONDS = 14 * 24 * 60 * 60;
var PAUSE_MS = 6e4;
var Certificates = class {
  #configuration;
  #transport;
  #trust;
  /** When this began to be trusted, in milliseconds. @type {number | undefined} */
  #downloadedAt;
  /** When WeChat was last asked without being told to. */
  #lastAttempt = -Infinity;
  /** The download that is under way, and since when. @type {{ begun: number, promise: Promise<unknown> } | undefined} */
  #download;
  /** The look into the store. @type {Promise<void> | undefined} */
  #recalling;
  /**
   * @param {import('./configuration.js').Configuration} configuration
   * @param {import('./transport.js').Transport} transport
   * @param {import('./trust.js').Trust} trust
   */
  constructor(configuration, transport, trust) {
    this.#configuration = configuration;
    this.#transport = transport;
    this.#trust = trust;
  }
  /** The number of the root certificate; asked for each time, since numbers end with the wasm that gave them. */
  get #root() {
    const { rootCertificate } = this.#configuration;
    return rootCertificate === void 0 ? void 0 : platformKeyNumber("rootCertificate", rootCertificate);
  }
  /**
   * Downloads them, because somebody says so.
   * @param {unknown} options
   */
  async download(options) {
    const { certificates, save } = await this.#fetch(options);
    await save();
    return certificates;
  }
  /**
   * Sees to it that there is something to verify with, and that it stays so.
   * @param {Deadline} deadline
   */
  async ready(deadline) {
    if (this.#configuration.apiV3Key === void 0) return;
    await withDeadline(deadline, () => this.#recall()).catch(() => {
      this.#recalling = Promise.resolve();
    });
    if (this.#trust.isEmpty) await withDeadline(deadline, () => this.#renew());
    else if (this.#isDue()) this.#renewAtMostOnceAMinute()?.catch(() => {
    });
  }
  /**
   * Uses what is trusted; and once more, where that knows a certificate not, and there are new ones.
   * @template T
   * @param {{ get: (name: string) => string | null }} headers  of what is to be verified
   * @param {(certs: import('./trust.js').Certs) => T | Promise<T>} use
   * @param {Deadline} deadline
   * @returns {Promise<T>}
   */
  async trying(headers, use, deadline) {
    const { certs } = this.#trust;
    try {
      return await use(certs);
    } catch (error) {
      if (!this.#couldKnow(error, headers)) throw error;
      try {
        await withDeadline(deadline, async () => this.#renewAtMostOnceAMinute());
      } catch {
      }
      if (this.#trust.certs === certs) throw error;
      return use(this.#trust.certs);
    }
  }
  /**
   * Whether new certificates might help. They never do with a public key.
   * @param {unknown} error
   * @param {{ get: (name: string) => string | null }} headers
   */
  #couldKnow(error, headers) {
    return this.#configuration.apiV3Key !== void 0 && error instanceof SignatureVerificationError && error.reason === "unknown-serial" && !headers.get("wechatpay-serial")?.startsWith("PUB_KEY_ID_");
  }
  #isDue() {
    const now = this.#configuration.clock();
    if (this.#downloadedAt !== void 0) return now - this.#downloadedAt >= RENEW_AFTER_MS;
    const { lastExpiry } = this.#trust;
    return lastExpiry !== void 0 && lastExpiry - now / 1e3 <= RENEW_BEFORE_EXPIRY_SECONDS;
  }
  /** Undefined where it was tried just now; then one can only wait for what is under way. */
  #renewAtMostOnceAMinute() {
    const now = this.#configuration.clock();
    if (now - this.#lastAttempt < PAUSE_MS) return this.#download?.promise;
    this.#lastAttempt = now;
    return this.#renew();
  }
  /** Downloads them; who comes while it is under way waits for the same. */
  #renew() {
    const now = this.#configuration.clock();
    if (this.#download !== void 0 && now - this.#download.begun < PAUSE_MS) return this.#download.promise;
    const download = { begun: now, promise: this.#fetchAndSave() };
    this.#download = download;
    const end = () => {
      if (this.#download === download) this.#download = void 0;
    };
    download.promise.then(end, end);
    return download.promise;
  }
  async #fetchAndSave() {
    const { save } = await this.#fetch({});
    await save().catch(() => {
    });
  }
  /** @param {unknown} options */
  async #fetch(options) {
    const { apiV3Key, clock, now } = this.#configuration;
    if (apiV3Key === void 0) {
      throw InvalidParameterError.about("apiV3Key", "required", "is missing: certificates are encrypted under it");
    }
    const { valid } = this.#trust;
    const isFirst = Object.keys(valid).length === 0;
    const platformSerial = isFirst ? void 0 : this.#trust.platformSerial;
    let received;
    const verify = ({ status, headers, body }) => {
      received = body;
      const signed = packHeaders(headers);
      const keys = packPlatformKeys(valid);
      const window = pack({ now: now() });
      const root = this.#root;
      return call((wasm2) => wasm2.receiveCertificates(pack({ status }), signed, body, keys, apiV3Key, root, window));
    };
    const asking = { method: "GET", target: "/v3/certificates", headers: {}, platformSerial };
    const { data } = await this.#transport.send(asking, readSending(options, this.#configuration), verify).catch((error) => {
      throw noteThatThereAreNone(error);
    });
    const certificates = data;
    this.#trust.adopt(certificates);
    this.#downloadedAt = clock();
    const kept = JSON.stringify({ downloadedAt: this.#downloadedAt, body: new TextDecoder().decode(received) });
    const { store } = this.#configuration;
    return { certificates, save: async () => void await store?.set(this.#storeKey, kept) };
  }
  get #storeKey() {
    return `wechatpay-presign/certificates/${this.#configuration.mchid}`;
  }
  /** Takes what another process left in the store, once. It is as WeChat encrypted it, and checked again. */
  #recall() {
    this.#recalling ??= this.#look().catch(() => {
    });
    return this.#recalling;
  }
  async #look() {
    const { store, apiV3Key = "", now } = this.#configuration;
    const kept = await store?.get(this.#storeKey);
    if (typeof kept !== "string" || this.#downloadedAt !== void 0) return;
    const { downloadedAt, body } = JSON.parse(kept);
    const root = this.#root;
    const window = pack({ now: now() });
    this.#trust.adopt(call((wasm2) => wasm2.openCertificates(String(body), apiV3Key, root, window)));
    this.#downloadedAt = Number(downloadedAt);
  }
};

// pkg/lib/client/call.js
var OWN_HEADERS = /* @__PURE__ */ new Set(["authorization", "host", "content-length"]);
function readCall(method, path, options) {
  const { json, query, headers = {}, signal, timeoutMs, retries, ...parameters } = fieldsOf("options", options);
  const body = json === void 0 ? void 0 : toJson(json);
  if (method === "GET" && body !== void 0) refuse("json", "no-body", "must not be given: a GET has no body");
  const target = `/${fill(path, parameters)}${toQuery(query)}`;
  return {
    request: { method, target, body, headers: readHeaders(headers) },
    sending: { signal, timeoutMs, retries }
  };
}
function fill(path, parameters) {
  if (/[?#]/.test(path)) refuse("path", "url", "must hold neither ? nor #: give a query as `query`");
  const unused = new Set(Object.keys(parameters));
  const filled = path.replace(/\{([^/{}]+)\}/g, (_placeholder, name) => {
    unused.delete(name);
    return encode(name, Object.hasOwn(parameters, name) ? parameters[name] : void 0);
  });
  const [unknown] = [...unused].filter((name) => parameters[name] !== void 0);
  if (unknown !== void 0)
    refuse(shownName(unknown), "unknown-field", `is no option, and stands not in the path ${path}`);
  return filled;
}
function toQuery(query) {
  if (query === void 0) return "";
  const pairs = query instanceof URLSearchParams ? [...query] : Object.entries(fieldsOf("query", query));
  const encoded = pairs.flatMap(([name, value]) => Array.isArray(value) ? value.map((one) => [name, one]) : [[name, value]]).filter(([, value]) => value !== void 0).map(
    ([name, value]) => `${encode("query", name)}=${value === "" ? "" : encode(`query.${shownName(name)}`, value)}`
  );
  return encoded.length === 0 ? "" : `?${encoded.join("&")}`;
}
function encode(field, value) {
  if (value === void 0) refuse(field, "required", "is missing");
  if (value === "") refuse(field, "required", "must not be empty");
  if (!["string", "number", "bigint", "boolean"].includes(typeof value) || Number.isNaN(value)) {
    refuse(field, "type", `must be a string or a number, but is ${kindOf(value)}`);
  }
  const text = String(value);
  if (/\p{Surrogate}/u.test(text)) refuse(field, "characters", "holds half a character");
  if (/^\.\.?$/.test(text)) refuse(field, "url", "must not be . or ..: it would name another endpoint");
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  );
}
function toJson(json) {
  let text;
  try {
    text = JSON.stringify(json);
  } catch (cause) {
    refuse("json", "type", `cannot be written as JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
  if (text === void 0) refuse("json", "type", `cannot be written as JSON: it is ${kindOf(json)}`);
  return text;
}
function readHeaders(headers) {
  const pairs = headers instanceof Headers ? [...headers] : Object.entries(fieldsOf("headers", headers));
  const read = {};
  for (const [name, value] of pairs) {
    if (value === void 0) continue;
    const field = `headers.${shownName(name)}`;
    if (OWN_HEADERS.has(name.toLowerCase())) refuse(field, "unknown-field", "is made by the client");
    if (typeof value !== "string") refuse(field, "type", `must be a string, but is ${kindOf(value)}`);
    read[name] = value;
  }
  return read;
}
function refuse(field, rule, explanation) {
  throw InvalidParameterError.about(field, rule, explanation);
}

// pkg/lib/client/chain.js
var VERBS = ["get", "post", "put", "patch", "delete"];
var METHODS = new Map(VERBS.flatMap((verb) => [verb, `${verb}Async`].map((name) => [name, verb.toUpperCase()])));
var NOT_ENDPOINTS = new Set(
  "then catch finally constructor prototype toJSON toString valueOf inspect nodeType tagName asymmetricMatch $$typeof".split(" ").concat("__proto__", "@@__IMMUTABLE_ITERABLE__@@", "@@__IMMUTABLE_RECORD__@@")
);
var NOTHING = Object.freeze(/* @__PURE__ */ Object.create(null));
function chain(path, endpoints) {
  return new Proxy(NOTHING, {
    get(_target, name) {
      if (name === Symbol.toPrimitive) return () => path;
      if (typeof name === "symbol" || NOT_ENDPOINTS.has(name)) return void 0;
      const method = METHODS.get(name);
      if (method === void 0) return chain(`${path}/${segment(name)}`, endpoints);
      return async (options = {}) => {
        const { request, sending } = readCall(method, path, options);
        return endpoints.send(request, sending);
      };
    }
  });
}
function segment(name) {
  const parameter = /^_(.+)_$|^\$(.+)\$$|^\{(.+)\}$/.exec(name);
  if (parameter) return `{${parameter[1] ?? parameter[2] ?? parameter[3]}}`;
  return name.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
function startsV3(path) {
  if (typeof path === "string" && /^\/?v3\//.test(path)) return path.replace(/^\//, "");
  const found = typeof path === "string" ? "another text" : kindOf(path);
  throw InvalidParameterError.about(
    "path",
    typeof path === "string" ? "url" : "type",
    `must begin with v3/ and name no host (requests go to WeChat Pay only), but is ${found}`
  );
}

// pkg/lib/client/doctor.js
var NOTABLE_SECONDS = 30;
async function diagnose(configuration, endpoints, trust) {
  const { clock } = configuration;
  const checks = [];
  const say = (name, ok, detail) => checks.push({ name, ok, detail });
  say("keys", true, "the private key and WeChat Pay’s keys can be read, and none is in the wrong place");
  const asking = { method: "GET", target: "/v3/certificates", headers: {} };
  const { error, answer, headers } = (
    /** @type {import('./exchange.js').Outcome & { error?: any }} */
    await endpoints.probe(asking)
  );
  const serials = Object.keys(trust.certs);
  const known2 = serials.length > 0;
  say(
    "serials",
    known2,
    known2 ? `answers are to be signed with ${trust.platformSerial}; trusted are ${serials.join(", ")}` : "none is in certs, and no certificates could be downloaded"
  );
  const reached = headers !== void 0;
  say("reachability", reached, reached ? `${configuration.baseUrl} answers` : error.message);
  if (reached) {
    const skew = clockSkew(headers, clock());
    if (skew !== void 0) {
      const off = Math.abs(skew) > NOTABLE_SECONDS;
      say("clock", !off, off ? describeSkew(skew) : "agrees with WeChat Pay’s");
    }
    const refused2 = error instanceof ApiError && error.status === 401;
    say("signature", !refused2, refused2 ? error.message : "WeChat Pay accepts the private key and its serial number");
    if (!refused2) sayMode(say, { error, data: answer?.data, serials });
  }
  return new Report(checks);
}
function sayMode(say, { error, data, serials }) {
  const hasPublicKey = serials.some((serial) => serial.startsWith("PUB_KEY_ID_"));
  if (error instanceof SignatureVerificationError) {
    say("answers", false, error.message);
    return;
  }
  say("answers", true, error === void 0 || error.verified ? "verified" : "came unsigned, as errors may");
  if (error === void 0) {
    const live = (data?.data ?? []).map((one) => one.serial_no);
    say(
      "mode",
      true,
      `certificate mode is live (${live.join(", ")})${hasPublicKey ? ", and public key mode is configured" : ""}`
    );
  } else if (tellsOfNoCertificates(error)) {
    say(
      "mode",
      hasPublicKey,
      hasPublicKey ? "public key mode is live: WeChat Pay has no certificates for this merchant" : "WeChat Pay has no certificates for this merchant: file its public key, under PUB_KEY_ID_…, in certs"
    );
  } else {
    say("mode", false, `cannot be told: ${error.message}`);
  }
}
var Report = class {
  /** @param {Check[]} checks */
  constructor(checks) {
    this.ok = checks.every(({ ok }) => ok);
    this.checks = checks;
  }
  toString() {
    return this.checks.map(({ name, ok, detail }) => `${ok ? "✓" : "✗"} ${name}: ${detail}`).join("\n");
  }
};

// pkg/lib/client/endpoints.js
var Endpoints = class {
  #configuration;
  #transport;
  #trust;
  #certificates;
  /**
   * @param {import('./configuration.js').Configuration} configuration
   * @param {import('./transport.js').Transport} transport
   * @param {import('./trust.js').Trust} trust
   * @param {import('./certificates.js').Certificates} certificates
   */
  constructor(configuration, transport, trust, certificates) {
    this.#configuration = configuration;
    this.#transport = transport;
    this.#trust = trust;
    this.#certificates = certificates;
  }
  /**
   * @param {Outgoing} outgoing
   * @param {unknown} options  `signal`, `timeoutMs`, `retries`
   */
  async send(outgoing, options) {
    const sending = readSending(options, this.#configuration);
    await this.#certificates.ready(sending);
    return this.#transport.send(this.#naming(outgoing), sending, this.#verify);
  }
  /**
   * Once, and what came of it, whatever that is.
   * @param {Outgoing} outgoing
   */
  async probe(outgoing) {
    const { timeoutMs } = this.#configuration;
    await this.#certificates.ready({ timeoutMs }).catch(() => {
    });
    return this.#transport.attempt(this.#naming(outgoing), { timeoutMs, attempt: 1 }, this.#verify);
  }
  /**
   * The same, naming the key that the answer is to be signed with.
   * @param {Outgoing} outgoing
   * @returns {Outgoing}
   */
  #naming(outgoing) {
    return { ...outgoing, platformSerial: this.#trust.platformSerial };
  }
  /** @type {Verify} */
  #verify = (received, deadline) => {
    const { verifier } = this.#configuration;
    const verify = (certs) => verifier.judge(received, certs, (...terms) => judgeResponse(received.status, ...terms));
    return this.#certificates.trying(received.headers, verify, deadline);
  };
};

// pkg/lib/client/notifications.js
var REMEMBERED = 1e4;
var Notifications = class {
  #configuration;
  #certificates;
  #seen;
  /**
   * @param {import('./configuration.js').Configuration} configuration
   * @param {import('./certificates.js').Certificates} certificates
   */
  constructor(configuration, certificates) {
    this.#configuration = configuration;
    this.#certificates = certificates;
    this.#seen = configuration.seen ?? createMemory();
  }
  /** @param {unknown} request */
  async parse(request) {
    if (!isRequest(request)) {
      throw InvalidParameterError.about("request", "type", `must be a Request, but is ${kindOf(request)}`);
    }
    const { apiV3Key, maxAnswerBytes, timeoutMs, verifier } = this.#configuration;
    const read = (signal) => readAll(request.body, maxAnswerBytes, signal);
    const body = await withDeadline({ timeoutMs }, read, "the whole of the notification did not come");
    if (body === void 0) {
      throw InvalidParameterError.about("request", "max-length", `has a body of more than ${maxAnswerBytes} bytes`);
    }
    const { headers } = request;
    await this.#certificates.ready({ timeoutMs });
    const received = { headers, body };
    const verify = (certs) => verifier.judge(received, certs, (signed, ...terms) => {
      assertText("apiV3Key", apiV3Key, "a string");
      return judgeNotification(signed, apiV3Key, ...terms);
    });
    const notification = await this.#certificates.trying(headers, verify, { timeoutMs });
    return { ...notification, repeated: Boolean(await this.#seen(notification.id)) };
  }
  acknowledge() {
    return new Response(null, { status: 204 });
  }
  /** @param {unknown} [message] @param {number} [status] */
  reject(message = "失败", status = 500) {
    const body = JSON.stringify({ code: "FAIL", message: String(message) });
    return new Response(body, { status, headers: { "Content-Type": "application/json" } });
  }
};
function createMemory() {
  const ids = /* @__PURE__ */ new Set();
  return (id) => {
    if (ids.has(id)) return true;
    ids.add(id);
    if (ids.size > REMEMBERED) ids.delete(
      /** @type {string} */
      ids.values().next().value
    );
    return false;
  };
}
function isRequest(value) {
  return typeof value === "object" && value !== null && "body" in value && "headers" in value && hasGet(value.headers);
}

// pkg/lib/client/trust.js
var Trust = class {
  #configured;
  #ownSerial;
  #now;
  /** @type {Certs} */
  #certs;
  /** @type {string | undefined} */
  #preferred;
  /** When the last of the certificates expires, in Unix seconds; undefined where there are none. @type {number | undefined} */
  lastExpiry;
  /** @param {{ certs: Certs, platformSerial: string | undefined, now: () => number | undefined }} configuration */
  constructor({ certs, platformSerial, now }) {
    this.#configured = certs;
    this.#ownSerial = platformSerial;
    this.#now = now;
    this.#certs = certs;
    this.#look();
  }
  get certs() {
    return this.#certs;
  }
  get isEmpty() {
    return Object.keys(this.#certs).length === 0;
  }
  /** Which key WeChat is asked to sign with. */
  get platformSerial() {
    return this.#ownSerial ?? this.#preferred;
  }
  /** Those that can still verify: certificates expire. */
  get valid() {
    const now = this.#now() ?? 0;
    return Object.fromEntries(Object.entries(this.#certs).filter(([, key]) => now <= expiryOf(key)));
  }
  /**
   * Trusts certificates in the place of those that were downloaded before. What was configured stays.
   * @param {PlatformCertificate[]} certificates
   */
  adopt(certificates) {
    const downloaded = certificates.map(({ serial_no, certificate }) => [serial_no, certificate]);
    this.#certs = { ...Object.fromEntries(downloaded), ...this.#configured };
    this.#look();
  }
  /** What is asked for with every call is found out once. */
  #look() {
    this.#preferred = preferredSerial(this.#certs);
    const dates = Object.values(this.#certs).map(expiryOf).filter(Number.isFinite);
    this.lastExpiry = dates.length === 0 ? void 0 : Math.max(...dates);
  }
};
function preferredSerial(certs) {
  const serials = Object.keys(certs);
  const publicKey = serials.find((serial) => serial.startsWith("PUB_KEY_ID_"));
  if (publicKey !== void 0) return publicKey;
  const validSince = (serial) => validityOf(certs[serial])[0] ?? 0;
  return serials.sort((one, other) => validSince(other) - validSince(one))[0];
}
function expiryOf(key) {
  return validityOf(key)[1] ?? Infinity;
}
function validityOf(key) {
  const number = platformKeyNumber("certs", key);
  return [...call((wasm2) => wasm2.platformKeyValidity(number)) ?? []];
}

// pkg/lib/client/client.js
var SESSION_MS = 2 * 60 * 60 * 1e3;
function createClient(config) {
  const configuration = readConfiguration(config);
  const { baseUrl } = configuration;
  const transport = new Transport(configuration);
  const trust = new Trust(configuration);
  const certificates = new Certificates(configuration, transport, trust);
  const endpoints = new Endpoints(configuration, transport, trust, certificates);
  async function ask({ method, url, body }, options) {
    const target = url.slice(baseUrl.length);
    const answer = await endpoints.send({ method, target, headers: {}, body }, options);
    if (answer.status === 202) throw notYetDone(answer);
    return answer;
  }
  const client = {
    /** @param {unknown} params @param {unknown} [options] */
    async presign(params, options = {}) {
      const { mode, scene, limits, ...sending } = fieldsOf("options", options);
      const request = buildPresignRequest2(params, { mode, scene, limits, baseUrl });
      return withExpiry(await ask(request, sending));
    },
    contracts: Object.freeze({
      /** @param {unknown} contract @param {unknown} [options] */
      async query(contract, options = {}) {
        const fields = fieldsOf("contract", contract);
        const request = call((wasm2) => wasm2.buildContractQuery(pack(fields), pack({ baseUrl })));
        return (await ask(request, options)).data;
      },
      /** @param {unknown} contract @param {unknown} reason @param {unknown} [options] */
      async terminate(contract, reason, options = {}) {
        const [fields, remark] = [fieldsOf("contract", contract), fieldsOf("reason", reason)];
        const request = call((wasm2) => wasm2.buildContractTermination(pack(fields), pack(remark), pack({ baseUrl })));
        return (await ask(request, options)).data;
      }
    }),
    certificates: Object.freeze({
      /** @param {unknown} [options] */
      download: async (options = {}) => certificates.download(options)
    }),
    notifications: new Notifications(configuration, certificates),
    get v3() {
      return chain("v3", endpoints);
    },
    /** @param {unknown} path */
    chain: (path) => chain(startsV3(path), endpoints),
    doctor: () => diagnose(configuration, endpoints, trust)
  };
  return new Proxy(Object.freeze(client), {
    get(target, name, receiver) {
      if (typeof name === "string" && name.startsWith("v3/")) return chain(name, endpoints);
      return Reflect.get(target, name, receiver);
    }
  });
}
function withExpiry({ data, headers }) {
  const date = Date.parse(headers.get("date") ?? "");
  if (typeof data !== "object" || data === null || Number.isNaN(date)) return data;
  return Object.defineProperty(data, "expiresAt", { value: new Date(date + SESSION_MS) });
}
function notYetDone({ status, requestId }) {
  const message = "WeChat Pay accepted the request, and has not carried it out yet: send the same again later";
  return new ApiError(message, { status, detail: void 0, retryable: true, verified: true, requestId });
}

export {
  useWebCrypto,
  useNodeCrypto,
  WechatPayError,
  InvalidParameterError,
  InvalidKeyError,
  SignatureVerificationError,
  ApiError,
  DecryptionError,
  NetworkError,
  loadFrom,
  unavailable,
  asModule,
  compileBase64,
  runtimeName,
  life,
  buildPresignRequest2 as buildPresignRequest,
  MerchantKey,
  PlatformKey,
  signAuthorization2 as signAuthorization,
  signingMessage2 as signingMessage,
  authorizationHeader2 as authorizationHeader,
  verifyResponse2 as verifyResponse,
  verifyNotification2 as verifyNotification,
  encryptField2 as encryptField,
  decryptField2 as decryptField,
  signPaymentParams2 as signPaymentParams,
  createClient
};

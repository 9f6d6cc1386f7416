"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// pkg/entries/slim.js
var slim_exports = {};
__export(slim_exports, {
  ApiError: () => ApiError,
  DecryptionError: () => DecryptionError,
  InvalidKeyError: () => InvalidKeyError,
  InvalidParameterError: () => InvalidParameterError,
  MerchantKey: () => MerchantKey,
  NetworkError: () => NetworkError,
  PlatformKey: () => PlatformKey,
  SignatureVerificationError: () => SignatureVerificationError,
  WechatPayError: () => WechatPayError,
  authorizationHeader: () => authorizationHeader2,
  buildPresignRequest: () => buildPresignRequest2,
  init: () => init,
  initSync: () => initSync,
  signAuthorization: () => signAuthorization2,
  signingMessage: () => signingMessage2,
  verifyResponse: () => verifyResponse2
});
module.exports = __toCommonJS(slim_exports);

// pkg/wasm/wechatpay_presign_bg.js
var wechatpay_presign_bg_exports = {};
__export(wechatpay_presign_bg_exports, {
  __wbg_Error_208446807d0d1e30: () => __wbg_Error_208446807d0d1e30,
  __wbg___wbindgen_boolean_get_4f1baf9a00be3c74: () => __wbg___wbindgen_boolean_get_4f1baf9a00be3c74,
  __wbg___wbindgen_is_bigint_5fa10641e039d3ef: () => __wbg___wbindgen_is_bigint_5fa10641e039d3ef,
  __wbg___wbindgen_is_function_741ff2bb612836f5: () => __wbg___wbindgen_is_function_741ff2bb612836f5,
  __wbg___wbindgen_is_null_c22311b1cc228e3a: () => __wbg___wbindgen_is_null_c22311b1cc228e3a,
  __wbg___wbindgen_is_string_fc456fee5d3317de: () => __wbg___wbindgen_is_string_fc456fee5d3317de,
  __wbg___wbindgen_is_symbol_f846131a047725ea: () => __wbg___wbindgen_is_symbol_f846131a047725ea,
  __wbg___wbindgen_is_undefined_be5b34249ff1fc15: () => __wbg___wbindgen_is_undefined_be5b34249ff1fc15,
  __wbg___wbindgen_number_get_934b640d0889af78: () => __wbg___wbindgen_number_get_934b640d0889af78,
  __wbg___wbindgen_string_get_7ce8eee7fd327545: () => __wbg___wbindgen_string_get_7ce8eee7fd327545,
  __wbg___wbindgen_throw_4c88d8bf264fd984: () => __wbg___wbindgen_throw_4c88d8bf264fd984,
  __wbg_assign_6b6bb30388088072: () => __wbg_assign_6b6bb30388088072,
  __wbg_entries_7bb1459bd9b5c2b9: () => __wbg_entries_7bb1459bd9b5c2b9,
  __wbg_from_eac91875c8a5ffa4: () => __wbg_from_eac91875c8a5ffa4,
  __wbg_getRandomValues_8b6f1f663e6f188d: () => __wbg_getRandomValues_8b6f1f663e6f188d,
  __wbg_get_2080c49015e35254: () => __wbg_get_2080c49015e35254,
  __wbg_get_556f1c9a5c587e8c: () => __wbg_get_556f1c9a5c587e8c,
  __wbg_get_d7176cfb76d71114: () => __wbg_get_d7176cfb76d71114,
  __wbg_get_unchecked_e6325ad374eff861: () => __wbg_get_unchecked_e6325ad374eff861,
  __wbg_instanceof_Uint8Array_d7aeb0dcb3108fea: () => __wbg_instanceof_Uint8Array_d7aeb0dcb3108fea,
  __wbg_isArray_bcf1376d0d732d08: () => __wbg_isArray_bcf1376d0d732d08,
  __wbg_isWellFormed_9e12b0337ba4dfeb: () => __wbg_isWellFormed_9e12b0337ba4dfeb,
  __wbg_length_186163212ffe79c3: () => __wbg_length_186163212ffe79c3,
  __wbg_length_b03a0fabb109b1e9: () => __wbg_length_b03a0fabb109b1e9,
  __wbg_length_e83e819f48c774e4: () => __wbg_length_e83e819f48c774e4,
  __wbg_new_37eb45aaf5eeb820: () => __wbg_new_37eb45aaf5eeb820,
  __wbg_new_7075786089b89c5e: () => __wbg_new_7075786089b89c5e,
  __wbg_new_787b9fb330d55d78: () => __wbg_new_787b9fb330d55d78,
  __wbg_new_cd4348290afae586: () => __wbg_new_cd4348290afae586,
  __wbg_new_from_slice_b8daf545a41c6aa0: () => __wbg_new_from_slice_b8daf545a41c6aa0,
  __wbg_now_463ac581d2fc7ea3: () => __wbg_now_463ac581d2fc7ea3,
  __wbg_of_027eb15371aac932: () => __wbg_of_027eb15371aac932,
  __wbg_parse_c3f72b5a24f83c01: () => __wbg_parse_c3f72b5a24f83c01,
  __wbg_prototypesetcall_13162965d1fe7aa3: () => __wbg_prototypesetcall_13162965d1fe7aa3,
  __wbg_set_2793479888329cb6: () => __wbg_set_2793479888329cb6,
  __wbg_set_8282f7e0d2d01336: () => __wbg_set_8282f7e0d2d01336,
  __wbg_set_d2d33b52458e984a: () => __wbg_set_d2d33b52458e984a,
  __wbg_set_e4b9a833d288759a: () => __wbg_set_e4b9a833d288759a,
  __wbg_set_wasm: () => __wbg_set_wasm,
  __wbg_subarray_58f388a9247ac0bb: () => __wbg_subarray_58f388a9247ac0bb,
  __wbindgen_generic_0000000000000001: () => __wbindgen_generic_0000000000000001,
  __wbindgen_generic_0000000000000002: () => __wbindgen_generic_0000000000000002,
  __wbindgen_init_externref_table: () => __wbindgen_init_externref_table,
  authorizationHeader: () => authorizationHeader,
  buildPresignRequest: () => buildPresignRequest,
  merchantKeyFree: () => merchantKeyFree,
  merchantKeyFromPem: () => merchantKeyFromPem,
  platformKeyFree: () => platformKeyFree,
  platformKeyFromPem: () => platformKeyFromPem,
  platformKeySerial: () => platformKeySerial,
  signAuthorization: () => signAuthorization,
  signingMessage: () => signingMessage,
  verifyResponse: () => verifyResponse
});
function authorizationHeader(parts, signature) {
  let deferred2_0;
  let deferred2_1;
  try {
    const ret = wasm.authorizationHeader(parts, isLikeNone(signature) ? 0 : addToExternrefTable0(signature));
    var ptr1 = ret[0];
    var len1 = ret[1];
    if (ret[3]) {
      ptr1 = 0;
      len1 = 0;
      throw takeFromExternrefTable0(ret[2]);
    }
    deferred2_0 = ptr1;
    deferred2_1 = len1;
    return getStringFromWasm0(ptr1, len1);
  } finally {
    wasm.__wbindgen_free(deferred2_0, deferred2_1, 1);
  }
}
function buildPresignRequest(params, options, limits) {
  const ret = wasm.buildPresignRequest(params, options, limits);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
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
function signAuthorization(request, body, merchant, key, options) {
  let deferred2_0;
  let deferred2_1;
  try {
    const ret = wasm.signAuthorization(request, body, merchant, isLikeNone(key) ? Number.MAX_SAFE_INTEGER : key >>> 0, options);
    var ptr1 = ret[0];
    var len1 = ret[1];
    if (ret[3]) {
      ptr1 = 0;
      len1 = 0;
      throw takeFromExternrefTable0(ret[2]);
    }
    deferred2_0 = ptr1;
    deferred2_1 = len1;
    return getStringFromWasm0(ptr1, len1);
  } finally {
    wasm.__wbindgen_free(deferred2_0, deferred2_1, 1);
  }
}
function signingMessage(request, body, moment) {
  const ret = wasm.signingMessage(request, body, moment);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function verifyResponse(response, headers, body, certs, options) {
  const ret = wasm.verifyResponse(response, headers, body, certs, options);
  if (ret[2]) {
    throw takeFromExternrefTable0(ret[1]);
  }
  return takeFromExternrefTable0(ret[0]);
}
function __wbg_Error_208446807d0d1e30(arg0, arg1) {
  const ret = Error(getStringFromWasm0(arg0, arg1));
  return ret;
}
function __wbg___wbindgen_boolean_get_4f1baf9a00be3c74(arg0) {
  const v = arg0;
  const ret = typeof v === "boolean" ? v : void 0;
  return isLikeNone(ret) ? 16777215 : ret ? 1 : 0;
}
function __wbg___wbindgen_is_bigint_5fa10641e039d3ef(arg0) {
  const ret = typeof arg0 === "bigint";
  return ret;
}
function __wbg___wbindgen_is_function_741ff2bb612836f5(arg0) {
  const ret = typeof arg0 === "function";
  return ret;
}
function __wbg___wbindgen_is_null_c22311b1cc228e3a(arg0) {
  const ret = arg0 === null;
  return ret;
}
function __wbg___wbindgen_is_string_fc456fee5d3317de(arg0) {
  const ret = typeof arg0 === "string";
  return ret;
}
function __wbg___wbindgen_is_symbol_f846131a047725ea(arg0) {
  const ret = typeof arg0 === "symbol";
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
function __wbg_from_eac91875c8a5ffa4(arg0) {
  const ret = Array.from(arg0);
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
function __wbg_get_556f1c9a5c587e8c() {
  return handleError(function(arg0, arg1, arg2, arg3) {
    const ret = arg1.get(getStringFromWasm0(arg2, arg3));
    var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    var len1 = WASM_VECTOR_LEN;
    getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
    getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
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
function __wbg_instanceof_Uint8Array_d7aeb0dcb3108fea(arg0) {
  let result;
  try {
    result = arg0 instanceof Uint8Array;
  } catch (_) {
    result = false;
  }
  const ret = result;
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
function __wbg_length_186163212ffe79c3(arg0) {
  const ret = arg0.length;
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
function __wbg_new_37eb45aaf5eeb820() {
  const ret = new Array();
  return ret;
}
function __wbg_new_7075786089b89c5e() {
  const ret = /* @__PURE__ */ new Map();
  return ret;
}
function __wbg_new_787b9fb330d55d78(arg0, arg1) {
  const ret = new Error(getStringFromWasm0(arg0, arg1));
  return ret;
}
function __wbg_new_cd4348290afae586() {
  const ret = new Object();
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
function __wbg_of_027eb15371aac932(arg0) {
  const ret = Array.of(arg0);
  return ret;
}
function __wbg_parse_c3f72b5a24f83c01() {
  return handleError(function(arg0, arg1) {
    const ret = JSON.parse(getStringFromWasm0(arg0, arg1));
    return ret;
  }, arguments);
}
function __wbg_prototypesetcall_13162965d1fe7aa3(arg0, arg1, arg2) {
  Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);
}
function __wbg_set_2793479888329cb6() {
  return handleError(function(arg0, arg1, arg2) {
    const ret = Reflect.set(arg0, arg1, arg2);
    return ret;
  }, arguments);
}
function __wbg_set_8282f7e0d2d01336(arg0, arg1, arg2) {
  const ret = arg0.set(arg1, arg2);
  return ret;
}
function __wbg_set_d2d33b52458e984a(arg0, arg1, arg2) {
  arg0[arg1 >>> 0] = arg2;
}
function __wbg_set_e4b9a833d288759a(arg0, arg1, arg2) {
  arg0[arg1] = arg2;
}
function __wbg_subarray_58f388a9247ac0bb(arg0, arg1, arg2) {
  const ret = arg0.subarray(arg1 >>> 0, arg2 >>> 0);
  return ret;
}
function __wbindgen_generic_0000000000000001(arg0) {
  const ret = arg0;
  return ret;
}
function __wbindgen_generic_0000000000000002(arg0, arg1) {
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

// pkg/lib/errors.js
var WechatPayError = class extends Error {
  /**
   * @param {string} message
   * @param {{ code: string, cause?: unknown, requestId?: string }} details
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
var InvalidParameterError = class _InvalidParameterError extends WechatPayError {
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
    const message = `${field} ${explanation}`;
    return new _InvalidParameterError(message, { issues: [{ field, rule, message }] });
  }
};
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
  /** @param {string} message */
  constructor(message) {
    super(message, { code: "ERR_DECRYPTION" });
  }
  /** @override */
  get name() {
    return "DecryptionError";
  }
};
var NetworkError = class extends WechatPayError {
  /**
   * @param {string} message
   * @param {{ retryable: boolean, cause?: unknown }} details
   */
  constructor(message, { retryable, cause }) {
    super(message, { code: "ERR_NETWORK", cause });
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
function pick(name, value, ...keys) {
  const object = asObject(name, value);
  return (
    /** @type {Record<K, unknown>} */
    Object.fromEntries(keys.map((key) => [key, object[key]]))
  );
}
function bodyOf(body) {
  return isBytes(body) ? ownBytes("body", body) : body;
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
function startFromSource(start2, compiled) {
  try {
    return start2(compiled ?? source.compile());
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
function runtimeName() {
  const { navigator, process } = (
    /** @type {Partial<typeof globalThis>} */
    globalThis
  );
  return navigator?.userAgent ?? (process?.version ? `Node.js ${process.version}` : "this runtime");
}

// pkg/lib/instance.js
var module2;
var current;
function life() {
  current ??= startFromSource(start, module2);
  return current;
}
function start(compiled) {
  const imports = { "./wechatpay_presign_bg.js": (
    /** @type {any} */
    wechatpay_presign_bg_exports
  ) };
  const exports = (
    /** @type {Life} */
    new WebAssembly.Instance(compiled, imports).exports
  );
  __wbg_set_wasm(exports);
  exports.__wbindgen_start();
  module2 = compiled;
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

// pkg/lib/presign.js
function buildPresignRequest2(params, options = {}) {
  const fields = fieldsOf("params", params);
  const { limits = {}, ...others } = fieldsOf("options", options);
  const ownLimits = fieldsOf("limits", limits);
  return call((wasm2) => wasm2.buildPresignRequest(fields, others, ownLimits));
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
    const known = this.#handles.get(pem);
    if (known?.isUsable) return known;
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
function assertPem(field, pem) {
  if (typeof pem === "string") return;
  const [rule, hint] = pem === void 0 ? ["required", ": is the environment variable set?"] : ["type", ""];
  throw InvalidParameterError.about(field, rule, `must be a PEM, but is ${kindOf(pem)}${hint}`);
}
var dispose = (
  /** @type {typeof Symbol.dispose} */
  Symbol.dispose ?? /* @__PURE__ */ Symbol.for("Symbol.dispose")
);
var merchantHandleOf;
var platformHandleOf;
var MerchantKey = class _MerchantKey {
  #handle;
  /** @param {unknown} making @param {Handle} handle */
  constructor(making, handle) {
    assertMadeHere(making, "MerchantKey");
    this.#handle = handle;
  }
  /** @param {string} pem */
  static fromPem(pem) {
    return new _MerchantKey(MAKING, readMerchantKey(pem));
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
var PlatformKey = class _PlatformKey {
  #handle;
  /** @param {unknown} making @param {Handle} handle */
  constructor(making, handle) {
    assertMadeHere(making, "PlatformKey");
    this.#handle = handle;
  }
  /** @param {string} pem */
  static fromPem(pem) {
    return new _PlatformKey(MAKING, readPlatformKey(pem));
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
function isObject(value) {
  return typeof value === "object" && value !== null;
}
function readMerchantKey(pem) {
  assertPem("privateKey", pem);
  const number = call((wasm2) => wasm2.merchantKeyFromPem(pem));
  return new Handle("MerchantKey", number, (freed) => call((wasm2) => wasm2.merchantKeyFree(freed)));
}
function readPlatformKey(pem) {
  assertPem("pem", pem);
  const number = call((wasm2) => wasm2.platformKeyFromPem(pem));
  return new Handle("PlatformKey", number, (freed) => call((wasm2) => wasm2.platformKeyFree(freed)));
}
var merchantKeys = new Memory();
var platformKeys = new Memory();
function merchantKeyNumber(key) {
  const handle = typeof key === "string" ? merchantKeys.recall(key, readMerchantKey) : merchantHandleOf(key);
  return handle?.number;
}
function platformKeyNumbers(certs) {
  return Object.fromEntries(
    Object.entries(fieldsOf("certs", certs)).map(([serial, key]) => [serial, platformKeyNumber(serial, key)])
  );
}
function platformKeyNumber(serial, key) {
  const field = `certs[${/^\w{1,64}$/.test(serial) ? JSON.stringify(serial) : "(not a serial)"}]`;
  const given = platformHandleOf(key);
  if (given !== void 0) return given.number;
  assertPem(field, key);
  try {
    return platformKeys.recall(key, readPlatformKey).number;
  } catch (error) {
    throw error instanceof InvalidKeyError ? new InvalidKeyError(`${field}: ${error.message}`) : error;
  }
}

// pkg/lib/signing.js
function signAuthorization2(request, merchant, options = {}) {
  const { body, ...line } = pick("request", request, "method", "url", "body");
  const { privateKey, ...credential } = pick("merchant", merchant, "mchid", "serial", "privateKey");
  const moment = fieldsOf("options", options);
  const key = merchantKeyNumber(privateKey);
  const fields = key === void 0 ? { ...credential, privateKey } : credential;
  const content = bodyOf(body);
  return call((wasm2) => wasm2.signAuthorization(line, content, fields, key, moment));
}
function signingMessage2(request, moment) {
  const { body, ...line } = pick("request", request, "method", "url", "body");
  const fields = fieldsOf("moment", moment);
  const content = bodyOf(body);
  return call((wasm2) => wasm2.signingMessage(line, content, fields));
}
function authorizationHeader2(parts) {
  const { signature, ...others } = fieldsOf("parts", parts);
  const bytes = isBytes(signature) ? ownBytes("signature", signature) : void 0;
  const fields = bytes === void 0 ? { ...others, signature } : others;
  return call((wasm2) => wasm2.authorizationHeader(fields, bytes));
}

// pkg/lib/verification.js
function verifyResponse2(response, trust, options = {}) {
  const { status, headers, body } = pick("response", response, "status", "headers", "body");
  const { certs } = pick("trust", trust, "certs");
  const window = fieldsOf("options", options);
  const keys = platformKeyNumbers(certs);
  const readable = hasGet(headers) ? headers : fieldsOf("headers", headers);
  const content = bodyOf(body);
  return call((wasm2) => wasm2.verifyResponse({ status }, readable, content, keys, window));
}
function hasGet(headers) {
  return typeof headers === "object" && headers !== null && "get" in headers && typeof headers.get === "function";
}

// pkg/entries/slim.js
var attempt = {
  runtime: runtimeName(),
  tried: "to use what initSync or init was given",
  fix: "give it the WebAssembly.Module, or the bytes, of wechatpay-presign/wasm"
};
function initSync(wasm2) {
  loadFrom({ ...attempt, compile: () => asModule(wasm2) });
  life();
}
async function init(wasm2) {
  const given = await wasm2;
  initSync(given instanceof Response ? await compileAnswer(given) : given);
}
async function compileAnswer(response) {
  try {
    if (!response.ok) throw new Error(`the answer was ${response.status}`);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    throw unavailable(attempt, cause);
  }
}

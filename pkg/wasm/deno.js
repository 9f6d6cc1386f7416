import {
  ApiError,
  DecryptionError,
  InvalidKeyError,
  InvalidParameterError,
  MerchantKey,
  NetworkError,
  PlatformKey,
  SignatureVerificationError,
  WechatPayError,
  authorizationHeader,
  buildPresignRequest,
  compileBase64,
  createClient,
  decryptField,
  encryptField,
  loadFrom,
  runtimeName,
  signAuthorization,
  signPaymentParams,
  signingMessage,
  verifyNotification,
  verifyResponse
} from "./core.js";

// pkg/entries/deno.js
import base64 from "../wasm/base64.relaxed.js";
loadFrom({
  runtime: runtimeName(),
  tried: "to compile the bytes that the package carries",
  fix: "compile the module of wechatpay-presign/wasm where that is allowed, and give it to wechatpay-presign/slim",
  compile: () => compileBase64(base64)
});
export {
  ApiError,
  DecryptionError,
  InvalidKeyError,
  InvalidParameterError,
  MerchantKey,
  NetworkError,
  PlatformKey,
  SignatureVerificationError,
  WechatPayError,
  authorizationHeader,
  buildPresignRequest,
  createClient,
  decryptField,
  encryptField,
  signAuthorization,
  signPaymentParams,
  signingMessage,
  verifyNotification,
  verifyResponse
};

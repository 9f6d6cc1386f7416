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
  useWebCrypto,
  verifyNotification,
  verifyResponse
} from "./core.js";

// pkg/entries/inline.js
import base64 from "../wasm/base64.js";
loadFrom({
  runtime: runtimeName(),
  tried: "to compile the bytes that the package carries",
  fix: "compile the module of wechatpay-presign/wasm where that is allowed, and give it to wechatpay-presign/slim",
  compile: () => compileBase64(base64)
});
useWebCrypto();
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

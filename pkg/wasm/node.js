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
  createClient,
  decryptField,
  encryptField,
  loadFrom,
  runtimeName,
  signAuthorization,
  signPaymentParams,
  signingMessage,
  useNodeCrypto,
  verifyNotification,
  verifyResponse
} from "./core.js";

// pkg/entries/node.js
var RELAXED_SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 6, 1, 96, 1, 123, 1, 123],
  ...[3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 135, 2, 11]
  // its code
);
var relaxed = new URL("../wasm/wechatpay_presign_relaxed_bg.wasm", import.meta.url);
var plain = new URL("../wasm/wechatpay_presign_bg.wasm", import.meta.url);
var url = WebAssembly.validate(RELAXED_SIMD) ? relaxed : plain;
loadFrom({
  runtime: runtimeName(),
  tried: `to read and compile ${url}`,
  fix: "keep the package wechatpay-presign whole, or mark it as external where a bundler left the file out",
  compile: () => new WebAssembly.Module(process.getBuiltinModule("node:fs").readFileSync(url))
});
useNodeCrypto(() => process.getBuiltinModule("node:crypto"));
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

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
  verifyNotification,
  verifyResponse
} from "./core.js";

// pkg/entries/node.js
import { readFileSync } from "node:fs";
var url = new URL("../wasm/wechatpay_presign_bg.wasm", import.meta.url);
loadFrom({
  runtime: runtimeName(),
  tried: `to read and compile ${url}`,
  fix: "keep the package wechatpay-presign whole, or mark it as external where a bundler left the file out",
  compile: () => new WebAssembly.Module(readFileSync(url))
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

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

// pkg/entries/bun.js
import * as crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import path from "../wasm/wechatpay_presign_bg.wasm" with { type: "file" };
loadFrom({
  runtime: runtimeName(),
  tried: `to read and compile ${path}`,
  fix: "keep the package wechatpay-presign whole, or mark it as external where a bundler left the file out",
  compile: () => new WebAssembly.Module(readFileSync(resolve(import.meta.dirname, String(path))))
});
useNodeCrypto(() => crypto);
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

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
  asModule,
  authorizationHeader,
  buildPresignRequest,
  createClient,
  decryptField,
  encryptField,
  loadFrom,
  signAuthorization,
  signPaymentParams,
  signingMessage,
  useWebCrypto,
  verifyNotification,
  verifyResponse
} from "./core.js";

// pkg/entries/edge-light.js
import wasm from "../wasm/wechatpay_presign_bg.wasm?module";
loadFrom({
  runtime: "the Edge Runtime",
  tried: "to import wechatpay_presign_bg.wasm?module",
  fix: "build with Next.js or the Vercel CLI, or leave out the condition edge-light in your bundler",
  compile: () => asModule(wasm)
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

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
  runtimeName,
  signAuthorization,
  signPaymentParams,
  signingMessage,
  useWebCrypto,
  verifyNotification,
  verifyResponse
} from "./core.js";

// pkg/entries/workerd.js
import wasm from "../wasm/wechatpay_presign_relaxed_bg.wasm";
loadFrom({
  runtime: runtimeName(),
  tried: "to import wechatpay_presign_relaxed_bg.wasm as a module",
  fix: 'bundle with wrangler, or give the bundler the rule { type = "CompiledWasm", globs = ["**/*.wasm"] }',
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

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
  life,
  loadFrom,
  runtimeName,
  signAuthorization,
  signPaymentParams,
  signingMessage,
  unavailable,
  useWebCrypto,
  verifyNotification,
  verifyResponse
} from "./core.js";

// pkg/entries/slim.js
var attempt = {
  runtime: runtimeName(),
  tried: "to use what initSync or init was given",
  fix: "give it the WebAssembly.Module, or the bytes, of wechatpay-presign/wasm"
};
function initSync(wasm) {
  loadFrom({ ...attempt, compile: () => asModule(wasm) });
  life();
}
async function init(wasm) {
  const given = await wasm;
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
  init,
  initSync,
  signAuthorization,
  signPaymentParams,
  signingMessage,
  verifyNotification,
  verifyResponse
};

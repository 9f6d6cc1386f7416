// The entry point: which functions there are, and where the wasm comes from.
export { buildPresignRequest } from './lib/presign.js';
export { authorizationHeader, signAuthorization, signingMessage } from './lib/signing.js';
export { verifyResponse } from './lib/verification.js';
export { MerchantKey, PlatformKey } from './lib/keys.js';
export {
  ApiError,
  DecryptionError,
  InvalidKeyError,
  InvalidParameterError,
  NetworkError,
  SignatureVerificationError,
  WechatPayError,
} from './lib/errors.js';

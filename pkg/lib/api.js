// What the package exports, whichever way the wasm comes.
export { buildPresignRequest } from './presign.js';
export { authorizationHeader, signAuthorization, signingMessage } from './signing.js';
export { verifyResponse } from './verification.js';
export { verifyNotification } from './notification.js';
export { decryptField, encryptField } from './sensitive-field.js';
export { signPaymentParams } from './payment.js';
export { createClient } from './client/client.js';
export { MerchantKey, PlatformKey } from './keys.js';
export {
  ApiError,
  DecryptionError,
  InvalidKeyError,
  InvalidParameterError,
  NetworkError,
  SignatureVerificationError,
  WechatPayError,
} from './errors.js';

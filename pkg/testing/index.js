// wechatpay-presign/testing: a stand-in for WeChat Pay, on WebCrypto alone. It shares no code with the rest of the package,
// so that the two can agree only by both being right.
export { makeCertificate } from './certificate.js';
export { createGateway } from './gateway/gateway.js';
export { makeMerchant, makePlatformKey } from './keys.js';
export { createTestKit } from './kit.js';

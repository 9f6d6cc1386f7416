// Code that must or must not compile. tsc checks it; it never runs. A `@ts-expect-error` above a correct line is an error.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import type {
  AnyWechatPayError,
  AuthorizationParts,
  FieldName,
  HostErrorCode,
  HostOperation,
  InvalidParameterIssue,
  InvalidParameterRule,
  Merchant,
  PresignMode,
  PresignOptions,
  PresignParams,
  PresignRequest,
  PresignScene,
  PrivateKeyInput,
  PublicKeyInput,
  ReceivedResponse,
  SignableRequest,
  SignatureVerificationReason,
  SigningOptions,
  SigningParams,
  VerificationOptions,
  VerificationPolicy,
  WechatPayErrorCode,
  WechatPayErrorJson,
} from 'wechatpay-presign';
import {
  ApiError,
  authorizationHeader,
  buildPresignRequest,
  DecryptionError,
  decryptField,
  encryptField,
  HostError,
  InvalidKeyError,
  InvalidParameterError,
  isWechatPayError,
  MerchantKey,
  NetworkError,
  PlatformKey,
  SignatureVerificationError,
  signAuthorization,
  signingMessage,
  verifyResponse,
  WechatPayError,
} from 'wechatpay-presign';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<Fact extends true>(_fact?: Fact): void {}

declare const pem: string;
declare const bytes: Uint8Array;

// ---- The request, by mode and scene ----

const common = {
  service_id: 1234,
  out_contract_code: '100001256',
  notify_url: 'https://yoursite.com/wxpay.html',
  contract_display_account: '张三',
};
const prepay_id = 'wx201410272009395522657a690389285100';
const params: PresignParams = { ...common, prepay_id, appid: 'wx1', openid: 'o1' };
const sub = { sub_mchid: '1900000109', sub_appid: 'wx2' };

const request: PresignRequest = buildPresignRequest(params);
holds<Equal<typeof request.method, 'POST'>>();
holds<Equal<typeof request.headers, Record<string, string>>>();

buildPresignRequest(params, undefined);
buildPresignRequest(params, {});
buildPresignRequest(params, { mode: 'ecommerce', scene: 'pay-redirect-sign' });
buildPresignRequest(params, { mode: 'normal', baseUrl: 'https://api2.mch.weixin.qq.com' });
buildPresignRequest(params, { mode: undefined, platformSerial: process.env['PLATFORM_SERIAL'] });
buildPresignRequest(params, { limits: { openid: 64, prepay_id: undefined } });
buildPresignRequest({ ...common, appid: 'wx1', openid: 'o1' }, { scene: 'mini-program' });
buildPresignRequest({ ...common, ...sub, prepay_id, sp_appid: 'wx1', sp_openid: 'o1' }, { mode: 'service-provider' });
buildPresignRequest(
  { ...common, ...sub, sp_appid: 'wx1', sp_openid: 'o1', sub_openid: 'o2' },
  { mode: 'service-provider', scene: 'mini-program', limits: { sub_openid: 64 } },
);
buildPresignRequest({ ...common, ...sub, prepay_id, appid: 'wx1', openid: 'o1' }, { mode: 'qs' });
buildPresignRequest({ ...common, ...sub, prepay_id, appid: 'wx1', sub_openid: 'o2' }, { mode: 'qs' });

const shared: PresignOptions = { platformSerial: 'PUB_KEY_ID_1' };
buildPresignRequest(params, shared);
const ofQs: PresignOptions<'qs', 'mini-program'> = { mode: 'qs', scene: 'mini-program' };
const qs: PresignParams<'qs', 'mini-program'> = { ...common, ...sub, appid: 'wx1', openid: 'o1' };
buildPresignRequest(qs, ofQs);

// A mode known only at run time.
declare const mode: PresignMode;
declare const scene: PresignScene;
declare const anyParams: PresignParams<PresignMode, PresignScene>;
buildPresignRequest(anyParams, { mode, scene });

// @ts-expect-error: no params
buildPresignRequest();
// @ts-expect-error: no prepay_id
buildPresignRequest({ ...common, appid: 'wx1', openid: 'o1' });
// @ts-expect-error: prepay_id in a mini program
buildPresignRequest(params, { scene: 'mini-program' });
// @ts-expect-error: an ecommerce request in mode qs
buildPresignRequest(params, { mode: 'qs' });
// @ts-expect-error: neither openid nor sub_openid
buildPresignRequest({ ...common, ...sub, prepay_id, appid: 'wx1' }, { mode: 'qs' });
// @ts-expect-error: neither sp_openid nor sub_openid
buildPresignRequest({ ...common, ...sub, prepay_id, sp_appid: 'wx1' }, { mode: 'service-provider' });
// @ts-expect-error: service_id as a string
buildPresignRequest({ ...params, service_id: '1234' });
// @ts-expect-error: an unknown field
buildPresignRequest({ ...params, sub_mchid: '1900000109' });
// @ts-expect-error: null, which APIv3 does not take
buildPresignRequest({ ...params, openid: null });
// @ts-expect-error: an unknown mode
buildPresignRequest(params, { mode: 'partner' });
// @ts-expect-error: an unknown scene
buildPresignRequest(params, { scene: 'app' });
// @ts-expect-error: an unknown option
buildPresignRequest(params, { baseURL: 'https://api2.mch.weixin.qq.com' });
// @ts-expect-error: service_id has no length
buildPresignRequest(params, { limits: { service_id: 10 } });
// @ts-expect-error: not a field of this mode
buildPresignRequest(params, { limits: { sp_openid: 10 } });
// @ts-expect-error: a limit as a string
buildPresignRequest(params, { limits: { openid: '10' } });

holds<Equal<FieldName<'ecommerce', 'mini-program'> & 'prepay_id', never>>();
const fieldNames: FieldName[] = ['appid', 'sp_appid', 'sub_mchid', 'openid', 'prepay_id', 'notify_url'];
// @ts-expect-error: not a field
fieldNames.push('mchid');

// ---- Signing ----

const merchant: Merchant = { mchid: '1900000100', serial: '5F1C72', privateKey: pem };
const authorization: string = signAuthorization(request, merchant);
const signingParams: SigningParams = { timestamp: 1554208460, nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };
const now: SigningOptions = { timestamp: signingParams.timestamp };
signAuthorization({ method: 'GET', url: '/v3/certificates' }, merchant, now);
const post: SignableRequest = { method: 'POST', url: request.url, body: bytes };
signAuthorization(post, { ...merchant, privateKey: MerchantKey.fromPem(pem) });
const get: SignableRequest = { method: 'GET', url: '/v3/certificates', body: null };

const message: Uint8Array = signingMessage(get, signingParams);
const parts: AuthorizationParts = { mchid: '1', serial: 'AB', ...signingParams, signature: message };
authorizationHeader(parts);
const header: string = authorizationHeader({ ...parts, signature: 'c2lnbmF0dXJl' });

// The message can be passed to Web Crypto.
declare const key: CryptoKey;
void crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, signingMessage(request, signingParams));
void fetch(request.url, { ...request, headers: { ...request.headers, Authorization: authorization || header } });

// @ts-expect-error: no merchant
signAuthorization(request);
// @ts-expect-error: no url
signAuthorization({ method: 'GET' }, merchant);
// @ts-expect-error: a URL object
signAuthorization({ method: 'GET', url: new URL(request.url) }, merchant);
// @ts-expect-error: a body that is not serialised
signAuthorization({ method: 'POST', url: request.url, body: params }, merchant);
// @ts-expect-error: an environment variable that may not be set
signAuthorization(request, { ...merchant, privateKey: process.env['PRIVATE_KEY'] });
// @ts-expect-error: WeChat's key in place of one's own
signAuthorization(request, { ...merchant, privateKey: PlatformKey.fromPem(pem) });
// @ts-expect-error: a timestamp as a string
signAuthorization(request, merchant, { timestamp: '1554208460' });
// @ts-expect-error: an unknown option
signAuthorization(request, merchant, { nonce_str: 'A' });
// @ts-expect-error: no nonce
signingMessage(request, { timestamp: 1554208460 });
// @ts-expect-error: no signature
authorizationHeader({ mchid: '1', serial: 'AB', ...signingParams });
// @ts-expect-error: an ArrayBuffer
authorizationHeader({ ...parts, signature: new ArrayBuffer(256) });

// ---- Verification ----

declare const response: Response;
declare const incoming: IncomingHttpHeaders;
const policy: VerificationPolicy = { certs: { PUB_KEY_ID_1: pem, '5F1C72': PlatformKey.fromPem(pem) } };
const window: VerificationOptions = { now: 1554208460, toleranceSeconds: 300 };
const { status, headers } = response;
const received: ReceivedResponse = { status, headers, body: await response.text() };
const verified = verifyResponse(received, policy, window);
holds<Equal<typeof verified, unknown>>();
verifyResponse({ status: 200, headers: incoming, body: bytes }, policy);
verifyResponse({ status: 204, headers: { 'Wechatpay-Nonce': 'A' }, body: '' }, policy, {});

// @ts-expect-error: a Response, whose body is a stream
verifyResponse(response, policy);
// @ts-expect-error: no body
verifyResponse({ status, headers }, policy);
// @ts-expect-error: no policy
verifyResponse(received);
// @ts-expect-error: the keys without `certs`
verifyResponse(received, { PUB_KEY_ID_1: pem });
// @ts-expect-error: one's own key in place of WeChat's
verifyResponse(received, { certs: { PUB_KEY_ID_1: MerchantKey.fromPem(pem) } });
// @ts-expect-error: an unknown option
verifyResponse(received, policy, { tolerance: 300 });
// @ts-expect-error: the content is unknown until it is checked
void verified.mchid;

// ---- Keys ----

{
  using own = MerchantKey.fromPem(pem);
  own.free();
  using theirs = PlatformKey.fromPem(pem);
  holds<Equal<typeof theirs.serial, string | undefined>>();
  // @ts-expect-error: read only
  theirs.serial = '5F1C72';
  // @ts-expect-error: a private key has no serial
  void own.serial;
}
// @ts-expect-error: made by fromPem only
new MerchantKey();
// @ts-expect-error: made by fromPem only
new PlatformKey();
MerchantKey.fromPem(bytes);
MerchantKey.fromPem(Buffer.from(pem));
PlatformKey.fromPem(createPublicKey(pem));
holds<Equal<Merchant['privateKey'], PrivateKeyInput>>();
holds<Equal<VerificationPolicy['certs'], Record<string, PublicKeyInput>>>();
for (const privateKey of [pem, bytes, Buffer.from(pem), createPrivateKey(pem), MerchantKey.fromPem(pem)]) {
  const input: PrivateKeyInput = privateKey;
  signAuthorization(request, { mchid: '1', serial: '5F1C', privateKey: input });
  decryptField('AAAA', privateKey);
}
for (const key of [pem, bytes, Buffer.from(pem), createPublicKey(pem), PlatformKey.fromPem(pem)]) {
  const input: PublicKeyInput = key;
  verifyResponse(received, { certs: { PUB_KEY_ID_1: input } });
  encryptField('x', key);
}
declare const cryptoKey: CryptoKey;
// @ts-expect-error: signatures with a CryptoKey are asynchronous
signAuthorization(request, { mchid: '1', serial: '5F1C', privateKey: cryptoKey });
// @ts-expect-error: a promise is not a key
MerchantKey.fromPem(readFile('apiclient_key.pem'));
// @ts-expect-error: a key of the other side
encryptField('x', MerchantKey.fromPem(pem));
// @ts-expect-error: an object of the same shape is not a key
const forged: MerchantKey = { free() {}, [Symbol.dispose]() {} };
void forged;

// ---- Errors ----

export function describe(error: AnyWechatPayError): string {
  switch (error.code) {
    case 'ERR_INVALID_PARAMETER': {
      holds<Equal<typeof error, InvalidParameterError>>();
      const issues: readonly InvalidParameterIssue[] = error.issues;
      const rule: InvalidParameterRule = error.rule;
      return `${error.field} ${rule} ${issues.length}`;
    }
    case 'ERR_SIGNATURE_VERIFICATION': {
      const reason: SignatureVerificationReason = error.reason;
      return reason;
    }
    case 'ERR_API':
      holds<Equal<typeof error.detail, unknown>>();
      holds<Equal<typeof error.apiCode, string | undefined>>();
      holds<Equal<typeof error.apiMessage, string | undefined>>();
      holds<Equal<typeof error.bodyExcerpt, string | undefined>>();
      return `${error.status} ${error.retryable} ${error.verified} ${error.cause?.code}`;
    case 'ERR_INVALID_KEY':
    case 'ERR_DECRYPTION':
    case 'ERR_NETWORK':
      return error.message;
    case 'ERR_NO_RANDOMNESS':
    case 'ERR_NO_CLOCK':
    case 'ERR_SIGNING':
    case 'ERR_STORE':
    case 'ERR_HANDLER':
    case 'ERR_WASM_UNAVAILABLE':
    case 'ERR_WASM_TRAP': {
      holds<Equal<typeof error, HostError>>();
      const operation: HostOperation = error.operation;
      return operation;
    }
    default:
      return error satisfies never;
  }
}

try {
  verifyResponse(received, policy);
} catch (error) {
  if (error instanceof WechatPayError) {
    const code: WechatPayErrorCode = error.code;
    const id: string | undefined = error.requestId;
    console.error(code, id, error.name, error.message, error.cause);
    // @ts-expect-error: no such code
    if (error.code === 'ERR_TIMEOUT') throw error;
  }
  if (error instanceof InvalidParameterError) {
    // @ts-expect-error: no such rule
    if (error.rule === 'too-long') throw error;
    // @ts-expect-error: read only
    error.issues.push({ field: 'a', rule: 'type', message: '' });
  }
  if (error instanceof SignatureVerificationError) {
    // @ts-expect-error: no such reason
    if (error.reason === 'expired') throw error;
  }
  if (error instanceof ApiError) holds<Equal<typeof error.code, 'ERR_API'>>();
  if (error instanceof InvalidKeyError) holds<Equal<typeof error.code, 'ERR_INVALID_KEY'>>();
  if (error instanceof DecryptionError) holds<Equal<typeof error.code, 'ERR_DECRYPTION'>>();
  if (error instanceof NetworkError) holds<Equal<typeof error.code, 'ERR_NETWORK'>>();
  if (error instanceof HostError) holds<Equal<typeof error.code, HostErrorCode>>();
  if (isWechatPayError(error)) {
    holds<Equal<typeof error, AnyWechatPayError>>();
    const json: WechatPayErrorJson = error.toJSON();
    console.error(json.requestId, error.endpoint, error.attempts, error.hint);
    if (error.code === 'ERR_API') holds<Equal<typeof error, ApiError>>();
    // @ts-expect-error: only of an ApiError
    void error.status;
  }
}
holds<Equal<InvalidParameterError['rule'], InvalidParameterRule>>();
holds<Equal<AnyWechatPayError['retryable'], boolean>>();
holds<Equal<AnyWechatPayError['outcomeUnknown'], boolean>>();
holds<Equal<ApiError['name'], 'ApiError'>>();
holds<Equal<HostError['name'], 'HostError'>>();
// @ts-expect-error: only the package makes errors
new ApiError('no');
// @ts-expect-error: only the package makes errors
new ApiError('no', { status: 400, verified: false });
// @ts-expect-error: the base class is abstract
new WechatPayError('no');
// @ts-expect-error: internal
void InvalidParameterError.about;
declare const apiError: ApiError;
// @ts-expect-error: read only
apiError.retryable = true;

/** Who is calling: the claims of the Authorization header, checked in WeChat's order, the signature last. */
import { importPublicKey } from '../../keys.js';
import { Refusal } from '../refusal.js';
import { createNonceMemory } from './nonces.js';
import { checkSignature } from './signature.js';

/**
 * @typedef {import('../gateway.js').GatewayRequest} GatewayRequest
 *
 * @typedef {object} Merchant
 * @property {string} mchid
 * @property {string} serial  of the merchant's API certificate, upper-case hex
 * @property {string} publicKey  SPKI, in PEM
 * @property {string} [apiV3Key]  32 bytes, for what WeChat encrypts
 */

/** How far a request's timestamp may be from the clock, either way. */
const WINDOW_SECONDS = 300;

/**
 * @param {{ merchants: Merchant[], now: () => number }} options
 * @returns {(request: GatewayRequest, claim: import('./authorization.js').Authorization) => Promise<void>}  rejects a false one
 */
export function createIdentityCheck({ merchants, now }) {
  /** @type {Map<string, Map<string, () => Promise<CryptoKey>>>}  each merchant's keys by their serials */
  const keysOf = new Map();
  for (const merchant of merchants) {
    const { mchid, serial, key } = readMerchant(merchant);
    keysOf.set(mchid, (keysOf.get(mchid) ?? new Map()).set(serial, key));
  }
  const nonces = createNonceMemory();

  return async function identify(request, claim) {
    const time = now();
    const { mchid, serial_no, nonce_str } = claim;
    if (!/^(0|[1-9]\d*)$/.test(claim.timestamp)) {
      throw new Refusal(401, 'SIGN_ERROR', 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》');
    }
    const timestamp = Number(claim.timestamp);
    if (Math.abs(time - timestamp) > WINDOW_SECONDS) {
      throw new Refusal(401, 'SIGN_ERROR', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
    }
    const held = keysOf.get(mchid);
    if (!held) {
      throw new Refusal(401, 'SIGN_ERROR', '商户号不存在');
    }
    const key = held.get(serial_no);
    if (!key) {
      throw new Refusal(401, 'SIGN_ERROR', '商户证书序列号有误。请使用签名私钥匹配的证书序列号');
    }
    const refuseRepetition = () => {
      if (nonces.knows(mchid, nonce_str, time)) {
        throw new Refusal(401, 'SIGN_ERROR', 'Http头Authorization中的nonce_str重复使用');
      }
    };
    refuseRepetition();
    await checkSignature(request, claim, await key());
    // Another request with the same may have been checked meanwhile.
    refuseRepetition();
    // Remembered only now: a nonce somebody else made up must not use up the merchant's own. A timestamp ahead
    // of the clock stays good for longer, and so does the memory of it.
    nonces.remember(mchid, nonce_str, time, Math.max(time, timestamp) + WINDOW_SECONDS);
  };
}

/** @param {Merchant} merchant */
function readMerchant({ mchid, serial, publicKey }) {
  if (!/^[0-9A-F]+$/.test(serial)) throw new TypeError(`the serial of merchant ${mchid} is not upper-case hex`);
  /** @type {Promise<CryptoKey> | undefined} */
  let key;
  return { mchid, serial, key: () => (key ??= importPublicKey(publicKey)) };
}

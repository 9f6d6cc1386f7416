/** Checks the claims of the Authorization header in WeChat's order, the signature last. */
import { importPublicKey, type TestMerchant } from '../../keys.js';
import type { GatewayRequest } from '../gateway.js';
import { Rejection } from '../rejection.js';
import type { Authorization } from './authorization.js';
import { createNonceMemory } from './nonces.js';
import { checkSignature } from './signature.js';

/** A merchant as WeChat knows it: without its private key. */
export type KnownMerchant = Pick<TestMerchant, 'mchid' | 'serial' | 'publicKey'> & { apiV3Key?: string | undefined };

/** How far a request's timestamp may be from the clock, in both directions. */
const WINDOW_SECONDS = 300;

/** The function returned throws a {@link Rejection} if a claim is false. */
export function createIdentityCheck({
  merchants,
  now,
}: {
  merchants: readonly KnownMerchant[];
  now: () => number;
}): (request: GatewayRequest, authorization: Authorization) => Promise<void> {
  /** Each merchant's keys, by serial. */
  const keysOf = new Map<string, Map<string, () => Promise<CryptoKey>>>();
  for (const merchant of merchants) {
    const { mchid, serial, key } = readMerchant(merchant);
    keysOf.set(mchid, (keysOf.get(mchid) ?? new Map()).set(serial, key));
  }
  const nonces = createNonceMemory();

  return async (request, authorization) => {
    const time = now();
    const { mchid, serial_no, nonce_str } = authorization;
    if (!/^(0|[1-9]\d*)$/.test(authorization.timestamp)) {
      throw new Rejection(401, 'SIGN_ERROR', 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》');
    }
    const timestamp = Number(authorization.timestamp);
    if (Math.abs(time - timestamp) > WINDOW_SECONDS) {
      throw new Rejection(401, 'SIGN_ERROR', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
    }
    const keys = keysOf.get(mchid);
    if (!keys) {
      throw new Rejection(401, 'SIGN_ERROR', '商户号不存在');
    }
    const key = keys.get(serial_no);
    if (!key) {
      throw new Rejection(401, 'SIGN_ERROR', '商户证书序列号有误。请使用签名私钥匹配的证书序列号');
    }
    const rejectReplay = () => {
      if (nonces.has(mchid, nonce_str, time)) {
        throw new Rejection(401, 'SIGN_ERROR', 'Http头Authorization中的nonce_str重复使用');
      }
    };
    rejectReplay();
    await checkSignature(request, authorization, await key());
    // Another request with the same nonce may have been verified meanwhile.
    rejectReplay();
    // The nonce is remembered only after verification, so that an attacker cannot use up the merchant's nonces. If the
    // timestamp is ahead of the clock, the request stays valid for longer, and the nonce is remembered for longer.
    nonces.remember(mchid, nonce_str, time, Math.max(time, timestamp) + WINDOW_SECONDS);
  };
}

function readMerchant({ mchid, serial, publicKey }: KnownMerchant) {
  if (!/^[0-9A-F]+$/.test(serial)) {
    throw new TypeError(`the serial of merchant ${mchid} must be upper-case hexadecimal`);
  }
  let key: Promise<CryptoKey> | undefined;
  return {
    mchid,
    serial,
    key: () => {
      key ??= importPublicKey(publicKey);
      return key;
    },
  };
}

/** Checks the claims of the Authorization header in WeChat's order, the signature last. */
import { importPublicKey, type TestMerchant } from '../../keys.js';
import type { GatewayRequest } from '../gateway.js';
import { Rejection, type RejectionExplanation } from '../rejection.js';
import { type Authorization, malformedAuthorization } from './authorization.js';
import { signedRequest } from './multipart.js';
import { createNonceMemory } from './nonces.js';
import { isSignedBy, signatureMismatch } from './signature.js';
import { explainSignature } from './signature-mistakes.js';

/** A merchant without its private key, which WeChat does not have. */
export type KnownMerchant = Pick<TestMerchant, 'mchid' | 'serial' | 'publicKey'> & { apiV3Key?: string | undefined };

/** The greatest difference between a request's timestamp and the clock, in either direction. */
const WINDOW_SECONDS = 300;

/** The returned function throws a {@link Rejection} if a claim is false. */
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
      throw malformedAuthorization('timestamp must be a whole number of seconds since 1970, in decimal.');
    }
    const timestamp = Number(authorization.timestamp);
    if (Math.abs(time - timestamp) > WINDOW_SECONDS) {
      const message = 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟';
      throw signError(message, explainTimestamp(timestamp, time));
    }
    const keys = keysOf.get(mchid);
    if (!keys) {
      throw signError('商户号不存在', {
        reason: 'unknown-merchant',
        where: 'Authorization',
        en: `The gateway knows no merchant ${mchid}.`,
        expected: [...keysOf.keys()].join(', '),
        actual: mchid,
      });
    }
    const key = keys.get(serial_no);
    if (!key) {
      throw signError('商户证书序列号有误。请使用签名私钥匹配的证书序列号', explainSerial(serial_no, mchid, keysOf));
    }
    const rejectReplay = () => {
      if (nonces.has(mchid, nonce_str, time)) {
        const en =
          'This nonce_str was used before. Make a new nonce and a new signature for each request, repeats included.';
        const explanation = { reason: 'nonce', where: 'Authorization', en, actual: nonce_str };
        throw signError('Http头Authorization中的nonce_str重复使用', explanation);
      }
    };
    rejectReplay();
    const signedByCaller = signedRequest(request);
    if (!(await isSignedBy(await key(), signedByCaller, authorization))) {
      throw signatureMismatch(signedByCaller, authorization, await explainSignature(request, authorization, merchants));
    }
    // Another request with the same nonce may have been verified in the meantime.
    rejectReplay();
    // The nonce is remembered only after verification, so that an attacker cannot use up the merchant's nonces. If the
    // timestamp is ahead of the clock, the request stays valid for longer, and the nonce is remembered for longer.
    nonces.remember(mchid, nonce_str, time, Math.max(time, timestamp) + WINDOW_SECONDS);
  };
}

const signError = (message: string, explanation: RejectionExplanation): Rejection =>
  new Rejection(401, 'SIGN_ERROR', message, undefined, explanation);

function explainTimestamp(timestamp: number, time: number): RejectionExplanation {
  const off = Math.abs(time - timestamp);
  const direction = timestamp < time ? 'behind' : 'ahead of';
  const isMilliseconds = Math.abs(time - timestamp / 1000) < 86_400;
  return {
    reason: 'timestamp',
    where: 'Authorization',
    en: isMilliseconds
      ? 'The timestamp is in milliseconds. It must be in seconds.'
      : `The timestamp is ${off} seconds ${direction} the clock of the gateway; at most ${WINDOW_SECONDS} are allowed. Set your clock.`,
    zh: isMilliseconds
      ? 'timestamp 的单位为毫秒，应改为秒。'
      : `timestamp 与网关时间相差 ${off} 秒，不得超过 ${WINDOW_SECONDS} 秒。请校准服务器时钟。`,
    expected: String(time),
    actual: String(timestamp),
  };
}

function explainSerial(
  serial: string,
  mchid: string,
  keysOf: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
): RejectionExplanation {
  const own = [...(keysOf.get(mchid)?.keys() ?? [])];
  const [owner] = [...keysOf].find(([, keys]) => keys.has(serial)) ?? [];
  const sameNumber = own.find((known) => known.replace(/^0+/, '') === serial.toUpperCase().replace(/^0+/, ''));
  const expected = own.join(', ');
  return {
    reason: 'wrong-serial',
    where: 'Authorization',
    en: sameNumber
      ? `serial_no must be written as ${sameNumber}: in upper case, with its leading zeros.`
      : `serial_no ${serial} is ${owner ? `a certificate of merchant ${owner}` : 'no certificate of any merchant'}. ` +
        `Merchant ${mchid} has ${expected}.`,
    zh: sameNumber
      ? `serial_no 应写为 ${sameNumber}：字母大写，并保留前导零。`
      : `serial_no ${serial} ${owner ? `属于商户号 ${owner}` : '不属于任何商户'}。商户号 ${mchid} 的证书序列号为 ${expected}。`,
    expected,
    actual: serial,
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

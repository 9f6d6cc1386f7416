/** `GET /v3/certificates`: the platform certificates, encrypted for the merchant who requests them. */
import type { TestCertificate } from '../certificate.js';
import type { EncryptFor } from './encryption.js';
import { Rejection } from './rejection.js';
import { ok, type UnsignedResponse } from './response.js';

/**
 * A certificate that `GET /v3/certificates` lists.
 *
 * @example
 * ```ts
 * const certificate = await makeCertificate();
 * // Encrypted as if it belonged to a notification: a client must not accept it.
 * const listed: ListedCertificate = { ...certificate, associated_data: 'entrust' };
 * kit.gateway.certificates.push(listed);
 * ```
 */
export interface ListedCertificate
  extends Pick<TestCertificate, 'serial' | 'certificate' | 'effective_time' | 'expire_time'> {
  /** The text to encrypt: a PEM, or anything else that a client should reject. */
  certificate: string;
  /** Default: `certificate`, which WeChat Pay uses. */
  associated_data?: string;
}

/** @internal */
export type ListCertificates = (mchid: string) => Promise<UnsignedResponse>;

/**
 * `certificates` is read again for each request, so that certificates can be rotated.
 *
 * @internal
 */
export function createCertificateList({
  certificates,
  encryptFor,
}: {
  certificates: readonly ListedCertificate[];
  encryptFor: EncryptFor;
}): ListCertificates {
  return async (mchid) => {
    if (certificates.length === 0) {
      const guide = 'https://pay.weixin.qq.com/doc/v3/merchant/4012153196';
      const message = `无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引${guide}`;
      const en = 'This gateway has no platform certificate. It signs with a public key: use that one.';
      const explanation = { reason: 'not-found', where: 'path', en };
      throw new Rejection(404, 'RESOURCE_NOT_EXISTS', message, undefined, explanation);
    }
    const data = certificates.map(async (listed) => {
      const { serial, certificate, effective_time, expire_time, associated_data = 'certificate' } = listed;
      const encrypt_certificate = await encryptFor(mchid, certificate, associated_data);
      if (!encrypt_certificate) {
        const en = `Merchant ${mchid} has no APIv3 key, with which the certificates are encrypted.`;
        const explanation = { reason: 'no-api-v3-key', where: 'Authorization', en };
        throw new Rejection(401, 'SIGN_ERROR', '商户未设置APIv3密钥。', undefined, explanation);
      }
      return { serial_no: serial, effective_time, expire_time, encrypt_certificate };
    });
    return ok({ data: await Promise.all(data) });
  };
}

/** `GET /v3/certificates`: the platform certificates, encrypted for the merchant who asks. */
import { ok } from './answer.js';
import { Refusal } from './refusal.js';

/**
 * @typedef {object} PlatformCertificate
 * @property {string} serial
 * @property {string} certificate  PEM
 * @property {string} effective_time  ISO 8601, like expire_time
 * @property {string} expire_time
 */

/**
 * @param {{ certificates: PlatformCertificate[], encrypt: import('./encryption.js').Encrypt }} options
 * @returns {(mchid: string) => Promise<import('./answer.js').Content>}
 */
export function createCertificateList({ certificates, encrypt }) {
  return async function certificatesFor(mchid) {
    if (certificates.length === 0) {
      const guide = 'https://pay.weixin.qq.com/doc/v3/merchant/4012153196';
      const message = `无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引${guide}`;
      throw new Refusal(404, 'RESOURCE_NOT_EXISTS', message);
    }
    const data = certificates.map(async ({ serial, certificate, effective_time, expire_time }) => {
      const encrypt_certificate = await encrypt(mchid, certificate, 'certificate');
      if (!encrypt_certificate) throw new Refusal(401, 'SIGN_ERROR', '商户未设置APIv3密钥。');
      return { serial_no: serial, effective_time, expire_time, encrypt_certificate };
    });
    return ok({ data: await Promise.all(data) });
  };
}

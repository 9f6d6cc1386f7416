/** Parses the Authorization header. identity.ts checks whether its claims are true. */
import { Rejection } from '../rejection.js';

const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

export type Authorization = Record<'mchid' | 'nonce_str' | 'signature' | 'timestamp' | 'serial_no', string>;

// One quoted field: printable ASCII without spaces or quotes, so nothing needs unescaping.
const FIELD = '(mchid|nonce_str|signature|timestamp|serial_no)="([!#-~]+)"';
const FIVE_FIELDS = new RegExp(`^${FIELD}(?:,${FIELD}){4}$`);

export function parseAuthorization(header = ''): Authorization {
  const [scheme = '', ...rest] = header.split(' ');
  if (header !== '' && scheme !== SCHEME) {
    const en = `The header Authorization must begin with ${SCHEME} and one space.`;
    throw new Rejection(401, 'SIGN_ERROR', 'Http头Authorization认证类型不正确', undefined, {
      reason: 'wrong-header',
      where: 'Authorization',
      en,
      expected: SCHEME,
      actual: scheme,
    });
  }
  const list = rest.join(' ');
  const fields = new Map([...list.matchAll(new RegExp(FIELD, 'g'))].map(([, name, value]) => [name, value]));
  const { mchid, nonce_str, signature, timestamp, serial_no } = Object.fromEntries(fields);
  if (!FIVE_FIELDS.test(list) || !mchid || !nonce_str || !signature || !timestamp || !serial_no) {
    throw malformedAuthorization(
      header === ''
        ? 'The header Authorization is missing.'
        : 'The header Authorization must have mchid, nonce_str, signature, timestamp and serial_no once each, as ' +
            'name="value", separated by commas without spaces.',
      header === '' ? 'missing-header' : 'wrong-header',
    );
  }
  return { mchid, nonce_str, signature, timestamp, serial_no };
}

/** `en` explains the error in English. */
export function malformedAuthorization(en: string, reason = 'wrong-header'): Rejection {
  const message = 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》';
  return new Rejection(401, 'SIGN_ERROR', message, undefined, { reason, where: 'Authorization', en });
}

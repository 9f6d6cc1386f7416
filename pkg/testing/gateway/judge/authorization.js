/** The form of the Authorization header; whether it is true is for identity.js. */
import { Refusal } from '../refusal.js';

const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/** @typedef {Record<'mchid' | 'nonce_str' | 'signature' | 'timestamp' | 'serial_no', string>} Authorization */

// One quoted field: printable ASCII without spaces or quotes, so that nothing has to be unescaped.
const FIELD = '(mchid|nonce_str|signature|timestamp|serial_no)="([!#-~]+)"';
const FIVE_FIELDS = new RegExp(`^${FIELD}(?:,${FIELD}){4}$`);

/**
 * @param {string | undefined} header
 * @returns {Authorization}
 */
export function parseAuthorization(header = '') {
  const [scheme = '', ...rest] = header.split(' ');
  if (header !== '' && scheme !== SCHEME) {
    throw new Refusal(401, 'SIGN_ERROR', 'Http头Authorization认证类型不正确');
  }
  const list = rest.join(' ');
  const fields = new Map([...list.matchAll(new RegExp(FIELD, 'g'))].map(([, name, value]) => [name, value]));
  const { mchid, nonce_str, signature, timestamp, serial_no } = Object.fromEntries(fields);
  if (!FIVE_FIELDS.test(list) || !mchid || !nonce_str || !signature || !timestamp || !serial_no) {
    throw new Refusal(401, 'SIGN_ERROR', 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》');
  }
  return { mchid, nonce_str, signature, timestamp, serial_no };
}

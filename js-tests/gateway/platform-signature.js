/** The signature over whatever WeChat sends, answers and notifications alike. */
import { createPrivateKey, KeyObject, sign } from 'node:crypto';

/**
 * @typedef {object} Platform
 * @property {string} serial  of a platform certificate, or a PUB_KEY_ID_… id
 * @property {string | KeyObject} privateKey
 *
 * @typedef {ReturnType<typeof createPlatformSigner>} PlatformSigner
 */

/** @param {{ platforms: Platform[], now: () => number, nonce: () => string }} options */
export function createPlatformSigner({ platforms, now, nonce }) {
  const signers = platforms.map(({ serial, privateKey }) => ({
    serial,
    key: privateKey instanceof KeyObject ? privateKey : createPrivateKey(privateKey),
  }));
  const [defaultSigner] = signers;
  if (!defaultSigner) throw new TypeError('the gateway needs a platform key to sign its answers with');

  /** @param {string} wanted */
  const signerCalled = (wanted) => signers.find(({ serial }) => sameSerial(serial, wanted));

  return {
    /** @param {string} serial */
    knows: (serial) => signerCalled(serial) !== undefined,

    /**
     * The headers that carry the signature.
     * @param {Buffer} body
     * @param {string} [wantedSerial]  of the key to sign with; the first key where there is none of that name
     * @param {number} [ageSeconds]  how long ago this claims to have been signed; negative for the future
     * @returns {Record<string, string>}
     */
    headers(body, wantedSerial = '', ageSeconds = 0) {
      const { serial, key } = signerCalled(wantedSerial) ?? defaultSigner;
      const timestamp = String(now() - ageSeconds);
      const ownNonce = nonce();
      const message = Buffer.concat([Buffer.from(`${timestamp}\n${ownNonce}\n`), body, Buffer.from('\n')]);
      return {
        'Wechatpay-Timestamp': timestamp,
        'Wechatpay-Nonce': ownNonce,
        'Wechatpay-Signature': sign('sha256', message, key).toString('base64'),
        'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
        'Wechatpay-Serial': serial,
      };
    },
  };
}

/** @type {(a: string, b: string) => boolean}  tools differ on letter case and leading zeros */
const sameSerial = (a, b) => normalSerial(a) === normalSerial(b);
/** @param {string} serial */
const normalSerial = (serial) => serial.toUpperCase().replace(/^0+/, '');

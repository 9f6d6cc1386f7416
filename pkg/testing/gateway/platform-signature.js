/** The signature over whatever WeChat sends, answers and notifications alike. */
import { base64, concat, utf8 } from '../bytes.js';
import { RSA, importPrivateKey } from '../keys.js';

/**
 * @typedef {object} Platform
 * @property {string} serial  of a platform certificate, or a PUB_KEY_ID_… id
 * @property {string} privateKey  PKCS#8, in PEM
 *
 * @typedef {ReturnType<typeof createPlatformSigner>} PlatformSigner
 */

/** @param {{ platforms: Platform[], now: () => number, nonce: () => string }} options */
export function createPlatformSigner({ platforms, now, nonce }) {
  if (platforms.length === 0) throw new TypeError('the gateway needs a platform key to sign its answers with');
  /** @type {Map<string, Promise<CryptoKey>>}  by the PEM */
  const imported = new Map();

  /** @param {string} privateKey */
  function keyOf(privateKey) {
    const key = imported.get(privateKey) ?? importPrivateKey(privateKey);
    imported.set(privateKey, key);
    return key;
  }

  /** @param {string} wanted */
  const platformCalled = (wanted) => platforms.find(({ serial }) => sameSerial(serial, wanted));

  return {
    /** @param {string} serial */
    knows: (serial) => platformCalled(serial) !== undefined,

    /**
     * The serial of a key that is not this one, where there is one.
     * @param {string} serial
     */
    otherThan: (serial) => platforms.find((platform) => !sameSerial(platform.serial, serial))?.serial,

    /**
     * The headers that carry the signature.
     * @param {Uint8Array} body
     * @param {string} [wantedSerial]  of the key to sign with; the first key where there is none of that name
     * @param {number} [ageSeconds]  how long ago this claims to have been signed; negative for the future
     * @returns {Promise<Record<string, string>>}
     */
    async headers(body, wantedSerial = '', ageSeconds = 0) {
      const { serial, privateKey } = platformCalled(wantedSerial) ?? /** @type {Platform} */ (platforms[0]);
      const timestamp = String(now() - ageSeconds);
      const ownNonce = nonce();
      const message = concat(utf8(`${timestamp}\n${ownNonce}\n`), body, utf8('\n'));
      const signature = await crypto.subtle.sign(RSA.name, await keyOf(privateKey), message);
      return {
        'Wechatpay-Timestamp': timestamp,
        'Wechatpay-Nonce': ownNonce,
        'Wechatpay-Signature': base64(new Uint8Array(signature)),
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

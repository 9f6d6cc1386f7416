/** Signs responses and notifications as WeChat does. */
import { base64, concat, utf8 } from '../bytes.js';
import { importPrivateKey, RSA, type TestPlatformKey } from '../keys.js';

export type SigningKey = Pick<TestPlatformKey, 'serial' | 'privateKey'>;

export interface PlatformSigner {
  /** Whether there is a key with this serial. */
  has(serial: string): boolean;
  /** The serial of any other key; undefined if there is none. */
  otherThan(serial: string): string | undefined;
  /**
   * Returns the headers that carry the signature.
   *
   * `serial` chooses the key; if there is none with that serial, the first key signs. `ageSeconds` is how long ago the
   * message claims to have been signed; a negative value is in the future.
   */
  sign(
    body: Uint8Array,
    options?: { serial?: string | undefined; ageSeconds?: number; nonce?: string },
  ): Promise<Record<string, string>>;
}

/** `platforms` is read again for each signature, so that keys can be rotated. */
export function createPlatformSigner({
  platforms,
  now,
  makeNonce,
}: {
  platforms: readonly SigningKey[];
  now: () => number;
  makeNonce: () => string;
}): PlatformSigner {
  if (platforms.length === 0) throw new TypeError('platform is empty: the gateway needs a platform key to sign with');
  /** Imported keys, by PEM. */
  const imported = new Map<string, Promise<CryptoKey>>();

  function keyOf(privateKey: string): Promise<CryptoKey> {
    const key = imported.get(privateKey) ?? importPrivateKey(privateKey);
    imported.set(privateKey, key);
    return key;
  }

  const find = (wanted: string) => platforms.find(({ serial }) => sameSerial(serial, wanted));

  return {
    has: (serial) => find(serial) !== undefined,
    otherThan: (serial) => platforms.find((platform) => !sameSerial(platform.serial, serial))?.serial,
    async sign(body, { serial: wanted = '', ageSeconds = 0, nonce = makeNonce() } = {}) {
      const platform = find(wanted) ?? platforms[0];
      if (platform === undefined) throw new TypeError('gateway.platforms is empty: add a key to sign with');
      const timestamp = String(now() - ageSeconds);
      const message = concat(utf8(`${timestamp}\n${nonce}\n`), body, utf8('\n'));
      const signature = await crypto.subtle.sign(RSA.name, await keyOf(platform.privateKey), message);
      return {
        'Wechatpay-Timestamp': timestamp,
        'Wechatpay-Nonce': nonce,
        'Wechatpay-Signature': base64(new Uint8Array(signature)),
        'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
        'Wechatpay-Serial': platform.serial,
      };
    },
  };
}

/** Tools differ in letter case and leading zeros. */
const sameSerial = (a: string, b: string): boolean => normalize(a) === normalize(b);
const normalize = (serial: string): string => serial.toUpperCase().replace(/^0+/, '');

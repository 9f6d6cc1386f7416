// The forms of keys that callers pass, other than MerchantKey and PlatformKey. Rust recognises the content of text or bytes.
import { isBytes, kindOf, ownBytes, reading } from './arguments.js';
import { InvalidKeyError, InvalidParameterError } from './errors.js';
import type { MerchantKey, PlatformKey } from './keys.js';

/**
 * The part of a `KeyObject` of node:crypto that this package uses.
 *
 * @example
 * ```ts
 * import { createPrivateKey } from 'node:crypto';
 *
 * const key: NodeKeyObject = createPrivateKey(pem);
 * ```
 */
export interface NodeKeyObject {
  /** `private` or `public`. */
  readonly type: string;
  /** Returns a new array of bytes, which is wiped after use if the key is private. */
  export(options: { type: 'pkcs8' | 'spki'; format: 'der' }): unknown;
}

/**
 * The merchant's private key (`apiclient_key.pem`), not encrypted: RSA, 2048 to 4096 bits, in PKCS#8 or PKCS#1.
 *
 * - a PEM as text, with line breaks or with `\n` written out
 * - the content of the file as bytes, PEM or DER: `readFileSync('apiclient_key.pem')`. They are copied.
 * - a `KeyObject` of node:crypto
 * - a {@link MerchantKey}
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 *
 * const privateKey: PrivateKeyInput = readFileSync('apiclient_key.pem');
 * ```
 */
export type PrivateKeyInput = string | Uint8Array | NodeKeyObject | MerchantKey;

/**
 * A certificate (X.509) or a public key (SPKI or PKCS#1): RSA, 2048 to 4096 bits.
 *
 * - a PEM as text, with line breaks or with `\n` written out
 * - the content of the file as bytes, PEM or DER: `readFileSync('pub_key.pem')`. They are copied.
 * - a `KeyObject` of node:crypto
 * - a {@link PlatformKey}
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 *
 * const key: PublicKeyInput = readFileSync('pub_key.pem');
 * const certs = { PUB_KEY_ID_0119000001002025010100111111111111: key };
 * ```
 */
export type PublicKeyInput = string | Uint8Array | NodeKeyObject | PlatformKey;

type KeyType = 'private' | 'public';

/** No key file is nearly this long. */
const MAX_LENGTH = 2 ** 16;

/** The fix if a key of the other type was passed. */
const SWAPPED = {
  private: 'is a public key; the merchant’s private key is in apiclient_key.pem',
  public: 'is a private key; pass WeChat Pay’s public key or certificate here, never a private key',
};

/**
 * Copies the bytes of a key. Returns undefined for any other value. The caller wipes the copy of a private key.
 *
 * @internal
 */
export function copyKeyBytes(field: string, key: unknown, type: KeyType): Uint8Array<ArrayBuffer> | undefined {
  if (isBytes(key)) return copyOf(field, key);
  if (typeof key !== 'object' || key === null) return undefined;
  if (isNodeKeyObject(field, key)) return exportKey(field, key, type);
  const explanation = reading(field, () => explainObject(key, type));
  if (explanation !== undefined) throw InvalidParameterError.about(field, 'type', explanation);
  return undefined;
}

function copyOf(field: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const own = ownBytes(field, bytes);
  if (own.length > MAX_LENGTH) throw new InvalidKeyError(`${field} has ${own.length} bytes, which no key has`);
  return Uint8Array.from(own);
}

function isNodeKeyObject(field: string, key: object): key is NodeKeyObject {
  const isOne = ({ type, export: method }: { type?: unknown; export?: unknown }) =>
    typeof type === 'string' && typeof method === 'function';
  return reading(field, () => isOne(key));
}

function exportKey(field: string, key: NodeKeyObject, wanted: KeyType): Uint8Array<ArrayBuffer> {
  const type = reading(field, () => key.type);
  if (type !== wanted) {
    const isOther = type === 'private' || type === 'public';
    throw new InvalidKeyError(`${field} ${isOther ? SWAPPED[wanted] : 'is a KeyObject for a secret, not an RSA key'}`);
  }
  const exported = reading(field, () => key.export({ type: wanted === 'private' ? 'pkcs8' : 'spki', format: 'der' }));
  if (!isBytes(exported)) {
    throw InvalidParameterError.about(
      field,
      'type',
      `is a KeyObject that exports ${kindOf(exported)} in place of bytes`,
    );
  }
  const copy = copyOf(field, exported);
  if (wanted === 'private') exported.fill(0);
  return copy;
}

/** Names a common mistake, and the fix. */
function explainObject(key: object, type: KeyType): string | undefined {
  const { then, raw } = key as { then?: unknown; raw?: unknown };
  if (typeof then === 'function') return 'is a Promise: put `await` before it';
  if (isBytes(raw)) return 'is an X509Certificate: pass its bytes, its property `raw`';
  switch (Object.prototype.toString.call(key)) {
    case '[object URL]':
      return 'is a URL, not a key: pass the file’s content, readFileSync(url)';
    case '[object ArrayBuffer]':
      return 'is an ArrayBuffer: pass new Uint8Array(buffer)';
    case '[object CryptoKey]':
      return type === 'private'
        ? 'is a CryptoKey, whose signatures are asynchronous: use createClient, which takes it'
        : "is a CryptoKey: pass its bytes, new Uint8Array(await crypto.subtle.exportKey('spki', key))";
    default:
      return undefined;
  }
}

/// <reference lib="esnext.disposable" preserve="true" />
// Keys. JavaScript holds only their numbers; the keys themselves stay in the memory of the wasm.
import { assertText, fieldsOf } from './arguments.js';
import { InvalidKeyError, InvalidParameterError } from './errors.js';
import { callWasm, instance, isCurrent } from './instance.js';
import { copyKeyBytes, type PrivateKeyInput, type PublicKeyInput } from './key-input.js';

/**
 * Something in the memory of one wasm instance, such as a key.
 *
 * @internal
 */
export class Handle {
  /** Frees the keys of objects that were dropped without `free()`, if the host supports that. */
  static #dropped =
    typeof FinalizationRegistry === 'undefined'
      ? undefined
      : new FinalizationRegistry((release: () => void) => release());

  readonly #className: string;
  readonly #generation = instance();
  readonly #release: () => void;
  #number: number | undefined;

  constructor(className: string, number: number, free: (number: number) => void) {
    this.#className = className;
    this.#number = number;
    // Must not refer to `this`, or the handle would never be collected.
    const generation = this.#generation;
    this.#release = () => {
      if (isCurrent(generation)) free(number);
    };
    Handle.#dropped?.register(this, this.#release, this);
  }

  get isUsable(): boolean {
    return this.#number !== undefined && isCurrent(this.#generation);
  }

  get number(): number {
    if (this.#number === undefined) throw new InvalidKeyError(`this ${this.#className} has been freed`);
    if (this.isUsable) return this.#number;
    throw new InvalidKeyError(`this ${this.#className} was lost when the WebAssembly module failed: create it again`);
  }

  free(): void {
    if (this.#number === undefined) return;
    this.#number = undefined;
    Handle.#dropped?.unregister(this);
    this.#release();
  }
}

/**
 * Parses each key once, and keeps the newest. When it is full, the oldest key is dropped and freed. A PEM is found by its
 * text, and bytes by their fingerprint, so that no copy of a private key is kept for comparison.
 */
class KeyCache {
  static readonly #LIMIT = 10_000;
  readonly #fromText = new Map<string, Handle>();
  readonly #fromBytes = new Map<string, Handle>();

  getOrParse(key: string | Uint8Array, parse: (key: string | Uint8Array) => Handle): Handle {
    const isText = typeof key === 'string';
    const handles = isText ? this.#fromText : this.#fromBytes;
    const name = isText ? key : callWasm((wasm) => wasm.keyFingerprint(key));
    const known = handles.get(name);
    if (known?.isUsable) return known;
    const handle = parse(key);
    handles.set(name, handle);
    if (handles.size > KeyCache.#LIMIT) dropOldest(handles);
    return handle;
  }
}

function dropOldest(handles: Map<string, Handle>): void {
  for (const [name, handle] of handles) {
    handle.free();
    handles.delete(name);
    return;
  }
}

/** Known to this file only, so that only `fromPem` can make keys. */
const INTERNAL = Symbol('fromPem');

function assertInternal(token: unknown, className: string): void {
  if (token === INTERNAL) return;
  throw InvalidParameterError.about('new', 'type', `cannot create a ${className}: use ${className}.fromPem(pem)`);
}

// TypeScript declares `Symbol.dispose`; older hosts do not have it.
const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

// Set inside the classes, which alone can read their private fields and call their private constructors. The classes do
// not refer to themselves by name, since bundlers rename classes that do.
let newMerchantKey: (handle: Handle) => MerchantKey;
let newPlatformKey: (handle: Handle) => PlatformKey;
let merchantHandleOf: (key: unknown) => Handle | undefined;
let platformHandleOf: (key: unknown) => Handle | undefined;

/**
 * A merchant's private key, parsed once and kept in the memory of the WebAssembly module, out of reach of JavaScript.
 * Printing it shows nothing. A PEM works everywhere too; use this class to control when a key is parsed and freed.
 *
 * @example
 * ```js
 * const privateKey = MerchantKey.fromPem(pem);
 * const Authorization = signAuthorization(request, { mchid, serial, privateKey });
 * privateKey.free();
 * ```
 */
export class MerchantKey {
  readonly #handle: Handle;

  private constructor(token: symbol, handle: Handle) {
    assertInternal(token, 'MerchantKey');
    this.#handle = handle;
  }

  /**
   * Parses a private key.
   *
   * @param key - A PEM that contains a PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`) key: RSA, 2048 to 4096 bits,
   *   not encrypted. Or one of the other forms of {@link PrivateKeyInput}.
   * @throws {@link InvalidKeyError} if it cannot be used, with none of its content in the message;
   *   {@link InvalidParameterError} if it is of another type.
   */
  static fromPem(key: Exclude<PrivateKeyInput, MerchantKey>): MerchantKey {
    const bytes = copyKeyBytes('privateKey', key, 'private');
    if (bytes !== undefined) return newMerchantKey(wiping(bytes, parseMerchantKey));
    assertText('privateKey', key, 'a PEM, its bytes or a KeyObject');
    return newMerchantKey(parseMerchantKey(key));
  }

  /**
   * Wipes the key from the memory of the module. Using the key afterwards throws {@link InvalidKeyError}; freeing it
   * again does nothing. A key that is never freed is wiped when it is garbage-collected.
   */
  free(): void {
    this.#handle.free();
  }

  /** Same as {@link MerchantKey.free}, for `using key = MerchantKey.fromPem(pem)`. */
  [dispose](): void {
    this.free();
  }

  static {
    newMerchantKey = (handle) => new this(INTERNAL, handle);
    merchantHandleOf = (key) => (isObject(key) && #handle in key ? key.#handle : undefined);
  }
}

/**
 * A key of WeChat Pay, parsed once: a platform certificate or the WeChat Pay public key (微信支付公钥).
 *
 * @example
 * ```js
 * const key = PlatformKey.fromPem(pem);
 * const certs = { [key.serial ?? publicKeyId]: key };
 * ```
 */
export class PlatformKey {
  readonly #handle: Handle;

  private constructor(token: symbol, handle: Handle) {
    assertInternal(token, 'PlatformKey');
    this.#handle = handle;
  }

  /**
   * Parses a certificate or a public key.
   *
   * @param key - A PEM that contains an X.509 certificate (`CERTIFICATE`) or a public key (`PUBLIC KEY`,
   *   `RSA PUBLIC KEY`): RSA, 2048 to 4096 bits. Or one of the other forms of {@link PublicKeyInput}.
   * @throws {@link InvalidKeyError} if it cannot be used; {@link InvalidParameterError} if it is of another type.
   */
  static fromPem(key: Exclude<PublicKeyInput, PlatformKey>): PlatformKey {
    return newPlatformKey(parsePlatformKey(readPublicKey('pem', key)));
  }

  /**
   * The serial number of the certificate in upper-case hexadecimal digits. `undefined` for a public key, whose id is
   * shown only on the merchant platform. Throws {@link InvalidKeyError} if the key has been freed.
   */
  get serial(): string | undefined {
    const { number } = this.#handle;
    return callWasm((wasm) => wasm.platformKeySerial(number));
  }

  /** Frees the memory of the key. Using it afterwards throws {@link InvalidKeyError}; freeing it again does nothing. */
  free(): void {
    this.#handle.free();
  }

  /** Same as {@link PlatformKey.free}, for `using key = PlatformKey.fromPem(pem)`. */
  [dispose](): void {
    this.free();
  }

  static {
    newPlatformKey = (handle) => new this(INTERNAL, handle);
    platformHandleOf = (key) => (isObject(key) && #handle in key ? key.#handle : undefined);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function parseMerchantKey(key: string | Uint8Array): Handle {
  const number = callWasm((wasm) =>
    typeof key === 'string' ? wasm.merchantKeyFromPem(key) : wasm.merchantKeyFromBytes(key),
  );
  return new Handle('MerchantKey', number, (freed) => callWasm((wasm) => wasm.merchantKeyFree(freed)));
}

function parsePlatformKey(key: string | Uint8Array): Handle {
  const number = callWasm((wasm) =>
    typeof key === 'string' ? wasm.platformKeyFromPem(key) : wasm.platformKeyFromBytes(key),
  );
  return new Handle('PlatformKey', number, (freed) => callWasm((wasm) => wasm.platformKeyFree(freed)));
}

const merchantKeys = new KeyCache();
const platformKeys = new KeyCache();

/** Uses the copy of a private key, and wipes it. */
function wiping<Result>(bytes: Uint8Array, use: (bytes: Uint8Array) => Result): Result {
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}

function readPublicKey(field: string, key: unknown): string | Uint8Array<ArrayBuffer> {
  if (merchantHandleOf(key) !== undefined) {
    const explanation = 'is a MerchantKey, but must be WeChat Pay’s public key or certificate';
    throw InvalidParameterError.about(field, 'type', explanation);
  }
  const bytes = copyKeyBytes(field, key, 'public');
  if (bytes !== undefined) return bytes;
  assertText(field, key, 'a PEM, its bytes, a KeyObject or a PlatformKey');
  return key;
}

/**
 * The number of a private key; undefined for a value that is no key.
 *
 * @internal
 */
export function merchantKeyNumber(key: unknown, field = 'privateKey'): number | undefined {
  if (typeof key !== 'string') {
    const given = merchantHandleOf(key);
    if (given !== undefined) return given.number;
    if (!isObject(key)) return undefined;
    if (platformHandleOf(key) !== undefined) {
      throw InvalidParameterError.about(field, 'type', 'is a PlatformKey, but must be the merchant’s private key');
    }
  }
  try {
    const parse = (read: string | Uint8Array) => merchantKeys.getOrParse(read, parseMerchantKey).number;
    if (typeof key === 'string') return parse(key);
    const bytes = copyKeyBytes(field, key, 'private');
    return bytes === undefined ? undefined : wiping(bytes, parse);
  } catch (error) {
    throw namingField(error, 'privateKey', field);
  }
}

/**
 * A private key for the host's cryptography: PKCS#8 and SPKI, in DER. The caller wipes `pkcs8`.
 *
 * @internal
 */
export function hostKeyOf(key: string | Uint8Array): { pkcs8: Uint8Array<ArrayBuffer>; spki: Uint8Array<ArrayBuffer> } {
  return callWasm((wasm) => (typeof key === 'string' ? wasm.hostKeyFromPem(key) : wasm.hostKeyFromBytes(key)));
}

/**
 * The numbers of the keys in `certs`, by serial.
 *
 * @internal
 */
export function platformKeyNumbers(certs: unknown): Record<string, number> {
  const keys = Object.entries(fieldsOf('certs', certs));
  return Object.fromEntries(keys.map(([serial, key]) => [serial, platformKeyNumber(serial, key, certsField)]));
}

/**
 * A serial as a field of `certs`. Anything unlike a serial is hidden: it may be a misplaced key.
 *
 * @internal
 */
export function certsField(serial: string): string {
  return `certs[${/^\w{1,64}$/.test(serial) ? JSON.stringify(serial) : '(not a serial)'}]`;
}

/**
 * The number of a public key or certificate. `toField` names it in messages, and runs only if needed: this function runs
 * for every key of every call.
 *
 * @internal
 */
export function platformKeyNumber(name: string, key: unknown, toField: (name: string) => string = String): number {
  const given = platformHandleOf(key);
  if (given !== undefined) return given.number;
  try {
    const read = typeof key === 'string' ? key : readPublicKey(toField(name), key);
    return platformKeys.getOrParse(read, parsePlatformKey).number;
  } catch (error) {
    throw namingField(error, 'platform key', toField(name));
  }
}

/**
 * A public key or certificate in a form that a client keeps: a PEM, or the caller's PlatformKey. A PEM can be parsed again
 * after the WebAssembly module has failed.
 *
 * @internal
 */
export function toPemOrKey(name: string, key: unknown): unknown {
  if (typeof key === 'string' || platformHandleOf(key) !== undefined) return key;
  const bytes = readPublicKey(name, key) as Uint8Array;
  const text = new TextDecoder().decode(bytes);
  if (text.includes('-----BEGIN ')) return text;
  const number = platformKeyNumber(name, bytes);
  const isCertificate = callWasm((wasm) => wasm.platformKeySerial(number)) !== undefined;
  return isCertificate
    ? toPem('CERTIFICATE', bytes)
    : toPem(
        'PUBLIC KEY',
        callWasm((wasm) => wasm.platformKeySpki(number)),
      );
}

function toPem(label: string, der: Uint8Array): string {
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(''));
  return `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
}

/** The error about a key, with the name of the caller's field in place of the general one. */
function namingField(error: unknown, general: string, field: string): unknown {
  if (!(error instanceof InvalidKeyError) || error.message.startsWith(field)) return error;
  const { message } = error;
  const explanation = message.startsWith(general) ? message.slice(general.length) : `: ${message}`;
  return new InvalidKeyError(`${field}${explanation}`);
}

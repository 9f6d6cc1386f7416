/// <reference lib="esnext.disposable" preserve="true" />
// Keys. JavaScript holds only their numbers; the keys themselves stay in the memory of the wasm.
import { assertText, fieldsOf } from './arguments.js';
import { InvalidKeyError, InvalidParameterError } from './errors.js';
import { callWasm, instance, isCurrent } from './instance.js';

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

/** Parses each PEM once, and keeps the newest keys. When it is full, the oldest key is dropped and freed. */
class KeyCache {
  static readonly #LIMIT = 10_000;
  readonly #handles = new Map<string, Handle>();

  getOrParse(pem: string, parse: (pem: string) => Handle): Handle {
    const known = this.#handles.get(pem);
    if (known?.isUsable) return known;
    const handle = parse(pem);
    this.#handles.set(pem, handle);
    if (this.#handles.size > KeyCache.#LIMIT) this.#dropOldest();
    return handle;
  }

  #dropOldest(): void {
    for (const [pem, handle] of this.#handles) {
      handle.free();
      this.#handles.delete(pem);
      return;
    }
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
// not refer to themselves by name, since bundlers rename those that do.
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
   * @param pem - A PEM that contains a PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`) key: RSA, 2048 to 4096 bits,
   *   not encrypted.
   * @throws {@link InvalidKeyError} if it cannot be used, with none of its content in the message;
   *   {@link InvalidParameterError} if it is not a string.
   */
  static fromPem(pem: string): MerchantKey {
    return newMerchantKey(parseMerchantKey(pem));
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
   * @param pem - A PEM that contains an X.509 certificate (`CERTIFICATE`) or a public key (`PUBLIC KEY`,
   *   `RSA PUBLIC KEY`): RSA, 2048 to 4096 bits.
   * @throws {@link InvalidKeyError} if it cannot be used; {@link InvalidParameterError} if it is not a string.
   */
  static fromPem(pem: string): PlatformKey {
    return newPlatformKey(parsePlatformKey(pem));
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

function parseMerchantKey(pem: unknown): Handle {
  assertText('privateKey', pem, 'a PEM');
  const number = callWasm((wasm) => wasm.merchantKeyFromPem(pem));
  return new Handle('MerchantKey', number, (freed) => callWasm((wasm) => wasm.merchantKeyFree(freed)));
}

function parsePlatformKey(pem: unknown): Handle {
  assertText('pem', pem, 'a PEM');
  const number = callWasm((wasm) => wasm.platformKeyFromPem(pem));
  return new Handle('PlatformKey', number, (freed) => callWasm((wasm) => wasm.platformKeyFree(freed)));
}

const merchantKeys = new KeyCache();
const platformKeys = new KeyCache();

/**
 * The number of a private key, given as a PEM or a `MerchantKey`; `undefined` for anything else.
 *
 * @internal
 */
export function merchantKeyNumber(key: unknown): number | undefined {
  const handle = typeof key === 'string' ? merchantKeys.getOrParse(key, parseMerchantKey) : merchantHandleOf(key);
  return handle?.number;
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
 * The number of a public key or certificate, given as a PEM or a `PlatformKey`. `toField` names it in messages.
 *
 * @internal
 */
export function platformKeyNumber(name: string, key: unknown, toField: (name: string) => string = String): number {
  const given = platformHandleOf(key);
  if (given !== undefined) return given.number;
  assertPem(name, key, toField);
  try {
    return platformKeys.getOrParse(key, parsePlatformKey).number;
  } catch (error) {
    throw error instanceof InvalidKeyError ? new InvalidKeyError(`${toField(name)}: ${error.message}`) : error;
  }
}

/** Names the field only if needed: this runs for every key of every call. */
function assertPem(name: string, key: unknown, toField: (name: string) => string): asserts key is string {
  if (typeof key !== 'string') assertText(toField(name), key, 'a PEM');
}

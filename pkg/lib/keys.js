// Keys: what JavaScript holds of them is a number; the keys themselves stay in the wasm's memory.
import { assertText, fieldsOf } from './arguments.js';
import { pack } from './crossing.js';
import { InvalidKeyError } from './errors.js';
import { call, isRunning, life } from './instance.js';

/** A key in the memory of the wasm, for as long as that lives. */
class Handle {
  /** Frees the keys of objects that were dropped without `free()`, where the host can tell. */
  static #dropped =
    typeof FinalizationRegistry === 'undefined'
      ? undefined
      : new FinalizationRegistry((/** @type {() => void} */ release) => release());

  /** @type {number | undefined} */
  #number;
  #life = life();
  #what;
  #release;

  /**
   * @param {string} what
   * @param {number} number
   * @param {(number: number) => void} free
   */
  constructor(what, number, free) {
    this.#what = what;
    this.#number = number;
    const bornIn = this.#life;
    this.#release = () => {
      if (isRunning(bornIn)) free(number);
    };
    Handle.#dropped?.register(this, this.#release, this);
  }

  get isUsable() {
    return this.#number !== undefined && isRunning(this.#life);
  }

  get number() {
    if (this.#number === undefined) throw new InvalidKeyError(`this ${this.#what} has been freed`);
    if (this.isUsable) return this.#number;
    throw new InvalidKeyError(`this ${this.#what} was lost when the WebAssembly module failed: make it again`);
  }

  free() {
    if (this.#number === undefined) return;
    this.#number = undefined;
    Handle.#dropped?.unregister(this);
    this.#release();
  }
}

/** Keys given as PEM are read once and remembered: this many at most, then the oldest is forgotten and freed. */
class Memory {
  static LIMIT = 10_000;
  /** @type {Map<string, Handle>} */
  #handles = new Map();

  /**
   * @param {string} pem
   * @param {(pem: string) => Handle} read
   */
  recall(pem, read) {
    const known = this.#handles.get(pem);
    if (known?.isUsable) return known;
    const handle = read(pem);
    this.#handles.set(pem, handle);
    if (this.#handles.size > Memory.LIMIT) {
      const [oldest] = this.#handles.keys();
      this.#handles.get(/** @type {string} */ (oldest))?.free();
      this.#handles.delete(/** @type {string} */ (oldest));
    }
    return handle;
  }
}

/** What only this file has, so that only `fromPem` makes keys. */
const MAKING = Symbol('fromPem');

/** @param {unknown} making @param {string} what */
function assertMadeHere(making, what) {
  if (making !== MAKING) throw new TypeError(`a ${what} is made by ${what}.fromPem(pem)`);
}

// TypeScript knows the name, older hosts do not.
const dispose = /** @type {typeof Symbol.dispose} */ (Symbol.dispose ?? Symbol.for('Symbol.dispose'));

/** @type {(key: unknown) => Handle | undefined} */
let merchantHandleOf;
/** @type {(key: unknown) => Handle | undefined} */
let platformHandleOf;

/** A merchant's private key, read once. Documented in index.d.ts. */
export class MerchantKey {
  #handle;

  /** @param {unknown} making @param {Handle} handle */
  constructor(making, handle) {
    assertMadeHere(making, 'MerchantKey');
    this.#handle = handle;
  }

  /** @param {string} pem */
  static fromPem(pem) {
    return makeMerchantKey(pem);
  }

  free() {
    this.#handle.free();
  }

  [dispose]() {
    this.free();
  }

  static {
    merchantHandleOf = (key) => (isObject(key) && #handle in key ? key.#handle : undefined);
  }
}

/** A key of WeChat Pay's, read once. Documented in index.d.ts. */
export class PlatformKey {
  #handle;

  /** @param {unknown} making @param {Handle} handle */
  constructor(making, handle) {
    assertMadeHere(making, 'PlatformKey');
    this.#handle = handle;
  }

  /** @param {string} pem */
  static fromPem(pem) {
    return makePlatformKey(pem);
  }

  get serial() {
    const { number } = this.#handle;
    return call((wasm) => wasm.platformKeySerial(number));
  }

  free() {
    this.#handle.free();
  }

  [dispose]() {
    this.free();
  }

  static {
    platformHandleOf = (key) => (isObject(key) && #handle in key ? key.#handle : undefined);
  }
}

// Outside of the classes: one that names itself inside gets another name when it is bundled.

/** @param {unknown} pem */
const makeMerchantKey = (pem) => new MerchantKey(MAKING, readMerchantKey(pem));

/** @param {unknown} pem */
const makePlatformKey = (pem) => new PlatformKey(MAKING, readPlatformKey(pem));

/** @param {unknown} value @returns {value is object} */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/** @param {unknown} pem */
function readMerchantKey(pem) {
  assertText('privateKey', pem, 'a PEM');
  const number = call((wasm) => wasm.merchantKeyFromPem(pem));
  return new Handle('MerchantKey', number, (freed) => call((wasm) => wasm.merchantKeyFree(freed)));
}

/** @param {unknown} pem */
function readPlatformKey(pem) {
  assertText('pem', pem, 'a PEM');
  const number = call((wasm) => wasm.platformKeyFromPem(pem));
  return new Handle('PlatformKey', number, (freed) => call((wasm) => wasm.platformKeyFree(freed)));
}

const merchantKeys = new Memory();
const platformKeys = new Memory();

/**
 * The number of what was given as `privateKey`; undefined where that is neither a PEM nor a key.
 * @param {unknown} key
 */
export function merchantKeyNumber(key) {
  const handle = typeof key === 'string' ? merchantKeys.recall(key, readMerchantKey) : merchantHandleOf(key);
  return handle?.number;
}

/**
 * The numbers of the keys given as `certs`, under the same serials and in the same order, ready to cross.
 * @param {unknown} certs
 */
export function packPlatformKeys(certs) {
  const keys = fieldsOf('certs', certs);
  for (const serial of Object.keys(keys)) keys[serial] = platformKeyNumber(serial, keys[serial], certsField);
  return pack(keys);
}

/**
 * A serial as a field of `certs`: shown where it looks like one, for it may be anything, a key in the wrong place included.
 * @param {string} serial
 */
export function certsField(serial) {
  return `certs[${/^\w{1,64}$/.test(serial) ? JSON.stringify(serial) : '(not a serial)'}]`;
}

/**
 * The number of a public key or certificate given as a PEM or a `PlatformKey`.
 * @param {string} name
 * @param {unknown} key
 * @param {(name: string) => string} [toField]  what a message calls it
 */
export function platformKeyNumber(name, key, toField = String) {
  const given = platformHandleOf(key);
  if (given !== undefined) return given.number;
  if (typeof key !== 'string') assertText(toField(name), key, 'a PEM');
  try {
    return platformKeys.recall(/** @type {string} */ (key), readPlatformKey).number;
  } catch (error) {
    throw error instanceof InvalidKeyError ? new InvalidKeyError(`${toField(name)}: ${error.message}`) : error;
  }
}

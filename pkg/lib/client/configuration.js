// What a client is made from, checked once: everything that is wrong with it is said at once.
import { fieldsOf, kindOf, shownName } from '../arguments.js';
import { InvalidKeyError, InvalidParameterError } from '../errors.js';
import { pack } from '../crossing.js';
import { call } from '../instance.js';
import { checkCerts, checkRoot, checkSigningKey } from './key-checks.js';
import { hostCrypto } from './cryptography/provider.js';
import { signerOf } from './signer.js';
import { Verifier } from './verifier.js';

/** The names of all options, and of what kind those are that no other check looks at. */
const OPTIONS = {
  keys: ['privateKey', 'signer', 'certificate', 'certs', 'apiV3Key', 'rootCertificate', 'store'],
  choices: ['crypto'],
  texts: ['mchid', 'serial', 'baseUrl', 'backupBaseUrl', 'platformSerial'],
  functions: ['fetch', 'clock', 'nonce', 'seen', 'onRequest', 'onResponse', 'onRetry'],
};

/** Numbers: default, least and most. */
const NUMBERS = {
  timeoutMs: /** @type {const} */ ([10_000, 1, 2 ** 31 - 1]),
  retries: /** @type {const} */ ([2, 0, 10]),
  retryDelayMs: /** @type {const} */ ([500, 0, 60_000]),
  maxAnswerBytes: /** @type {const} */ ([4 * 1024 * 1024, 1, 64 * 1024 * 1024]),
};

/**
 * @typedef {ReturnType<typeof readConfiguration>} Configuration
 *
 * @typedef {object} Store  where certificates are kept
 * @property {(key: string) => unknown} get
 * @property {(key: string, value: string) => unknown} set
 */

/** @param {unknown} given */
export function readConfiguration(given) {
  const config = fieldsOf('config', given);
  const findings = new Findings();
  const { texts, functions } = OPTIONS;

  const hosts = findings.of(() => call((wasm) => wasm.checkConfiguration(pack(only(config, texts)))));
  const merchant = checkSigningKey(config, findings);
  // Without any, certificates are downloaded; which takes the APIv3 key.
  const mayDownload = config['apiV3Key'] !== undefined;
  const { certs: filed = mayDownload ? {} : undefined } = config;
  const certs = findings.of(() => fieldsOf('certs', filed));
  if (certs !== undefined) checkCerts(certs, { merchant, serial: config['serial'], mayDownload }, findings);
  checkRoot(config['rootCertificate'], findings);
  checkStore(config['store'], findings);
  const { crypto: whose = 'host' } = config;
  if (whose !== 'host' && whose !== 'wasm') findings.refuse('crypto', 'choice', 'must be host or wasm');
  const numbers = findings.of(() => readNumbers(config));
  for (const name of functions) {
    const value = config[name];
    if (value !== undefined && typeof value !== 'function') {
      findings.refuse(name, 'type', `must be a function, but is ${kindOf(value)}`);
    }
  }
  const names = [...Object.values(OPTIONS).flat(), ...Object.keys(NUMBERS)];
  for (const name of Object.keys(config).filter((name) => !names.includes(name) && config[name] !== undefined)) {
    findings.refuse(shownName(name), 'unknown-field', `is not an option; known are ${names.join(', ')}`);
  }
  findings.throwIfAny();

  /** @type {any} */
  const {
    mchid,
    serial,
    platformSerial,
    apiV3Key,
    rootCertificate,
    store,
    fetch,
    clock = Date.now,
    nonce,
    seen,
  } = config;
  const now = () => Math.floor(clock() / 1000) || undefined;
  const provider = whose === 'host' ? hostCrypto() : undefined;
  /** @type {any} */
  const { onRequest, onResponse, onRetry } = config;
  return {
    .../** @type {NonNullable<typeof numbers>} */ (numbers),
    .../** @type {{ baseUrl: string, backupBaseUrl?: string }} */ (hosts),
    mchid: /** @type {string} */ (mchid),
    serial: /** @type {string} */ (serial),
    platformSerial: /** @type {string | undefined} */ (platformSerial),
    certs: /** @type {Record<string, unknown>} */ (certs),
    apiV3Key: /** @type {string | undefined} */ (apiV3Key),
    rootCertificate: /** @type {unknown} */ (rootCertificate),
    store: /** @type {Store | undefined} */ (store),
    seen: /** @type {((id: string) => unknown) | undefined} */ (seen),
    sign: signerOf(config, provider),
    verifier: new Verifier(provider, now),
    fetch: /** @type {typeof globalThis.fetch | undefined} */ (fetch),
    /** In milliseconds. */
    clock: /** @type {() => number} */ (clock),
    /** In seconds; undefined where the host has no clock, for the wasm to say so. */
    now,
    nonce: /** @type {(() => string) | undefined} */ (nonce),
    hooks: /** @type {Record<'onRequest' | 'onResponse' | 'onRetry', ((event: any) => unknown) | undefined>} */ ({
      onRequest,
      onResponse,
      onRetry,
    }),
  };
}

/** @param {unknown} store @param {Findings} findings */
function checkStore(store, findings) {
  if (store === undefined) return;
  const { get, set } = /** @type {Partial<Store>} */ (store ?? {});
  if (typeof get !== 'function' || typeof set !== 'function') {
    findings.refuse('store', 'type', 'must be an object with the functions `get` and `set`');
  }
}

/** So many issues are written out in a message. */
const SHOWN_ISSUES = 20;

/** All that is found to be wrong. */
export class Findings {
  /** @type {{ field: string, rule: string, message: string }[]} */
  #issues = [];

  /**
   * @param {string} field
   * @param {string} rule
   * @param {string} explanation  The sentence that begins with the field's name, without it.
   */
  refuse(field, rule, explanation) {
    this.#issues.push({ field, rule, message: `${field} ${explanation}` });
  }

  /**
   * What is read; where that fails, the failure is noted, and nothing is read.
   * @template T
   * @param {() => T} read
   * @param {string} [field]  Which it is about, where it is a key.
   */
  of(read, field = 'privateKey') {
    try {
      return read();
    } catch (error) {
      if (error instanceof InvalidParameterError) this.#issues.push(...error.issues);
      else if (error instanceof InvalidKeyError) this.#issues.push({ field, rule: 'key', message: error.message });
      else throw error;
      return undefined;
    }
  }

  throwIfAny() {
    if (this.#issues.length === 0) return;
    const shown = this.#issues.slice(0, SHOWN_ISSUES).map((issue) => issue.message);
    const more = this.#issues.length - shown.length;
    const message = shown.concat(more > 0 ? `and ${more} more` : []).join('; ');
    throw this.#issues.every(({ rule }) => rule === 'key')
      ? new InvalidKeyError(message)
      : new InvalidParameterError(message, { issues: this.#issues });
  }
}

/**
 * @param {Record<string, unknown>} config
 * @param {string[]} names
 */
function only(config, names) {
  return Object.fromEntries(names.map((name) => [name, config[name]]));
}

/**
 * Those of the numbers that may also be given with a call.
 * @param {unknown} given
 * @param {{ timeoutMs: number, retries: number }} defaults
 */
export function readLimits(given, defaults) {
  const { timeoutMs, retries } = fieldsOf('options', given);
  // The defaults have been looked at.
  if (timeoutMs === undefined && retries === undefined) return defaults;
  return readNumbers({
    ...defaults,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retries !== undefined && { retries }),
  });
}

/** @param {Record<string, unknown>} config */
function readNumbers(config) {
  const findings = new Findings();
  const read = Object.entries(NUMBERS).map(([name, [byDefault, least, most]]) => {
    const { [name]: value = byDefault } = config;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return [name, value];
    findings.refuse(name, 'integer', `must be an integer from ${least} to ${most}`);
    return [name, byDefault];
  });
  findings.throwIfAny();
  return /** @type {Record<keyof typeof NUMBERS, number>} */ (Object.fromEntries(read));
}

// The configuration of a client. It is checked once, and everything that is wrong is reported at once.
import { fieldsOf, kindOf, shownName } from '../arguments.js';
import { InvalidParameterError, type InvalidParameterIssue } from '../errors.js';
import { callWasm } from '../instance.js';
import type { PrivateKeyInput, PublicKeyInput } from '../key-input.js';
import { toFieldMap } from '../plain-data.js';
import type { CertificateStore } from '../stores/types.js';
import { hostCrypto } from './cryptography/provider.js';
import { checkedClock, checkedNonce } from './host-functions.js';
import { IssueCollector } from './issue-collector.js';
import { checkPlatformSerial, readCerts, readMerchantKeys, readRoot, wipe } from './key-checks.js';
import { checkNotificationsConfig, type NotificationsConfig } from './notification-options.js';
import type { PlatformKeys } from './platform-key-store.js';
import { type ClientSigner, type Signer, type SigningConfiguration, signerOf } from './signer.js';
import type { ClientEvent, Hook } from './telemetry.js';
import { Verifier } from './verifier.js';

/** The part of `CryptoKey` that is the same in all of TypeScript's libraries. */
interface WebCryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: object;
  readonly usages: readonly string[];
}

// For a union, the compiler reports an error about the last member. The order below makes that an error about a missing
// key, which is often an environment variable that is not set.

/** A {@link Signer}, or the private key. */
type SigningConfig =
  | {
      /** Signs in place of a private key. */
      signer: Signer;
      privateKey?: undefined;
    }
  | {
      /**
       * The private key of the merchant API certificate (`apiclient_key.pem`): {@link PrivateKeyInput}, or a `CryptoKey`
       * for RSASSA-PKCS1-v1_5 with SHA-256.
       */
      privateKey: PrivateKeyInput | WebCryptoKey;
      signer?: undefined;
    };

/**
 * Attributes of the subject of a platform certificate. At least one is required; an omitted attribute may have any value.
 *
 * @example
 * ```ts
 * const platformSubject: PlatformSubject = { commonName: 'Tenpay.com sign', organization: 'Tenpay.com' };
 * ```
 */
export interface PlatformSubject {
  /** CN */
  commonName?: string | undefined;
  /** OU */
  organizationalUnit?: string | undefined;
  /** O */
  organization?: string | undefined;
}

/** WeChat Pay's keys, or an APIv3 key to download them. */
type TrustConfig =
  | {
      /**
       * WeChat Pay's keys, by their `Wechatpay-Serial`: its public key under `PUB_KEY_ID_…`, platform certificates under
       * their serial numbers. If there are none and `apiV3Key` is given, certificates are downloaded before the first
       * call.
       */
      certs: Record<string, PublicKeyInput>;
      /**
       * The APIv3 key (APIv3密钥): 32 bytes. For notifications and certificates. With it, certificates are downloaded when
       * a response or a notification names an unknown one, every 12 hours, and before those in `certs` expire; all of that
       * at most once a minute.
       */
      apiV3Key?: string | undefined;
    }
  | {
      /** WeChat Pay's keys. Without any, certificates are downloaded before the first call. */
      certs?: Record<string, PublicKeyInput> | undefined;
      /** The APIv3 key (APIv3密钥): 32 bytes. For notifications and certificates. */
      apiV3Key: string;
    };

/**
 * The configuration of a client. Everything that is wrong with it is reported at once.
 *
 * @example
 * ```js
 * const config = {
 *   mchid: '1900000100',
 *   serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
 *   privateKey: process.env.WECHATPAY_PRIVATE_KEY,
 *   certs: { PUB_KEY_ID_0119000001002025010100111111111111: process.env.WECHATPAY_PUBLIC_KEY },
 * };
 * ```
 */
export type ClientConfig = SigningConfig &
  TrustConfig & {
    /** The merchant number (商户号). A service provider gives its own. */
    mchid: string;
    /** The serial number of the merchant API certificate, in hexadecimal digits. */
    serial: string;
    /**
     * The merchant API certificate (`apiclient_cert.pem`). It is only used to check that `serial` and the private key
     * belong to it, and to verify the signatures of a `signer`.
     */
    certificate?: PublicKeyInput | undefined;
    /**
     * The certificate of the authority that issues WeChat Pay's certificates (Tenpay.com Root CA). If given, downloaded
     * certificates must be issued by it.
     */
    rootCertificate?: PublicKeyInput | undefined;
    /**
     * With `rootCertificate`: the attributes that the subject of a platform certificate must have. They distinguish it
     * from a merchant's certificate by the same issuer. Default: the subject of the certificates that WeChat Pay has
     * published, `Tenpay.com sign`, `Tenpay.com CA Center` and `Tenpay.com`.
     */
    platformSubject?: PlatformSubject | undefined;
    /**
     * A store that shares downloaded certificates with other processes or isolates. Not used if `certs` has public keys
     * only.
     */
    certificateStore?: CertificateStore | undefined;
    /**
     * Receives promises of work that may go on after a call, such as a renewal of certificates. Needed where the host ends
     * such work together with the request: `waitUntil` of `cloudflare:workers` or of `@vercel/functions`. Without it, one
     * call waits for the renewal on such hosts.
     */
    waitUntil?: ((work: Promise<unknown>) => unknown) | undefined;
    /**
     * The serial of the key that WeChat Pay should sign its responses with, sent as `Wechatpay-Serial`. Default: the
     * public key in `certs`, otherwise the newest certificate.
     */
    platformSerial?: string | undefined;
    /**
     * The cryptography that signs with a PEM, and verifies: the host's (node:crypto or WebCrypto, with a key that
     * cannot be exported), or the WebAssembly module's. Both give the same bytes. Default `'host'`, except where the
     * module is faster (Deno).
     */
    crypto?: 'host' | 'wasm' | undefined;
    /** Default: the host's `fetch`, looked up for each call. */
    fetch?: typeof globalThis.fetch | undefined;
    /** The origin of the API. Default `https://api.mch.weixin.qq.com`. */
    baseUrl?: string | undefined;
    /**
     * The origin to use for a minute after the main one has failed twice in a row. Default
     * `https://api2.mch.weixin.qq.com`; none if `baseUrl` is given.
     */
    backupBaseUrl?: string | undefined;
    /**
     * The time for a whole call, in milliseconds: all attempts, the waits between them, and downloads of certificates.
     * Default 30 000.
     */
    timeoutMs?: number | undefined;
    /** The time for each attempt, from signing to the last byte of the response, in milliseconds. Default 10 000. */
    attemptTimeoutMs?: number | undefined;
    /**
     * How many times the same request is sent again, with a new signature, if WeChat Pay asks for that (202, 429, 500,
     * 502, 503, 504) or no response comes: 0 to 10. Default 2.
     */
    retries?: number | undefined;
    /** The wait before the first retry, in milliseconds. It doubles each time, and half of it is random. Default 500. */
    retryDelayMs?: number | undefined;
    /** The largest response that is read, in bytes, at most 64 MiB. Default 4 MiB. */
    maxResponseBytes?: number | undefined;
    /** Returns the time in milliseconds since 1970. Default `Date.now`. For tests. */
    clock?: (() => number) | undefined;
    /** Makes nonces, each of which must be used only once. Default: 32 random hexadecimal digits. For tests. */
    nonce?: (() => string) | undefined;
    /** Defaults for `client.notifications.handle`: its store and its error callback. */
    notifications?: NotificationsConfig | undefined;
    /** Called before each request is sent. Errors of a hook are ignored. */
    onRequest?: ((event: ClientEvent) => void) | undefined;
    /** Called after each response, and after each failure to get one. */
    onResponse?: ((event: ClientEvent) => void) | undefined;
    /** Called before the client waits for another attempt. */
    onRetry?: ((event: ClientEvent) => void) | undefined;
    /** Called when a call that has made an attempt ends, after all retries. */
    onEnd?: ((event: ClientEvent) => void) | undefined;
  };

/** The names of all options. `keys`, `objects` and `choices` have their own checks. */
const OPTIONS = {
  keys: [
    'privateKey',
    'signer',
    'certificate',
    'certs',
    'apiV3Key',
    'rootCertificate',
    'platformSubject',
    'certificateStore',
  ],
  objects: ['notifications'],
  choices: ['crypto'],
  texts: ['mchid', 'serial', 'baseUrl', 'backupBaseUrl', 'platformSerial'],
  functions: ['fetch', 'clock', 'nonce', 'waitUntil', 'onRequest', 'onResponse', 'onRetry', 'onEnd'],
};

/** The numbers: default, minimum and maximum. */
const NUMBERS = {
  timeoutMs: [30_000, 1, 2 ** 31 - 1],
  attemptTimeoutMs: [10_000, 1, 2 ** 31 - 1],
  retries: [2, 0, 10],
  retryDelayMs: [500, 0, 60_000],
  maxResponseBytes: [4 * 1024 * 1024, 1, 64 * 1024 * 1024],
} as const;

type Numbers = Record<keyof typeof NUMBERS, number>;

/**
 * The numbers that can also be given with a call.
 *
 * @internal
 */
export type SendLimits = Pick<Numbers, 'timeoutMs' | 'attemptTimeoutMs' | 'retries'>;

/** The options that have passed the checks and are used as they are. */
interface CheckedOptions extends SigningConfiguration {
  platformSerial: string | undefined;
  apiV3Key: string | undefined;
  rootCertificate: unknown;
  platformSubject: Record<string, unknown> | undefined;
  certificateStore: CertificateStore | undefined;
  waitUntil: ((work: Promise<unknown>) => unknown) | undefined;
  fetch: typeof globalThis.fetch | undefined;
  nonce: (() => string) | undefined;
}

/**
 * A checked configuration, with defaults.
 *
 * @internal
 */
export interface Configuration extends Numbers, Omit<CheckedOptions, keyof SigningConfiguration>, ClientSigner {
  baseUrl: string;
  backupBaseUrl?: string;
  mchid: string;
  /** The serial number of the merchant's certificate. */
  serial: string;
  certs: PlatformKeys;
  notifications: NotificationsConfig;
  verifier: Verifier;
  /** Returns the time in milliseconds. */
  clock: () => number;
  /** Returns the time in seconds; undefined if the host has no clock, which the WebAssembly module then reports. */
  now: () => number | undefined;
  hooks: Record<'onRequest' | 'onResponse' | 'onRetry' | 'onEnd', Hook | undefined>;
}

function readPlatformSubject(
  subject: unknown,
  rootCertificate: unknown,
  issues: IssueCollector,
): Record<string, unknown> | undefined {
  if (subject === undefined) return undefined;
  if (rootCertificate === undefined) {
    issues.reject('platformSubject', 'unknown-field', 'proves nothing without `rootCertificate`: set both, or neither');
  }
  return issues.collect(() => {
    const fields = fieldsOf('platformSubject', subject);
    callWasm((wasm) => wasm.checkPlatformSubject(toFieldMap(fields)));
    return fields;
  });
}

/** @internal */
export function readConfiguration(given: unknown): Configuration {
  const config = fieldsOf('config', given);
  const issues = new IssueCollector();

  const hosts = issues.collect(() => checkTexts(pick(config, OPTIONS.texts)));
  checkMchid(config['mchid'], hosts !== undefined, issues);
  const { crypto: cryptography = 'host' } = config;
  if (cryptography !== 'host' && cryptography !== 'wasm') issues.reject('crypto', 'choice', 'must be host or wasm');
  const provider = cryptography === 'host' ? hostCrypto() : undefined;
  const merchantKeys = readMerchantKeys(config, provider !== undefined, issues);
  // With an APIv3 key, certificates can be downloaded, so `certs` may be missing.
  const canDownload = config['apiV3Key'] !== undefined;
  const { certs: givenCerts = canDownload ? {} : undefined } = config;
  const { publicKey } = merchantKeys;
  const certs = issues.collect(() =>
    readCerts(fieldsOf('certs', givenCerts), { publicKey, serial: config['serial'], canDownload }, issues),
  );
  if (certs !== undefined) checkPlatformSerial(config['platformSerial'], certs, issues);
  const rootCertificate = readRoot(config['rootCertificate'], issues);
  const platformSubject = readPlatformSubject(config['platformSubject'], config['rootCertificate'], issues);
  checkCertificateStore(config['certificateStore'], issues);
  const { notifications: givenNotifications = {} } = config;
  const notifications = issues.collect(() => fieldsOf('notifications', givenNotifications));
  if (notifications !== undefined) checkNotificationsConfig(notifications, issues, 'notifications.');
  const numbers = issues.collect(() => readNumbers(config));
  checkFunctions(config, issues);
  rejectUnknown(config, issues);
  if (issues.hasAny) wipe(merchantKeys);
  issues.throwIfAny();

  // Everything has been checked above.
  const { privateKey, certificate } = merchantKeys;
  const options = { ...config, privateKey, certificate } as unknown as CheckedOptions;
  const {
    clock: givenClock,
    nonce: givenNonce,
    onRequest,
    onResponse,
    onRetry,
    onEnd,
  } = config as {
    clock?: () => unknown;
    nonce?: () => string;
    onRequest?: Hook;
    onResponse?: Hook;
    onRetry?: Hook;
    onEnd?: Hook;
  };
  const clock = givenClock === undefined ? Date.now : checkedClock(givenClock);
  const now = () => Math.floor(clock() / 1000) || undefined;
  return {
    ...(numbers as Numbers),
    ...(hosts as { baseUrl: string; backupBaseUrl?: string }),
    mchid: options.mchid,
    serial: options.serial,
    platformSerial: options.platformSerial,
    certs: certs as PlatformKeys,
    apiV3Key: options.apiV3Key,
    rootCertificate,
    platformSubject,
    certificateStore: options.certificateStore,
    waitUntil: options.waitUntil,
    notifications: notifications as NotificationsConfig,
    ...signerOf(options, provider),
    // The WebAssembly module reads the clock of the host itself.
    verifier: new Verifier(provider, clock === Date.now ? () => undefined : now),
    fetch: options.fetch,
    clock,
    now,
    nonce: givenNonce === undefined ? undefined : checkedNonce(givenNonce),
    hooks: { onRequest, onResponse, onRetry, onEnd },
  };
}

/** Checks the text options. The error for a missing one, or for a number, names the fix. */
function checkTexts(texts: Record<string, unknown>): { baseUrl: string; backupBaseUrl?: string } {
  try {
    return callWasm((wasm) => wasm.checkConfiguration(toFieldMap(texts)));
  } catch (error) {
    if (!(error instanceof InvalidParameterError)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, message: withFix(issue, texts[issue.field]) }));
    throw new InvalidParameterError(issues.map(({ message }) => message).join('; '), { issues });
  }
}

function withFix({ field, message }: InvalidParameterIssue, value: unknown): string {
  if (value === undefined) return `${field} is undefined: is the environment variable set?`;
  if (value === '') return `${message}: is the environment variable set?`;
  return typeof value === 'number' ? `${message}: write it in quotation marks` : message;
}

/** WeChat Pay's merchant numbers have digits only. The number is also part of keys in stores. */
function checkMchid(mchid: unknown, isValid: boolean, issues: IssueCollector): void {
  if (!isValid || typeof mchid !== 'string' || /^\d+$/.test(mchid)) return;
  issues.reject('mchid', 'characters', 'must consist of digits: it is the merchant number (商户号)');
}

function checkCertificateStore(store: unknown, issues: IssueCollector): void {
  if (store === undefined) return;
  const { get, set } = (store ?? {}) as Record<string, unknown>;
  if (typeof get !== 'function' || typeof set !== 'function') {
    issues.reject('certificateStore', 'type', 'must be an object with the functions `get` and `set`');
  }
}

function checkFunctions(config: Record<string, unknown>, issues: IssueCollector): void {
  for (const name of OPTIONS.functions) {
    const value = config[name];
    if (value !== undefined && typeof value !== 'function') {
      issues.reject(name, 'type', `must be a function, but is ${kindOf(value)}`);
    }
  }
}

function rejectUnknown(config: Record<string, unknown>, issues: IssueCollector): void {
  const known = [...Object.values(OPTIONS).flat(), ...Object.keys(NUMBERS)];
  for (const [name, value] of Object.entries(config)) {
    if (known.includes(name) || value === undefined) continue;
    issues.reject(shownName(name), 'unknown-field', `is not an option; the options are ${known.join(', ')}`);
  }
}

function pick(config: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, config[name]]));
}

/**
 * Reads the numbers that can also be given with a call.
 *
 * @internal
 */
export function readLimits(given: Record<string, unknown>, defaults: SendLimits): SendLimits {
  const {
    timeoutMs = defaults.timeoutMs,
    attemptTimeoutMs = defaults.attemptTimeoutMs,
    retries = defaults.retries,
  } = given;
  const read = readNumbers({ timeoutMs, attemptTimeoutMs, retries });
  return { timeoutMs: read.timeoutMs, attemptTimeoutMs: read.attemptTimeoutMs, retries: read.retries };
}

function readNumbers(config: Record<string, unknown>): Numbers {
  const issues = new IssueCollector();
  const read = Object.entries(NUMBERS).map(([name, [standard, min, max]]) => {
    const { [name]: value = standard } = config;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return [name, value];
    issues.reject(name, 'integer', `must be an integer from ${min} to ${max}`);
    return [name, standard];
  });
  issues.throwIfAny();
  return Object.fromEntries(read) as Numbers;
}

// The platform keys that a client trusts: the configured ones, and the certificates that it downloaded.
//
// Configured keys are never replaced, and a download never makes them untrusted. Downloaded certificates are replaced as a
// whole by each newer download.
import { callWasm } from '../instance.js';
import { platformKeyNumber } from '../keys.js';
import type { CertificateList } from './certificate-list.js';

/** Keys by their serials. Each is a PEM or a PlatformKey. */
export type PlatformKeys = Readonly<Record<string, unknown>>;

export class PlatformKeyStore {
  readonly #configured: PlatformKeys;
  readonly #configuredSerial: string | undefined;
  readonly #now: () => number | undefined;
  #downloaded: PlatformKeys = {};
  /** When WeChat Pay signed the last download, in Unix seconds. */
  #downloadedAt: number | undefined;
  #keys: PlatformKeys;
  #preferredSerial: string | undefined;
  #lastExpiry: number | undefined;
  /** The last second at which any key can verify. */
  #usableUntil = Number.NEGATIVE_INFINITY;

  constructor(configuration: {
    certs: PlatformKeys;
    platformSerial: string | undefined;
    now: () => number | undefined;
  }) {
    this.#configured = configuration.certs;
    this.#configuredSerial = configuration.platformSerial;
    this.#now = configuration.now;
    this.#keys = configuration.certs;
    this.#update();
  }

  /** All trusted keys. A new object each time they change. */
  get keys(): PlatformKeys {
    return this.#keys;
  }

  /** Whether there is a key that has not expired. */
  get canVerify(): boolean {
    return (this.#now() ?? 0) <= this.#usableUntil;
  }

  /** The serial of the key that WeChat Pay is asked to sign with. */
  get platformSerial(): string | undefined {
    return this.#configuredSerial ?? this.#preferredSerial;
  }

  /** When the last certificate expires, in Unix seconds; undefined if there are no certificates. */
  get lastExpiry(): number | undefined {
    return this.#lastExpiry;
  }

  /** When WeChat Pay signed the downloaded certificates, in Unix seconds; undefined if there are none. */
  get downloadedAt(): number | undefined {
    return this.#downloadedAt;
  }

  /** Whether the configured keys are public keys only. The merchant then needs no certificates. */
  get isPublicKeyMode(): boolean {
    const serials = Object.keys(this.#configured);
    return serials.length > 0 && serials.every(isPublicKeyId);
  }

  /**
   * The keys that must have signed a list of certificates: the configured ones that have not expired, and the
   * certificates downloaded in addition to them. Empty if only the APIv3 key vouches for certificates. Each list must
   * then be signed with one of its own certificates, so that a certificate that WeChat Pay no longer uses cannot block
   * its successor.
   */
  get anchors(): PlatformKeys {
    const configured = this.#unexpired(this.#configured);
    return Object.keys(configured).length === 0 ? {} : { ...this.#unexpired(this.#downloaded), ...configured };
  }

  /** Trusts the certificates of a list in place of the older list. */
  replaceDownloaded({ certificates, signedAt }: CertificateList): void {
    // Lists that were requested at the same time may arrive in any order.
    if (this.#downloadedAt !== undefined && signedAt < this.#downloadedAt) return;
    const isConfigured = (serial: string) => Object.keys(this.#configured).some((known) => isSameSerial(known, serial));
    const added = certificates.filter(({ serial_no }) => !isConfigured(serial_no));
    this.#downloaded = Object.fromEntries(added.map(({ serial_no, certificate }) => [serial_no, certificate]));
    this.#downloadedAt = signedAt;
    this.#keys = { ...this.#downloaded, ...this.#configured };
    this.#update();
  }

  #unexpired(keys: PlatformKeys): PlatformKeys {
    const now = this.#now() ?? 0;
    return Object.fromEntries(Object.entries(keys).filter(([, key]) => now <= expiryOf(key)));
  }

  /** Computes in advance the values that every call needs. */
  #update(): void {
    this.#preferredSerial = preferredSerial(this.#keys);
    const expiries = Object.values(this.#keys).map(expiryOf);
    const dates = expiries.filter(Number.isFinite);
    this.#lastExpiry = dates.length === 0 ? undefined : Math.max(...dates);
    this.#usableUntil = Math.max(...expiries);
  }
}

/** The id of the public key if there is one, otherwise the serial of the newest certificate. */
function preferredSerial(keys: PlatformKeys): string | undefined {
  const serials = Object.keys(keys);
  const publicKey = serials.find(isPublicKeyId);
  if (publicKey !== undefined) return publicKey;
  const validFrom = (serial: string) => validityOf(keys[serial])[0] ?? 0;
  return serials.sort((a, b) => validFrom(b) - validFrom(a))[0];
}

export function isPublicKeyId(serial: string): boolean {
  return serial.startsWith('PUB_KEY_ID_');
}

function isSameSerial(one: string, other: string): boolean {
  return callWasm((wasm) => wasm.isSameSerial(one, other));
}

function expiryOf(key: unknown): number {
  return validityOf(key)[1] ?? Number.POSITIVE_INFINITY;
}

/** The first and last second at which a certificate is valid; empty for a public key. */
function validityOf(key: unknown): number[] {
  const number = platformKeyNumber('certs', key);
  return [...(callWasm((wasm) => wasm.platformKeyValidity(number)) ?? [])];
}

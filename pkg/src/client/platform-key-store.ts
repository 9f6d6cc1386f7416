// The platform keys that a client trusts: the configured ones, and the certificates that it downloaded.
import { callWasm } from '../instance.js';
import { platformKeyNumber } from '../keys.js';
import type { PlatformCertificate } from './certificates.js';

/** Keys by their serials. Each is a PEM or a PlatformKey. */
export type PlatformKeys = Readonly<Record<string, unknown>>;

export class PlatformKeyStore {
  readonly #configured: PlatformKeys;
  readonly #configuredSerial: string | undefined;
  readonly #now: () => number | undefined;
  #keys: PlatformKeys;
  #preferredSerial: string | undefined;
  #lastExpiry: number | undefined;

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

  /** All trusted keys. A new object each time that they change. */
  get keys(): PlatformKeys {
    return this.#keys;
  }

  get isEmpty(): boolean {
    return Object.keys(this.#keys).length === 0;
  }

  /** The serial of the key that WeChat Pay is asked to sign with. */
  get platformSerial(): string | undefined {
    return this.#configuredSerial ?? this.#preferredSerial;
  }

  /** When the last certificate expires, in Unix seconds; undefined if there are no certificates. */
  get lastExpiry(): number | undefined {
    return this.#lastExpiry;
  }

  /** The keys that have not expired. */
  get valid(): PlatformKeys {
    const now = this.#now() ?? 0;
    return Object.fromEntries(Object.entries(this.#keys).filter(([, key]) => now <= expiryOf(key)));
  }

  /** Trusts new certificates in place of those that were downloaded before. Configured keys stay. */
  replaceDownloaded(certificates: readonly PlatformCertificate[]): void {
    const downloaded = certificates.map(({ serial_no, certificate }) => [serial_no, certificate]);
    this.#keys = { ...Object.fromEntries(downloaded), ...this.#configured };
    this.#update();
  }

  /** Computes once what every call asks for. */
  #update(): void {
    this.#preferredSerial = preferredSerial(this.#keys);
    const dates = Object.values(this.#keys).map(expiryOf).filter(Number.isFinite);
    this.#lastExpiry = dates.length === 0 ? undefined : Math.max(...dates);
  }
}

/** The id of the public key if there is one, otherwise the serial of the newest certificate. */
function preferredSerial(keys: PlatformKeys): string | undefined {
  const serials = Object.keys(keys);
  const publicKey = serials.find((serial) => serial.startsWith('PUB_KEY_ID_'));
  if (publicKey !== undefined) return publicKey;
  const validFrom = (serial: string) => validityOf(keys[serial])[0] ?? 0;
  return serials.sort((a, b) => validFrom(b) - validFrom(a))[0];
}

function expiryOf(key: unknown): number {
  return validityOf(key)[1] ?? Number.POSITIVE_INFINITY;
}

/** The first and last second at which a certificate is valid; empty for a public key. */
function validityOf(key: unknown): number[] {
  const number = platformKeyNumber('certs', key);
  return [...(callWasm((wasm) => wasm.platformKeyValidity(number)) ?? [])];
}

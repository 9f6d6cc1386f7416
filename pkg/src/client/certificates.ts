// WeChat Pay's platform certificates: downloaded, stored, and renewed before they expire.
import { pack, packHeaders } from '../crossing.js';
import { annotate, InvalidParameterError, SignatureVerificationError } from '../errors.js';
import { callWasm } from '../instance.js';
import { packPlatformKeys, platformKeyNumber } from '../keys.js';
import type { VerifyResponse } from './attempt.js';
import type { Configuration } from './configuration.js';
import { type Deadline, withDeadline } from './deadline.js';
import { addNoCertificatesHint } from './hints.js';
import type { PlatformKeyStore, PlatformKeys } from './platform-key-store.js';
import { readSendOptions } from './request-options.js';
import type { Transport } from './transport.js';

/**
 * A store for downloaded certificates: KV, Redis, a file. The stored value is WeChat Pay's response, still encrypted with
 * the APIv3 key, and it is checked again when it is read. Whoever can write to the store can delete certificates but not
 * forge them. If the store fails, certificates are downloaded.
 *
 * @example
 * ```js
 * const stored = new Map();
 * const certificateStore = { get: async (key) => stored.get(key), set: async (key, value) => void stored.set(key, value) };
 * // In a Worker: { get: (key) => env.KV.get(key), set: (key, value) => env.KV.put(key, value) }
 * ```
 */
export interface CertificateStore {
  /** Returns the value of a key, whichever process stored it; nothing if there is none. */
  get(key: string): Promise<string | null | undefined> | string | null | undefined;
  /** Stores a value of a few kilobytes. */
  set(key: string, value: string): Promise<unknown> | unknown;
}

/**
 * A platform certificate, downloaded and checked.
 *
 * @example
 * ```js
 * const [{ serial_no, expire_time }] = await client.certificates.download();
 * ```
 */
export interface PlatformCertificate {
  /** Its serial number, in upper-case hexadecimal digits. */
  serial_no: string;
  /** The start of its validity: RFC 3339, as WeChat Pay writes it. */
  effective_time: string;
  /** The end of its validity. */
  expire_time: string;
  /** The certificate, in PEM. */
  certificate: string;
}

/** The interval at which WeChat's own SDKs renew. */
const RENEW_AFTER_MS = 12 * 60 * 60 * 1000;

/** Configured certificates are renewed when this much of their validity is left. */
const RENEW_BEFORE_EXPIRY_SECONDS = 14 * 24 * 60 * 60;

/** The shortest time between two automatic renewals. Without it, each forged serial would cause a download. */
const RENEWAL_INTERVAL_MS = 60_000;

/** Anything with the `get` of `Headers`. */
interface ReadableHeaders {
  get(name: string): string | null;
}

/** @internal */
export class Certificates {
  readonly #configuration: Configuration;
  readonly #transport: Transport;
  readonly #platformKeys: PlatformKeyStore;
  /** When the trusted certificates were downloaded, in milliseconds. */
  #downloadedAt: number | undefined;
  /** When the last automatic renewal started, in milliseconds. */
  #renewedAt = Number.NEGATIVE_INFINITY;
  /** The download under way, and when it started. */
  #download: { startedAt: number; promise: Promise<void> } | undefined;
  /** The reading of the store. */
  #loading: Promise<void> | undefined;

  constructor(configuration: Configuration, transport: Transport, platformKeys: PlatformKeyStore) {
    this.#configuration = configuration;
    this.#transport = transport;
    this.#platformKeys = platformKeys;
  }

  /** The number of the root certificate. It is looked up for each use, since a restarted module gives new numbers. */
  get #root(): number | undefined {
    const { rootCertificate } = this.#configuration;
    return rootCertificate === undefined ? undefined : platformKeyNumber('rootCertificate', rootCertificate);
  }

  /**
   * Downloads certificates because the caller asks for it.
   *
   * @param options - `SendOptions`, not yet checked.
   */
  async download(options: unknown): Promise<PlatformCertificate[]> {
    const { certificates, save } = await this.#fetch(options);
    await save();
    return certificates;
  }

  /** Makes sure that there is a key to verify with, and starts a renewal if one is due. */
  async ensureReady(deadline: Deadline): Promise<void> {
    if (this.#configuration.apiV3Key === undefined) return;
    await withDeadline(deadline, () => this.#loadOnce()).catch(() => {
      this.#loading = Promise.resolve();
    });
    if (this.#platformKeys.isEmpty) await withDeadline(deadline, () => this.#renew());
    // Nobody waits for this renewal. If it fails, the present keys still work.
    else if (this.#isRenewalDue()) this.#renewOncePerMinute()?.catch(() => {});
  }

  /**
   * Verifies with the trusted keys. If the serial is unknown, renews the certificates and verifies once more.
   *
   * @param headers - The headers of the response or notification.
   */
  async withRenewal<Content>(
    headers: ReadableHeaders,
    verify: (keys: PlatformKeys) => Content | Promise<Content>,
    deadline: Deadline,
  ): Promise<Content> {
    const { keys } = this.#platformKeys;
    try {
      return await verify(keys);
    } catch (error) {
      if (!this.#canRenewalHelp(error, headers)) throw error;
      try {
        await withDeadline(deadline, async () => this.#renewOncePerMinute());
      } catch {
        // The first error is thrown below, since it is about what the caller asked for.
        annotate(error, { retryable: true });
      }
      if (this.#platformKeys.keys === keys) throw error;
      return verify(this.#platformKeys.keys);
    }
  }

  /** New certificates help with an unknown certificate, but not with an unknown public key. */
  #canRenewalHelp(error: unknown, headers: ReadableHeaders): error is SignatureVerificationError {
    return (
      this.#configuration.apiV3Key !== undefined &&
      error instanceof SignatureVerificationError &&
      error.reason === 'unknown-serial' &&
      !headers.get('wechatpay-serial')?.startsWith('PUB_KEY_ID_')
    );
  }

  #isRenewalDue(): boolean {
    const now = this.#configuration.clock();
    if (this.#downloadedAt !== undefined) return now - this.#downloadedAt >= RENEW_AFTER_MS;
    const { lastExpiry } = this.#platformKeys;
    return lastExpiry !== undefined && lastExpiry - now / 1000 <= RENEW_BEFORE_EXPIRY_SECONDS;
  }

  /** Within a minute of the last renewal, returns the download under way; undefined if there is none. */
  #renewOncePerMinute(): Promise<void> | undefined {
    const now = this.#configuration.clock();
    if (now - this.#renewedAt < RENEWAL_INTERVAL_MS) return this.#download?.promise;
    this.#renewedAt = now;
    return this.#renew();
  }

  /** Downloads certificates. Callers that come during a download share it. */
  #renew(): Promise<void> {
    const now = this.#configuration.clock();
    // An older download belongs to a request that its host has ended, so it will never settle.
    if (this.#download !== undefined && now - this.#download.startedAt < RENEWAL_INTERVAL_MS) {
      return this.#download.promise;
    }
    const download = { startedAt: now, promise: this.#fetchAndSave() };
    this.#download = download;
    const end = () => {
      if (this.#download === download) this.#download = undefined;
    };
    download.promise.then(end, end);
    return download.promise;
  }

  async #fetchAndSave(): Promise<void> {
    const { save } = await this.#fetch({});
    // Certificates that cannot be stored can still be used.
    await save().catch(() => {});
  }

  async #fetch(options: unknown): Promise<{ certificates: PlatformCertificate[]; save: () => Promise<void> }> {
    const { apiV3Key, clock, now } = this.#configuration;
    if (apiV3Key === undefined) {
      throw InvalidParameterError.about('apiV3Key', 'required', 'is missing: it decrypts the certificates');
    }
    // An expired certificate verifies nothing. Without a valid one, this is like the first download.
    const { valid } = this.#platformKeys;
    const isFirst = Object.keys(valid).length === 0;
    const platformSerial = isFirst ? undefined : this.#platformKeys.platformSerial;
    let received: Uint8Array | undefined;
    const verify: VerifyResponse = ({ status, headers, body }) => {
      received = body;
      const packedHeaders = packHeaders(headers);
      const keys = packPlatformKeys(valid);
      const window = pack({ now: now() });
      const root = this.#root;
      return callWasm((wasm) =>
        wasm.receiveCertificates(pack({ status }), packedHeaders, body, keys, apiV3Key, root, window),
      );
    };
    const request = { method: 'GET', target: '/v3/certificates', headers: {}, platformSerial };
    const sending = readSendOptions(options, this.#configuration);
    const { data } = await this.#transport.send(request, sending, verify).catch((error: unknown) => {
      addNoCertificatesHint(error);
      throw error;
    });
    const certificates = data as PlatformCertificate[];
    this.#platformKeys.replaceDownloaded(certificates);
    this.#downloadedAt = clock();
    const stored = JSON.stringify({ downloadedAt: this.#downloadedAt, body: new TextDecoder().decode(received) });
    const { certificateStore } = this.#configuration;
    return { certificates, save: async () => void (await certificateStore?.set(this.#storeKey, stored)) };
  }

  get #storeKey(): string {
    return `wechatpay-presign/certificates/${this.#configuration.mchid}`;
  }

  /** Reads, once, what another process left in the store. */
  #loadOnce(): Promise<void> {
    this.#loading ??= this.#load().catch(() => {});
    return this.#loading;
  }

  /** The stored response is still encrypted, and it is checked as if it had just been downloaded. */
  async #load(): Promise<void> {
    const { certificateStore, apiV3Key = '', now } = this.#configuration;
    const stored = await certificateStore?.get(this.#storeKey);
    if (typeof stored !== 'string' || this.#downloadedAt !== undefined) return;
    const { downloadedAt, body } = JSON.parse(stored) as { downloadedAt: unknown; body: unknown };
    const root = this.#root;
    const window = pack({ now: now() });
    const opened = callWasm((wasm) => wasm.openCertificates(String(body), apiV3Key, root, window));
    this.#platformKeys.replaceDownloaded(opened as PlatformCertificate[]);
    this.#downloadedAt = Number(downloadedAt);
  }
}

// WeChat Pay's platform certificates: downloaded, kept, and renewed before they are missed.
import { InvalidParameterError, SignatureVerificationError } from '../errors.js';
import { pack, packHeaders } from '../crossing.js';
import { call } from '../instance.js';
import { packPlatformKeys, platformKeyNumber } from '../keys.js';
import { withDeadline } from './deadline.js';
import { noteThatThereAreNone } from './explanation.js';
import { readSending } from './transport.js';

/** WeChat's own SDKs look for new ones this often. */
const RENEW_AFTER_MS = 12 * 60 * 60 * 1000;

/** Certificates that were configured are renewed when so little of their time is left. */
const RENEW_BEFORE_EXPIRY_SECONDS = 14 * 24 * 60 * 60;

/** Between two renewals that nobody asked for; whoever sends forged serials must not make us ask WeChat for each. */
const PAUSE_MS = 60_000;

/**
 * @typedef {import('./trust.js').PlatformCertificate} PlatformCertificate
 * @typedef {import('./deadline.js').Deadline} Deadline
 * @typedef {{ status: number, headers: Headers, body: Uint8Array }} Received
 */

export class Certificates {
  #configuration;
  #transport;
  #trust;
  /** When this began to be trusted, in milliseconds. @type {number | undefined} */
  #downloadedAt;
  /** When WeChat was last asked without being told to. */
  #lastAttempt = -Infinity;
  /** The download that is under way, and since when. @type {{ begun: number, promise: Promise<unknown> } | undefined} */
  #download;
  /** The look into the store. @type {Promise<void> | undefined} */
  #recalling;

  /**
   * @param {import('./configuration.js').Configuration} configuration
   * @param {import('./transport.js').Transport} transport
   * @param {import('./trust.js').Trust} trust
   */
  constructor(configuration, transport, trust) {
    this.#configuration = configuration;
    this.#transport = transport;
    this.#trust = trust;
  }

  /** The number of the root certificate; asked for each time, since numbers end with the wasm that gave them. */
  get #root() {
    const { rootCertificate } = this.#configuration;
    return rootCertificate === undefined ? undefined : platformKeyNumber('rootCertificate', rootCertificate);
  }

  /**
   * Downloads them, because somebody says so.
   * @param {unknown} options
   */
  async download(options) {
    const { certificates, save } = await this.#fetch(options);
    await save();
    return certificates;
  }

  /**
   * Sees to it that there is something to verify with, and that it stays so.
   * @param {Deadline} deadline
   */
  async ready(deadline) {
    if (this.#configuration.apiV3Key === undefined) return;
    await withDeadline(deadline, () => this.#recall()).catch(() => {
      this.#recalling = Promise.resolve();
    });
    if (this.#trust.isEmpty) await withDeadline(deadline, () => this.#renew());
    // Nobody waits for it, and what is there works on if it fails.
    else if (this.#isDue()) this.#renewAtMostOnceAMinute()?.catch(() => {});
  }

  /**
   * Uses what is trusted; and once more, where that knows a certificate not, and there are new ones.
   * @template T
   * @param {{ get: (name: string) => string | null }} headers  of what is to be verified
   * @param {(certs: import('./trust.js').Certs) => T | Promise<T>} use
   * @param {Deadline} deadline
   * @returns {Promise<T>}
   */
  async trying(headers, use, deadline) {
    const { certs } = this.#trust;
    try {
      return await use(certs);
    } catch (error) {
      if (!this.#couldKnow(error, headers)) throw error;
      try {
        await withDeadline(deadline, async () => this.#renewAtMostOnceAMinute());
      } catch {
        // What is said of the answer counts, not what is said of the certificates.
      }
      if (this.#trust.certs === certs) throw error;
      return use(this.#trust.certs);
    }
  }

  /**
   * Whether new certificates might help. They never do with a public key.
   * @param {unknown} error
   * @param {{ get: (name: string) => string | null }} headers
   */
  #couldKnow(error, headers) {
    return (
      this.#configuration.apiV3Key !== undefined &&
      error instanceof SignatureVerificationError &&
      error.reason === 'unknown-serial' &&
      !headers.get('wechatpay-serial')?.startsWith('PUB_KEY_ID_')
    );
  }

  #isDue() {
    const now = this.#configuration.clock();
    if (this.#downloadedAt !== undefined) return now - this.#downloadedAt >= RENEW_AFTER_MS;
    const { lastExpiry } = this.#trust;
    return lastExpiry !== undefined && lastExpiry - now / 1000 <= RENEW_BEFORE_EXPIRY_SECONDS;
  }

  /** Undefined where it was tried just now; then one can only wait for what is under way. */
  #renewAtMostOnceAMinute() {
    const now = this.#configuration.clock();
    if (now - this.#lastAttempt < PAUSE_MS) return this.#download?.promise;
    this.#lastAttempt = now;
    return this.#renew();
  }

  /** Downloads them; who comes while it is under way waits for the same. */
  #renew() {
    const now = this.#configuration.clock();
    // One that has been under way for so long belongs to a request whose host ended it, and will never end.
    if (this.#download !== undefined && now - this.#download.begun < PAUSE_MS) return this.#download.promise;
    const download = { begun: now, promise: this.#fetchAndSave() };
    this.#download = download;
    const end = () => {
      if (this.#download === download) this.#download = undefined;
    };
    download.promise.then(end, end);
    return download.promise;
  }

  async #fetchAndSave() {
    const { save } = await this.#fetch({});
    // What cannot be kept can be used all the same.
    await save().catch(() => {});
  }

  /** @param {unknown} options */
  async #fetch(options) {
    const { apiV3Key, clock, now } = this.#configuration;
    if (apiV3Key === undefined) {
      throw InvalidParameterError.about('apiV3Key', 'required', 'is missing: certificates are encrypted under it');
    }
    // What has expired verifies nothing: without the others this is as the first time.
    const { valid } = this.#trust;
    const isFirst = Object.keys(valid).length === 0;
    const platformSerial = isFirst ? undefined : this.#trust.platformSerial;
    /** @type {Uint8Array | undefined} */
    let received;
    const verify = (/** @type {Received} */ { status, headers, body }) => {
      received = body;
      const signed = packHeaders(headers);
      const keys = packPlatformKeys(valid);
      const window = pack({ now: now() });
      const root = this.#root;
      return call((wasm) => wasm.receiveCertificates(pack({ status }), signed, body, keys, apiV3Key, root, window));
    };
    const asking = { method: 'GET', target: '/v3/certificates', headers: {}, platformSerial };
    const { data } = await this.#transport
      .send(asking, readSending(options, this.#configuration), verify)
      .catch((error) => {
        throw noteThatThereAreNone(error);
      });
    /** @type {PlatformCertificate[]} */
    const certificates = data;
    this.#trust.adopt(certificates);
    this.#downloadedAt = clock();
    const kept = JSON.stringify({ downloadedAt: this.#downloadedAt, body: new TextDecoder().decode(received) });
    const { store } = this.#configuration;
    return { certificates, save: async () => void (await store?.set(this.#storeKey, kept)) };
  }

  get #storeKey() {
    return `wechatpay-presign/certificates/${this.#configuration.mchid}`;
  }

  /** Takes what another process left in the store, once. It is as WeChat encrypted it, and checked again. */
  #recall() {
    this.#recalling ??= this.#look().catch(() => {});
    return this.#recalling;
  }

  async #look() {
    const { store, apiV3Key = '', now } = this.#configuration;
    const kept = await store?.get(this.#storeKey);
    if (typeof kept !== 'string' || this.#downloadedAt !== undefined) return;
    const { downloadedAt, body } = JSON.parse(kept);
    const root = this.#root;
    const window = pack({ now: now() });
    this.#trust.adopt(call((wasm) => wasm.openCertificates(String(body), apiV3Key, root, window)));
    this.#downloadedAt = Number(downloadedAt);
  }
}

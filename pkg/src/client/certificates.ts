// WeChat Pay's platform certificates: downloaded, stored, and renewed before they expire.
//
// State that calls share. A client lives as long as its process, or as long as a Worker's isolate, which serves many requests.
//
// | state                  | content                              | written by                | ends with                    |
// | ---------------------- | ------------------------------------ | ------------------------- | ---------------------------- |
// | PlatformKeyStore       | the trusted keys, and when WeChat    | each list that was        | the next newer list          |
// |                        | Pay signed them                      | verified                  |                              |
// | #renewal               | the last automatic download: when it | notifications, unknown    | the next one, a minute later |
// |                        | started, and how it ended            | serials, age              | at the earliest              |
// | #download              | the download that calls without      | calls without any valid   | its own time limit           |
// |                        | certificates wait for                | key                       |                              |
// | #reading, #storeReadAt | the reading of the store, and when   | as above                  | its own time limit           |
// |                        | it last ended                        |                           |                              |
//
// - Waiting: a call that has no valid key waits for a download. A response or notification with an unknown serial waits
//   for a renewal. Renewals because of age run beside calls. Each call waits only within its own time limit. No call's
//   time-out or abort ends work that others may wait for: downloads and readings of the store have time limits of their
//   own.
// - Limits: automatic downloads start once a minute at most, whether they succeed or fail, and are not retried. In
//   between, their result is remembered. A download that a call needs, because there is no valid key, is not limited:
//   each starts one or joins the running one. `download()` always sends a request.
// - If the request that began it dies: where a promise belongs to its request (promise-scope.ts), `#download` and
//   `#reading` are never shared, so that nobody waits for a promise that never settles. Each call without a valid key
//   downloads for itself. A renewal that another request began leaves a plain value behind; calls poll it for at
//   most two seconds, and treat the renewal as failed if it has not ended.
import {
  annotate,
  InvalidParameterError,
  NetworkError,
  SignatureVerificationError,
  WechatPayError,
} from '../errors.js';
import type { Signal } from './abort.js';
import type { VerifyResponse } from './attempt.js';
import {
  type CertificateList,
  type ListVerification,
  openReceivedList,
  type PlatformCertificate,
} from './certificate-list.js';
import { CertificateStorage } from './certificate-storage.js';
import type { Configuration } from './configuration.js';
import { type Deadline, withDeadline } from './deadline.js';
import { addNoCertificatesHint } from './hints.js';
import { onRejection } from './host-functions.js';
import type { PlatformKeyStore, PlatformKeys } from './platform-key-store.js';
import { promiseScope } from './promise-scope.js';
import { Renewal } from './renewal.js';
import { readSendOptions, type Sending } from './request-options.js';
import type { ReceivedBody } from './response-body.js';
import { SharedTask } from './shared-task.js';
import type { Transport } from './transport.js';

/** The interval at which WeChat's own SDKs renew. */
const RENEW_AFTER_SECONDS = 12 * 60 * 60;

/** Configured certificates are renewed when this much of their validity is left. */
const RENEW_BEFORE_EXPIRY_SECONDS = 14 * 24 * 60 * 60;

/** The shortest time between two automatic downloads. Without it, each forged serial would cause one. */
const RENEWAL_INTERVAL_MS = 60_000;

/** The shortest time between two readings of the store. */
const STORE_INTERVAL_MS = 60_000;

/** The time limit for the store. After it, a call goes on without the store. */
const STORE_TIMEOUT_MS = 2000;

/** Anything with the `get` of `Headers`. */
interface ReadableHeaders {
  get(name: string): string | null;
}

/**
 * A call that needs certificates: how long it may wait, and the `waitUntil` for work that outlives it.
 *
 * @internal
 */
export interface Occasion extends Deadline {
  /** Default: `waitUntil` of the configuration. */
  waitUntil?: Configuration['waitUntil'];
}

/** @internal */
export class Certificates {
  readonly #configuration: Configuration;
  readonly #transport: Transport;
  readonly #platformKeys: PlatformKeyStore;
  readonly #storage: CertificateStorage | undefined;
  readonly #download = new SharedTask();
  readonly #reading = new SharedTask();
  #renewal: Renewal | undefined;
  #storeReadAt: number | undefined;

  constructor(configuration: Configuration, transport: Transport, platformKeys: PlatformKeyStore) {
    this.#configuration = configuration;
    this.#transport = transport;
    this.#platformKeys = platformKeys;
    const { certificateStore, mchid } = configuration;
    // A merchant with a public key needs no certificates, so someone who can write to the store must not be able to add any.
    if (certificateStore !== undefined && !platformKeys.isPublicKeyMode) {
      this.#storage = new CertificateStorage(certificateStore, mchid);
    }
  }

  /**
   * Downloads certificates because the caller asks for it.
   *
   * @param options - `SendOptions`, not yet checked.
   */
  async download(options: unknown): Promise<PlatformCertificate[]> {
    const sending = readSendOptions(options, this.#configuration);
    const { certificates, received } = await this.#fetch(sending);
    await withDeadline(sending, async () => this.#storage?.write(received), 'the certificateStore did not respond');
    return certificates;
  }

  /** Makes sure that a request's response can be verified. Without a valid key, downloads certificates. */
  ensureReadyForCall(occasion: Occasion): Promise<void> {
    return this.#ensureReady(occasion, () => this.#downloadForCall(occasion));
  }

  /** The same for anything that strangers can trigger, such as a notification: at most one download a minute. */
  ensureReady(occasion: Occasion): Promise<void> {
    return this.#ensureReady(occasion, (signal) => this.#renewOncePerMinute(occasion, signal));
  }

  async #ensureReady(occasion: Occasion, download: (signal: Signal) => Promise<void>): Promise<void> {
    const { apiV3Key } = this.#configuration;
    if (apiV3Key === undefined) return;
    if (!this.#platformKeys.canVerify && this.#canReadStore()) {
      // If the store does not respond in time, certificates are downloaded, and the next call does not wait for it again.
      await withDeadline(partOf(occasion), () => this.#readStore(occasion)).catch(() => {
        this.#storeReadAt = this.#configuration.clock();
      });
    }
    if (this.#platformKeys.canVerify) await this.#renewBeside(occasion);
    else await withDeadline(occasion, download);
  }

  /**
   * Verifies with the trusted keys. If the serial is unknown, renews the certificates and verifies once more.
   *
   * @param headers - The headers of the response or notification.
   * @returns The content. If it rejects because of an unknown serial, `retryable` says whether a later renewal may help.
   */
  async withRenewal<Content>(
    headers: ReadableHeaders,
    verify: (keys: PlatformKeys) => Content | Promise<Content>,
    occasion: Occasion,
  ): Promise<Content> {
    const { keys } = this.#platformKeys;
    try {
      return await verify(keys);
    } catch (error) {
      if (!this.#canRenewalHelp(error, headers)) throw error;
      const failure = await this.#tryRenewal(occasion);
      if (this.#platformKeys.keys === keys) throw withFailure(error, failure);
      try {
        return await verify(this.#platformKeys.keys);
      } catch (second) {
        throw isUnknownSerial(second) ? withFailure(second, failure) : second;
      }
    }
  }

  /** New certificates help with an unknown certificate, but not with an unknown public key. */
  #canRenewalHelp(error: unknown, headers: ReadableHeaders): error is SignatureVerificationError {
    return (
      this.#configuration.apiV3Key !== undefined &&
      isUnknownSerial(error) &&
      !headers.get('wechatpay-serial')?.startsWith('PUB_KEY_ID_')
    );
  }

  /** Returns the error of a renewal that failed, now or less than a minute ago. */
  async #tryRenewal(occasion: Occasion): Promise<unknown> {
    try {
      await withDeadline(occasion, (signal) => this.#renewOncePerMinute(occasion, signal));
      return undefined;
    } catch (failure) {
      return failure;
    }
  }

  /** Starts a renewal if one is due. The call goes on with the present keys, whether the renewal succeeds or not. */
  async #renewBeside(occasion: Occasion): Promise<void> {
    const isFirstReading = this.#storage !== undefined && this.#storeReadAt === undefined;
    if (!isFirstReading && (!this.#isRenewalDue() || this.#isRenewalRecent())) return;
    const work = this.#readStoreAndRenew(occasion);
    const isKept = this.#keepAlive(occasion, work);
    // Nothing else keeps it alive after the call, so the call waits for it, at most once a minute.
    if (!isKept && promiseScope() === 'request') await withDeadline(partOf(occasion), () => work).catch(() => {});
  }

  async #readStoreAndRenew(occasion: Occasion): Promise<void> {
    // Another process may have renewed.
    if (this.#canReadStore()) await this.#readStore(occasion);
    if (!this.#isRenewalDue()) return;
    await this.#renewOncePerMinute(occasion);
  }

  #isRenewalDue(): boolean {
    const now = this.#configuration.clock() / 1000;
    const { downloadedAt, lastExpiry } = this.#platformKeys;
    if (downloadedAt !== undefined) return now - downloadedAt >= RENEW_AFTER_SECONDS;
    return lastExpiry !== undefined && lastExpiry - now <= RENEW_BEFORE_EXPIRY_SECONDS;
  }

  #isRenewalRecent(): boolean {
    return this.#isRecent(this.#renewal?.startedAt, RENEWAL_INTERVAL_MS);
  }

  /** A time in the future is not recent: the clock was set back. */
  #isRecent(time: number | undefined, intervalMs: number): boolean {
    if (time === undefined) return false;
    const elapsed = this.#configuration.clock() - time;
    return elapsed >= 0 && elapsed < intervalMs;
  }

  /** Renews; within a minute of the last renewal, waits for that one or repeats its result. */
  async #renewOncePerMinute(occasion: Occasion, signal?: Signal): Promise<void> {
    const last = this.#renewal;
    if (last !== undefined && this.#isRenewalRecent()) return last.wait(signal);
    // A repeated attempt would be one more request that a stranger caused.
    const work = this.#download.running ?? this.#startDownload(occasion, { retries: 0 });
    this.#renewal = new Renewal(this.#configuration.clock(), work);
    await work;
  }

  /** Downloads certificates, or waits for the download that another such call began. */
  async #downloadForCall(occasion: Occasion): Promise<void> {
    try {
      const { running } = this.#download;
      if (running !== undefined) return await running;
    } catch (error) {
      // The download began before this call, so it timed out while this call still had time.
      if (!(error instanceof NetworkError)) throw error;
    }
    await this.#download.run(() => this.#startDownload(occasion, {}));
  }

  /** Downloads certificates, independently of the call that begins it. */
  #startDownload(occasion: Occasion, limits: { retries?: number }): Promise<void> {
    const work = this.#fetchAndStore(occasion, { ...readSendOptions({}, this.#configuration), ...limits });
    this.#keepAlive(occasion, work);
    return work;
  }

  async #fetchAndStore(occasion: Occasion, sending: Sending): Promise<void> {
    const { received } = await this.#fetch(sending);
    const storage = this.#storage;
    if (storage === undefined) return;
    const storing = withDeadline({ timeoutMs: STORE_TIMEOUT_MS }, () => storage.write(received));
    const isKept = this.#keepAlive(occasion, storing);
    // Certificates that cannot be stored can still be used.
    if (!isKept && promiseScope() === 'request') await withDeadline(partOf(occasion), () => storing).catch(() => {});
  }

  async #fetch(sending: Sending): Promise<CertificateList & { received: ReceivedBody }> {
    const { anchors } = this.#platformKeys;
    // If the APIv3 key is missing, this throws before anything is sent.
    this.#verification(anchors);
    const isBootstrap = Object.keys(anchors).length === 0;
    const platformSerial = isBootstrap ? undefined : this.#platformKeys.platformSerial;
    const request = { method: 'GET', target: '/v3/certificates', headers: {}, platformSerial };
    const verify: VerifyResponse = (received) => ({
      ...openReceivedList(received, this.#verification(anchors)),
      received,
    });
    const { data } = await this.#transport.send(request, sending, verify).catch((error: unknown) => {
      addNoCertificatesHint(error);
      throw error;
    });
    const list = data as CertificateList & { received: ReceivedBody };
    this.#platformKeys.replaceDownloaded(list);
    return list;
  }

  #verification(anchors: PlatformKeys): ListVerification {
    const { apiV3Key, rootCertificate, platformSubject, now } = this.#configuration;
    if (apiV3Key === undefined) {
      throw InvalidParameterError.about('apiV3Key', 'required', 'is missing: it decrypts the certificates');
    }
    return { anchors, apiV3Key, rootCertificate, platformSubject, now: now() };
  }

  #canReadStore(): boolean {
    return this.#storage !== undefined && !this.#isRecent(this.#storeReadAt, STORE_INTERVAL_MS);
  }

  /** Trusts a stored list once it is verified. A store that fails, or takes too long, counts as empty for a minute. */
  #readStore(occasion: Occasion): Promise<void> {
    const timeoutMs = Math.min(STORE_TIMEOUT_MS, partOf(occasion).timeoutMs);
    const storage = this.#storage;
    const verification = () => this.#verification(this.#platformKeys.anchors);
    return this.#reading.run(async () => {
      try {
        const list = await withDeadline({ timeoutMs }, async () => storage?.read(verification));
        if (list !== undefined) this.#platformKeys.replaceDownloaded(list);
      } catch {
        // A store that fails counts as empty.
      }
      this.#storeReadAt = this.#configuration.clock();
    });
  }

  /**
   * Lets work go on after the call that began it, if the host needs to be told. Errors of the work are ignored here.
   *
   * @returns Whether `waitUntil` accepted the work.
   */
  #keepAlive({ waitUntil = this.#configuration.waitUntil }: Occasion, work: Promise<unknown>): boolean {
    const settled = work.then(
      () => {},
      () => {},
    );
    if (waitUntil === undefined) return false;
    try {
      onRejection(waitUntil(settled));
      return true;
    } catch {
      // `waitUntil` may only be called while a request is being handled.
      return false;
    }
  }
}

/**
 * The deadline for an optional step: a part of the call's time, so that enough is left for a download and for the call
 * itself.
 */
function partOf({ signal, timeoutMs }: Deadline): Deadline {
  return { signal, timeoutMs: Math.ceil(timeoutMs / 4) };
}

function isUnknownSerial(error: unknown): error is SignatureVerificationError {
  return error instanceof SignatureVerificationError && error.reason === 'unknown-serial';
}

/** Says that a renewal, which might have helped, has failed. */
function withFailure(error: SignatureVerificationError, failure: unknown): SignatureVerificationError {
  if (failure === undefined) return error;
  const reason = failure instanceof Error ? `: ${failure.message}` : '';
  annotate(error, {
    retryable: mayPass(failure),
    hint: `the platform certificates could not be renewed${reason}`,
  });
  return error;
}

/**
 * Whether a later download may succeed. For a merchant without certificates, or with the wrong APIv3 key, it cannot.
 */
function mayPass(failure: unknown): boolean {
  if (failure instanceof NetworkError || failure instanceof SignatureVerificationError) return true;
  return failure instanceof WechatPayError && failure.retryable;
}

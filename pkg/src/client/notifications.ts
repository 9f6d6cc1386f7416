// Notifications, for handlers of HTTP requests: `parse` verifies and decrypts them; `handle` also runs the handler once
// for each, and makes the response that WeChat Pay expects.
import { assertText, kindOf } from '../arguments.js';
import { annotate, InvalidParameterError, SignatureVerificationError } from '../errors.js';
import type { Notification } from '../notification.js';
import { memoryStore } from '../stores/memory.js';
import type { NotificationStore } from '../stores/types.js';
import { captureCaller } from './caller.js';
import type { Certificates, Occasion } from './certificates.js';
import type { Configuration } from './configuration.js';
import { type DeliveryHost, deliver, downloading, fail } from './notification-delivery.js';
import { readHandleOptions } from './notification-options.js';
import { readParseOptions, receiveNotification } from './notification-request.js';
import type { PlatformKeys } from './platform-key-store.js';

export class Notifications {
  readonly #configuration: Configuration;
  readonly #certificates: Certificates;
  readonly #defaultStore: NotificationStore;

  constructor(configuration: Configuration, certificates: Certificates) {
    this.#configuration = configuration;
    this.#certificates = certificates;
    this.#defaultStore = configuration.notifications.store ?? memoryStore({ now: configuration.clock });
  }

  /** The time for one step. WeChat Pay waits for 5 seconds, so a step gets no more than an attempt. */
  get #timeoutMs(): number {
    const { timeoutMs, attemptTimeoutMs } = this.#configuration;
    return Math.min(timeoutMs, attemptTimeoutMs);
  }

  async parse(request: unknown, options: unknown): Promise<Notification<unknown>> {
    const defaults = { ...this.#configuration, timeoutMs: this.#timeoutMs };
    return this.#verify(request, readParseOptions(options, defaults));
  }

  /** Never rejects. */
  async handle(request: unknown, handler: unknown, options: unknown): Promise<Response> {
    const { mchid, notifications } = this.#configuration;
    const timeoutMs = this.#timeoutMs;
    const caller = captureCaller(this.handle);
    const host: DeliveryHost = { onError: notifications.onError, waitUntil: undefined, caller };
    try {
      const settings = readHandleOptions(options, { ...notifications, store: this.#defaultStore });
      Object.assign(host, settings);
      assertFunction('handler', handler);
      const verify = () => this.#verify(request, { timeoutMs, waitUntil: settings.waitUntil });
      return await deliver({ ...settings, caller, handler, mchid, timeoutMs, verify });
    } catch (error) {
      return fail(error, host);
    }
  }

  async #verify(request: unknown, deadline: Occasion): Promise<Notification<unknown>> {
    const { apiV3Key, maxResponseBytes, verifier } = this.#configuration;
    const { headers, body } = await receiveNotification(request, maxResponseBytes, deadline);
    await downloading(this.#certificates.ensureReady(deadline));
    const verify = (keys: PlatformKeys) => {
      assertText('apiV3Key', apiV3Key, 'a string');
      return verifier.verifyNotification({ headers, body }, keys, apiV3Key);
    };
    return this.#certificates.withRenewal(headers, verify, deadline).catch(explainMissingHeader);
  }
}

function explainMissingHeader(error: unknown): never {
  if (error instanceof SignatureVerificationError && error.reason === 'missing-header') {
    const hint =
      'pass all headers of the request; if it has none of these, a proxy removed them or WeChat Pay did not send it';
    annotate(error, { hint });
  }
  throw error;
}

function assertFunction(field: string, value: unknown): asserts value is (argument: unknown) => unknown {
  if (typeof value === 'function') return;
  throw InvalidParameterError.about(field, 'type', `must be a function, but is ${kindOf(value)}`);
}

// Notifications, for handlers of HTTP requests: verified, decrypted, checked for repetition; and the responses that WeChat
// Pay expects.
import { assertText, hasGet, kindOf, reading } from '../arguments.js';
import { HostError, InvalidParameterError, WechatPayError } from '../errors.js';
import { finishNotification, type Notification } from '../notification.js';
import type { Certificates } from './certificates.js';
import type { Configuration } from './configuration.js';
import { withDeadline } from './deadline.js';
import type { PlatformKeys } from './platform-key-store.js';
import { readAll } from './response-body.js';

/** How many ids are remembered without `seen`. WeChat Pay repeats a notification 15 times within a day. */
const MAX_REMEMBERED = 10_000;

export class Notifications {
  readonly #configuration: Configuration;
  readonly #certificates: Certificates;
  readonly #seen: (id: string) => unknown;

  constructor(configuration: Configuration, certificates: Certificates) {
    this.#configuration = configuration;
    this.#certificates = certificates;
    this.#seen = configuration.seen ?? rememberIds();
  }

  async parse(request: unknown): Promise<Notification<unknown> & { repeated: boolean }> {
    if (!isRequest(request)) {
      throw InvalidParameterError.about('request', 'type', `must be a Request, but is ${kindOf(request)}`);
    }
    const { apiV3Key, maxResponseBytes, timeoutMs, verifier } = this.#configuration;
    const read = (signal: AbortSignal) => readAll(request.body, maxResponseBytes, signal);
    const body = await withDeadline({ timeoutMs }, read, 'the notification did not arrive completely').catch(rethrow);
    if (body === undefined) {
      throw InvalidParameterError.about('request', 'max-length', `has a body of more than ${maxResponseBytes} bytes`);
    }
    const { headers } = request;
    await this.#certificates.ensureReady({ timeoutMs });
    const verify = (keys: PlatformKeys) =>
      verifier.verify({ headers, body }, keys, (signed, ...verified) => {
        assertText('apiV3Key', apiV3Key, 'a string');
        return finishNotification<unknown>(signed, apiV3Key, ...verified);
      });
    const notification = await this.#certificates.withRenewal(headers, verify, { timeoutMs });
    // Only genuine notifications count as seen.
    return { ...notification, repeated: Boolean(await this.#seen(notification.id)) };
  }

  acknowledge(): Response {
    return new Response(null, { status: 204 });
  }

  reject(message: unknown = '失败', status = 500): Response {
    const body = JSON.stringify({ code: 'FAIL', message: String(message) });
    return new Response(body, { status, headers: { 'Content-Type': 'application/json' } });
  }
}

/** Remembers ids as long as the process lives. */
function rememberIds(): (id: string) => boolean {
  const ids = new Set<string>();
  return (id) => {
    if (ids.has(id)) return true;
    ids.add(id);
    if (ids.size > MAX_REMEMBERED) {
      const [oldest] = ids;
      if (oldest !== undefined) ids.delete(oldest);
    }
    return false;
  };
}

/** A body that was read already, is locked, or is not a stream. */
function rethrow(cause: unknown): never {
  if (cause instanceof WechatPayError) throw cause;
  const message = 'the body of the request cannot be read: pass the request before anything else reads it';
  throw new HostError(message, { code: 'ERR_HANDLER', operation: 'stream', cause });
}

function isRequest(value: unknown): value is Request {
  if (typeof value !== 'object' || value === null) return false;
  return reading('request', () => 'body' in value && 'headers' in value && hasGet(value.headers));
}

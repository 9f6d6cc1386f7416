// Reading a notification from a request of any framework: its headers, and the raw body.
import { fieldsOf, kindOf, propertiesOf, reading } from '../arguments.js';
import { HostError, InvalidParameterError, isWechatPayError } from '../errors.js';
import { copyHeaders } from '../plain-data.js';
import type { ResponseHeaders } from '../verification.js';
import type { Signal } from './abort.js';
import type { SendLimits } from './configuration.js';
import { type Deadline, withDeadline } from './deadline.js';
import { IssueCollector } from './issue-collector.js';
import { rejectUnknown } from './notification-options.js';
import { readSendOptions } from './request-options.js';
import { isInstance, NotBytesError, readAll } from './response-body.js';

/**
 * A body exactly as it was received, before any parsing. A stream must not have been read yet: a `ReadableStream`, or a
 * stream of Node.js, such as an `IncomingMessage`.
 *
 * @example
 * ```ts
 * const body: RawBody = new TextEncoder().encode('{"id":"EV-1"}');
 * ```
 */
export type RawBody =
  | string
  | Uint8Array
  | ArrayBuffer
  | { getReader(): unknown; readonly locked: boolean }
  | AsyncIterable<Uint8Array>;

/**
 * A notification in a framework without `Request`.
 *
 * @example
 * ```js
 * // Express, after app.use('/notify', express.raw({ type: 'application/json' }))
 * const fromExpress = (req) => ({ headers: req.headers, body: req.body });
 * // node:http
 * const fromNode = (incoming) => ({ headers: incoming.headers, body: incoming });
 * ```
 */
export interface NotificationRequest {
  /** The headers. Only `Wechatpay-*` and `Request-ID` are read. */
  headers: ResponseHeaders;
  /** The raw body. */
  body: RawBody | null;
}

/**
 * Options of `client.notifications.parse`.
 *
 * @example
 * ```js
 * const options = { timeoutMs: 3000 };
 * ```
 */
export interface ParseOptions {
  /** Ends the call with a {@link NetworkError} when it is aborted. */
  signal?: AbortSignal | undefined;
  /** The time for receiving the body, and for a download of certificates, in milliseconds each. */
  timeoutMs?: number | undefined;
}

/** A notification that has been received and not yet been verified. */
export interface ReceivedNotificationRequest {
  headers: { get(name: string): string | null };
  body: Uint8Array<ArrayBuffer>;
}

/** The fix for a missing raw body, with the most common framework as the example. */
const RAW_BODY_FIX =
  "in Express, put express.raw({ type: 'application/json' }) before this route, and express.json() after it";

/**
 * Checks {@link ParseOptions}.
 *
 * @internal
 */
export function readParseOptions(given: unknown, defaults: SendLimits): Deadline {
  const { signal, timeoutMs, ...others } = fieldsOf('options', given);
  const issues = new IssueCollector();
  rejectUnknown(others, '', issues);
  issues.throwIfAny();
  return readSendOptions({ signal, timeoutMs }, defaults);
}

/**
 * Reads the headers and the whole raw body.
 *
 * @param limit - The largest body that is accepted, in bytes.
 */
export async function receiveNotification(
  request: unknown,
  limit: number,
  deadline: Deadline,
): Promise<ReceivedNotificationRequest> {
  if (typeof request !== 'object' || request === null) {
    reject(`must be a Request, or { headers, body } with the raw body, but is ${kindOf(request)}`);
  }
  const { headers, body, bodyUsed } = propertiesOf('request', request, ['headers', 'body', 'bodyUsed']);
  if (typeof headers !== 'object' || headers === null) {
    reject(
      `must be a Request, or { headers, body } with the raw body, but has no headers: pass those of the request; ${RAW_BODY_FIX}`,
    );
  }
  const copied = copyHeaders(headers);
  if (bodyUsed === true)
    reject(`has a raw body that was already read: pass the request before anything reads it; ${RAW_BODY_FIX}`);
  // A `Request` without a body has null. It is then verified as an empty body, and rejected.
  const isEmpty = body === null && bodyUsed === false;
  return { headers: copied, body: isEmpty ? new Uint8Array() : await readRawBody(body, limit, deadline) };
}

async function readRawBody(body: unknown, limit: number, deadline: Deadline): Promise<Uint8Array<ArrayBuffer>> {
  const given = reading('request', () => bytesOf(body));
  if (given !== undefined) {
    if (given.length > limit) rejectLength(limit);
    return given;
  }
  const stream = reading('request', () => streamOf(body));
  const read = (signal: Signal) => readAll(stream, limit, signal);
  const received = await withDeadline(deadline, read, 'the notification did not arrive completely').catch(rethrow);
  return received ?? rejectLength(limit);
}

/** A copy of a body that is at hand, since its owner may use the buffer again. Undefined for streams. */
function bytesOf(body: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  // It may be of another realm.
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]')
    return new Uint8Array(body as ArrayBuffer).slice();
  if (!ArrayBuffer.isView(body)) return undefined;
  return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
}

/** The body as an unread stream. */
function streamOf(body: unknown): ReadableStream<Uint8Array> {
  if (typeof body !== 'object' || body === null)
    reject(`has no raw body: its body is ${kindOf(body)}; ${RAW_BODY_FIX}`);
  const { getReader, locked, readableDidRead } = body as Record<string, unknown>;
  if (locked === true || readableDidRead === true) {
    reject(`has a raw body that something else is reading or has read: pass the request first; ${RAW_BODY_FIX}`);
  }
  if (typeof getReader === 'function') return body as ReadableStream<Uint8Array>;
  if (Symbol.asyncIterator in body) return toReadableStream(body as AsyncIterable<Uint8Array>);
  reject(`needs the raw body, but its body is ${kindOf(body)}, so it was parsed; ${RAW_BODY_FIX}`);
}

/** A stream of Node.js as a `ReadableStream`. Not every runtime has `ReadableStream.from`. */
function toReadableStream(source: AsyncIterable<Uint8Array> & { destroy?: unknown }): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      // The iterator of a stream of Node.js ends only with the next chunk, which may never come.
      if (typeof source.destroy === 'function') source.destroy();
      else await iterator.return?.();
    },
  });
}

/** The stream failed: the sender or the runtime ended it early. */
function rethrow(cause: unknown): never {
  if (isWechatPayError(cause)) throw cause;
  const reason = isInstance(cause, NotBytesError)
    ? `${cause.message}; pass the stream without setEncoding() or a decoder before it`
    : 'its stream failed';
  const message = `the body of the notification cannot be read: ${reason}`;
  throw new HostError(message, { code: 'ERR_HANDLER', operation: 'stream', cause });
}

function reject(explanation: string): never {
  throw InvalidParameterError.about('request', 'type', explanation);
}

function rejectLength(limit: number): never {
  throw InvalidParameterError.about('request', 'max-length', `has a body of more than ${limit} bytes`);
}

// Receiving a response completely, within a size limit.
import { hasGet, isBytes, kindOf } from '../arguments.js';
import { NetworkError } from '../errors.js';
import type { Signal } from './abort.js';

/** A response whose body has been read and not yet been verified. */
export interface ReceivedBody {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * Sends a request and reads the whole response. Anything that the caller's `fetch` throws, and anything wrong that it
 * returns, becomes a `NetworkError`.
 *
 * @param limit - The largest body that is accepted, in bytes.
 */
export async function receive(send: () => Promise<Response>, limit: number, signal: Signal): Promise<ReceivedBody> {
  return receiveBody(await receiveHead(send), limit, signal);
}

/** A response whose body has not been read. */
export interface ReceivedHead {
  status: number;
  headers: Headers;
  stream: ReadableStream<Uint8Array> | null;
}

/** Sends a request and reads the status and headers of the response. */
export async function receiveHead(send: () => Promise<Response>): Promise<ReceivedHead> {
  let response: unknown;
  try {
    response = await send();
  } catch (cause) {
    throw networkError('nothing was received', cause);
  }
  const { status, headers, stream, isRedirect } = readResponse(response);
  // The Fetch standard specifies these for a redirect that must not be followed.
  if (isRedirect || status === 0) {
    throw networkError('the response was a redirect, which is not followed', undefined, { retryable: false });
  }
  return { status, headers, stream };
}

/** Reads the body of a response. */
export async function receiveBody(
  { status, headers, stream }: ReceivedHead,
  limit: number,
  signal: Signal,
): Promise<ReceivedBody> {
  const announced = Number(headers.get('content-length') ?? 0);
  try {
    const body = announced > limit ? undefined : await readAll(stream, limit, signal);
    if (body !== undefined) return { status, headers, body };
  } catch (cause) {
    const retryable = !isInstance(cause, NotBytesError);
    throw networkError('the response broke off', cause, { requestId: requestIdOf(headers), retryable });
  }
  if (announced > limit) await cancel(stream);
  const requestId = requestIdOf(headers);
  throw networkError(`the response is larger than ${limit} bytes`, undefined, { retryable: false, requestId });
}

export function requestIdOf(headers: Headers): string | undefined {
  return headers.get('request-id') ?? undefined;
}

/** Reads the properties of a response, which may come from a library or another realm. */
function readResponse(response: unknown): {
  status: number;
  headers: Headers;
  stream: ReadableStream<Uint8Array> | null;
  isRedirect: boolean;
} {
  try {
    if (typeof response === 'object' && response !== null) {
      const { status, headers, body, type } = response as Record<string, unknown>;
      if (typeof status === 'number' && hasGet(headers)) {
        const stream = (body ?? null) as ReadableStream<Uint8Array> | null;
        return { status, headers: ownHeaders(headers), stream, isRedirect: type === 'opaqueredirect' };
      }
    }
  } catch (cause) {
    throw networkError('the response of fetch cannot be read', cause, { retryable: false });
  }
  throw networkError('fetch resolved to something other than a Response', undefined, { retryable: false });
}

/** The headers that the client reads, if the headers of a library cannot be listed. */
const KNOWN_HEADERS = [
  ...['request-id', 'content-length', 'content-type', 'date', 'retry-after'],
  ...['timestamp', 'nonce', 'signature', 'serial', 'signature-type'].map((name) => `wechatpay-${name}`),
];

/** The same headers as an object of this realm, which cannot throw later. */
function ownHeaders(headers: { get(name: string): unknown }): Headers {
  if (headers instanceof Headers) return headers;
  if (Symbol.iterator in headers) return new Headers([...(headers as unknown as Iterable<[string, string]>)]);
  const pairs = KNOWN_HEADERS.map((name): [string, unknown] => [name, headers.get(name)]);
  return new Headers(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** A stream gave something other than bytes. Its size cannot be limited. */
export class NotBytesError extends TypeError {}

/** The smallest size of a buffer for several chunks. */
const MIN_CAPACITY = 16 * 1024;

/**
 * Reads a body to its end, into one buffer that grows with it. The chunks are not kept: each of them may be one byte long
 * and hold on to a larger buffer.
 *
 * @returns Undefined if the body is larger than `limit` bytes.
 */
export async function readAll(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  signal?: Signal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!stream) return new Uint8Array();
  const reader = stream.getReader();
  const stop = () => void cancel(reader, signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  let buffer = new Uint8Array();
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return length === buffer.length ? buffer : buffer.slice(0, length);
      const chunk = bytesOf(value);
      const end = length + chunk.length;
      if (end > limit) {
        stop();
        return undefined;
      }
      // Most responses come in one chunk.
      const capacity = length === 0 ? end : Math.max(end, 2 * buffer.length, MIN_CAPACITY);
      if (end > buffer.length) buffer = enlarged(buffer, Math.min(limit, capacity));
      buffer.set(chunk, length);
      length = end;
    }
  } catch (error) {
    if (isInstance(error, NotBytesError)) stop();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    reader.releaseLock();
  }
}

/** A chunk of a caller's stream as a Uint8Array of this realm, with a length that cannot be faked. */
export function bytesOf(chunk: unknown): Uint8Array {
  if (isBytes(chunk)) {
    try {
      return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    } catch {
      // The buffer has been detached, or the chunk misreports its length.
    }
  }
  throw new NotBytesError(`a chunk is ${kindOf(chunk)}, but must be a Uint8Array`);
}

function enlarged(buffer: Uint8Array<ArrayBuffer>, capacity: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(capacity);
  larger.set(buffer);
  return larger;
}

export async function cancel(
  stream: { cancel(reason?: unknown): Promise<void> } | null | undefined,
  reason?: unknown,
): Promise<void> {
  try {
    await stream?.cancel(reason);
  } catch {
    // The stream ends anyway.
  }
}

export function networkError(
  what: string,
  cause: unknown,
  { retryable = true, requestId }: { retryable?: boolean; requestId?: string | undefined } = {},
): NetworkError {
  if (isInstance(cause, NetworkError)) return cause;
  return new NetworkError(`${what}${reasonOf(cause)}`, { retryable, cause, requestId });
}

export function isInstance<Class>(error: unknown, Class: abstract new (...args: never[]) => Class): error is Class {
  try {
    return error instanceof Class;
  } catch {
    // A proxy may throw.
    return false;
  }
}

/** `fetch` only says "fetch failed". The reason is in its cause. */
function reasonOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return '';
    const { message, cause } = error;
    return cause instanceof Error ? `: ${message} (${cause.message})` : `: ${message}`;
  } catch {
    return '';
  }
}

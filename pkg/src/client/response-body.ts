// Receiving a response completely, within a size limit.
import { hasGet } from '../arguments.js';
import { NetworkError } from '../errors.js';

/** A response whose body has been read and not yet been verified. */
export interface ReceivedBody {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * Sends a request and reads the whole response.
 *
 * @param limit - The largest body that is accepted, in bytes.
 */
export async function receive(
  send: () => Promise<Response>,
  limit: number,
  signal: AbortSignal,
): Promise<ReceivedBody> {
  let response: unknown;
  try {
    response = await send();
  } catch (cause) {
    throw networkError('nothing was received', cause);
  }
  if (!isResponse(response)) {
    throw networkError('fetch resolved to something other than a Response', undefined, { retryable: false });
  }
  // The standard's fetch gives these for a redirect that it must not follow.
  if (response.type === 'opaqueredirect' || response.status === 0) {
    throw networkError('the response was a redirect, which is not followed', undefined, { retryable: false });
  }
  const { status, headers } = response;
  const requestId = headers.get('request-id') ?? undefined;
  try {
    const announced = Number(headers.get('content-length') ?? 0);
    const body = announced > limit ? undefined : await readAll(response.body, limit, signal);
    if (body !== undefined) return { status, headers, body };
  } catch (cause) {
    throw networkError('the response broke off', cause, { requestId });
  }
  await response.body?.cancel().catch(() => {});
  throw networkError(`the response is larger than ${limit} bytes`, undefined, { retryable: false, requestId });
}

/**
 * Reads a body to its end.
 *
 * @returns Undefined if the body is larger than `limit` bytes.
 */
export async function readAll(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!stream) return new Uint8Array();
  const reader = stream.getReader();
  const stop = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener('abort', stop, { once: true });
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      if (length > limit) {
        stop();
        return undefined;
      }
      chunks.push(value);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    reader.releaseLock();
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

/** By its properties, since a caller's `fetch` may come from a library or another realm. */
function isResponse(value: unknown): value is Response {
  return (
    typeof value === 'object' &&
    value !== null &&
    'status' in value &&
    typeof value.status === 'number' &&
    'headers' in value &&
    hasGet(value.headers)
  );
}

function networkError(
  what: string,
  cause: unknown,
  { retryable = true, requestId }: { retryable?: boolean; requestId?: string | undefined } = {},
): NetworkError {
  if (cause instanceof NetworkError) return cause;
  const reason = cause instanceof Error ? `: ${reasonOf(cause)}` : '';
  return new NetworkError(`${what}${reason}`, { retryable, cause, requestId });
}

/** `fetch` only says "fetch failed". The reason is in its cause. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

// Receiving an answer: all of it, and not more than was agreed.
import { hasGet } from '../arguments.js';
import { NetworkError } from '../errors.js';

/**
 * @param {() => Promise<Response>} send
 * @param {number} limit  of the body, in bytes
 * @param {AbortSignal} signal
 * @returns {Promise<{ status: number, headers: Headers, body: Uint8Array }>}
 */
export async function receive(send, limit, signal) {
  let response;
  try {
    response = await send();
  } catch (cause) {
    throw lost('nothing was received', cause);
  }
  if (!isResponse(response)) throw lost('fetch gave something else than a Response', undefined, { retryable: false });
  // What the standard's fetch makes of a redirect that is not to be followed.
  if (response.type === 'opaqueredirect' || response.status === 0) {
    throw lost('the answer was a redirect, which is not followed', undefined, { retryable: false });
  }
  const { status, headers } = response;
  const requestId = headers.get('request-id') ?? undefined;
  try {
    const announced = Number(headers.get('content-length') ?? 0);
    const body = announced > limit ? undefined : await readAll(response.body, limit, signal);
    if (body !== undefined) return { status, headers, body };
  } catch (cause) {
    throw lost('the answer broke off', cause, { requestId });
  }
  await response.body?.cancel().catch(() => {});
  throw lost(`the answer is larger than ${limit} bytes`, undefined, { retryable: false, requestId });
}

/**
 * A body; undefined where it is larger than the limit.
 * @param {ReadableStream<Uint8Array> | null} stream
 * @param {number} limit  in bytes
 * @param {AbortSignal} [signal]
 */
export async function readAll(stream, limit, signal) {
  if (!stream) return new Uint8Array();
  const reader = stream.getReader();
  const stop = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener('abort', stop, { once: true });
  /** @type {Uint8Array[]} */
  const chunks = [];
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

/** @param {unknown} value @returns {value is Response} */
function isResponse(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    'status' in value &&
    typeof value.status === 'number' &&
    'headers' in value &&
    hasGet(value.headers)
  );
}

/**
 * @param {string} what
 * @param {unknown} cause
 * @param {{ retryable?: boolean, requestId?: string | undefined }} [details]
 */
function lost(what, cause, { retryable = true, requestId } = {}) {
  if (cause instanceof NetworkError) return cause;
  const reason = cause instanceof Error ? `: ${reasonOf(cause)}` : '';
  return new NetworkError(`${what}${reason}`, { retryable, cause, requestId });
}

/**
 * `fetch` says only "fetch failed", and its cause why.
 * @param {Error} error
 */
function reasonOf({ message, cause }) {
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

// The stream of a download: received in parts, decompressed, hashed, and delivered one part late, so that the last one
// is kept back until the hash is right.
import { SignatureVerificationError } from '../errors.js';
import { abortError, isAborted, onAbort } from './abort.js';
import { withDeadline } from './deadline.js';
import { Digest } from './digest.js';
import type { ExpectedHash } from './download.js';
import { bytesOf, cancel, isInstance, NotBytesError, networkError, type ReceivedHead } from './response-body.js';

interface StreamOptions {
  isGzip: boolean;
  /** Undefined if the caller accepts the file unverified. */
  expected: ExpectedHash | undefined;
  signal: AbortSignal | undefined;
  /** The longest wait for the next part, in milliseconds. */
  timeoutMs: number;
  /** Completes an error. */
  describe(error: unknown): unknown;
}

/**
 * How much compressed data is decompressed at a time. The decompressed data may be a thousand times as large, and hosts
 * hold all of it.
 */
const GZIP_STEP = 16 * 1024;

/** Makes the stream. Nothing is read before its reader asks. */
export function makeDownloadStream(
  response: ReceivedHead & { connection: AbortController },
  { isGzip, expected, signal, timeoutMs, describe }: StreamOptions,
): ReadableStream<Uint8Array> {
  const { connection } = response;
  const source = new Source(response, { signal, timeoutMs });
  const content = isGzip ? new Decompressed(source, { mayBePlain: expected !== undefined }) : source;
  let digest: Digest | undefined;
  let first: Uint8Array | undefined;
  let kept: Uint8Array | undefined;
  let stopListening = () => {};

  /** Frees everything, however the stream ends. */
  const release = (reason?: unknown) => {
    stopListening();
    digest?.free();
    kept = undefined;
    void source.cancel(reason);
    if (content instanceof Decompressed) content.cancel(reason);
    connection.abort(reason);
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stopListening = onAbort(signal, () => {
          const error = describe(signal === undefined ? undefined : abortError(signal));
          controller.error(error);
          release(error);
        });
      },

      async pull(controller) {
        try {
          for (;;) {
            const part = await content.read();
            if (part === undefined) {
              if (expected !== undefined) {
                digest ??= new Digest(expected.algorithm);
                checkHash(digest.finish(), expected, { first, isGzip, requestId: source.requestId });
              }
              const last = kept;
              // Before the end is delivered: afterwards the reader may check that nothing is still held.
              stopListening();
              if (last !== undefined) controller.enqueue(last);
              controller.close();
              return;
            }
            if (part.length === 0) continue;
            // A copy: the stream of a caller's fetch may use one buffer for all parts.
            const copy = part.slice();
            if (expected !== undefined) {
              digest ??= new Digest(expected.algorithm);
              digest.update(copy);
            }
            first ??= copy.slice(0, 2);
            const previous = kept;
            kept = copy;
            if (previous !== undefined) {
              controller.enqueue(previous);
              return;
            }
          }
        } catch (thrown) {
          const error = describe(thrown);
          release(error);
          controller.error(error);
        }
      },

      cancel: release,
    },
    { highWaterMark: 0 },
  );
}

function checkHash(
  found: string,
  { algorithm, value }: ExpectedHash,
  { first, isGzip, requestId }: { first: Uint8Array | undefined; isGzip: boolean; requestId: string | undefined },
): void {
  if (found === value) return;
  const what = `the ${algorithm} of the file is not hash_value: the file is incomplete, or was changed on the way`;
  const isCompressed = !isGzip && first !== undefined && startsGzip(first);
  throw new SignatureVerificationError(isCompressed ? `${what}, or is compressed: pass { gzip: true }` : what, {
    reason: 'bad-hash',
    retryable: true,
    requestId,
  });
}

function startsGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The body of a response, read in parts. */
class Source {
  readonly requestId: string | undefined;
  readonly #stream: ReadableStream<Uint8Array> | null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #timeoutMs: number;

  constructor(
    { stream, headers }: ReceivedHead,
    { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number },
  ) {
    this.requestId = headers.get('request-id') ?? undefined;
    this.#stream = stream;
    this.#signal = signal;
    this.#timeoutMs = timeoutMs;
  }

  /** The next part; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#stream === null) return undefined;
    const deadline = { signal: this.#signal, timeoutMs: this.#timeoutMs };
    try {
      this.#reader ??= this.#stream.getReader();
      const reader = this.#reader;
      const { done, value } = await withDeadline(deadline, () => reader.read(), 'no more of the file came');
      return done ? undefined : bytesOf(value);
    } catch (cause) {
      if (isAborted(this.#signal)) throw abortError(this.#signal);
      const retryable = !isInstance(cause, NotBytesError);
      throw networkError('the file broke off', cause, { requestId: this.requestId, retryable });
    }
  }

  async cancel(reason: unknown): Promise<void> {
    await cancel(this.#reader ?? this.#stream, reason);
  }
}

/**
 * The decompressed content of a source. A `fetch` or a proxy may have decompressed it already. That is accepted if the
 * hash matches.
 */
class Decompressed {
  readonly #source: Source;
  readonly #mayBePlain: boolean;
  #mode: 'unknown' | 'plain' | 'gzip' = 'unknown';
  /** Received and not yet decompressed; undefined at the end. */
  #rest: Uint8Array<ArrayBuffer> | undefined = new Uint8Array();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | undefined;

  constructor(source: Source, { mayBePlain }: { mayBePlain: boolean }) {
    this.#source = source;
    this.#mayBePlain = mayBePlain;
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#mode === 'unknown') {
      await this.#receive();
      const isPlain = this.#mayBePlain && this.#rest !== undefined && this.#rest[0] !== 0x1f;
      this.#mode = isPlain ? 'plain' : 'gzip';
      if (isPlain) return this.#rest;
    }
    return this.#mode === 'plain' ? this.#source.read() : this.#decompress();
  }

  /** Receives the next part that is not empty. */
  async #receive(): Promise<void> {
    do {
      this.#rest = (await this.#source.read())?.slice();
    } while (this.#rest?.length === 0);
  }

  /**
   * Decompresses in small steps, until there is something to read. The hosts' streams cannot be relied on to slow a
   * pipe down: several accept everything that it gives them.
   */
  async #decompress(): Promise<Uint8Array | undefined> {
    if (this.#reader === undefined) {
      const { readable, writable } = new DecompressionStream('gzip');
      this.#reader = readable.getReader();
      this.#writer = writable.getWriter();
      // The reader and each write report the same errors.
      this.#writer.closed.catch(() => {});
    }
    const writer = this.#writer;
    let isRead = false;
    const reading = this.#reader.read().then(({ done, value }) => (done ? undefined : value));
    const settled = reading.then(
      () => {
        isRead = true;
      },
      () => {
        isRead = true;
      },
    );
    while (!isRead && this.#rest !== undefined) {
      // At the end this is undefined, and the stream is closed.
      if (this.#rest.length === 0) await this.#receive();
      const rest: Uint8Array<ArrayBuffer> | undefined = this.#rest;
      const written = rest === undefined ? writer?.close() : writer?.write(rest.slice(0, GZIP_STEP));
      this.#rest = rest?.subarray(GZIP_STEP);
      const isWritten = await Promise.race([
        settled.then(() => true),
        Promise.resolve(written).then(
          () => true,
          () => false,
        ),
      ]);
      if (!isWritten) break;
      // Hosts may decompress in another thread.
      if (!isRead) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    try {
      return await reading;
    } catch (cause) {
      throw new SignatureVerificationError(
        'the file cannot be decompressed: it is incomplete, was changed on the way, or is not gzip',
        { reason: 'bad-hash', retryable: true, requestId: this.#source.requestId, cause },
      );
    }
  }

  /** Frees the memory of the host's stream. */
  cancel(reason: unknown): void {
    void cancel(this.#reader, reason);
    this.#writer?.abort(reason).catch(() => {});
  }
}

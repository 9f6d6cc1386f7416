// One automatic renewal: when it started, and how it ended.
import { NetworkError } from '../errors.js';
import type { Signal } from './abort.js';
import { promiseScope } from './promise-scope.js';
import { pause } from './retry.js';

/** The interval and the limit for polling a renewal whose promise belongs to another request. */
const POLL_INTERVAL_MS = 25;
const POLL_LIMIT_MS = 2000;

export class Renewal {
  /** In milliseconds. */
  readonly startedAt: number;
  /** The promise, if other calls may wait for it. */
  readonly #shared: Promise<void> | undefined;
  /** Undefined as long as the renewal runs, and forever if the host ended the request that began it. */
  #end: { error?: unknown } | undefined;

  constructor(startedAt: number, work: Promise<void>) {
    this.startedAt = startedAt;
    this.#shared = promiseScope() === 'process' ? work : undefined;
    work.then(
      () => {
        this.#end = {};
      },
      (error: unknown) => {
        this.#end = { error };
      },
    );
  }

  /** Waits for the end, at most a short time if another request began it. Rejects if the renewal failed. */
  async wait(signal: Signal | undefined): Promise<void> {
    if (this.#end === undefined) await (this.#shared ?? this.#poll(signal));
    if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
  }

  async #poll(signal: Signal | undefined): Promise<void> {
    for (let waited = 0; waited < POLL_LIMIT_MS; waited += POLL_INTERVAL_MS) {
      await pause(POLL_INTERVAL_MS, signal);
      if (this.#end !== undefined) return;
    }
    const message = 'another request started to download certificates and has not finished: try again in a minute';
    throw new NetworkError(message, { retryable: true, outcomeUnknown: false });
  }
}

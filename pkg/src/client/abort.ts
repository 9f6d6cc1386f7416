// Ending a call that its caller has aborted. The caller's signal may come from a library or another realm, so it may throw.
import { reading } from '../arguments.js';
import { NetworkError } from '../errors.js';

/** The part of an `AbortSignal` that the client uses. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * The signal of a call or an attempt, for the client's own steps. It costs a tenth of an `AbortSignal`, which is made only
 * if the host needs one.
 */
export class CallSignal implements Signal {
  #isAborted = false;
  #reason: unknown;
  #listeners: (() => void)[] = [];
  #controller: AbortController | undefined;

  get aborted(): boolean {
    return this.#isAborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** The same as an `AbortSignal`, for `fetch`. */
  get forHost(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  throwIfAborted(): void {
    if (this.#isAborted) throw this.#reason;
  }

  /** Each listener is called once. */
  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }
}

/**
 * The error of a call whose signal has been aborted. If the client itself aborted it because of a time-out, that is
 * the reason.
 */
export function abortError(signal: Signal): NetworkError {
  const reason: unknown = reading('signal', () => signal.reason);
  if (isOwnError(reason)) return reason;
  return new NetworkError('the call was aborted', { retryable: false, cause: reason });
}

function isOwnError(reason: unknown): reason is NetworkError {
  try {
    return reason instanceof NetworkError;
  } catch {
    // A proxy may throw.
    return false;
  }
}

/** Whether a value is an `AbortSignal`, possibly of another realm. */
export function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false;
  return reading('signal', () => {
    const { aborted, addEventListener, removeEventListener } = value as Record<string, unknown>;
    return (
      typeof aborted === 'boolean' &&
      typeof addEventListener === 'function' &&
      typeof removeEventListener === 'function'
    );
  });
}

export function isAborted(signal: Signal | undefined): signal is Signal {
  return signal !== undefined && reading('signal', () => signal.aborted);
}

/**
 * Calls a function when the signal is aborted.
 *
 * @returns A function that stops listening.
 */
export function onAbort(signal: Signal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  reading('signal', () => signal.addEventListener('abort', listener, { once: true }));
  return () => {
    try {
      signal.removeEventListener('abort', listener);
    } catch {
      // The listener does nothing after the call.
    }
  };
}

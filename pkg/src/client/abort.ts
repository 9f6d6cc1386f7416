// Ending a call that its caller has aborted. The signal may come from a library or another realm, so it may throw.
import { reading } from '../arguments.js';
import { NetworkError } from '../errors.js';

/**
 * The error of a call whose signal has been aborted. If the client itself aborted it, because its time ran out, that is
 * the reason.
 */
export function abortError(signal: AbortSignal): NetworkError {
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

export function isAborted(signal: AbortSignal | undefined): signal is AbortSignal {
  return signal !== undefined && reading('signal', () => signal.aborted);
}

/**
 * Calls a function when the signal is aborted.
 *
 * @returns A function that stops listening.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
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

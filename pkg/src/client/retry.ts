// When to send a request again, and how long to wait first.
import { ApiError, NetworkError } from '../errors.js';
import { abortError, isAborted, onAbort, type Signal } from './abort.js';
import type { Outcome } from './attempt.js';

/** The longest wait within one call. If WeChat Pay asks for more, the call fails and the caller decides. */
const MAX_DELAY_MS = 30_000;

/**
 * How long to wait before the same request is sent again; undefined if it must not be sent again. WeChat Pay asks for the
 * same parameters again after 202, 429, 500, 502, 503 and 504, and after a network failure.
 *
 * @param attempt - The number of the attempt that has just ended, from 1.
 */
export function retryDelay(
  attempt: number,
  { response, error, retryAfterMs = 0 }: Outcome<{ status: number }>,
  { retryDelayMs }: { retryDelayMs: number },
): number | undefined {
  const isRetryable =
    error instanceof ApiError || error instanceof NetworkError ? error.retryable : response?.status === 202;
  if (!isRetryable || retryAfterMs > MAX_DELAY_MS) return undefined;
  // A client that was told to slow down waits twice as long. Half of each wait is random, so that clients do not retry in
  // step.
  const factor = error instanceof ApiError && error.status === 429 ? 2 : 1;
  const backOff = retryDelayMs * factor * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return Math.min(Math.max(Math.round(backOff), retryAfterMs), MAX_DELAY_MS);
}

/**
 * Reads `Retry-After`, which holds seconds or a date.
 *
 * @param now - The current time in milliseconds.
 * @returns Milliseconds; undefined if there is no such header or it cannot be read.
 */
export function readRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const delay = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}

/** Waits; rejects as soon as the signal is aborted. */
export function pause(delayMs: number, signal: Signal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (isAborted(signal)) throw abortError(signal);
    const timer = setTimeout(() => {
      stopListening();
      resolve();
    }, delayMs);
    const stopListening = onAbort(signal, () => {
      clearTimeout(timer);
      if (signal !== undefined) reject(abortError(signal));
    });
  });
}

// When to send again, and how long to wait before.
import { ApiError, NetworkError } from '../errors.js';
import { aborted } from './abort.js';

/** Longer than this nobody waits within a call: the error is thrown, for the caller to decide. */
const LONGEST_MS = 30_000;

/**
 * How long to wait before the same request is sent again; undefined where it is not to be. WeChat Pay wants the same
 * parameters again after 202, 429, 500, 502, 503, 504 and where no answer came, and after nothing else.
 * @param {number} attempt  the one that has just been made, from 1
 * @param {{ answer?: { status: number } | undefined, error?: unknown, retryAfterMs?: number | undefined }} outcome
 * @param {{ retryDelayMs: number }} configuration
 */
export function delayBefore(attempt, { answer, error, retryAfterMs = 0 }, { retryDelayMs }) {
  const isRetryable =
    error instanceof ApiError || error instanceof NetworkError ? error.retryable : answer?.status === 202;
  if (!isRetryable || retryAfterMs > LONGEST_MS) return undefined;
  // Who is told to slow down waits twice as long; the half that is left to chance keeps clients from coming in step.
  const step = error instanceof ApiError && error.status === 429 ? 2 : 1;
  const backOff = retryDelayMs * step * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return Math.min(Math.max(Math.round(backOff), retryAfterMs), LONGEST_MS);
}

/**
 * The value of Retry-After in milliseconds: seconds, or a date.
 * @param {string | null} value
 * @param {number} now  in milliseconds
 */
export function readRetryAfter(value, now) {
  if (value === null) return undefined;
  const delay = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}

/**
 * @param {number} delayMs
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
export function pause(delayMs, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(aborted(/** @type {AbortSignal} */ (signal)));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

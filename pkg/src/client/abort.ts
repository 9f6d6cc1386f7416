// Ending a call that its caller has aborted.
import { reading } from '../arguments.js';
import { NetworkError } from '../errors.js';

/** The error of a call whose signal has been aborted. */
export function abortError(signal: AbortSignal): NetworkError {
  return new NetworkError('the call was aborted', { retryable: false, cause: signal.reason });
}

/** Whether a value is an `AbortSignal`, possibly of another realm. */
export function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false;
  return reading('signal', () => 'aborted' in value && 'addEventListener' in value);
}

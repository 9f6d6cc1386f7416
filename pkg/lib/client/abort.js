// The end of a call that its caller no longer wants.
import { NetworkError } from '../errors.js';

/** @param {AbortSignal} signal */
export function aborted(signal) {
  return new NetworkError('the call was aborted', { retryable: false, cause: signal.reason });
}

/**
 * @param {unknown} value
 * @returns {value is AbortSignal}
 */
export function isSignal(value) {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
}

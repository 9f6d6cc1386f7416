// The caller's functions. Anything that `clock` and `nonce` throw, and any wrong value that they return, becomes a
// `HostError`.
import { kindOf } from '../arguments.js';
import { HostError } from '../errors.js';

/** A clock that throws only `HostError`, and returns only numbers. */
export function checkedClock(clock: () => unknown): () => number {
  const fail = (what: string, cause?: unknown) =>
    new HostError(`the function \`clock\` ${what}`, { code: 'ERR_NO_CLOCK', operation: 'clock', cause });
  return () => {
    let time: unknown;
    try {
      time = clock();
    } catch (cause) {
      throw fail('threw an error (see `cause`)', cause);
    }
    if (typeof time === 'number' && Number.isFinite(time)) return time;
    throw fail(`returned ${typeof time === 'number' ? time : kindOf(time)}, but must return milliseconds since 1970`);
  };
}

/** A source of nonces that throws only `HostError`, and returns only strings. */
export function checkedNonce(nonce: () => unknown): () => string {
  const fail = (what: string, cause?: unknown) =>
    new HostError(`the function \`nonce\` ${what}`, { code: 'ERR_NO_RANDOMNESS', operation: 'randomness', cause });
  return () => {
    let value: unknown;
    try {
      value = nonce();
    } catch (cause) {
      throw fail('threw an error (see `cause`)', cause);
    }
    if (typeof value === 'string') return value;
    throw fail(`returned ${kindOf(value)}, but must return a string`);
  };
}

/**
 * Calls `listener` if one of the caller's functions returned a promise and the promise rejects. Nobody else handles it,
 * and Node.js ends the process after an unhandled rejection.
 */
export function onRejection(returned: unknown, listener: (error: unknown) => void = () => {}): void {
  // It may also be a promise of a library, or of another realm.
  if (typeof returned === 'object' && returned !== null) Promise.resolve(returned).catch(listener);
}

/** The time; undefined if the clock fails. For places where that failure must not hide the outcome of a request. */
export function timeOf(clock: () => number): number | undefined {
  try {
    return clock();
  } catch {
    return undefined;
  }
}

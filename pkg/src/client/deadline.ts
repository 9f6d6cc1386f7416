// A limit on waiting: the time runs out, or the caller aborts.
import { NetworkError } from '../errors.js';
import { abortError, CallSignal, isAborted, onAbort, type Signal } from './abort.js';

export interface Deadline {
  signal?: Signal | undefined;
  timeoutMs: number;
}

/**
 * Runs a task until it ends, its time runs out, or the caller aborts it. The returned promise settles even if the task
 * ignores the signal that it receives.
 *
 * @param lateMessage - The start of the error message if the time runs out.
 */
export async function withDeadline<Result>(
  { signal, timeoutMs }: Deadline,
  task: (signal: CallSignal) => Promise<Result>,
  lateMessage = 'no response came',
): Promise<Result> {
  if (isAborted(signal)) throw abortError(signal);
  const ended = new CallSignal();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopListening: (() => void) | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      const end = (error: unknown) => {
        reject(error);
        ended.abort(error);
      };
      timer = setTimeout(() => end(lateError(lateMessage, timeoutMs)), timeoutMs);
      if (signal !== undefined) stopListening = onAbort(signal, () => end(errorOf(signal)));
      task(ended).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    stopListening?.();
  }
}

/** A whole call, with all attempts, waits and downloads of certificates. */
export interface Call {
  /** Aborted when the time of the call runs out, or when the caller aborts it. */
  readonly signal: Signal;
  /** The time that is left, in milliseconds. */
  remainingMs(): number;
}

/**
 * Runs a call, and aborts its signal when its time runs out or the caller aborts it. Each step of the call must end when
 * the signal is aborted.
 */
export async function withCall<Result>(
  { signal, timeoutMs }: Deadline,
  run: (call: Call) => Promise<Result>,
): Promise<Result> {
  if (isAborted(signal)) throw abortError(signal);
  const ended = new CallSignal();
  const endsAt = performance.now() + timeoutMs;
  const timer = setTimeout(() => ended.abort(lateError('the call did not end', timeoutMs)), timeoutMs);
  let stopListening: (() => void) | undefined;
  try {
    if (signal !== undefined) stopListening = onAbort(signal, () => ended.abort(errorOf(signal)));
    return await run({ signal: ended, remainingMs: () => endsAt - performance.now() });
  } finally {
    clearTimeout(timer);
    stopListening?.();
  }
}

function lateError(what: string, timeoutMs: number): NetworkError {
  return new NetworkError(`${what} within ${timeoutMs} ms`, { retryable: true });
}

/** The error of an aborted call, or of a signal that cannot be read. */
function errorOf(signal: Signal): unknown {
  try {
    return abortError(signal);
  } catch (error) {
    return error;
  }
}

// A limit on waiting: the time runs out, or the caller aborts.
import { NetworkError } from '../errors.js';
import { abortError } from './abort.js';

export interface Deadline {
  signal?: AbortSignal | undefined;
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
  task: (signal: AbortSignal) => Promise<Result>,
  lateMessage = 'no response came',
): Promise<Result> {
  if (signal?.aborted) throw abortError(signal);
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      const end = (error: NetworkError) => {
        reject(error);
        controller.abort(error);
      };
      timer = setTimeout(() => {
        end(new NetworkError(`${lateMessage} within ${timeoutMs} ms`, { retryable: true }));
      }, timeoutMs);
      if (signal !== undefined) {
        onAbort = () => end(abortError(signal));
        signal.addEventListener('abort', onAbort, { once: true });
      }
      task(controller.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

// An end to waiting: when the time is over, or the caller no longer wants the call.
import { NetworkError } from '../errors.js';
import { aborted } from './abort.js';

/**
 * @typedef {object} Deadline
 * @property {AbortSignal | undefined} [signal]
 * @property {number} timeoutMs
 */

/**
 * Does something that ends when its time is over, or the caller aborts it, even where it does not listen.
 * @template T
 * @param {Deadline} deadline
 * @param {(signal: AbortSignal) => Promise<T>} use
 * @param {string} [late]  what is said when it did not come in time
 * @returns {Promise<T>}
 */
export async function withDeadline({ signal, timeoutMs }, use, late = 'no answer came') {
  if (signal?.aborted) throw aborted(signal);
  const controller = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let stop = () => {};
  try {
    return await new Promise((resolve, reject) => {
      const end = (/** @type {NetworkError} */ error) => {
        reject(error);
        controller.abort(error);
      };
      stop = () => end(aborted(/** @type {AbortSignal} */ (signal)));
      timer = setTimeout(() => {
        end(new NetworkError(`${late} within ${timeoutMs} ms`, { retryable: true }));
      }, timeoutMs);
      signal?.addEventListener('abort', stop, { once: true });
      use(controller.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

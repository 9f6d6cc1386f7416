// Which of WeChat's hosts to turn to: the main one, and for a while the backup where the main one fails repeatedly.
import { ApiError, NetworkError } from '../errors.js';

/** So many failures in a row are no accident. */
const FAILURES = 2;

/** How long the main host is left alone then. */
const LEAVE_ALONE_MS = 60_000;

export class Hosts {
  #main;
  #backup;
  #clock;
  #failures = 0;
  #mainIsBackAt = 0;

  /** @param {{ baseUrl: string, backupBaseUrl?: string, clock: () => number }} configuration */
  constructor({ baseUrl, backupBaseUrl, clock }) {
    this.#main = baseUrl;
    this.#backup = backupBaseUrl;
    this.#clock = clock;
  }

  pick() {
    return this.#backup !== undefined && this.#clock() < this.#mainIsBackAt ? this.#backup : this.#main;
  }

  /**
   * @param {string} host
   * @param {unknown} error  what came of an attempt there
   */
  note(host, error) {
    if (host !== this.#main) {
      // Neither works: back to the one that should.
      if (isFailureOfHost(error)) this.#mainIsBackAt = 0;
      return;
    }
    this.#failures = isFailureOfHost(error) ? this.#failures + 1 : 0;
    if (this.#failures < FAILURES) return;
    this.#failures = 0;
    this.#mainIsBackAt = this.#clock() + LEAVE_ALONE_MS;
  }
}

/**
 * Whether the host, or the way to it, is at fault; and not the request, or WeChat's systems behind all hosts.
 * @param {unknown} error
 */
function isFailureOfHost(error) {
  if (error instanceof NetworkError) return error.retryable;
  return error instanceof ApiError && [502, 503, 504].includes(error.status);
}

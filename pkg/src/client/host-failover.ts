// The choice between WeChat Pay's hosts: the main one, and for a while the backup if the main one keeps failing.
import { ApiError, NetworkError } from '../errors.js';
import { timeOf } from './host-functions.js';

/** This many failures in a row make the client switch to the backup. */
const MAX_FAILURES = 2;

/** The time for which the backup host is used before the main host is tried again. */
const BACKUP_MS = 60_000;

export class HostFailover {
  readonly #main: string;
  readonly #backup: string | undefined;
  readonly #clock: () => number;
  #failures = 0;
  #useBackupUntil = 0;

  constructor({ baseUrl, backupBaseUrl, clock }: { baseUrl: string; backupBaseUrl?: string; clock: () => number }) {
    this.#main = baseUrl;
    this.#backup = backupBaseUrl;
    this.#clock = () => timeOf(clock) ?? 0;
  }

  /** The origin for the next attempt. */
  pick(): string {
    return this.#backup !== undefined && this.#clock() < this.#useBackupUntil ? this.#backup : this.#main;
  }

  /**
   * Records the outcome of an attempt.
   *
   * @param error - Undefined if the attempt succeeded.
   */
  record(host: string, error: unknown): void {
    if (host !== this.#main) {
      // The backup fails too, so return to the main host.
      if (isHostFailure(error)) this.#useBackupUntil = 0;
      return;
    }
    this.#failures = isHostFailure(error) ? this.#failures + 1 : 0;
    if (this.#failures < MAX_FAILURES) return;
    this.#failures = 0;
    this.#useBackupUntil = this.#clock() + BACKUP_MS;
  }
}

/** Whether the host or the network failed, rather than the request or the systems behind all hosts. */
function isHostFailure(error: unknown): boolean {
  if (error instanceof NetworkError) return error.retryable;
  return error instanceof ApiError && [502, 503, 504].includes(error.status);
}

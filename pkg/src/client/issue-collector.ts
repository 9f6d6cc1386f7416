// Collecting everything that is wrong with a configuration, to report it all at once.
import {
  InvalidKeyError,
  InvalidParameterError,
  type InvalidParameterIssue,
  type InvalidParameterRule,
} from '../errors.js';

/** The number of issues written out in the message. `issues` always holds all of them. */
const MAX_SHOWN = 20;

export class IssueCollector {
  readonly #issues: InvalidParameterIssue[] = [];

  /**
   * Records an issue.
   *
   * @param explanation - The rest of a sentence that begins with the field's name.
   */
  reject(field: string, rule: InvalidParameterRule, explanation: string): void {
    this.#issues.push({ field, rule, message: `${field} ${explanation}` });
  }

  /**
   * Runs a check, and records the error that it throws.
   *
   * @param field - The field of an `InvalidKeyError`, which names none itself.
   * @returns The result of the check; undefined if it threw.
   */
  collect<Result>(check: () => Result, field = 'privateKey'): Result | undefined {
    try {
      return check();
    } catch (error) {
      if (error instanceof InvalidParameterError) this.#issues.push(...error.issues);
      else if (error instanceof InvalidKeyError) this.#issues.push({ field, rule: 'key', message: error.message });
      else throw error;
      return undefined;
    }
  }

  get hasAny(): boolean {
    return this.#issues.length > 0;
  }

  /** Throws one error about all issues: an `InvalidKeyError` if every issue is about a key. */
  throwIfAny(): void {
    if (this.#issues.length === 0) return;
    const shown = this.#issues.slice(0, MAX_SHOWN).map((issue) => issue.message);
    const more = this.#issues.length - shown.length;
    const message = shown.concat(more > 0 ? `and ${more} more` : []).join('; ');
    throw this.#issues.every(({ rule }) => rule === 'key')
      ? new InvalidKeyError(message)
      : new InvalidParameterError(message, { issues: this.#issues });
  }
}

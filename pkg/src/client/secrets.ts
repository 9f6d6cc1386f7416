// The query of a download holds a token. Errors and hooks must not show it, no matter where their text comes from.
import { ApiError, WechatPayError } from '../errors.js';

const REDACTED = '[redacted]';

export class Secrets {
  /** The URL for hooks. */
  readonly shownUrl: string;
  readonly #values: string[];

  constructor({ origin, pathname, search }: URL) {
    this.shownUrl = `${origin}${pathname}${search === '' ? '' : `?${REDACTED}`}`;
    // The values decoded and as sent. The whole query comes first, because it contains the others.
    const values = [...new URLSearchParams(search).values()].flatMap((value) => [value, encodeURIComponent(value)]);
    const raw = search.split(/[?&]/).map((pair) => pair.replace(/^[^=]*=/, ''));
    // Shorter values are not secret, and would be found in any text.
    this.#values = [search, ...raw, ...values].filter((value) => value.length >= 8);
  }

  /** Removes the query from an error, and returns the error. */
  redact<Thrown>(error: Thrown): Thrown {
    if (!(error instanceof WechatPayError)) return error;
    for (const name of ['message', 'hint', 'apiMessage', 'bodyExcerpt', 'stack']) {
      const text: unknown = Reflect.get(error, name);
      if (typeof text !== 'string') continue;
      const redacted = this.#redactText(text);
      if (redacted !== text) setHidden(error, name, redacted);
    }
    if (error instanceof ApiError && error.detail !== undefined) {
      setHidden(error, 'detail', JSON.parse(this.#redactText(JSON.stringify(error.detail))));
    }
    if (error.cause instanceof WechatPayError) this.redact(error.cause);
    else if (error.cause !== undefined) setHidden(error, 'cause', this.#redactCause(error.cause));
    return error;
  }

  /** Hosts write the URL into their errors, and into properties of those errors. An error that shows it is replaced. */
  #redactCause(cause: unknown): unknown {
    try {
      const texts = [String(cause)];
      for (
        let error: unknown = cause, depth = 0;
        error instanceof Error && depth < 5;
        error = error.cause, depth += 1
      ) {
        // A program may format stacks itself, and not as a string.
        texts.push(...[error.message, error.stack ?? '', ...Object.values(error)].map(String));
      }
      if (!texts.some((text) => this.#redactText(text) !== text)) return cause;
      return new Error(this.#redactText(cause instanceof Error ? cause.message : String(cause)));
    } catch {
      // A proxy, or a getter that throws.
      return new Error('the cause cannot be read');
    }
  }

  #redactText(text: string): string {
    return this.#values.reduce((redacted, value) => redacted.replaceAll(value, REDACTED), text);
  }
}

/** Changes a property and leaves it as visible as it was. */
function setHidden(error: Error, name: string, value: unknown): void {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(error, name) ?? {};
  Object.defineProperty(error, name, { value, enumerable, configurable: true, writable: true });
}

/** Prints results on standard output, and messages on standard error. */

/** The part of a Node.js stream that is used here. */
export interface Stream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
}

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Functions that colour a text, or return it unchanged. */
export type Style = Record<keyof typeof STYLES, (text: string) => string>;

function createStyle(isColoured: boolean): Style {
  const functions = Object.entries(STYLES).map(([name, code]) => [
    name,
    (text: string) => (isColoured ? `\u001B[${code}m${text}\u001B[0m` : text),
  ]);
  return Object.fromEntries(functions);
}

export interface OutputOptions {
  stdout: Stream;
  stderr: Stream;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is for a program, and contains only JSON. */
  json: boolean;
}

export class Output {
  readonly json: boolean;
  /** For standard output. */
  readonly style: Style;
  /** For standard error. */
  readonly errorStyle: Style;
  readonly #stdout: Stream;
  readonly #stderr: Stream;

  constructor({ stdout, stderr, env, json }: OutputOptions) {
    // https://no-color.org: any value that is not empty.
    const isAllowed = !env['NO_COLOR'] && env['TERM'] !== 'dumb';
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.json = json;
    this.style = createStyle(isAllowed && !json && stdout.isTTY === true);
    this.errorStyle = createStyle(isAllowed && stderr.isTTY === true);
  }

  /** Prints a line for people. With `--json`, prints nothing. */
  print(text = ''): void {
    if (!this.json) this.#stdout.write(`${text}\n`);
  }

  /** Prints the result of the command: a value for programs with `--json`, otherwise a text for people. */
  result(value: unknown, text: string): void {
    this.#stdout.write(`${this.json ? JSON.stringify(value, undefined, 2) : text}\n`);
  }

  /** With `--json`, prints a value on one line: for a command that reports events while it runs. */
  event(value: unknown): void {
    if (this.json) this.#stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Prints a line on standard error, so that it does not get into pipes and files. */
  message(text: string): void {
    this.#stderr.write(`${text}\n`);
  }
}

/** Escapes control characters: untrusted text could use them to rewrite the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Formats JSON for people. */
export function prettyJson(value: unknown): string {
  return printable(JSON.stringify(value, undefined, 2) ?? 'null');
}

/** A command, and its input and output. */
import type { Readable } from 'node:stream';
import type { Output, Stream } from './output.js';

/** The parts of the process that commands use. Tests provide their own. */
export interface Host {
  /** The arguments after the name of the program. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  stdin: Readable & { isTTY?: boolean | undefined };
  stdout: Stream;
  stderr: Stream;
  /** The time in milliseconds since 1970. */
  clock: () => number;
  fetch: typeof globalThis.fetch;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
}

export interface Option {
  type: 'boolean' | 'string';
  /** The name of the value in the help, as in `--port PORT`. */
  value?: string;
  description: string;
  /** Whether the option may be given more than once. */
  multiple?: boolean;
}

export interface Example {
  command: string;
  comment: string;
}

export interface Command {
  name: string;
  /** One line, in the list of commands. */
  summary: string;
  /** The positional arguments, as in `METHOD PATH` or `[FILE]`. */
  positionals: readonly string[];
  /** Paragraphs for `--help`. */
  description: string;
  examples: readonly Example[];
  options: Readonly<Record<string, Option>>;
  /** Returns the exit code. */
  run(context: Context): Promise<number>;
}

/** The arguments of a command. */
export interface Arguments {
  positionals: readonly string[];
  /** The value of an option, or undefined. */
  text(name: string): string | undefined;
  /** The values of an option that may be given more than once. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

export interface Context extends Arguments, Omit<Host, 'argv' | 'stdout' | 'stderr'> {
  output: Output;
}

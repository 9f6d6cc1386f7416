/** Reads the JSON and the files that are given to a command. */
import type { Context, Option } from './command.js';
import { UsageError } from './errors.js';
import { decode, readAll, readBytes } from './files.js';

export const DATA_OPTION: Option = {
  type: 'string',
  value: 'JSON',
  description: 'JSON, @FILE to read it from a file, or - to read it from standard input.',
};

/** Reads a file, or standard input for `-`. */
export async function readInput(path: string, { cwd, stdin, signal }: Context): Promise<Uint8Array> {
  if (path !== '-') return readBytes(path, { cwd, signal });
  // Ctrl+C ends the wait for input.
  signal.addEventListener('abort', () => stdin.destroy(), { once: true });
  const bytes = await readAll(stdin, 'standard input');
  signal.throwIfAborted();
  return bytes;
}

/** Reads the JSON of a file, or of standard input for `-`. */
export async function readJsonFile(path: string, context: Context): Promise<unknown> {
  const name = path === '-' ? 'standard input' : path;
  return parseJson(decode(await readInput(path, context), name), name);
}

/** Reads the value of a {@link DATA_OPTION}. */
export async function readData(option: string, value: string, context: Context): Promise<unknown> {
  if (value === '-') return readJsonFile('-', context);
  if (value.startsWith('@')) return readJsonFile(value.slice(1), context);
  return parseJson(value, `--${option}`);
}

/** Parses JSON that will be sent. The error does not show the text. */
export function parseJson(text: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const where = text.trim() === '' ? 'is empty' : `is not JSON${positionIn(text, cause)}`;
    throw new UsageError(`${name} ${where}`);
  }
  const withoutStrings = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const numbers = withoutStrings.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? [];
  if (numbers.some((number) => /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)))) {
    throw new UsageError(`${name} has an integer beyond 2^53, which JavaScript cannot send unchanged`);
  }
  return value;
}

/** The place of a syntax error, if the runtime gives it. */
function positionIn(text: string, error: unknown): string {
  const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return `: see line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

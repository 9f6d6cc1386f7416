/** Reads `.env` files. */
import { parseEnv } from 'node:util';
import { UsageError } from './errors.js';

/** A comment, a blank line or an assignment, with the line end. */
const STATEMENT =
  /[ \t]*(?:#[^\n]*|(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=[ \t]*(?:"[^"]*"|'[^']*'|`[^`]*`|(?!["'`])[^\n#]*)[ \t]*(?:#[^\n]*)?)?(?:\n|$)/y;

/**
 * Reads the variables in a `.env` file. `parseEnv` skips lines that it cannot parse, and so would cut short a key without
 * quotation marks. Here that is an error. It never shows the line, which may hold a secret.
 *
 * @param name - Names the file in errors.
 */
export function parseEnvFile(text: string, name: string): Record<string, string> {
  const content = text.replaceAll('\r\n', '\n');
  STATEMENT.lastIndex = 0;
  let position = 0;
  while (position < content.length) {
    STATEMENT.lastIndex = position;
    const [statement = ''] = STATEMENT.exec(content) ?? [];
    if (statement === '') throw malformed(content, position, name);
    position += statement.length;
  }
  return parseEnv(content) as Record<string, string>;
}

function malformed(content: string, position: number, name: string): UsageError {
  const number = content.slice(0, position).split('\n').length;
  const [line = ''] = content.slice(position).split('\n', 1);
  const why = /^\s*(?:export\s+)?[\w.-]+\s*=\s*["'`]/.test(line)
    ? 'its quotation mark is not closed, or something follows the closing one'
    : 'it is not an assignment like NAME=value. A value of several lines, such as a PEM, needs quotation marks';
  return new UsageError(`${name}, line ${number}: ${why}`);
}

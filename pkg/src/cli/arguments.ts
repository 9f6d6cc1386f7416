/** Reads the arguments of a command. */
import { parseArgs } from 'node:util';
import { closest } from '../closest.js';
import type { Arguments, Command, Option } from './command.js';
import { UsageError } from './errors.js';
import { printable } from './output.js';

/** The options of every command. */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', description: 'Print the result as JSON, and nothing else, on standard output.' },
  verbose: { type: 'boolean', description: 'Show the stack and the cause of an error.' },
  help: { type: 'boolean', description: 'Show this help.' },
};

/** Options for secrets in other tools. */
const SECRET =
  /^-{1,2}(?:(?:merchant-?)?private-?key|(?:api-?)?v3-?key|api-?v3(?:-?key)?|api-?key|key|secret|pass(?:word|phrase)?)(?:=|$)/i;

/**
 * Reads the arguments of a command.
 *
 * The messages of `parseArgs` differ between runtimes and show values, which may be secrets. So this function makes the checks
 * itself.
 */
export function parseArguments(
  { name, options: own, positionals: names }: Command,
  argv: readonly string[],
): Arguments {
  const options = { ...own, ...COMMON_OPTIONS };
  const secret = argv.find((argument) => SECRET.test(argument));
  if (secret !== undefined) {
    throw new UsageError(
      `${secret.replace(/=.*/s, '')} is not accepted: others can read the command line, and shells remember it. ` +
        'Put secrets into environment variables or an --env-file: WECHATPAY_PRIVATE_KEY_FILE (a path), ' +
        'WECHATPAY_PRIVATE_KEY or WECHATPAY_API_V3_KEY',
    );
  }
  const settings = Object.entries(options).map(([name, { type }]) => [name, { type, multiple: true }]);
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...Object.fromEntries(settings), h: { type: 'boolean' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const key = token.name === 'h' ? 'help' : token.name;
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (option === undefined) throw new UsageError(unknownOption(name, token.rawName, Object.keys(options)));
    const isRepeated = values.has(key) && option.type === 'string' && !option.multiple;
    if (isRepeated) throw new UsageError(`--${key} is given twice`);
    values.set(key, [...(values.get(key) ?? []), readValue(key, option, token)]);
  }
  const isHelp = values.has('help');
  if (!isHelp) checkPositionals(name, names, positionals);
  return {
    positionals,
    text: (name) => values.get(name)?.[0],
    texts: (name) => values.get(name) ?? [],
    flag: (name) => values.has(name),
  };
}

function readValue(
  name: string,
  { type, value: shown = 'VALUE' }: Option,
  { value, inlineValue }: { value?: string | undefined; inlineValue?: boolean | undefined },
): string {
  if (type === 'boolean') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value`);
    return '';
  }
  if (value === undefined) throw new UsageError(`--${name} needs a value: --${name} ${shown}`);
  const looksLikeOption = inlineValue === false && /^-./.test(value);
  if (looksLikeOption)
    throw new UsageError(`--${name} needs a value: write --${name}=${shown} if it begins with a dash`);
  return value;
}

function checkPositionals(command: string, names: readonly string[], given: readonly string[]): void {
  const required = names.filter((name) => !name.startsWith('['));
  const missing = required[given.length];
  const see = `see wechatpay-presign ${command} --help`;
  if (missing !== undefined) throw new UsageError(`${missing} is missing: ${see}`);
  if (given.length <= names.length) return;
  // The argument itself may be a secret.
  const expected = names.length === 0 ? 'no arguments' : names.join(' ');
  throw new UsageError(`too many arguments: ${command} takes ${expected}: ${see}`);
}

function unknownOption(command: string, rawName: string, known: readonly string[]): string {
  const shown = /^--?[\w-]{1,40}$/.test(rawName) ? rawName : 'an option';
  const similar = closest(rawName.replace(/^-+/, ''), known);
  const hint = similar === undefined ? `see wechatpay-presign ${command} --help` : `did you mean --${similar}?`;
  return `${printable(shown)} is not an option of ${command}: ${hint}`;
}

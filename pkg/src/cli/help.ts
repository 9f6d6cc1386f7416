/** The texts of `--help`. */
import { COMMON_OPTIONS } from './arguments.js';
import type { Command, Option } from './command.js';
import type { Style } from './output.js';

export const PROGRAM = 'wechatpay-presign';

/** A width that fits every terminal. */
const WIDTH = 100;

export function programHelp(commands: readonly Command[], style: Style): string {
  const rows = commands.map(({ name, summary }): [string, string] => [name, summary]);
  return [
    `${style.bold('Usage:')} npx ${PROGRAM} COMMAND [options]`,
    '',
    style.bold('Commands:'),
    ...table(rows),
    '',
    style.bold('Options:'),
    ...table([
      ['--help', 'Show this help, or that of a command.'],
      ['--version', 'Show the version.'],
    ]),
    '',
    style.bold('Configuration:'),
    ...wrap(
      'Environment variables: WECHATPAY_MCHID, WECHATPAY_SERIAL, WECHATPAY_PRIVATE_KEY or WECHATPAY_PRIVATE_KEY_FILE, ' +
        'WECHATPAY_PUBLIC_KEY_ID, WECHATPAY_PUBLIC_KEY or WECHATPAY_PUBLIC_KEY_FILE, WECHATPAY_API_V3_KEY, ' +
        'WECHATPAY_BASE_URL. Or --env-file FILE, or --sandbox. Secrets are never read from the command line.',
      '  ',
    ),
    '',
    style.bold('Exit codes:'),
    ...table([
      ['0', 'It worked.'],
      ['1', 'Something was refused or failed.'],
      ['2', 'The command line or the configuration is wrong. Nothing was sent.'],
      ['130', 'Interrupted by Ctrl+C.'],
    ]),
  ].join('\n');
}

export function commandHelp({ name, positionals, description, examples, options }: Command, style: Style): string {
  const toRow = ([option, { value, description }]: [string, Option]): [string, string] => [
    `--${option}${value === undefined ? '' : ` ${value}`}`,
    description,
  ];
  return [
    `${style.bold('Usage:')} npx ${[PROGRAM, name, ...positionals, '[options]'].join(' ')}`,
    '',
    ...description.split('\n\n').flatMap((paragraph) => [...wrap(paragraph), '']),
    style.bold('Options:'),
    ...table([...Object.entries(options), ...Object.entries(COMMON_OPTIONS)].map(toRow)),
    '',
    style.bold('Examples:'),
    ...examples.flatMap(({ command, comment }) => [`  ${style.dim(`# ${comment}`)}`, `  npx ${PROGRAM} ${command}`]),
  ].join('\n');
}

function table(rows: readonly [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.flatMap(([left, right]) => {
    const [first = '', ...others] = wrap(right, '', WIDTH - width - 2);
    return [`  ${left.padEnd(width)}${first}`, ...others.map((line) => ' '.repeat(width + 2) + line)];
  });
}

function wrap(text: string, indent = '', width = WIDTH - indent.length): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => indent + line);
}

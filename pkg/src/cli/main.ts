/** Runs one command. Everything it needs from the process is passed in, so that it can be tested without one. */
import { isWechatPayError } from 'wechatpay-presign';
import { closest } from '../closest.js';
import { parseArguments } from './arguments.js';
import type { Command, Host } from './command.js';
import { COMMANDS } from './commands.js';
import { adviceOn, CommandError, describe, Interrupted, UsageError } from './errors.js';
import { commandHelp, PROGRAM, programHelp } from './help.js';
import { Output, printable } from './output.js';
import { readVersion } from './version.js';

/** The conventional exit code of a program that Ctrl+C ended. */
const INTERRUPTED = 130;

/** Returns the exit code. Never rejects. */
export async function main(host: Host): Promise<number> {
  const { argv } = host;
  const output = new Output({ ...host, json: argv.includes('--json') });
  try {
    return await run(host, output);
  } catch (error) {
    return report(error, host, output);
  }
}

async function run(host: Host, output: Output): Promise<number> {
  const [first, ...rest] = host.argv;
  if (first === undefined) {
    output.message(programHelp(COMMANDS, output.errorStyle));
    return 2;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    const help = programHelp(COMMANDS, output.style);
    output.result({ help }, help);
    return 0;
  }
  if (first === '--version' || first === '-v') {
    const version = readVersion();
    output.result({ version }, version);
    return 0;
  }
  const [name, ...argv] = first === 'help' ? [rest[0] ?? '', '--help'] : host.argv;
  const command = COMMANDS.find((command) => command.name === name);
  if (command === undefined) throw new UsageError(unknownCommand(name ?? ''));
  return runCommand(command, argv, host, output);
}

async function runCommand(command: Command, argv: readonly string[], host: Host, output: Output): Promise<number> {
  const parsed = parseArguments(command, argv);
  if (parsed.flag('help')) {
    const help = commandHelp(command, output.style);
    output.result({ help }, help);
    return 0;
  }
  return command.run({ ...host, ...parsed, output });
}

function unknownCommand(name: string): string {
  if (name.startsWith('-')) return `the command comes first, and its options after it: see npx ${PROGRAM} --help`;
  const shown = /^[\w-]{1,40}$/.test(name) ? name : 'that';
  const similar = closest(
    name,
    COMMANDS.map((command) => command.name),
  );
  return similar === undefined
    ? `there is no command ${shown}: see npx ${PROGRAM} --help`
    : `there is no command ${shown}: did you mean ${similar}?`;
}

/** Reports an error, and returns the exit code. */
function report(error: unknown, { argv, signal }: Host, output: Output): number {
  const isVerbose = argv.includes('--verbose');
  if (signal.aborted || error instanceof Interrupted) {
    const summary = error instanceof Interrupted && error.message !== '' ? error.message : 'Interrupted.';
    output.message(output.errorStyle.yellow(printable(summary)));
    return INTERRUPTED;
  }
  const isExpected = error instanceof CommandError || isWechatPayError(error);
  const message = error instanceof Error ? error.message : String(error);
  const text = isWechatPayError(error) ? describe(error) : message;
  const prefix = isExpected ? 'Error' : 'Unexpected error';
  output.message(`${output.errorStyle.red(`${prefix}:`)} ${printable(text)}`);
  for (const line of isWechatPayError(error) ? adviceOn(error) : []) output.message(printable(line));
  for (const line of isVerbose ? detailsOf(error) : []) output.message(output.errorStyle.dim(printable(line)));
  if (!isExpected && !isVerbose) output.message('Run it again with --verbose to see where it happened.');
  if (output.json) output.result({ error: toJson(error, message) }, '');
  return error instanceof CommandError ? error.exitCode : 1;
}

function toJson(error: unknown, message: string): unknown {
  const cause = error instanceof CommandError ? error.cause : error;
  return isWechatPayError(cause) ? { ...cause.toJSON(), message } : { message };
}

/** The stacks of an error and its causes. */
function detailsOf(error: unknown): string[] {
  const details: string[] = [];
  for (let current = error; current instanceof Error && details.length < 5; current = current.cause) {
    details.push(`${details.length === 0 ? '' : 'Caused by: '}${current.stack ?? current.message}`);
  }
  return details;
}

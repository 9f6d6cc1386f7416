/** The configuration of a command: from the environment, an `--env-file`, or the sandbox's folder. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Client, type ClientConfig, configFromEnv, createClient, isWechatPayError } from 'wechatpay-presign';
import { closest } from '../closest.js';
import type { Context, Option } from './command.js';
import { parseEnvFile } from './env-file.js';
import { describe, UsageError } from './errors.js';
import { readIfExists, readText, reasonOf } from './files.js';
import { printable } from './output.js';

export const SANDBOX_DIRECTORY = '.wechatpay-sandbox';

export const CONFIGURATION_OPTIONS: Readonly<Record<string, Option>> = {
  'env-file': {
    type: 'string',
    value: 'FILE',
    description: 'Read the WECHATPAY_… variables from FILE, and none from the environment.',
  },
  // Node.js also reads an --env-file that comes after the script, and ends with code 9 if there is no such file.
  env: { type: 'string', value: 'FILE', description: 'The same as --env-file.' },
  sandbox: { type: 'boolean', description: `Talk to the sandbox: read the variables from ${SANDBOX_DIRECTORY}/.env.` },
  dir: { type: 'string', value: 'DIR', description: `With --sandbox: its folder, if not ${SANDBOX_DIRECTORY}.` },
};

const NAMES = [
  ...['MCHID', 'SERIAL', 'PRIVATE_KEY', 'PRIVATE_KEY_FILE', 'PUBLIC_KEY_ID', 'PUBLIC_KEY', 'PUBLIC_KEY_FILE'],
  ...['API_V3_KEY', 'BASE_URL'],
].map((name) => `WECHATPAY_${name}`);

export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the variables that the options select. */
export async function readVariables(context: Context): Promise<Variables> {
  const { env, cwd, output } = context;
  const file = context.text('env-file') ?? context.text('env');
  const [dir, isSandbox] = [context.text('dir'), context.flag('sandbox')];
  if (isSandbox && file !== undefined)
    throw new UsageError('--sandbox and --env-file are both given: choose one of them');
  if (!isSandbox && dir !== undefined) throw new UsageError('--dir needs --sandbox');
  let variables: Variables = env;
  if (isSandbox) variables = await readSandboxVariables(resolve(cwd, dir ?? SANDBOX_DIRECTORY));
  else if (file !== undefined) variables = parseEnvFile(await readText(file, { cwd }), resolve(cwd, file));
  for (const name of Object.keys(variables)) {
    if (!name.startsWith('WECHATPAY_') || NAMES.includes(name)) continue;
    const similar = closest(
      name.toLowerCase(),
      NAMES.map((known) => known.toLowerCase()),
    )?.toUpperCase();
    if (similar !== undefined) output.message(`${name} is not a variable of this program: did you mean ${similar}?`);
  }
  return variables;
}

async function readSandboxVariables(folder: string): Promise<Variables> {
  const path = join(folder, '.env');
  const text = await readIfExists(path);
  if (text === undefined) {
    throw new UsageError(`there is no ${path}: start the sandbox first, with npx wechatpay-presign sandbox`);
  }
  const variables = parseEnvFile(text, path);
  const { WECHATPAY_BASE_URL: baseUrl = '' } = variables;
  if (!isLoopback(baseUrl)) {
    throw new UsageError(`${path} does not belong to a sandbox: its WECHATPAY_BASE_URL is not on this machine`);
  }
  return variables;
}

function isLoopback(url: string): boolean {
  const { hostname } = URL.canParse(url) ? new URL(url) : { hostname: '' };
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Reads the key file that a variable names. Relative paths start at the working directory, as in a server. */
export function readKey(path: string, cwd: string): Uint8Array {
  if (/[\n\r\t]/.test(path)) {
    throw new UsageError(
      'the path of a key has a line break or tab in it: between double quotation marks, \\n in a path such as C:\\new is a ' +
        'line break. Use single quotation marks, or forward slashes',
    );
  }
  const resolved = resolve(cwd, path);
  try {
    return readFileSync(resolved);
  } catch (cause) {
    throw new UsageError(`cannot read the key ${resolved}: ${reasonOf(cause)}`, { cause });
  }
}

/** Reads the configuration of a client. Its errors are reported as mistakes of the user. */
export async function readConfig(context: Context): Promise<ClientConfig> {
  const variables = await readVariables(context);
  return asUsageError(() => configFromEnv(variables, { readFile: (path) => readKey(path, context.cwd) }));
}

/** Makes a client with additional options, and reports the host of its requests. */
export async function makeClient(
  context: Context,
  options: Partial<ClientConfig> = {},
  config?: ClientConfig,
): Promise<Client> {
  const { clock, output, signal } = context;
  config ??= await readConfig(context);
  const { baseUrl = 'WeChat Pay, api.mch.weixin.qq.com' } = config;
  if (!output.json) output.message(output.errorStyle.dim(`Talking to ${printable(baseUrl)}.`));
  // Ctrl+C also ends requests of calls that take no signal.
  const fetch: typeof globalThis.fetch = (input, init) => {
    const signals = [signal, init?.signal].filter((signal) => signal instanceof AbortSignal);
    return context.fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
  return asUsageError(() => createClient({ ...config, fetch, clock, ...options } as ClientConfig));
}

/** Reports an error of the configuration as a mistake of the user. */
export function asUsageError<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (cause) {
    if (!isWechatPayError(cause)) throw cause;
    if (cause.cause instanceof UsageError) throw cause.cause;
    throw new UsageError(`the configuration cannot be used: ${describe(cause)}`, { cause });
  }
}

/** `verify`: verifies a captured response or notification, and explains the result. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isWechatPayError, PlatformKey } from 'wechatpay-presign';
import { type Capture, parseCaptures } from '../capture.js';
import type { Command, Context } from '../command.js';
import { CONFIGURATION_OPTIONS, readKey, readVariables, type Variables } from '../configuration.js';
import { UsageError } from '../errors.js';
import { readBytes, reasonOf } from '../files.js';
import { readInput } from '../input.js';
import { printable } from '../output.js';
import { type Keys, type Step, verifySteps } from '../verification-steps.js';

export const verify: Command = {
  name: 'verify',
  summary: 'Say why a captured response or notification does or does not verify.',
  positionals: ['FILE'],
  description:
    'Reads a response or notification that was captured, and says step by step what holds: the headers, the time, the key, ' +
    'the signature, the content. If the body was changed on its way, such as by a JSON parser, says how. Only public keys ' +
    'are needed. FILE is what curl -i prints, a HAR file, or JSON like { "status": 200, "headers": {…}, "body": "…" }; ' +
    'without a status it is a notification. - is standard input.\n\n' +
    'Exits with 1 if a step fails.',
  examples: [
    { command: 'verify response.txt', comment: 'What `curl -i … > response.txt` saved' },
    { command: 'verify notification.json --at 2026-11-24T20:00:00Z', comment: 'An old one, as of its time' },
    { command: 'verify network.har --cert certs', comment: 'With the certificates in a folder' },
  ],
  options: {
    at: {
      type: 'string',
      value: 'TIME',
      description: 'When it arrived: Unix seconds, or like 2026-11-24T20:00:00Z. Default: now.',
    },
    cert: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      description: 'A certificate of WeChat Pay, or a folder with certificates (.pem).',
    },
    ...CONFIGURATION_OPTIONS,
  },

  async run(context) {
    const { output, clock } = context;
    const at = context.text('at');
    const now = at === undefined ? Math.floor(clock() / 1000) : readTime(at);
    const variables = await readVariables(context);
    const keys = await readKeys(variables, context);
    const apiV3Key = variables['WECHATPAY_API_V3_KEY'] || undefined;
    const [file = ''] = context.positionals;
    const name = file === '-' ? 'standard input' : file;
    const captures = parseCaptures(await readInput(file, context), name);

    const results = captures.map((capture) => {
      const steps = verifySteps(capture, { keys, apiV3Key, now, isTimeGiven: at !== undefined });
      const { kind, name, status } = capture;
      return {
        kind,
        ...(name !== undefined && { name }),
        ...(status !== undefined && { status }),
        ok: isValid(steps),
        steps,
      };
    });
    output.result(
      results.length === 1 ? results[0] : results,
      results.map((result) => describe(context, result)).join('\n\n'),
    );
    return results.every(({ ok }) => ok) ? 0 : 1;
  },
};

function isValid(steps: readonly Step[]): boolean {
  return steps.every(({ ok }) => ok !== false);
}

function describe(
  { output: { style } }: Context,
  { kind, name, status, steps, ok }: Pick<Capture, 'kind' | 'name' | 'status'> & { steps: Step[]; ok: boolean },
): string {
  const title = [`A ${kind}`, status === undefined ? '' : `HTTP ${status}`, printable(name ?? '')].filter(Boolean);
  const lines = steps.map((step) => {
    const mark = step.ok === undefined ? style.dim('–') : step.ok ? style.green('✓') : style.red('✗');
    return `${mark} ${step.name}: ${printable(step.detail)}`;
  });
  const conclusion = ok ? style.green('It verifies.') : style.red('It does not verify.');
  return [style.bold(title.join(', ')), ...lines, conclusion].join('\n');
}

/** Reads a time: Unix seconds, or a date with a time zone. */
function readTime(text: string): number {
  if (/^\d{1,11}$/.test(text)) return Number(text);
  if (/^\d{12,}$/.test(text)) throw new UsageError('--at must be in seconds, but looks like milliseconds');
  const isDate = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const time = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError('--at must be Unix seconds, or a time like 2026-11-24T20:00:00Z');
  return Math.floor(time / 1000);
}

/** Reads the public keys: from the variables, and from certificates. */
async function readKeys(variables: Variables, context: Context): Promise<Keys> {
  const keys: Record<string, PlatformKey> = {};
  const { WECHATPAY_PUBLIC_KEY_ID: id, WECHATPAY_PUBLIC_KEY: pem, WECHATPAY_PUBLIC_KEY_FILE: file } = variables;
  const publicKey = pem || (file ? readKey(file, context.cwd) : undefined);
  if (publicKey !== undefined && !id) {
    throw new UsageError('WECHATPAY_PUBLIC_KEY_ID is not set: it holds the id of the public key (PUB_KEY_ID_…)');
  }
  if (publicKey !== undefined && id) keys[id] = parseKey(publicKey, 'WECHATPAY_PUBLIC_KEY');
  for (const path of await listCertificates(context)) {
    const key = parseKey(await readBytes(path, context), path);
    const { serial } = key;
    if (serial === undefined) {
      throw new UsageError(`${path} is a public key, not a certificate: put it into WECHATPAY_PUBLIC_KEY`);
    }
    keys[serial] = key;
  }
  if (Object.keys(keys).length > 0) return keys;
  throw new UsageError(
    'there is no key to verify with: set WECHATPAY_PUBLIC_KEY_ID and WECHATPAY_PUBLIC_KEY, or pass certificates with --cert',
  );
}

async function listCertificates(context: Context): Promise<string[]> {
  const lists = context.texts('cert').map(async (given) => {
    const path = resolve(context.cwd, given);
    try {
      if (!(await stat(path)).isDirectory()) return [path];
      const names = (await readdir(path)).filter((name) => /\.(?:pem|crt|cer)$/i.test(name)).sort();
      if (names.length > 0) return names.map((name) => join(path, name));
    } catch (cause) {
      throw new UsageError(`cannot read ${path}: ${reasonOf(cause)}`, { cause });
    }
    throw new UsageError(`${path} has no certificates: no file in it ends in .pem`);
  });
  return (await Promise.all(lists)).flat();
}

function parseKey(key: string | Uint8Array, name: string): PlatformKey {
  try {
    return PlatformKey.fromPem(key);
  } catch (cause) {
    if (isWechatPayError(cause)) throw new UsageError(`${name}: ${cause.message}`, { cause });
    throw cause;
  }
}

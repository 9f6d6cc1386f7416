/** `certificates`: downloads, checks and writes WeChat Pay's certificates. */
import { join, resolve } from 'node:path';
import { type PlatformCertificate, PlatformKey } from 'wechatpay-presign';
import type { Command, Context } from '../command.js';
import { CONFIGURATION_OPTIONS, makeClient, readConfig } from '../configuration.js';
import { CommandError, UsageError } from '../errors.js';
import { makeFolder, readIfExists, writeAtomically } from '../files.js';
import { printable } from '../output.js';

interface WrittenCertificate {
  path: string;
  state: 'new' | 'replaced' | 'unchanged';
}

export const certificates: Command = {
  name: 'certificates',
  summary: 'Download, check and write WeChat Pay’s certificates.',
  positionals: [],
  description:
    'Downloads WeChat Pay’s platform certificates, checks them, and writes each as wechatpay_SERIAL.pem. Needs ' +
    'WECHATPAY_API_V3_KEY. Other files in the folder stay as they are. Merchants in public key mode have no certificates.',
  examples: [
    { command: 'certificates --out certs', comment: 'Write the certificates to the folder certs' },
    { command: 'certificates --out certs --sandbox --json', comment: 'Those of the sandbox, with their paths as JSON' },
  ],
  options: {
    out: { type: 'string', value: 'DIR', description: 'The folder to write to. It is made if it does not exist.' },
    ...CONFIGURATION_OPTIONS,
  },

  async run(context) {
    const { cwd, output, signal } = context;
    const out = context.text('out');
    if (out === undefined) throw new UsageError('--out is missing: it names the folder to write to');
    const config = await readConfig(context);
    if (config.apiV3Key === undefined) {
      throw new UsageError('WECHATPAY_API_V3_KEY is not set: certificates are encrypted with it');
    }
    const client = await makeClient(context, progressTo(context), config);
    const downloaded = await client.certificates.download({ signal });

    const folder = resolve(cwd, out);
    await makeFolder(folder);
    const planned = await Promise.all(downloaded.map((certificate) => plan(folder, certificate)));
    for (const { path, state, certificate } of planned) {
      if (state !== 'unchanged') await writeAtomically(path, certificate);
    }
    const result = planned.map(({ certificate, ...written }) => written);
    output.result(result, result.map((written) => describe(context, written)).join('\n'));
    return 0;
  },
};

/** Decides what to do with one certificate, before anything is written. */
async function plan(
  folder: string,
  { certificate, serial_no, ...validity }: PlatformCertificate,
): Promise<PlatformCertificate & WrittenCertificate> {
  const path = join(folder, `wechatpay_${serial_no}.pem`);
  const known = { ...validity, serial_no, certificate, path };
  const existing = await readIfExists(path);
  if (existing === undefined) return { ...known, state: 'new' };
  if (existing === certificate) return { ...known, state: 'unchanged' };
  if (serialOf(existing) === serial_no) return { ...known, state: 'replaced' };
  throw new CommandError(
    `${path} holds something other than the certificate ${serial_no}, and is not overwritten: move it away. Nothing was written`,
  );
}

function serialOf(pem: string): string | undefined {
  try {
    return PlatformKey.fromPem(pem).serial;
  } catch {
    return undefined;
  }
}

/** Hooks that print the reason why the client is waiting. */
function progressTo({ output }: Context) {
  return {
    onRequest: () => output.message(output.errorStyle.dim('Downloading the certificates …')),
    onRetry: ({ delayMs = 0, error }: { delayMs?: number; error?: unknown }) => {
      const why = error instanceof Error ? `: ${error.message}` : '';
      output.message(printable(`No certificates yet${why}. Next attempt in ${(delayMs / 1000).toFixed(1)} s …`));
    },
  };
}

function describe(
  { output: { style } }: Context,
  { path, state, expire_time }: WrittenCertificate & Omit<PlatformCertificate, 'certificate'>,
): string {
  const mark = state === 'unchanged' ? style.dim('=') : style.green('✓');
  return `${mark} ${printable(path)} (${state}, expires ${printable(expire_time)})`;
}

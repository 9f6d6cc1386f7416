/** `presign`: pre-signs a contract. */
import type { Client, PresignMode, PresignParams, PresignScene } from 'wechatpay-presign';
import type { Command, Context } from '../command.js';
import { CONFIGURATION_OPTIONS, makeClient } from '../configuration.js';
import { DRY_RUN_OPTION, printDryRun } from '../dry-run.js';
import { UsageError } from '../errors.js';
import { readJsonFile } from '../input.js';
import { prettyJson } from '../output.js';

const MODES = ['ecommerce', 'normal', 'service-provider', 'qs'] as const satisfies PresignMode[];
const SCENES = ['pay-redirect-sign', 'mini-program'] as const satisfies PresignScene[];

export const presign: Command = {
  name: 'presign',
  summary: 'Pre-sign a contract, which the user is offered after paying.',
  positionals: ['[PARAMS.json]'],
  description:
    'Pre-signs a password-free contract with the fields in a JSON file, or on standard input. All fields are checked before ' +
    'anything is sent, and everything that is wrong is named at once.',
  examples: [
    { command: 'presign params.json --sandbox', comment: 'Pre-sign with the sandbox' },
    { command: 'presign params.json --dry-run', comment: 'Check the fields, and see the signed request' },
    { command: 'presign --mode service-provider < params.json', comment: 'Another mode, from standard input' },
  ],
  options: {
    mode: { type: 'string', value: 'MODE', description: `${MODES.join(', ')}. Default: ecommerce.` },
    scene: { type: 'string', value: 'SCENE', description: `${SCENES.join(' or ')}. Default: pay-redirect-sign.` },
    'dry-run': DRY_RUN_OPTION,
    ...CONFIGURATION_OPTIONS,
  },

  async run(context) {
    const { output, signal } = context;
    const mode = readChoice(context, 'mode', MODES);
    const scene = readChoice(context, 'scene', SCENES);
    const params = (await readParams(context)) as PresignParams;
    const options = { signal, ...(mode && { mode }), ...(scene && { scene }) };
    const send = (client: Client) => client.presign(params, options as object);

    if (context.flag('dry-run')) {
      await printDryRun(context, send);
      return 0;
    }
    const client = await makeClient(context);
    const result = await send(client);
    output.result(result, prettyJson(result));
    const { expiresAt } = result;
    const end = expiresAt === undefined ? '' : `, until ${expiresAt.toISOString()}`;
    if (!output.json)
      output.message(output.errorStyle.green(`Pre-signed: the user is offered the contract after paying${end}.`));
    return 0;
  },
};

function readParams(context: Context): Promise<unknown> {
  const [file] = context.positionals;
  if (file === undefined && context.stdin.isTTY) {
    throw new UsageError('PARAMS.json is missing: name a file with the fields, or pass them on standard input');
  }
  return readJsonFile(file ?? '-', context);
}

function readChoice<Choice extends string>(
  context: Context,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = context.text(name);
  const choice = choices.find((choice) => choice === value);
  if (value !== undefined && choice === undefined)
    throw new UsageError(`--${name} must be one of ${choices.join(', ')}`);
  return choice;
}

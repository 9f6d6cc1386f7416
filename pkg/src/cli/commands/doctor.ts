/** `doctor`: checks the configuration without a payment. */
import type { Command } from '../command.js';
import { CONFIGURATION_OPTIONS, makeClient } from '../configuration.js';
import { Interrupted } from '../errors.js';
import { printable } from '../output.js';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check the configuration: keys, serials, clock, reachability.',
  positionals: [],
  description:
    'Checks the configuration without a payment: whether the keys can be used and belong together, whether WeChat Pay ' +
    'can be reached and accepts the signature, whether the clock is right, and which of WeChat Pay’s keys are in use. ' +
    'Exits with 1 if a check fails.',
  examples: [
    { command: 'doctor --env-file .env', comment: 'Check the configuration that a server reads' },
    { command: 'doctor --sandbox', comment: 'Check the sandbox' },
  ],
  options: CONFIGURATION_OPTIONS,

  async run(context) {
    const { output, signal } = context;
    const client = await makeClient(context);
    const { ok, checks } = await client.doctor();
    if (signal.aborted) throw new Interrupted();
    const { green, red } = output.style;
    const lines = checks.map(
      (check) => `${check.ok ? green('✓') : red('✗')} ${check.name}: ${printable(check.detail)}`,
    );
    output.result({ ok, checks }, lines.join('\n'));
    return ok ? 0 : 1;
  },
};

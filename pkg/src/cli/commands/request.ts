/** `request`: any v3 call, signed and verified. */
import type { Client } from 'wechatpay-presign';
import type { Command } from '../command.js';
import { CONFIGURATION_OPTIONS, makeClient } from '../configuration.js';
import { DRY_RUN_OPTION, printDryRun } from '../dry-run.js';
import { UsageError } from '../errors.js';
import { DATA_OPTION, readData } from '../input.js';
import { prettyJson } from '../output.js';

const VERBS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export const request: Command = {
  name: 'request',
  summary: 'Make any v3 call, signed and verified.',
  positionals: ['METHOD', 'PATH'],
  description:
    'Signs and sends a request to any path of APIv3, verifies the response, and prints its JSON. Exits with 1 if WeChat ' +
    'Pay rejects the request, or if the response cannot be trusted.',
  examples: [
    { command: 'request GET v3/certificates', comment: 'A call without a body' },
    { command: `request POST v3/security/echo --data '{"echo_message":"hello"}'`, comment: 'A call with a body' },
    {
      command: 'request GET v3/bill/tradebill --query bill_date=2026-11-23 --dry-run',
      comment: 'See what would be sent, and send it yourself',
    },
  ],
  options: {
    data: DATA_OPTION,
    query: { type: 'string', value: 'NAME=VALUE', multiple: true, description: 'A parameter of the query.' },
    'dry-run': DRY_RUN_OPTION,
    ...CONFIGURATION_OPTIONS,
  },

  async run(context) {
    const { output, signal } = context;
    const [method = '', given = ''] = context.positionals;
    const verb = VERBS.find((verb) => verb === method.toLowerCase());
    if (verb === undefined) throw new UsageError(`METHOD must be one of ${VERBS.join(', ').toUpperCase()}`);
    const { path, query } = readPath(given, context.texts('query'));
    const data = context.text('data');
    const json = data === undefined ? undefined : await readData('data', data, context);
    const send = (client: Client) => client.chain<`v3/${string}`>(path)[verb]({ json, query, signal });

    if (context.flag('dry-run')) {
      await printDryRun(context, send);
      return 0;
    }
    const client = await makeClient(context);
    const response = await send(client);
    if (!output.json) output.message(output.errorStyle.dim(describeResponse(response)));
    const { status, requestId } = response;
    output.result({ status, requestId, data: response.data }, prettyJson(response.data));
    return 0;
  },
};

function describeResponse({ status, requestId }: { status: number; requestId?: string | undefined }): string {
  const id = requestId === undefined ? '' : `, Request-ID ${requestId}`;
  return `HTTP ${status}, verified${id}`;
}

/** Separates the query from the path. */
function readPath(given: string, parameters: readonly string[]): { path: `v3/${string}`; query: URLSearchParams } {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(given)) {
    throw new UsageError(
      'PATH must be a path such as v3/certificates: WECHATPAY_BASE_URL or --sandbox selects the host',
    );
  }
  // Git Bash turns /v3/x into C:/Program Files/Git/v3/x.
  if (/^[a-z]:[\\/]/i.test(given)) {
    throw new UsageError('PATH has become the path of a file: write it without the first slash, as in v3/certificates');
  }
  const [path = '', ...rest] = given.split('?');
  const query = new URLSearchParams(rest.join('?'));
  for (const parameter of parameters) {
    const separator = parameter.indexOf('=');
    if (separator < 1) throw new UsageError('--query must have the form NAME=VALUE');
    query.append(parameter.slice(0, separator), parameter.slice(separator + 1));
  }
  return { path: path.replace(/^\//, '') as `v3/${string}`, query };
}

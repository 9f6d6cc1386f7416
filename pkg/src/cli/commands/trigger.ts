/** `trigger`: sends a notification, signed and encrypted with the sandbox's keys. */
import { resolve } from 'node:path';
import type { Forgery } from 'wechatpay-presign/testing';
import { closest } from '../../closest.js';
import type { Command, Context } from '../command.js';
import { SANDBOX_DIRECTORY } from '../configuration.js';
import { Interrupted, UsageError } from '../errors.js';
import { DATA_OPTION, readData } from '../input.js';
import { printable } from '../output.js';
import { readSandboxKeys } from '../sandbox/keys.js';
import { type DeliveryOutcome, postNotification } from '../sandbox/post-notification.js';

/** WeChat Pay's own names for the events. */
const EVENTS = {
  'contract.signed': 'ENTRUST.SIGN',
  'contract.terminated': 'ENTRUST.TERMINATE',
  'payment.succeeded': 'TRANSACTION.SUCCESS',
} as const;

type EventName = keyof typeof EVENTS;

const FORGERIES = [
  'wrong-signature',
  'missing-signature',
  'tampered-body',
  'sign-test',
  'wrong-key',
] as const satisfies readonly Forgery[];

/** The age of a stale notification, in seconds. WeChat Pay's own limit is 300. */
const STALE_SECONDS = 3600;
/** WeChat Pay's time limit for a handler, in seconds. */
const TIME_LIMIT = 5;
const MAX_SHOWN = 2000;

export const trigger: Command = {
  name: 'trigger',
  summary: 'Send a signed, encrypted notification to your handler.',
  positionals: ['EVENT'],
  description:
    `Sends a notification to a URL as WeChat Pay does: ${Object.keys(EVENTS).join(', ')}. It is signed and encrypted with the ` +
    'keys of the sandbox, which your handler must have. Prints what came back, and whether WeChat Pay would send the ' +
    'notification again.\n\n' +
    'Exits with 0 if the handler accepts the notification; with --forge, if it rejects it.',
  examples: [
    { command: 'trigger contract.signed --to http://localhost:3000/notify', comment: 'A user has signed' },
    {
      command: 'trigger payment.succeeded --to http://localhost:3000/notify --forge tampered-body',
      comment: 'Does the handler reject a changed body?',
    },
    {
      command: 'trigger contract.signed --to http://localhost:3000/notify --id 1 --data @contract.json',
      comment: 'A resource of your own. With the same id again, it is a repetition',
    },
  ],
  options: {
    to: { type: 'string', value: 'URL', description: 'The address of your handler.' },
    forge: { type: 'string', value: 'KIND', description: `What is wrong with it: ${FORGERIES.join(', ')} or stale.` },
    id: { type: 'string', value: 'ID', description: 'The id of the notification. Default: a new one.' },
    data: { ...DATA_OPTION, description: `The resource, in place of an example. ${DATA_OPTION.description}` },
    timeout: {
      type: 'string',
      value: 'SECONDS',
      description: `How long the handler may take. Default: ${TIME_LIMIT}, like WeChat Pay.`,
    },
    dir: { type: 'string', value: 'DIR', description: `The folder of the sandbox, if not ${SANDBOX_DIRECTORY}.` },
  },

  async run(context) {
    const { output, signal, fetch, clock } = context;
    const event = readEvent(context.positionals[0] ?? '');
    const url = readUrl(context.text('to'));
    const forgery = readForgery(context.text('forge'));
    const timeoutMs = readTimeout(context.text('timeout'));
    const resource = await readResource(context);
    const { merchant, platform } = await readSandboxKeys(
      resolve(context.cwd, context.text('dir') ?? SANDBOX_DIRECTORY),
    );

    const { createTestKit } = await import('wechatpay-presign/testing');
    const now = () => Math.floor(clock() / 1000);
    const kit = await createTestKit({ merchant, platformKeys: [platform], now });
    const id = context.text('id');
    const request = await kit.notification({
      url,
      event_type: EVENTS[event],
      ...(resource && { resource }),
      ...(id !== undefined && { id }),
      ...(forgery === 'stale' && { ageSeconds: STALE_SECONDS }),
      ...(forgery !== undefined && forgery !== 'stale' && { forgery }),
    });
    const headers = Object.fromEntries(request.headers);
    const outcome = await postNotification({ url, headers, body: await request.text(), fetch, signal, timeoutMs });
    if (signal.aborted) throw new Interrupted('Interrupted: the handler may have received the notification.');

    // With 5xx, the handler has failed rather than rejected the forgery.
    const { status = 0 } = outcome;
    const isRejected = status >= 400 && status < 500;
    const ok = forgery === undefined ? outcome.isAccepted : isRejected;
    const result = { url, event, event_type: EVENTS[event], ...(forgery && { forgery }), ...outcome, ok };
    output.result(result, describe(context, { event, forgery, outcome, ok }));
    return ok ? 0 : 1;
  },
};

function readEvent(given: string): EventName {
  const names = Object.keys(EVENTS) as EventName[];
  const event = names.find((name) => name === given);
  if (event !== undefined) return event;
  const similar = closest(given, names);
  throw new UsageError(
    similar === undefined
      ? `EVENT must be one of ${names.join(', ')}`
      : `there is no such EVENT: did you mean ${similar}?`,
  );
}

function readUrl(to: string | undefined): string {
  if (to === undefined) throw new UsageError('--to is missing: it is the address of your handler');
  const url = URL.canParse(to) ? new URL(to) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('--to must be an http:// or https:// URL, such as http://localhost:3000/notify');
  }
  if (url.username !== '' || url.password !== '') throw new UsageError('--to must not contain a user name or password');
  return url.href;
}

function readForgery(given: string | undefined): Forgery | 'stale' | undefined {
  const kinds = [...FORGERIES, 'stale'] as const;
  const kind = kinds.find((kind) => kind === given);
  if (given !== undefined && kind === undefined) throw new UsageError(`--forge must be one of ${kinds.join(', ')}`);
  return kind;
}

function readTimeout(given: string | undefined): number {
  const seconds = given === undefined ? TIME_LIMIT : Number(given);
  if (seconds > 0 && seconds <= 600) return seconds * 1000;
  throw new UsageError('--timeout must be a number of seconds, at most 600');
}

async function readResource(context: Context): Promise<Record<string, unknown> | undefined> {
  const data = context.text('data');
  if (data === undefined) return undefined;
  const resource = await readData('data', data, context);
  if (typeof resource === 'object' && resource !== null && !Array.isArray(resource)) {
    return resource as Record<string, unknown>;
  }
  throw new UsageError('--data must be a JSON object: the resource of the notification');
}

interface Delivery {
  event: EventName;
  forgery: string | undefined;
  outcome: DeliveryOutcome;
  ok: boolean;
}

function describe({ output: { style } }: Context, { event, forgery, outcome, ok }: Delivery): string {
  const { status, durationMs, body, isTruncated, failure } = outcome;
  const received = status === undefined ? 'No response' : `HTTP ${status}`;
  const shown = printable(body.slice(0, MAX_SHOWN));
  const isCut = isTruncated || body.length > MAX_SHOWN;
  return [
    `${style.bold(EVENTS[event])}${forgery === undefined ? '' : `, forged: ${forgery}`}`,
    `${received} in ${durationMs} ms`,
    ...(shown === '' ? [] : [shown]),
    ...(isCut ? [style.dim('(The rest of the body is not shown.)')] : []),
    ...(failure === undefined ? [] : [printable(failure)]),
    (ok ? style.green : style.red)(conclusion(forgery, outcome, ok)),
  ].join('\n');
}

function conclusion(forgery: string | undefined, { isAccepted }: DeliveryOutcome, ok: boolean): string {
  if (forgery === undefined) {
    return isAccepted
      ? 'Accepted: WeChat Pay would not send it again.'
      : 'Not accepted: WeChat Pay would send it again, up to 15 times.';
  }
  if (ok) return 'The handler rejected the forgery, as it should.';
  return isAccepted
    ? 'The handler accepted the forgery: anyone can send it notifications. It must verify their signatures.'
    : 'The handler neither accepted nor rejected the forgery: it should respond with 401.';
}

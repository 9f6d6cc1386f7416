/** Prints a line for each event of the sandbox, or with `--json` an object. */
import { type Output, printable } from '../output.js';
import type { Variables } from './env-file.js';
import type { DeliveryOutcome } from './post-notification.js';
import { delayAfter } from './schedule.js';
import type { NotificationView, RequestView, SandboxState } from './views.js';

export interface Log {
  started(start: {
    info: SandboxState['sandbox'];
    env: { text: string; variables: Variables };
    isNew: boolean;
    isReachable: boolean;
  }): void;
  request(view: RequestView): void;
  action(sentence: string): void;
  attempt(view: NotificationView, outcome: DeliveryOutcome): void;
  /** A bug in the sandbox itself. */
  failure(error: unknown): void;
  stopped(state: SandboxState): void;
}

const INDENT = ' '.repeat(10);

export function createLog({ output, clock }: { output: Output; clock: () => number }): Log {
  const { style } = output;
  const startedAt = clock();
  const time = () => new Date(clock()).toTimeString().slice(0, 8);
  let handled = 0;
  let refused = 0;

  /** With `--json` the object, otherwise the lines. */
  function print(event: Record<string, unknown>, [first = '', ...rest]: string[]): void {
    output.event({ time: new Date(clock()).toISOString(), ...event });
    output.print(`${style.dim(time())}  ${first}`);
    for (const line of rest) output.print(INDENT + line);
  }

  return {
    started({ info, env, isNew, isReachable }) {
      const { baseUrl, envFile, speed, forwardTo, mchid, version } = info;
      output.event({ event: 'started', baseUrl, envFile, mchid, version, speed, forwardTo, variables: env.variables });
      output.print(style.bold(`The sandbox runs at ${baseUrl}`));
      output.print('Open it in a browser to play the user: pay, sign, give up, terminate.');
      output.print();
      output.print(
        `Your application needs this environment. It is in ${printable(envFile)}${isNew ? ', with new keys' : ''}:`,
      );
      output.print();
      for (const line of env.text.trimEnd().split('\n')) output.print(`  ${printable(line)}`);
      output.print();
      const first = [1, 2, 3, 4, 5].map((attempts) => duration(delayAfter(attempts, speed) ?? 0)).join(', ');
      output.print(style.dim(`A notification that is not accepted is sent again after ${first} … (--speed ${speed}).`));
      if (forwardTo) output.print(style.dim(`All notifications go to ${printable(forwardTo)}.`));
      if (isReachable) output.message('Other machines can reach this sandbox: whoever does can use its page.');
      output.print(style.dim('Stop it with Ctrl+C.'));
      output.print();
    },

    request(view) {
      const { method, path, status, code, message, durationMs, fault, sentStatus, explanation, signedMessage } = view;
      const isRefused = status >= 300;
      handled += 1;
      if (isRefused) refused += 1;
      const result = (isRefused ? style.red : style.green)(`${status} ${code}`);
      const lines = [
        `${method} ${printable(path)}  ${result}  ${style.dim(duration(durationMs))}${fault ? style.yellow(`  fault: ${fault}${sentStatus ? `, sent ${sentStatus}` : ''}`) : ''}`,
      ];
      if (isRefused && explanation) {
        lines.push(`${style.bold(explanation.where)}: ${printable(explanation.en)}`);
        if (explanation.expected !== undefined) lines.push(`expected ${quote(explanation.expected)}`);
        if (explanation.actual !== undefined) lines.push(`found    ${quote(explanation.actual)}`);
      } else if (isRefused) {
        lines.push(printable(message));
      }
      const refusal = isRefused ? { message, explanation, signedMessage } : {};
      print(
        {
          event: 'request',
          method,
          path,
          status,
          code,
          durationMs: Math.round(durationMs),
          fault,
          sentStatus,
          ...refusal,
        },
        lines,
      );
    },

    action(sentence) {
      print({ event: 'action', text: sentence }, [style.cyan(printable(sentence))]);
    },

    attempt(view, { status, durationMs, isAccepted, failure }) {
      const { event_type, about, url, state, attempts, nextAt } = view;
      const result = isAccepted ? style.green(String(status)) : style.red(String(status ?? 'failed'));
      const lines = [
        `→ ${event_type} ${printable(about)} to ${printable(url)}  ${result}  ${style.dim(duration(durationMs))}`,
      ];
      if (failure !== undefined) lines.push(printable(failure));
      if (nextAt !== undefined) lines.push(style.dim(`It is sent again in ${duration(nextAt - clock())}.`));
      if (state === 'given-up') lines.push('It is not sent again.');
      print(
        { event: 'notification', event_type, about, url, status, durationMs, failure, state, attempt: attempts.length },
        lines,
      );
    },

    failure(error) {
      output.message(`${output.errorStyle.red('The sandbox failed:')} ${printable(String(error))}`);
    },

    stopped({ orders, contracts, notifications }) {
      const summary = {
        seconds: Math.round((clock() - startedAt) / 1000),
        requests: handled,
        refused,
        ordersPaid: orders.filter(({ trade_state }) => trade_state === 'SUCCESS').length,
        contractsSigned: contracts.filter(({ state }) => state === 'SIGNED').length,
        notificationsDelivered: notifications.filter(({ state }) => state === 'delivered').length,
        notificationsOpen: notifications.filter(({ state }) => state !== 'delivered').length,
      };
      output.event({ event: 'stopped', ...summary });
      output.print();
      output.print(
        `Stopped after ${duration(summary.seconds * 1000)}: ${count(handled, 'request')} (${refused} refused), ` +
          `${count(summary.ordersPaid, 'order')} paid, ${count(summary.contractsSigned, 'contract')} signed, ` +
          `${count(summary.notificationsDelivered, 'notification')} delivered, ${summary.notificationsOpen} not.`,
      );
    },
  };
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Puts a text on one line. */
const quote = (text: string): string => printable(JSON.stringify(text));

/** Writes a duration, such as `12 ms`, `0.25 s` or `3 min`. */
function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`;
  if (ms < 3_600_000) return `${Number((ms / 60_000).toFixed(1))} min`;
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}

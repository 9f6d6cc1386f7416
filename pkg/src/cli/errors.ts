import type { AnyWechatPayError } from 'wechatpay-presign';

/** A failure that is reported as one sentence, without a stack. */
export class CommandError extends Error {
  readonly exitCode: 1 | 2 = 1;
}

/** A mistake on the command line or in the configuration. Nothing was sent. */
export class UsageError extends CommandError {
  override readonly exitCode = 2;
}

/** The end of a command that the user interrupted. */
export class Interrupted extends Error {}

/** The message of an error: with a line for each issue if there are several, and with WeChat Pay's own code. */
export function describe(error: AnyWechatPayError): string {
  if (error.code === 'ERR_API') {
    const code = error.apiCode === undefined ? '' : ` ${error.apiCode}`;
    return `HTTP ${error.status}${code}: ${error.message}`;
  }
  if (error.code !== 'ERR_INVALID_PARAMETER' || error.issues.length < 2) return error.message;
  return ['several values are wrong:', ...error.issues.map(({ message }) => `  ${message}`)].join('\n');
}

/** Advice for repeating the call. */
export function adviceOn({ requestId, outcomeUnknown }: AnyWechatPayError): string[] {
  return [
    ...(requestId === undefined ? [] : [`Request-ID: ${requestId} (WeChat Pay’s support asks for it)`]),
    ...(outcomeUnknown ? ['WeChat Pay may have carried out the request: query before you repeat it.'] : []),
  ];
}

import { type AnyWechatPayError, InvalidParameterError } from 'wechatpay-presign';

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

/** The message of an error, with a line for each issue if there are several. */
export function describe(error: AnyWechatPayError): string {
  if (!(error instanceof InvalidParameterError) || error.issues.length < 2) return error.message;
  return error.issues.map(({ message }) => `\n  ${message}`).join('');
}

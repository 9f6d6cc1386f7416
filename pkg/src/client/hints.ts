// The most likely reason for an error, where the client can tell. It is added to the message, and set as `hint`.
import { ApiError, annotate, type SignatureVerificationError } from '../errors.js';
import { callWasm } from '../instance.js';
import { type SignableRequest, type SigningParams, signingMessage } from '../signing.js';

/** WeChat Pay rejects a clock that is five minutes off. From half of that, the hint mentions the clock. */
const WRONG_CLOCK_SECONDS = 150;

/** The circumstances of an error. */
interface Circumstances {
  responseHeaders: Headers;
  /** In milliseconds. */
  receivedAt: number;
  signingParams: SigningParams;
  request: SignableRequest;
}

/** Adds a hint to the error of a response, if one is known. */
export function addHint(error: ApiError | SignatureVerificationError, circumstances: Circumstances): void {
  annotate(error, { hint: hintFor(error, circumstances) });
}

/**
 * Adds a hint to the error of a certificate download, if the likely reason is that the merchant has no certificates.
 */
export function addNoCertificatesHint(error: unknown): void {
  if (!indicatesNoCertificates(error)) return;
  annotate(error, {
    hint:
      'a merchant registered since late 2024 has no certificates; put WeChat Pay’s public key into certs, under its id ' +
      'PUB_KEY_ID_… (both are on the merchant platform, under API security)',
  });
}

/** Whether this is WeChat Pay's response to merchants without certificates. */
export function indicatesNoCertificates(error: unknown): error is ApiError {
  const codes = ['RESOURCE_NOT_EXISTS', 'NOT_FOUND', 'SYSTEM_ERROR'];
  return error instanceof ApiError && codes.includes(error.apiCode ?? '');
}

function hintFor(
  error: ApiError | SignatureVerificationError,
  { responseHeaders, receivedAt, signingParams, request }: Circumstances,
): string | undefined {
  const isStale = 'reason' in error && error.reason === 'stale-timestamp';
  if (isStale || isSignError(error)) {
    const skew = clockSkew(responseHeaders, receivedAt);
    if (skew !== undefined && Math.abs(skew) > WRONG_CLOCK_SECONDS) return describeSkew(skew);
  }
  if (isSignError(error)) return explainSignError(error.detail, signingMessage(request, signingParams));
  if (isRedirect(error)) {
    return 'a redirect is never followed, because the signed request would go to another host';
  }
  return undefined;
}

/** The seconds by which the clock of this machine is ahead of the `Date` of a response. */
export function clockSkew(responseHeaders: Headers, receivedAt: number): number | undefined {
  const date = Date.parse(responseHeaders.get('date') ?? '');
  return Number.isNaN(date) ? undefined : Math.round((receivedAt - date) / 1000);
}

export function describeSkew(skew: number): string {
  const direction = skew > 0 ? 'ahead of' : 'behind';
  return `the clock of this machine is ${Math.abs(skew)} s ${direction} WeChat Pay’s; synchronize it with NTP`;
}

function isSignError(error: unknown): error is ApiError {
  return error instanceof ApiError && error.apiCode === 'SIGN_ERROR';
}

function isRedirect(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 300 && error.status < 400;
}

/**
 * Compares the message that WeChat Pay verified with the one that was signed.
 *
 * @param detail - The `detail` of the error, in WeChat Pay's own format.
 */
function explainSignError(detail: unknown, ours: Uint8Array): string | undefined {
  const information = property(detail, 'sign_information');
  const theirs = property(information, 'truncated_sign_message');
  const length = property(information, 'sign_message_length');
  if (typeof theirs !== 'string' || !isMessage(theirs)) return undefined;
  const size = typeof length === 'number' && Number.isInteger(length) && length >= 0 ? length : undefined;
  return callWasm((wasm) => wasm.explainSignError(ours, theirs, size));
}

/** The lines of a message before the body. */
const MESSAGE_LINES = [/^[A-Z]{1,10}$/, /^\/[^\s"<>\\{|}]*$/, /^\d{1,20}$/, /^[\w-]{1,64}$/];

/**
 * Whether the lines before the body look like the lines of a message. Anybody can send an unsigned error, and these lines are
 * quoted: they must not repeat the body.
 */
function isMessage(text: string): boolean {
  const lines = text.split('\n', MESSAGE_LINES.length);
  // WeChat Pay truncates long messages.
  return lines.every((line, index) => line === '' || MESSAGE_LINES[index]?.test(line));
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

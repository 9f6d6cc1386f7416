// What an error most likely comes from, where the client can tell; said in its message, and as its `hint`.
import { ApiError } from '../errors.js';
import { call } from '../instance.js';
import { signingMessage } from '../signing.js';

/** WeChat refuses what is five minutes off. Half of that is a clock that is wrong. */
const WRONG_CLOCK_SECONDS = 150;

/**
 * @param {import('../errors.js').WechatPayError} error
 * @param {object} circumstances
 * @param {Headers} circumstances.answered
 * @param {number} circumstances.receivedAt  in milliseconds
 * @param {{ timestamp: number, nonce: string }} circumstances.moment
 * @param {{ method: string, url: string, body: string | undefined }} circumstances.request
 */
export function explain(error, circumstances) {
  const hint = hintFor(error, circumstances);
  if (hint !== undefined) addHint(error, hint);
}

/**
 * Says of a failed download of certificates what it most likely means.
 * @param {unknown} error
 */
export function noteThatThereAreNone(error) {
  if (tellsOfNoCertificates(error)) {
    addHint(
      error,
      'a merchant registered since late 2024 has no certificates; put WeChat Pay’s public key into certs, under its id ' +
        'PUB_KEY_ID_… (both are on the merchant platform, under API security)',
    );
  }
  return error;
}

/**
 * Whether this is how WeChat Pay answers merchants who have no certificates.
 * @param {unknown} error
 * @returns {error is ApiError}
 */
export function tellsOfNoCertificates(error) {
  const codes = ['RESOURCE_NOT_EXISTS', 'NOT_FOUND', 'SYSTEM_ERROR'];
  return error instanceof ApiError && codes.includes(error.apiCode ?? '');
}

/** @param {Error} error @param {string} hint */
function addHint(error, hint) {
  Object.assign(error, { hint, message: `${error.message}: ${hint}` });
}

/**
 * @param {Parameters<typeof explain>[0]} error
 * @param {Parameters<typeof explain>[1]} circumstances
 */
function hintFor(error, { answered, receivedAt, moment, request }) {
  const isStale = 'reason' in error && error.reason === 'stale-timestamp';
  if (isStale || isSignError(error)) {
    const skew = clockSkew(answered, receivedAt);
    if (skew !== undefined && Math.abs(skew) > WRONG_CLOCK_SECONDS) return describeSkew(skew);
  }
  if (isSignError(error)) return explainSignError(error.detail, signingMessage(request, moment));
  if (isRedirect(error))
    return 'a redirect is never followed: the signature, and the right to pay, would go to another host';
  return undefined;
}

/**
 * How far the clock of this machine is ahead of the one that dated the answer, in seconds.
 * @param {Headers} answered
 * @param {number} receivedAt
 */
export function clockSkew(answered, receivedAt) {
  const date = Date.parse(answered.get('date') ?? '');
  return Number.isNaN(date) ? undefined : Math.round((receivedAt - date) / 1000);
}

/** @param {number} skew */
export function describeSkew(skew) {
  const direction = skew > 0 ? 'ahead of' : 'behind';
  return `the clock of this machine is ${Math.abs(skew)} s ${direction} WeChat Pay’s; set it, by NTP`;
}

/** @param {unknown} error @returns {error is ApiError} */
function isSignError(error) {
  return error instanceof ApiError && error.apiCode === 'SIGN_ERROR';
}

/** @param {unknown} error */
function isRedirect(error) {
  return error instanceof ApiError && error.status >= 300 && error.status < 400;
}

/**
 * @param {any} detail
 * @param {Uint8Array} ours
 */
function explainSignError(detail, ours) {
  const { truncated_sign_message: theirs, sign_message_length: length } = detail?.sign_information ?? {};
  if (typeof theirs !== 'string') return undefined;
  const size = Number.isInteger(length) && length >= 0 ? length : undefined;
  return call((wasm) => wasm.explainSignError(ours, theirs, size));
}

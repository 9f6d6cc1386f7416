// One attempt: sign, send, receive, verify.
import { ApiError, SignatureVerificationError } from '../errors.js';
import { call } from '../instance.js';
import { withDeadline } from './deadline.js';
import { explain } from './explanation.js';
import { receive } from './receive.js';
import { readRetryAfter } from './retry.js';
import { announce } from './telemetry.js';

/**
 * @typedef {import('./transport.js').Answer} Answer
 *
 * @typedef {object} Request
 * @property {string} method
 * @property {string} url
 * @property {string | undefined} body
 * @property {Record<string, string>} headers  all but Authorization
 *
 * @typedef {(received: { status: number, headers: Headers, body: Uint8Array }, deadline: import('./deadline.js').Deadline) => unknown} Verify
 *   gives the content of an answer, or a promise of it; throws where it cannot be trusted
 *
 * @typedef {object} Outcome  one of the first two, and what is known of the answer
 * @property {Answer} [answer]
 * @property {unknown} [error]
 * @property {Headers} [headers]
 * @property {number | undefined} [retryAfterMs]
 */

/** Never followed with our Authorization. */
const MANUAL = /** @type {const} */ ('manual');

/**
 * @param {Request} request
 * @param {import('./deadline.js').Deadline & { attempt: number }} sending  the time is for all of it, from signing to receiving
 * @param {import('./configuration.js').Configuration} configuration
 * @param {Verify} verify
 * @returns {Promise<Outcome>}
 */
export async function exchange({ headers: unsigned, ...request }, { attempt, ...deadline }, configuration, verify) {
  const { clock, hooks } = configuration;
  const { method, url } = request;
  const moment = newMoment(configuration);
  const begun = clock();
  const about = () => ({ method, url, attempt, durationMs: clock() - begun });
  let received;
  try {
    received = await withDeadline(deadline, async (both) => {
      const headers = { ...unsigned, Authorization: await configuration.sign(request, moment) };
      // A signature that comes too late is not sent: the call has failed, or is at its next attempt.
      both.throwIfAborted();
      announce(hooks.onRequest, { ...request, attempt, headers });
      const { fetch = globalThis.fetch, maxAnswerBytes } = configuration;
      const { body } = request;
      const init = { method, headers, ...(body !== undefined && { body }), redirect: MANUAL, signal: both };
      return receive(() => fetch(url, init), maxAnswerBytes, both);
    });
  } catch (error) {
    announce(hooks.onResponse, { ...about(), error });
    return { error };
  }

  const { status, headers, body } = received;
  const known = { headers, retryAfterMs: readRetryAfter(headers.get('retry-after'), clock()) };
  try {
    const data = await verify({ status, headers, body }, deadline);
    announce(hooks.onResponse, { ...about(), status, headers, body });
    return { answer: { status, headers, requestId: headers.get('request-id') ?? undefined, data }, ...known };
  } catch (error) {
    if (error instanceof ApiError || error instanceof SignatureVerificationError) {
      explain(error, { answered: headers, moment, receivedAt: clock(), request });
    }
    announce(hooks.onResponse, { ...about(), status, headers, body, error });
    return { error, ...known };
  }
}

/**
 * Where the caller gives neither clock nor nonce, the wasm tells when the host has none.
 * @param {import('./configuration.js').Configuration} configuration
 * @returns {{ timestamp: number, nonce: string }}
 */
function newMoment({ clock, nonce }) {
  if (nonce === undefined && clock === Date.now) return call((wasm) => wasm.newMoment());
  const timestamp = Math.floor(clock() / 1000);
  return { timestamp, nonce: nonce?.() ?? call((wasm) => wasm.newMoment()).nonce };
}

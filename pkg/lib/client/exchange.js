// One attempt: sign, send, receive, verify.
import { ApiError, NetworkError, SignatureVerificationError } from '../errors.js';
import { call } from '../instance.js';
import { verifyResponse } from '../verification.js';
import { explain } from './explanation.js';
import { receive } from './receive.js';
import { readRetryAfter } from './retry.js';
import { announce } from './telemetry.js';
import { aborted } from './abort.js';

/**
 * @typedef {import('./transport.js').Answer} Answer
 *
 * @typedef {object} Request
 * @property {string} method
 * @property {string} url
 * @property {string | undefined} body
 * @property {Record<string, string>} headers  all but Authorization
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
 * @param {{ signal?: AbortSignal | undefined, timeoutMs: number, attempt: number }} sending  the time is for all of it
 * @param {import('./configuration.js').Configuration} configuration
 * @returns {Promise<Outcome>}
 */
export async function exchange({ headers: unsigned, ...request }, { signal, timeoutMs, attempt }, configuration) {
  const { certs, clock, now, hooks } = configuration;
  const { method, url } = request;
  const moment = newMoment(configuration);
  const begun = clock();
  const about = () => ({ method, url, attempt, durationMs: clock() - begun });
  let received;
  try {
    received = await withDeadline(signal, timeoutMs, async (both) => {
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
    const data = verifyResponse({ status, headers, body }, { certs }, { now: now() });
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

/**
 * Does something that ends when its time is over, or the caller aborts it, even where it does not listen.
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {number} timeoutMs
 * @param {(signal: AbortSignal) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function withDeadline(signal, timeoutMs, use) {
  const controller = new AbortController();
  /** @type {(error: NetworkError) => void} */
  let end = () => {};
  /** @type {Promise<never>} */
  const ended = new Promise((_resolve, reject) => {
    end = (error) => {
      reject(error);
      controller.abort(error);
    };
  });
  const stop = () => end(aborted(/** @type {AbortSignal} */ (signal)));
  const timer = setTimeout(() => {
    end(new NetworkError(`no answer came within ${timeoutMs} ms`, { retryable: true }));
  }, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([use(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

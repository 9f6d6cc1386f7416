// Sending: attempt after attempt, each signed anew, until there is an answer or no sense in going on.
import { fieldsOf, kindOf, shownName } from '../arguments.js';
import { InvalidParameterError } from '../errors.js';
import { aborted, isSignal } from './abort.js';
import { commonHeaders } from './common-headers.js';
import { readLimits } from './configuration.js';
import { exchange } from './exchange.js';
import { Hosts } from './hosts.js';
import { delayBefore, pause } from './retry.js';
import { announce } from './telemetry.js';

/**
 * @typedef {object} Outgoing  a request before it is signed
 * @property {string} method
 * @property {string} target  path and query
 * @property {string | undefined} [body]
 * @property {Record<string, string>} headers  besides those that every request has
 * @property {string | undefined} [platformSerial]  of the key that the answer is to be signed with
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {string | undefined} requestId
 * @property {any} data
 */

export class Transport {
  #configuration;
  #hosts;

  /** @param {import('./configuration.js').Configuration} configuration */
  constructor(configuration) {
    this.#configuration = configuration;
    this.#hosts = new Hosts(configuration);
  }

  /**
   * @param {Outgoing} outgoing
   * @param {ReturnType<typeof readSending>} options
   * @param {import('./exchange.js').Verify} verify
   * @returns {Promise<Answer>}
   */
  async send(outgoing, { retries, ...sending }, verify) {
    const configuration = this.#configuration;
    for (let attempt = 1; ; attempt += 1) {
      const { url, ...outcome } = await this.attempt(outgoing, { ...sending, attempt }, verify);
      const { answer, error } = outcome;
      const delayMs = attempt > retries ? undefined : delayBefore(attempt, outcome, configuration);
      if (delayMs !== undefined) {
        announce(configuration.hooks.onRetry, { method: outgoing.method, url, attempt, delayMs, error });
        await pause(delayMs, sending.signal);
      } else if (answer !== undefined) {
        return answer;
      } else {
        throw error;
      }
    }
  }

  /**
   * One attempt, and whatever came of it.
   * @param {Outgoing} outgoing
   * @param {import('./deadline.js').Deadline & { attempt: number }} sending
   * @param {import('./exchange.js').Verify} verify
   */
  async attempt({ method, target, body, headers: own, platformSerial }, sending, verify) {
    if (sending.signal?.aborted) throw aborted(sending.signal);
    const host = this.#hosts.pick();
    const url = host + target;
    const headers = withCommonHeaders(own, body !== undefined, platformSerial);
    const outcome = await exchange({ method, url, body, headers }, sending, this.#configuration, verify);
    this.#hosts.note(host, outcome.error);
    return { url, ...outcome };
  }
}

/**
 * The caller's headers, and beside them those that every request has, whatever the case of their names.
 * @param {Record<string, string>} own
 * @param {boolean} hasBody
 * @param {string | undefined} platformSerial
 */
function withCommonHeaders(own, hasBody, platformSerial) {
  const common = commonHeaders(hasBody, platformSerial);
  const names = Object.keys(own);
  if (names.length === 0) return { ...common };
  const overruled = new Set(names.map((name) => name.toLowerCase()));
  const kept = Object.entries(common).filter(([name]) => !overruled.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...own };
}

/**
 * @param {unknown} options
 * @param {{ timeoutMs: number, retries: number }} defaults
 */
export function readSending(options, defaults) {
  const { signal, ...others } = fieldsOf('options', options);
  const [unknown] = Object.keys(others).filter(
    (name) => !['timeoutMs', 'retries'].includes(name) && others[name] !== undefined,
  );
  if (unknown !== undefined) {
    throw InvalidParameterError.about(shownName(unknown), 'unknown-field', 'is not an option of this call');
  }
  if (signal !== undefined && !isSignal(signal)) {
    throw InvalidParameterError.about('signal', 'type', `must be an AbortSignal, but is ${kindOf(signal)}`);
  }
  const { timeoutMs, retries } = readLimits(others, defaults);
  return { signal, timeoutMs, retries };
}

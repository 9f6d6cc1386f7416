// Notifications, as a handler of requests gets them: parsed, and told apart from those that came before; and the answers
// that WeChat Pay expects.
import { InvalidParameterError } from '../errors.js';
import { assertText, hasGet, kindOf } from '../arguments.js';
import { judgeNotification } from '../notification.js';
import { withDeadline } from './deadline.js';
import { readAll } from './receive.js';

/** So many ids are remembered where no `seen` is given: WeChat Pay repeats a notification 15 times within a day. */
const REMEMBERED = 10_000;

export class Notifications {
  #configuration;
  #certificates;
  #seen;

  /**
   * @param {import('./configuration.js').Configuration} configuration
   * @param {import('./certificates.js').Certificates} certificates
   */
  constructor(configuration, certificates) {
    this.#configuration = configuration;
    this.#certificates = certificates;
    this.#seen = configuration.seen ?? createMemory();
  }

  /** @param {unknown} request */
  async parse(request) {
    if (!isRequest(request)) {
      throw InvalidParameterError.about('request', 'type', `must be a Request, but is ${kindOf(request)}`);
    }
    const { apiV3Key, maxAnswerBytes, timeoutMs, verifier } = this.#configuration;
    const read = (/** @type {AbortSignal} */ signal) => readAll(request.body, maxAnswerBytes, signal);
    const body = await withDeadline({ timeoutMs }, read, 'the whole of the notification did not come');
    if (body === undefined) {
      throw InvalidParameterError.about('request', 'max-length', `has a body of more than ${maxAnswerBytes} bytes`);
    }
    const { headers } = request;
    await this.#certificates.ready({ timeoutMs });
    const received = { headers, body };
    const verify = (/** @type {import('./trust.js').Certs} */ certs) =>
      verifier.judge(received, certs, (signed, ...terms) => {
        assertText('apiV3Key', apiV3Key, 'a string');
        return judgeNotification(signed, apiV3Key, ...terms);
      });
    const notification = await this.#certificates.trying(headers, verify, { timeoutMs });
    // Asked only about what is genuine.
    return { ...notification, repeated: Boolean(await this.#seen(notification.id)) };
  }

  acknowledge() {
    return new Response(null, { status: 204 });
  }

  /** @param {unknown} [message] @param {number} [status] */
  reject(message = '失败', status = 500) {
    const body = JSON.stringify({ code: 'FAIL', message: String(message) });
    return new Response(body, { status, headers: { 'Content-Type': 'application/json' } });
  }
}

/** Whether an id came before, as long as this process lives. */
function createMemory() {
  /** @type {Set<string>} */
  const ids = new Set();
  return (/** @type {string} */ id) => {
    if (ids.has(id)) return true;
    ids.add(id);
    if (ids.size > REMEMBERED) ids.delete(/** @type {string} */ (ids.values().next().value));
    return false;
  };
}

/** @param {unknown} value @returns {value is Request} */
function isRequest(value) {
  return typeof value === 'object' && value !== null && 'body' in value && 'headers' in value && hasGet(value.headers);
}

// Calling WeChat's endpoints: the transport, within what is trusted.
import { judgeResponse } from '../verification.js';
import { readSending } from './transport.js';

/**
 * @typedef {import('./transport.js').Outgoing} Outgoing
 * @typedef {import('./exchange.js').Verify} Verify
 */

export class Endpoints {
  #configuration;
  #transport;
  #trust;
  #certificates;

  /**
   * @param {import('./configuration.js').Configuration} configuration
   * @param {import('./transport.js').Transport} transport
   * @param {import('./trust.js').Trust} trust
   * @param {import('./certificates.js').Certificates} certificates
   */
  constructor(configuration, transport, trust, certificates) {
    this.#configuration = configuration;
    this.#transport = transport;
    this.#trust = trust;
    this.#certificates = certificates;
  }

  /**
   * @param {Outgoing} outgoing
   * @param {unknown} options  `signal`, `timeoutMs`, `retries`
   */
  async send(outgoing, options) {
    const sending = readSending(options, this.#configuration);
    await this.#certificates.ready(sending);
    return this.#transport.send(this.#naming(outgoing), sending, this.#verify);
  }

  /**
   * Once, and what came of it, whatever that is.
   * @param {Outgoing} outgoing
   */
  async probe(outgoing) {
    const { timeoutMs } = this.#configuration;
    // Where this fails, so will the probe, which says why.
    await this.#certificates.ready({ timeoutMs }).catch(() => {});
    return this.#transport.attempt(this.#naming(outgoing), { timeoutMs, attempt: 1 }, this.#verify);
  }

  /**
   * The same, naming the key that the answer is to be signed with.
   * @param {Outgoing} outgoing
   * @returns {Outgoing}
   */
  #naming(outgoing) {
    return { ...outgoing, platformSerial: this.#trust.platformSerial };
  }

  /** @type {Verify} */
  #verify = (received, deadline) => {
    const { verifier } = this.#configuration;
    const verify = (/** @type {import('./trust.js').Certs} */ certs) =>
      verifier.judge(received, certs, (...terms) => judgeResponse(received.status, ...terms));
    return this.#certificates.trying(received.headers, verify, deadline);
  };
}

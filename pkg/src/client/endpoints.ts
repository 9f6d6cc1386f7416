// Calling WeChat Pay's endpoints: requests are sent by the transport, and responses verified with the trusted keys.
import type { Outcome, VerifyResponse } from './attempt.js';
import type { Certificates } from './certificates.js';
import type { Configuration } from './configuration.js';
import { withCall } from './deadline.js';
import type { PlatformKeyStore, PlatformKeys } from './platform-key-store.js';
import { readSendOptions } from './request-options.js';
import type { Transport, UnsignedRequest } from './transport.js';
import type { ApiResponse } from './verbs.js';

export class Endpoints {
  readonly #configuration: Configuration;
  readonly #transport: Transport;
  readonly #platformKeys: PlatformKeyStore;
  readonly #certificates: Certificates;

  constructor(
    configuration: Configuration,
    transport: Transport,
    platformKeys: PlatformKeyStore,
    certificates: Certificates,
  ) {
    this.#configuration = configuration;
    this.#transport = transport;
    this.#platformKeys = platformKeys;
    this.#certificates = certificates;
  }

  /** @param options - `SendOptions`, not yet checked. */
  async send(request: UnsignedRequest, options: unknown): Promise<ApiResponse> {
    const sending = readSendOptions(options, this.#configuration);
    const run = () =>
      withCall(sending, async (call) => {
        await this.#certificates.ensureReadyForCall({ signal: call.signal, timeoutMs: sending.timeoutMs });
        return this.#transport.sendWithin(call, this.withPlatformSerial(request), sending, this.verify);
      });
    return this.#transport.describingErrors(request, run);
  }

  /** Sends a request once, and returns the outcome even if that is an error. */
  async probe(request: UnsignedRequest): Promise<Outcome> {
    const { attemptTimeoutMs: timeoutMs } = this.#configuration;
    // If this fails, so will the probe, and its error says why.
    await this.#certificates.ensureReadyForCall({ timeoutMs }).catch(() => {});
    return this.#transport.probe(this.withPlatformSerial(request), timeoutMs, this.verify);
  }

  withPlatformSerial(request: UnsignedRequest): UnsignedRequest {
    return { ...request, platformSerial: this.#platformKeys.platformSerial };
  }

  /** Verifies a response with the trusted keys, and returns its content. */
  readonly verify: VerifyResponse = (received, deadline) => {
    const { verifier } = this.#configuration;
    const verify = (keys: PlatformKeys) => verifier.verifyResponse(received, keys);
    return this.#certificates.withRenewal(received.headers, verify, deadline);
  };
}

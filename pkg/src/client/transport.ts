// Sends a request: makes one attempt after another, each with a new signature, until there is a response or a retry cannot
// help.
import { ApiError, annotate, WechatPayError } from '../errors.js';
import type { MessageToSign } from '../signing.js';
import { abortError, isAborted } from './abort.js';
import { makeAttempt, type Outcome, type VerifyResponse } from './attempt.js';
import { commonHeaders } from './common-headers.js';
import type { Configuration } from './configuration.js';
import type { Bytes } from './cryptography/provider.js';
import { type Call, type Deadline, withCall } from './deadline.js';
import { HostFailover } from './host-failover.js';
import { timeOf } from './host-functions.js';
import { counted } from './in-flight.js';
import type { Sending } from './request-options.js';
import { pause, retryDelay } from './retry.js';
import { emit, newCallId, type TelemetryEvent } from './telemetry.js';
import type { ApiResponse } from './verbs.js';

/** A request before the host, the common headers and the signature are added. */
export interface UnsignedRequest {
  method: string;
  /** The path and query. */
  target: string;
  /** The path, with the names of parameters in braces. Default: the path of `target`. */
  template?: string | undefined;
  /** The body that is signed, and also sent unless there is `content`. */
  body?: string | undefined;
  /** The body to send, if it differs from the signed one, as in an upload. */
  content?: Bytes | undefined;
  /** Headers in addition to the common ones. */
  headers: Record<string, string>;
  /** The serial of the key that WeChat Pay should sign the response with. */
  platformSerial?: string | undefined;
  /** The message that the first attempt signs, if it was made together with the request. */
  toSign?: MessageToSign | undefined;
}

/** The call that an attempt belongs to, the number of the attempt (from 1), and its time limit. */
export type AttemptOptions = Deadline & { callId: number; attempt: number };

export class Transport {
  readonly #configuration: Configuration;
  readonly #hosts: HostFailover;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    this.#hosts = new HostFailover(configuration);
  }

  /** Sends a request as a separate call: see {@link Transport.sendWithin}. */
  async send(request: UnsignedRequest, sending: Sending, verify: VerifyResponse): Promise<ApiResponse> {
    return this.describingErrors(request, () =>
      withCall(sending, (call) => this.sendWithin(call, request, sending, verify)),
    );
  }

  /** Sends a request, and retries it where WeChat Pay asks for a retry and the call has time left. */
  async sendWithin(
    call: Call,
    request: UnsignedRequest,
    sending: Sending,
    verify: VerifyResponse,
  ): Promise<ApiResponse> {
    return this.repeat(call, request, sending, (attempt) => this.attempt(request, attempt, verify));
  }

  /** Makes attempts until one gets a response, a retry cannot help, or the call has no time left. */
  async repeat<Response extends { status: number }>(
    { signal, remainingMs }: Call,
    request: Pick<UnsignedRequest, 'method' | 'target' | 'template'>,
    { retries, attemptTimeoutMs }: Sending,
    makeAttempt: (sending: AttemptOptions) => Promise<Outcome<Response> & { url: string }>,
  ): Promise<Response> {
    const configuration = this.#configuration;
    const { method, target } = request;
    const { callId, end } = this.#startCall(request);
    let attempts = 0;
    let mayHaveActed = false;
    let lastUrl: string | undefined;
    try {
      for (;;) {
        const attempt = attempts + 1;
        const sending = { signal, timeoutMs: attemptTimeoutMs, callId, attempt };
        const { url, ...outcome } = await makeAttempt(sending);
        const { response, error } = outcome;
        lastUrl = url;
        attempts = attempt;
        // An earlier attempt may have taken effect, even if the last one did not.
        mayHaveActed ||= method !== 'GET' && (response !== undefined || isOutcomeUnknown(error));
        const delayMs = attempt > retries ? undefined : retryDelay(attempt, outcome, configuration);
        // If the call ends before another attempt could begin, the last outcome says more than a time-out.
        if (delayMs !== undefined && !signal.aborted && delayMs < remainingMs()) {
          const template = templateOfRequest(request);
          emit(configuration.hooks.onRetry, { callId, template, method, url, attempt, delayMs, error });
          await pause(delayMs, signal);
        } else if (response !== undefined) {
          end({ url, attempt, status: response.status });
          return response;
        } else {
          throw error;
        }
      }
    } catch (error) {
      const endpoint = endpointOf(method, target);
      if (error instanceof WechatPayError) annotate(error, { endpoint, attempts, outcomeUnknown: mayHaveActed });
      // Without an attempt, the hooks received no events.
      if (lastUrl !== undefined) end({ url: lastUrl, attempt: attempts, status: statusOf(error), error });
      throw error;
    }
  }

  /** Makes one attempt as a separate call, and returns its outcome even if that is an error. */
  async probe(request: UnsignedRequest, timeoutMs: number, verify: VerifyResponse): Promise<Outcome> {
    const { callId, end } = this.#startCall(request);
    const { url, ...outcome } = await this.attempt(request, { callId, attempt: 1, timeoutMs }, verify);
    const { response, error } = outcome;
    end({ url, attempt: 1, status: response?.status ?? statusOf(error), error });
    return outcome;
  }

  /** Gives a call its number. `end` tells the hooks that it has ended. */
  #startCall(request: Pick<UnsignedRequest, 'method' | 'target' | 'template'>): {
    callId: number;
    end: (details: Pick<TelemetryEvent, 'url' | 'attempt' | 'status' | 'error'>) => void;
  } {
    const { clock, hooks } = this.#configuration;
    const { method } = request;
    const callId = newCallId();
    if (hooks.onEnd === undefined) return { callId, end: () => {} };
    const startedAt = timeOf(clock);
    const end = (details: Pick<TelemetryEvent, 'url' | 'attempt' | 'status' | 'error'>) => {
      const now = timeOf(clock);
      const durationMs = now === undefined || startedAt === undefined ? undefined : now - startedAt;
      emit(hooks.onEnd, { callId, template: templateOfRequest(request), method, durationMs, ...details });
    };
    return { callId, end };
  }

  /** Adds the endpoint to an error that came before the first attempt. Nothing was sent then. */
  async describingErrors<Result>({ method, target }: UnsignedRequest, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof WechatPayError && error.endpoint === undefined) {
        annotate(error, { endpoint: endpointOf(method, target), attempts: 0, outcomeUnknown: false });
      }
      throw error;
    }
  }

  /** Makes one attempt, and returns its outcome even if that is an error. */
  async attempt(
    request: UnsignedRequest,
    sending: AttemptOptions,
    verify: VerifyResponse,
  ): Promise<Outcome & { url: string }> {
    if (isAborted(sending.signal)) throw abortError(sending.signal);
    const { method, target, body, content, headers: own, platformSerial } = request;
    const host = this.#hosts.pick();
    const url = host + target;
    const headers = withCommonHeaders(own, body !== undefined, platformSerial);
    const template = templateOfRequest(request);
    // No other attempt may use the same nonce.
    const toSign = sending.attempt === 1 ? request.toSign : undefined;
    const prepared = { method, url, template, body, content, headers, toSign };
    const outcome = await counted(() => makeAttempt(prepared, sending, this.#configuration, verify));
    this.#hosts.record(host, outcome.error);
    return { url, ...outcome };
  }
}

/** The endpoint that errors name: the method and the path, without the query. */
export function endpointOf(method: string, target: string): string {
  return `${method} ${withoutQuery(target)}`;
}

function templateOfRequest({ template, target }: Pick<UnsignedRequest, 'template' | 'target'>): string {
  return template ?? withoutQuery(target);
}

function withoutQuery(target: string): string {
  return target.replace(/\?.*/s, '');
}

function statusOf(error: unknown): number | undefined {
  return error instanceof ApiError ? error.status : undefined;
}

function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof WechatPayError && error.outcomeUnknown;
}

/** Adds the common headers. The caller's headers replace common headers of the same name, in any case. */
function withCommonHeaders(
  own: Record<string, string>,
  hasBody: boolean,
  platformSerial: string | undefined,
): Record<string, string> {
  const common = commonHeaders(hasBody, platformSerial);
  const names = Object.keys(own);
  if (names.length === 0) return { ...common };
  const replaced = new Set(names.map((name) => name.toLowerCase()));
  const kept = Object.entries(common).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...own };
}

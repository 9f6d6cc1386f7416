// One attempt: sign, send, receive, verify.
import { ApiError, annotate, SignatureVerificationError, WechatPayError } from '../errors.js';
import { callWasm } from '../instance.js';
import type { SigningParams } from '../signing.js';
import type { Configuration } from './configuration.js';
import type { Bytes } from './cryptography/provider.js';
import { type Deadline, withDeadline } from './deadline.js';
import { addHint } from './hints.js';
import { timeOf } from './host-functions.js';
import { type ReceivedBody, receive } from './response-body.js';
import { readRetryAfter } from './retry.js';
import { emit, type TelemetryEvent } from './telemetry.js';
import type { ApiResponse } from './verbs.js';

/** A request with its URL and all headers except `Authorization`. */
export interface PreparedRequest {
  method: string;
  url: string;
  /** The path, with the names of parameters in braces. */
  template: string;
  /** The body that is signed. */
  body: string | undefined;
  /** The body that is sent, if it is not the one that is signed. */
  content?: Bytes | undefined;
  headers: Record<string, string>;
}

/** Returns the content of a response; throws if the response cannot be trusted or reports an error. */
export type VerifyResponse = (received: ReceivedBody, deadline: Deadline) => unknown;

/** The outcome of an attempt: `response` or `error`. */
export interface Outcome<Response extends { status: number } = ApiResponse> {
  response?: Response;
  error?: unknown;
  /** Undefined if nothing was received. */
  headers?: Headers;
  retryAfterMs?: number | undefined;
}

/**
 * Makes one attempt.
 *
 * @param sending - The number of the attempt, and the time for all of its steps.
 */
export async function makeAttempt(
  { headers: unsigned, content, template, ...request }: PreparedRequest,
  { callId, attempt, ...deadline }: Deadline & { callId: number; attempt: number },
  configuration: Configuration,
  verify: VerifyResponse,
): Promise<Outcome> {
  const { clock, hooks } = configuration;
  const { method, url } = request;
  let startedAt: number | undefined;
  let signingParams: SigningParams | undefined;
  let isSent = false;
  const report = (details: Partial<TelemetryEvent>) => {
    const now = timeOf(clock);
    const durationMs = now === undefined || startedAt === undefined ? undefined : now - startedAt;
    emit(hooks.onResponse, { callId, template, method, url, attempt, durationMs, ...details });
  };
  let received: ReceivedBody;
  try {
    const params = newSigningParams(configuration);
    signingParams = params;
    startedAt = clock();
    received = await withDeadline(deadline, async (signal) => {
      const headers = { ...unsigned, Authorization: await configuration.sign(request, params) };
      // A late signature is not sent: the call has failed, or the next attempt is under way.
      signal.throwIfAborted();
      const body = content ?? request.body;
      emit(hooks.onRequest, { callId, template, method, url, body, attempt, headers });
      const { fetch = globalThis.fetch, maxResponseBytes } = configuration;
      // A redirect is never followed: another host would receive the Authorization header.
      const init: RequestInit = { method, headers, ...(body !== undefined && { body }), redirect: 'manual', signal };
      isSent = true;
      return receive(() => fetch(url, init), maxResponseBytes, signal);
    });
  } catch (error) {
    if (!isSent && error instanceof WechatPayError) annotate(error, { outcomeUnknown: false });
    report({ error });
    return { error };
  }

  const { status, headers, body } = received;
  const receivedAt = timeOf(clock);
  const retryAfterMs = receivedAt === undefined ? undefined : readRetryAfter(headers.get('retry-after'), receivedAt);
  const known = { headers, retryAfterMs };
  try {
    const data = await verify(received, deadline);
    report({ status, headers, body });
    return { response: { status, headers, requestId: headers.get('request-id') ?? undefined, data }, ...known };
  } catch (error) {
    if (error instanceof ApiError || error instanceof SignatureVerificationError) {
      if (receivedAt !== undefined) addHint(error, { responseHeaders: headers, signingParams, receivedAt, request });
    } else if (error instanceof WechatPayError) {
      // There is a response, but its meaning is unknown.
      annotate(error, { outcomeUnknown: true });
    }
    report({ status, headers, body, error });
    return { error, ...known };
  }
}

/** The WebAssembly module reads the host's clock and random source, and reports the absence of either. */
export function newSigningParams({ clock, nonce }: Configuration): SigningParams {
  const fromHost = (): SigningParams => callWasm((wasm) => wasm.newSigningParams());
  if (nonce === undefined && clock === Date.now) return fromHost();
  const timestamp = Math.floor(clock() / 1000);
  return { timestamp, nonce: nonce?.() ?? fromHost().nonce };
}

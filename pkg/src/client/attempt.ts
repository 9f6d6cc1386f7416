// One attempt: sign, send, receive, verify.
import { ApiError, annotate, SignatureVerificationError, WechatPayError } from '../errors.js';
import { callWasm } from '../instance.js';
import type { MessageToSign, SigningParams } from '../signing.js';
import type { Configuration } from './configuration.js';
import { type Bytes, hostNonce } from './cryptography/provider.js';
import { type Deadline, withDeadline } from './deadline.js';
import { addHint } from './hints.js';
import { timeOf } from './host-functions.js';
import { type ReceivedBody, receive, requestIdOf } from './response-body.js';
import { readRetryAfter } from './retry.js';
import { emit, type TelemetryEvent } from './telemetry.js';
import type { ApiResponse } from './verbs.js';

/** A request with its URL and all headers except `Authorization`. */
export interface PreparedRequest {
  method: string;
  url: string;
  /** The path, with the names of its parameters in braces. */
  template: string;
  /** The body that is signed. */
  body: string | undefined;
  /** The body to send, if it differs from the signed one. */
  content?: Bytes | undefined;
  headers: Record<string, string>;
  /** The message to sign, if it was made together with the request. */
  toSign?: MessageToSign | undefined;
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
  { headers: unsigned, content, template, toSign, ...request }: PreparedRequest,
  sending: Deadline & { callId: number; attempt: number },
  configuration: Configuration,
  verify: VerifyResponse,
): Promise<Outcome> {
  const { clock, hooks } = configuration;
  const { method, url } = request;
  const { callId, attempt } = sending;
  let startedAt: number | undefined;
  let signingParams: SigningParams | undefined;
  let isSent = false;
  const report = (details: Partial<TelemetryEvent>) => {
    if (hooks.onResponse === undefined) return;
    const now = timeOf(clock);
    const durationMs = now === undefined || startedAt === undefined ? undefined : now - startedAt;
    emit(hooks.onResponse, { callId, template, method, url, attempt, durationMs, ...details });
  };
  let received: ReceivedBody;
  try {
    const begunAt = clock();
    startedAt = begunAt;
    const made = isCurrent(toSign, begunAt) ? toSign : undefined;
    const params = made?.params ?? newSigningParams(configuration, begunAt);
    signingParams = params;
    received = await withDeadline(sending, async (signal) => {
      const headers = { ...unsigned, Authorization: await configuration.sign(request, params, made?.message) };
      // A late signature is not sent: the call has failed, or the next attempt is under way.
      signal.throwIfAborted();
      const body = content ?? request.body;
      emit(hooks.onRequest, { callId, template, method, url, body, attempt, headers });
      const { fetch = globalThis.fetch, maxResponseBytes } = configuration;
      // A redirect is never followed: another host would receive the Authorization header.
      const init: RequestInit = { method, headers, ...(body !== undefined && { body }), redirect: 'manual' };
      init.signal = signal.forHost;
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
    const data = await verify(received, sending);
    report({ status, headers, body });
    return { response: { status, headers, requestId: requestIdOf(headers), data }, ...known };
  } catch (error) {
    if (error instanceof ApiError || error instanceof SignatureVerificationError) {
      if (receivedAt !== undefined) addHint(error, { responseHeaders: headers, signingParams, receivedAt, request });
    } else if (error instanceof WechatPayError) {
      // WeChat Pay responded, but the response cannot be read.
      annotate(error, { outcomeUnknown: true });
    }
    report({ status, headers, body, error });
    return { error, ...known };
  }
}

type SigningSources = Pick<Configuration, 'clock' | 'nonce'>;

/** The signing parameters of a first attempt. Undefined if they are not available; the attempt then reports the reason. */
export function firstSigningParams(sources: SigningSources): SigningParams | undefined {
  try {
    return newSigningParams(sources);
  } catch {
    return undefined;
  }
}

/** @param now - The time in milliseconds. */
export function newSigningParams({ clock, nonce }: SigningSources, now = clock()): SigningParams {
  const timestamp = Math.floor(now / 1000);
  if (nonce !== undefined) return { timestamp, nonce: nonce() };
  const ofHost = hostNonce();
  if (ofHost !== undefined && (timestamp > 0 || clock !== Date.now)) return { timestamp, nonce: ofHost };
  // The WebAssembly module reports whether the host lacks a clock or randomness.
  const fromWasm: SigningParams = callWasm((wasm) => wasm.newSigningParams());
  return clock === Date.now ? fromWasm : { timestamp, nonce: fromWasm.nonce };
}

/** Whether the timestamp of a message is still current. A call that has waited must not sign an old timestamp. */
function isCurrent(toSign: MessageToSign | undefined, now: number): toSign is MessageToSign {
  return toSign !== undefined && toSign.params.timestamp === Math.floor(now / 1000);
}

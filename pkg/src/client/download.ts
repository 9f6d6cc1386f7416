// Downloads of bills and other files. WeChat Pay does not sign them: the response that named the file, which is signed,
// holds its hash. The file is streamed, and its end is delivered only if the hash is right.
import { fieldsOf, kindOf, shownName } from '../arguments.js';
import { ApiError, annotate, InvalidParameterError, type InvalidParameterRule, WechatPayError } from '../errors.js';
import { newSigningParams, type Outcome } from './attempt.js';
import { commonHeaders } from './common-headers.js';
import type { Configuration } from './configuration.js';
import { type Deadline, withCall, withDeadline } from './deadline.js';
import { DIGEST_LENGTHS } from './digest.js';
import { makeDownloadStream } from './download-stream.js';
import type { Endpoints } from './endpoints.js';
import { addHint } from './hints.js';
import { timeOf } from './host-functions.js';
import { readSendOptions, type SendOptions } from './request-options.js';
import { cancel, type ReceivedBody, type ReceivedHead, receiveBody, receiveHead } from './response-body.js';
import { readRetryAfter } from './retry.js';
import { Secrets } from './secrets.js';
import { emit, type TelemetryEvent } from './telemetry.js';
import type { AttemptOptions, Transport } from './transport.js';

/**
 * A file to download, as the response of a bill endpoint names it.
 *
 * @example
 * ```js
 * const source = { download_url: 'https://api.mch.weixin.qq.com/…', hash_type: 'SHA1', hash_value: '79bb…' };
 * ```
 */
export interface DownloadSource {
  /** The URL, on one of WeChat Pay's hosts. */
  download_url: string;
  /** The algorithm of the hash: `SHA1` or `SHA256`. */
  hash_type?: string | undefined;
  /** The hash of the file, in hexadecimal digits. */
  hash_value?: string | undefined;
}

/**
 * How a file is downloaded. `timeoutMs` covers the time until the headers of the response arrive; `attemptTimeoutMs`
 * also limits the wait for each further part of the file. `signal` can end the download until all of the file has been
 * read.
 *
 * @example
 * ```js
 * const read = (named) => client.download(named, { gzip: true, attemptTimeoutMs: 5000 });
 * ```
 */
export interface DownloadOptions extends SendOptions {
  /** Whether the file comes compressed (`tar_type=GZIP`). It is decompressed, and the hash is of the content. */
  gzip?: boolean | undefined;
  /**
   * Accepts a source without a hash. Nothing then proves that the file is complete, or that it comes from WeChat Pay.
   */
  unverified?: boolean | undefined;
}

/** WeChat Pay's hosts that serve files, in addition to the configured ones. */
const HOSTS = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com', 'https://api2.wechatpay.cn'];

/**
 * The hash that a file must have.
 *
 * @internal
 */
export interface ExpectedHash {
  algorithm: string;
  /** In lower-case hexadecimal digits. */
  value: string;
}

/** A response whose body is a file. */
interface FileResponse extends ReceivedHead {
  /** Ends the connection. */
  connection: AbortController;
}

/** @internal */
export class Downloads {
  readonly #configuration: Configuration;
  readonly #transport: Transport;
  readonly #endpoints: Endpoints;

  constructor(configuration: Configuration, transport: Transport, endpoints: Endpoints) {
    this.#configuration = configuration;
    this.#transport = transport;
    this.#endpoints = endpoints;
  }

  /**
   * @param source - A {@link DownloadSource}, not yet checked.
   * @param options - {@link DownloadOptions}, not yet checked.
   */
  async download(source: unknown, options: unknown): Promise<ReadableStream<Uint8Array>> {
    const { gzip, unverified, ...others } = fieldsOf('options', options);
    const isGzip = readFlag('gzip', gzip);
    const isUnverified = readFlag('unverified', unverified);
    const sending = readSendOptions(others, this.#configuration);
    const { url, expected } = readSource(source, isUnverified, this.#configuration);
    if (isGzip && typeof DecompressionStream === 'undefined') {
      reject('gzip', 'choice', 'cannot be used here, because this runtime has no DecompressionStream');
    }
    const target = url.pathname + url.search;
    const request = this.#endpoints.withPlatformSerial({ method: 'GET', target, headers: {} });
    const secrets = new Secrets(url);
    try {
      const response = await this.#transport.describingErrors(request, () =>
        withCall(sending, (call) =>
          this.#transport.repeat(call, request, sending, (attempt) =>
            this.#attempt(url, attempt, { ...request, secrets }),
          ),
        ),
      );
      const { signal, attemptTimeoutMs } = sending;
      const describe = (error: unknown) => {
        if (error instanceof WechatPayError) {
          annotate(error, { endpoint: `GET ${url.pathname}`, attempts: 1, outcomeUnknown: false });
        }
        return secrets.redact(error);
      };
      return makeDownloadStream(response, { isGzip, expected, signal, timeoutMs: attemptTimeoutMs, describe });
    } catch (error) {
      throw secrets.redact(error);
    }
  }

  async #attempt(
    url: URL,
    { callId, attempt, ...deadline }: AttemptOptions,
    { platformSerial, secrets }: { platformSerial?: string | undefined; secrets: Secrets },
  ): Promise<Outcome<FileResponse> & { url: string }> {
    const { clock, hooks, fetch = globalThis.fetch, maxResponseBytes, sign } = this.#configuration;
    const shownUrl = secrets.shownUrl;
    const identity = { callId, template: url.pathname };
    const connection = new AbortController();
    let startedAt: number | undefined;
    const report = (details: Partial<TelemetryEvent>) => {
      const now = timeOf(clock);
      const durationMs = now === undefined || startedAt === undefined ? undefined : now - startedAt;
      emit(hooks.onResponse, { ...identity, method: 'GET', url: shownUrl, attempt, durationMs, ...details });
    };
    try {
      const signingParams = newSigningParams(this.#configuration);
      startedAt = clock();
      const request = { method: 'GET', url: url.href, body: undefined };
      const { head, error } = await withDeadline(deadline, async (signal) => {
        signal.addEventListener('abort', () => connection.abort(signal.reason));
        const authorization = await sign(request, signingParams);
        signal.throwIfAborted();
        const headers = { ...commonHeaders(false, platformSerial), Authorization: authorization };
        emit(hooks.onRequest, { ...identity, method: 'GET', url: shownUrl, attempt, headers });
        // A redirect is never followed: another host would receive the Authorization header.
        const init: RequestInit = { method: 'GET', headers, redirect: 'manual', signal: connection.signal };
        const head = await receiveHead(() => fetch(url.href, init));
        if (signal.aborted) void cancel(head.stream);
        signal.throwIfAborted();
        if (head.status === 200) return { head, error: undefined };
        const body = await receiveBody(head, maxResponseBytes, signal);
        return { head, error: await this.#errorOf(body, deadline) };
      });
      const { status, headers } = head;
      if (error === undefined) {
        report({ status, headers });
        return { url: shownUrl, response: { ...head, connection } };
      }
      const receivedAt = timeOf(clock) ?? 0;
      // The explanation of a SIGN_ERROR would repeat the URL, and with it the token.
      if (error instanceof ApiError && error.apiCode !== 'SIGN_ERROR') {
        addHint(error, { responseHeaders: headers, signingParams, receivedAt, request });
      }
      secrets.redact(error);
      report({ status, headers, error });
      const retryAfterMs = readRetryAfter(headers.get('retry-after'), receivedAt);
      return { url: shownUrl, error, headers, retryAfterMs };
    } catch (error) {
      connection.abort(error);
      secrets.redact(error);
      report({ error });
      return { url: shownUrl, error };
    }
  }

  /** The error of a response other than 200. */
  async #errorOf(received: ReceivedBody, deadline: Deadline): Promise<unknown> {
    const { status, headers } = received;
    if (status < 200 || status > 299) {
      try {
        await this.#endpoints.verify(received, deadline);
      } catch (error) {
        return error;
      }
    }
    const requestId = headers.get('request-id') ?? undefined;
    // 202 means accepted: ask again.
    const details = { status, verified: false, requestId, retryable: status === 202, outcomeUnknown: false };
    return new ApiError(`WeChat Pay responded with status ${status} in place of a file`, details);
  }
}

function readSource(
  source: unknown,
  isUnverified: boolean,
  configuration: Configuration,
): { url: URL; expected: ExpectedHash | undefined } {
  // The response may say more about the file.
  const { download_url, hash_type, hash_value } = fieldsOf('source', source);
  const url = readUrl(download_url, configuration);
  const isMissing = hash_value === undefined && hash_type === undefined;
  return { url, expected: isMissing && isUnverified ? undefined : readHash(hash_type, hash_value) };
}

function readUrl(value: unknown, { baseUrl, backupBaseUrl }: Configuration): URL {
  if (value === undefined) {
    reject('download_url', 'required', 'is missing: pass the `data` of the response that names the file');
  }
  if (typeof value !== 'string') reject('download_url', 'type', `must be a string, but is ${kindOf(value)}`);
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    reject('download_url', 'url', 'must be an absolute URL: pass it as WeChat Pay sent it');
  }
  const allowed = [baseUrl, ...(backupBaseUrl === undefined ? [] : [backupBaseUrl]), ...HOSTS];
  if (url.username !== '' || url.password !== '' || !allowed.includes(url.origin)) {
    const what = 'must be on one of WeChat Pay’s hosts, because the request is signed';
    reject(
      'download_url',
      'url',
      `${what}: https://api.mch.weixin.qq.com or the host of baseUrl; fetch others yourself`,
    );
  }
  url.hash = '';
  return url;
}

function readHash(type: unknown, value: unknown): ExpectedHash {
  for (const [name, given] of Object.entries({ hash_type: type, hash_value: value })) {
    if (given === undefined || given === '') {
      const fix = 'pass it as WeChat Pay sent it, or { unverified: true } if there is none';
      reject(name, 'required', `is missing: ${fix}`);
    }
    if (typeof given !== 'string') reject(name, 'type', `must be a string, but is ${kindOf(given)}`);
  }
  const algorithm = String(type).toUpperCase().replace('-', '');
  const length = Object.hasOwn(DIGEST_LENGTHS, algorithm) ? DIGEST_LENGTHS[algorithm] : undefined;
  if (length === undefined) reject('hash_type', 'choice', 'must be SHA1 or SHA256');
  const hash = String(value).toLowerCase();
  if (!/^[0-9a-f]*$/.test(hash)) reject('hash_value', 'characters', 'must consist of hexadecimal digits');
  if (hash.length !== length) reject('hash_value', 'length', `must have ${length} digits for ${algorithm}`);
  return { algorithm, value: hash };
}

function readFlag(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  reject(shownName(name), 'type', `must be true or false, but is ${kindOf(value)}`);
}

function reject(field: string, rule: InvalidParameterRule, explanation: string): never {
  throw InvalidParameterError.about(field, rule, explanation);
}

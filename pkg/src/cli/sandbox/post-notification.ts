/** Sends one notification as WeChat Pay does: a POST that may take five seconds and follows no redirect. */

export interface DeliveryOutcome {
  /** Undefined if there was no response. */
  status?: number;
  /** The beginning of the response's body. */
  body: string;
  isTruncated: boolean;
  durationMs: number;
  /** Whether WeChat Pay would not send the notification again. */
  isAccepted: boolean;
  /** The reason why it was not accepted, as a sentence. */
  failure?: string;
  /** The same reason, for programs. */
  reason?: FailureReason;
}

export type FailureReason =
  | 'status'
  | 'redirect'
  | 'timeout'
  | 'stopped'
  | 'refused'
  | 'unknown-host'
  | 'closed'
  | 'cut'
  | 'not-http'
  | 'other';

type Failure = Required<Pick<DeliveryOutcome, 'failure' | 'reason'>>;

export interface PostOptions {
  url: string;
  headers: Record<string, string>;
  body: string;
  fetch?: typeof globalThis.fetch;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** A longer body is cut: WeChat Pay reads only the code and message of a failure. */
const MAX_BODY_BYTES = 65_536;

/** Never rejects: the outcome includes every failure. */
export async function postNotification({
  url,
  headers,
  body,
  fetch = globalThis.fetch,
  timeoutMs = 5000,
  signal,
}: PostOptions): Promise<DeliveryOutcome> {
  const started = performance.now();
  const timeout = AbortSignal.timeout(timeoutMs);
  const outcome = (rest: Partial<DeliveryOutcome>): DeliveryOutcome => ({
    body: '',
    isTruncated: false,
    isAccepted: false,
    ...rest,
    durationMs: Math.round(performance.now() - started),
  });

  if (!isHttp(url)) return outcome({ reason: 'not-http', failure: `${url} is not an http:// or https:// URL.` });
  let response: Response | undefined;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'User-Agent': 'Mozilla/4.0', Accept: '*/*', ...headers },
      body,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    const { status } = response;
    const read = await readBeginning(response);
    return outcome({ status, ...read, isAccepted: isAccepted(status), ...failureOf(response) });
  } catch (error) {
    const status = response && { status: response.status };
    if (timeout.aborted) {
      return outcome({ ...status, reason: 'timeout', failure: `The handler took longer than ${timeoutMs / 1000} s.` });
    }
    if (signal?.aborted) return outcome({ ...status, reason: 'stopped', failure: 'The attempt was ended.' });
    return outcome({ ...status, ...explain(error, response !== undefined) });
  }
}

/** WeChat Pay treats 200 and 204 as an acknowledgement. */
const isAccepted = (status: number): boolean => status === 200 || status === 204;

function failureOf({ status, headers }: Response): Failure | undefined {
  if (isAccepted(status)) return undefined;
  if (status >= 300 && status < 400) {
    const location = headers.get('location');
    return {
      reason: 'redirect',
      failure: `The handler redirects${location ? ` to ${location}` : ''}. WeChat Pay does not follow redirects.`,
    };
  }
  return { reason: 'status', failure: `The handler answered ${status}. WeChat Pay accepts 200 and 204.` };
}

async function readBeginning({ body }: Response): Promise<{ body: string; isTruncated: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  while (reader && length <= MAX_BODY_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  const isTruncated = length > MAX_BODY_BYTES;
  if (isTruncated) await reader?.cancel().catch(() => {});
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { body: new TextDecoder().decode(bytes.subarray(0, MAX_BODY_BYTES)), isTruncated };
}

/** Node.js and Bun give the failure a code. In Node.js the code is on the cause, or on the errors of several attempts. */
function explain(error: unknown, hasStarted: boolean): Failure {
  const { cause, code: own, message } = Object(error);
  const { code = own, errors, message: reason = message } = Object(cause);
  switch (code ?? Object(errors?.[0]).code) {
    case 'ECONNREFUSED':
    case 'ConnectionRefused':
      return { reason: 'refused', failure: 'Nothing listens at this address.' };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'FailedToOpenSocket':
      return { reason: 'unknown-host', failure: 'The host name was not found.' };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'ConnectionClosed':
      return hasStarted
        ? { reason: 'cut', failure: 'The handler closed the connection in the middle of its response.' }
        : { reason: 'closed', failure: 'The handler closed the connection without a response.' };
    default:
      return { reason: 'other', failure: `The notification could not be sent: ${String(reason)}` };
  }
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

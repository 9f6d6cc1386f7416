/** Reads captured responses and notifications: the output of `curl -i`, HAR files, and JSON. */
import { UsageError } from './errors.js';
import { decode } from './files.js';

/** A captured response or notification. */
export interface Capture {
  kind: 'response' | 'notification';
  /** The URL, which names the capture if there are several. */
  name?: string;
  status?: number | undefined;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** Whether these are the received bytes. They are lost if the body was captured as an object. */
  isExact: boolean;
}

const FORMATS = 'what `curl -i` prints, HAR, or JSON like { "status": 200, "headers": {…}, "body": "…" }';
const STATUS_LINE = /^HTTP\/[\d.]+ (\d{3})/;
const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/[\d.]+$/;
const HEADER_LINE = /^[\w-]+:/;

/**
 * Reads a file of any of the formats.
 *
 * @param name - Names the file in errors.
 */
export function parseCaptures(bytes: Uint8Array, name: string): Capture[] {
  const start = Buffer.from(bytes.subarray(0, 256))
    .toString('latin1')
    .replace(/^\xEF\xBB\xBF/, '');
  if (/^\s*[{[]/.test(start)) return parseJsonCapture(decode(bytes, name), name);
  const [firstLine = ''] = start.split(/\r?\n/, 1);
  if (STATUS_LINE.test(firstLine) || REQUEST_LINE.test(firstLine) || HEADER_LINE.test(firstLine)) {
    return [parseHttp(bytes)];
  }
  throw new UsageError(`${name} is not a capture that this command knows: ${FORMATS}`);
}

/** Reads the output of `curl -i`. Redirects, proxies and `100 Continue` come before the last response. */
function parseHttp(bytes: Uint8Array): Capture {
  let rest: Buffer = Buffer.from(bytes);
  for (;;) {
    const { head, body } = splitHead(rest);
    const [first = '', ...lines] = head.split(/\r?\n/);
    const status = STATUS_LINE.exec(first)?.[1];
    const isFollowed = status !== undefined && STATUS_LINE.test(body.subarray(0, 20).toString('latin1'));
    if (isFollowed) {
      rest = body;
      continue;
    }
    const isHeader = status === undefined && !REQUEST_LINE.test(first);
    const pairs = (isHeader ? [first, ...lines] : lines).map(splitHeader);
    return {
      kind: status === undefined ? 'notification' : 'response',
      status: status === undefined ? undefined : Number(status),
      headers: toHeaders(pairs),
      body,
      isExact: true,
    };
  }
}

/** Separates the head from the body at the first empty line. */
function splitHead(bytes: Buffer): { head: string; body: Buffer } {
  const text = bytes.toString('latin1');
  const separator = /\r?\n\r?\n/.exec(text);
  if (separator === null) return { head: text.trimEnd(), body: Buffer.alloc(0) };
  return { head: text.slice(0, separator.index), body: bytes.subarray(separator.index + separator[0].length) };
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? ['', ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** Repeated headers are joined, as `fetch` does. */
function toHeaders(pairs: readonly (readonly [unknown, unknown])[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (typeof name !== 'string' || name === '') continue;
    const key = name.toLowerCase();
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    headers[key] = headers[key] === undefined ? text : `${headers[key]}, ${text}`;
  }
  return headers;
}

function parseJsonCapture(text: string, name: string): Capture[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${name} is not JSON, though it begins like it`);
  }
  const entries = propertyOf(propertyOf(value, 'log'), 'entries');
  if (Array.isArray(entries)) return parseHar(entries, name);
  return (Array.isArray(value) ? value : [value]).map((item) => {
    const capture = toCapture(item);
    if (capture === undefined) throw new UsageError(`${name} has no headers and body: this command knows ${FORMATS}`);
    return capture;
  });
}

/** All signed responses and notifications in a HAR file. */
function parseHar(entries: unknown[], name: string): Capture[] {
  const captures = entries.flatMap((entry) => {
    const [request, response] = [propertyOf(entry, 'request'), propertyOf(entry, 'response')];
    const url = propertyOf(request, 'url');
    const common = { name: typeof url === 'string' ? url : '' };
    const content = propertyOf(response, 'content');
    const received = {
      ...Object(response),
      body: propertyOf(content, 'text') ?? '',
      encoding: propertyOf(content, 'encoding'),
    };
    const sent = { headers: propertyOf(request, 'headers'), body: propertyOf(propertyOf(request, 'postData'), 'text') };
    return [toCapture(received), toCapture(sent)]
      .filter((capture) => capture !== undefined)
      .filter(({ headers }) => 'wechatpay-signature' in headers || 'wechatpay-timestamp' in headers)
      .map((capture) => ({ ...common, ...capture }));
  });
  if (captures.length > 0) return captures;
  throw new UsageError(`${name} is HAR, but none of its ${entries.length} entries has Wechatpay-Signature`);
}

/** A response has a status, which Lambda calls `statusCode`. */
function toCapture(item: unknown): Capture | undefined {
  const headers = propertyOf(item, 'headers');
  const body = readBody(item);
  if (typeof headers !== 'object' || headers === null || body === undefined) return undefined;
  const pairs: (readonly [unknown, unknown])[] = Array.isArray(headers)
    ? headers.map((header) => (Array.isArray(header) ? [header[0], header[1]] : [header?.name, header?.value]))
    : Object.entries(headers);
  const status = Number(propertyOf(item, 'status') ?? propertyOf(item, 'statusCode'));
  const isResponse = Number.isInteger(status) && status > 0;
  return {
    kind: isResponse ? 'response' : 'notification',
    ...(isResponse && { status }),
    headers: toHeaders(pairs),
    ...body,
  };
}

/** Reads a body: text, Base64, a Buffer serialized as JSON, or a parsed object. */
function readBody(item: unknown): Pick<Capture, 'body' | 'isExact'> | undefined {
  const body = propertyOf(item, 'body');
  if (typeof body === 'string') {
    const isBase64 = propertyOf(item, 'encoding') === 'base64' || propertyOf(item, 'isBase64Encoded') === true;
    return { body: Buffer.from(body, isBase64 ? 'base64' : 'utf8'), isExact: true };
  }
  if (body === undefined || body === null) return undefined;
  const data = propertyOf(body, 'data');
  if (propertyOf(body, 'type') === 'Buffer' && Array.isArray(data)) return { body: Buffer.from(data), isExact: true };
  return { body: Buffer.from(JSON.stringify(body)), isExact: false };
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

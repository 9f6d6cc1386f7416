// Uploads: multipart/form-data with two parts, `meta` and `file`. The signature covers `meta`, which holds the file's
// hash.
import { fieldsOf, isBytes, kindOf, ownBytes, reading, shownName } from '../arguments.js';
import { HostError, InvalidParameterError, type InvalidParameterRule } from '../errors.js';
import type { Bytes } from './cryptography/provider.js';
import { readVerbOptions, type SendOptions, type VerbOptions } from './request-options.js';
import type { UnsignedRequest } from './transport.js';

/** The members of a `Blob` or `File` that are used. */
interface BlobLike {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The options of `client.upload`. Path parameters go into the same object.
 *
 * @example
 * ```js
 * const upload = (file) => client.upload('v3/merchant/media/upload', { file, filename: 'licence.png' });
 * ```
 */
export interface UploadOptions extends SendOptions {
  /** The content of the file: a `Uint8Array` (a `Buffer` is one), a `Blob` or a `File`. */
  file: Uint8Array | BlobLike;
  /**
   * The name of the file, such as `licence.png`. Its ending decides the content type. WeChat Pay accepts jpg, bmp and png
   * as images.
   */
  filename: string;
  /**
   * The part that describes the file. Default: `{ filename, sha256 }`. `filename` and `sha256` are added to an object that
   * lacks them. Text must be JSON with both, and is sent unchanged.
   */
  meta?: string | Readonly<Record<string, unknown>> | undefined;
  /**
   * The largest file that is sent, in bytes. Default: 10 MiB. WeChat Pay accepts images of up to 2 MB and videos of up to
   * 5 MB.
   */
  maxFileBytes?: number | undefined;
  /** The query. */
  query?: VerbOptions['query'];
  /** Headers to add to those of the client. */
  headers?: VerbOptions['headers'];
}

/** The responses of the known upload endpoints. */
interface UploadResults {
  'merchant/media/upload': { media_id: string };
  'merchant/media/video_upload': { media_id: string };
  'marketing/favor/media/image-upload': { media_url: string };
  'merchant-service/images/upload': { media_id: string };
}

/**
 * The `data` of an upload to a path; `unknown` for other paths.
 *
 * @example
 * ```ts
 * const uploaded: UploadResult<'v3/merchant/media/upload'> = { media_id: 'DzkxXXkn…' };
 * ```
 */
export type UploadResult<Path extends string> = Path extends `v3/${infer Rest}` | `/v3/${infer Rest}`
  ? Rest extends keyof UploadResults
    ? UploadResults[Rest]
    : unknown
  : unknown;

/** The largest file, unless the caller says otherwise. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** The content types of files, by the ending of their names. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', bmp: 'image/bmp', gif: 'image/gif' },
  ...{ mp4: 'video/mp4', m4v: 'video/mp4', mov: 'video/quicktime', avi: 'video/x-msvideo', wmv: 'video/x-ms-wmv' },
  ...{ mpeg: 'video/mpeg', mkv: 'video/x-matroska', flv: 'video/x-flv', pdf: 'application/pdf' },
};

/**
 * Reads the file and makes the request. `sending` holds the options for sending, not yet checked.
 *
 * @internal
 */
export async function readUpload(
  path: string,
  options: unknown,
): Promise<{ request: UnsignedRequest; sending: Record<string, unknown> }> {
  const { file, filename, meta, maxFileBytes = MAX_FILE_BYTES, ...others } = fieldsOf('options', options);
  checkFields(path, others);
  const { request, sending } = readVerbOptions('POST', path, others);
  checkOwnHeaders(request.headers);
  const name = readFilename(filename);
  const bytes = await readFile(file, readLimit(maxFileBytes));
  const sha256 = await sha256Of(bytes);
  const body = readMeta(meta, { filename: name, sha256 });
  // A file cannot contain its own hash.
  const boundary = `wechatpay-presign-${sha256.slice(0, 32)}`;
  const content = multipart(boundary, [
    { disposition: 'name="meta"', type: 'application/json', data: new TextEncoder().encode(body) },
    { disposition: `name="file"; filename="${name}"`, type: contentTypeOf(name), data: bytes },
  ]);
  const headers = { ...request.headers, 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  return { request: { ...request, headers, body, content }, sending };
}

/** Rejects fields of a verb, which would not be sent. The parameters of the path may have any name. */
function checkFields(path: string, fields: Record<string, unknown>): void {
  const known = ['query', 'headers', 'signal', 'timeoutMs', 'attemptTimeoutMs', 'retries'];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || known.includes(name) || path.includes(`{${name}}`)) continue;
    const fix =
      name === 'json' || name === 'sha256'
        ? 'give what describes the file inside `meta`'
        : `the fields are file, filename, meta, maxFileBytes, ${known.join(', ')}`;
    reject(shownName(name), 'unknown-field', `is neither an option of an upload nor a parameter of the path: ${fix}`);
  }
}

function checkOwnHeaders(headers: Record<string, string>): void {
  const name = Object.keys(headers).find((name) => name.toLowerCase() === 'content-type');
  if (name !== undefined)
    reject(`headers.${name}`, 'unknown-field', 'is set by the client, since it names the boundary');
}

function readLimit(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  reject('maxFileBytes', 'integer', 'must be an integer, 1 or more');
}

function readFilename(filename: unknown): string {
  if (filename === undefined || filename === '') {
    reject('filename', 'required', 'is missing: give the name of the file, such as licence.png');
  }
  if (typeof filename !== 'string') reject('filename', 'type', `must be a string, but is ${kindOf(filename)}`);
  if (/[/\\]/.test(filename)) {
    reject('filename', 'characters', 'must be a name, but is a path: leave out the folders, as in licence.png');
  }
  // These characters would end the name inside the header, or the header itself.
  if (/["\p{Cc}\u2028\u2029]/u.test(filename)) {
    reject(
      'filename',
      'characters',
      'must contain no quotation mark, line break or control character: rename the file',
    );
  }
  if (/\p{Surrogate}/u.test(filename)) reject('filename', 'characters', 'contains half of a surrogate pair');
  return filename;
}

async function readFile(file: unknown, limit: number): Promise<Bytes> {
  if (isBytes(file)) {
    const given = ownBytes('file', file);
    checkSize(given.length, limit);
    // A copy: the caller may reuse its buffer while the request is sent again.
    return new Uint8Array(given);
  }
  if (!isBlob(file)) {
    reject(
      'file',
      file === undefined ? 'required' : 'type',
      `must be a Uint8Array or a Blob, but is ${fileKind(file)}`,
    );
  }
  checkSize(
    reading('file', () => file.size),
    limit,
  );
  let bytes: Bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw InvalidParameterError.about('file', 'type', 'cannot be read: it threw the error that is the cause', {
      cause,
    });
  }
  checkSize(bytes.length, limit);
  return bytes;
}

function isBlob(value: unknown): value is BlobLike {
  if (typeof value !== 'object' || value === null) return false;
  return reading('file', () => {
    const { size, arrayBuffer } = value as Record<string, unknown>;
    return typeof size === 'number' && typeof arrayBuffer === 'function';
  });
}

/** Describes the value given in place of a file, and the fix. */
function fileKind(file: unknown): string {
  if (typeof file === 'string') return 'a string: read the file first, as in `file: await readFile(path)`';
  const tag = reading('file', () => Object.prototype.toString.call(file).slice('[object '.length, -1));
  if (tag === 'ArrayBuffer' || ArrayBuffer.isView(file)) return `a ${tag}: wrap it, as in \`new Uint8Array(buffer)\``;
  if (tag === 'FormData') return 'a FormData: give the file itself, and the client makes the form';
  if (tag === 'ReadableStream') return 'a stream: read it first, as in `await new Response(stream).blob()`';
  return kindOf(file);
}

function checkSize(size: number, limit: number): void {
  if (size === 0) reject('file', 'required', 'is empty: has the file been read?');
  if (size > limit) {
    reject(
      'file',
      'max-length',
      `has ${size} bytes, and at most ${limit} are sent: make it smaller, or raise maxFileBytes`,
    );
  }
}

async function sha256Of(bytes: Bytes): Promise<string> {
  try {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch (cause) {
    const what = 'the host cannot hash the file with WebCrypto; nothing was sent';
    throw new HostError(what, { code: 'ERR_SIGNING', operation: 'signing', cause });
  }
}

/** The text of the part `meta`, which must describe the file that is sent. */
function readMeta(meta: unknown, made: { filename: string; sha256: string }): string {
  if (meta === undefined) return JSON.stringify(made);
  const text = typeof meta === 'string' ? meta : metaOf(meta, made);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    reject('meta', 'type', 'must be an object, or text in JSON: leave it out, and the client makes it');
  }
  const { filename, sha256 } = fieldsOf('meta', value);
  for (const [name, found] of Object.entries({ filename, sha256 })) {
    if (found === undefined) reject(`meta.${name}`, 'required', 'is missing: give meta as an object, and it is added');
  }
  if (filename !== made.filename) reject('meta.filename', 'choice', 'differs from filename: leave it out of meta');
  if (typeof sha256 !== 'string' || sha256.toLowerCase() !== made.sha256) {
    reject('meta.sha256', 'choice', 'is not the SHA-256 of file, in hexadecimal digits: leave it out, and it is added');
  }
  return text;
}

function metaOf(meta: unknown, made: { filename: string; sha256: string }): string {
  const given = Object.entries(fieldsOf('meta', meta)).filter(([, value]) => value !== undefined);
  try {
    return JSON.stringify({ ...made, ...Object.fromEntries(given) });
  } catch (cause) {
    throw InvalidParameterError.about('meta', 'type', 'cannot be written as JSON', { cause });
  }
}

function contentTypeOf(filename: string): string {
  const ending = /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(CONTENT_TYPES, ending) ? (CONTENT_TYPES[ending] ?? '') : 'application/octet-stream';
}

/** The parts as browsers write them: names in UTF-8. */
function multipart(boundary: string, parts: { disposition: string; type: string; data: Uint8Array }[]): Bytes {
  const text = new TextEncoder();
  const pieces = parts.flatMap(({ disposition, type, data }) => [
    text.encode(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`),
    data,
    text.encode('\r\n'),
  ]);
  pieces.push(text.encode(`--${boundary}--\r\n`));
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

function reject(field: string, rule: InvalidParameterRule, explanation: string): never {
  throw InvalidParameterError.about(field, rule, explanation);
}

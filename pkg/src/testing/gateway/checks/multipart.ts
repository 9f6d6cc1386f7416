/** Reads uploads: multipart/form-data with the parts `meta` and `file`. The caller signs `meta` instead of the body. */
import { type Bytes, hex, latin1 } from '../../bytes.js';
import type { GatewayRequest } from '../gateway.js';
import { Rejection } from '../rejection.js';
import { invalidBody, readObject } from './json-body.js';

interface Part {
  name: string;
  filename: string | undefined;
  data: Bytes;
}

/** A file that the caller uploaded. */
export interface UploadedFile {
  filename: string;
  data: Bytes;
}

export const isMultipart = ({ headers }: GatewayRequest): boolean =>
  /^multipart\/form-data\s*(;|$)/i.test(headers['content-type'] ?? '');

/** The request, with its body replaced by the bytes that the caller had to sign. */
export function signedRequest(request: GatewayRequest): GatewayRequest {
  if (!isMultipart(request)) return request;
  const meta = readParts(request).find(({ name }) => name === 'meta');
  if (meta === undefined) throw wrongParts('缺少meta', 'The part meta is missing. It is what the caller signs.');
  return { ...request, body: meta.data };
}

/** Reads the file, and checks it against `meta`. */
export async function readUpload(request: GatewayRequest): Promise<UploadedFile> {
  if (!isMultipart(request)) {
    const message = 'Http头Content-Type须为multipart/form-data';
    const en = 'The header Content-Type must be multipart/form-data.';
    throw new Rejection(400, 'PARAM_ERROR', message, undefined, { reason: 'wrong-header', where: 'Content-Type', en });
  }
  const parts = readParts(request);
  const [meta, file] = parts;
  if (parts.length !== 2 || meta?.name !== 'meta' || file?.name !== 'file') {
    throw wrongParts('请求体须依次包含meta与file', 'The body must have the parts meta and file, in this order.');
  }
  const { filename, sha256 } = readObject(meta.data);
  if (typeof filename !== 'string' || filename !== file.filename) {
    throw invalidBody(
      'meta/filename',
      filename,
      'meta中的filename与文件名不一致',
      'The filename in meta differs from that of the file.',
    );
  }
  const hash = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', file.data)));
  if (typeof sha256 !== 'string' || sha256.toLowerCase() !== hash) {
    throw invalidBody(
      'meta/sha256',
      sha256,
      'meta中的sha256与文件不一致',
      'The sha256 in meta is not that of the file.',
    );
  }
  return { filename, data: file.data };
}

function readParts({ headers, body }: GatewayRequest): Part[] {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(headers['content-type'] ?? '');
  const delimiter = latin1(`\r\n--${boundary?.[1] ?? boundary?.[2] ?? ''}`);
  const parts: Part[] = [];
  // The first delimiter has no line break before it.
  if (boundary === null || indexOf(body, delimiter.subarray(2), 0) !== 0) throw malformed();
  let start = delimiter.length - 2;
  while (body[start] !== 0x2d || body[start + 1] !== 0x2d) {
    const end = indexOf(body, delimiter, start);
    if (body[start] !== 0x0d || body[start + 1] !== 0x0a || end < 0) throw malformed();
    parts.push(readPart(body.slice(start + 2, end)));
    start = end + delimiter.length;
  }
  return parts;
}

function readPart(part: Bytes): Part {
  const end = indexOf(part, latin1('\r\n\r\n'), 0);
  if (end < 0) throw malformed();
  const head = new TextDecoder().decode(part.subarray(0, end));
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1] ?? '';
  const name = /(?:^|;)\s*name="([^"]*)"/.exec(disposition)?.[1];
  if (name === undefined) throw malformed();
  return { name, filename: /;\s*filename="([^"]*)"/.exec(disposition)?.[1], data: part.slice(end + 4) };
}

const malformed = (): Rejection =>
  wrongParts('请求体不是合法的multipart/form-data', 'The body is not valid multipart/form-data.');

function wrongParts(message: string, en: string): Rejection {
  return new Rejection(400, 'PARAM_ERROR', message, undefined, { reason: 'multipart', where: 'body', en });
}

function indexOf(bytes: Uint8Array, sought: Uint8Array, from: number): number {
  for (let index = bytes.indexOf(sought[0] ?? 0, from); index >= 0; index = bytes.indexOf(sought[0] ?? 0, index + 1)) {
    if (sought.every((byte, offset) => bytes[index + offset] === byte)) return index;
  }
  return -1;
}

/** Reads a request body that must be a JSON object. */
import { Rejection } from '../rejection.js';

export function readObject(body: Uint8Array): Record<string, unknown> {
  const text = readText(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidBody('', '', '请求体不是合法的JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidBody('', value, '请求体不是JSON对象');
  }
  return value as Record<string, unknown>;
}

function readText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw invalidBody('', '', '请求体不是合法的UTF-8文本');
  }
}

/** `field` is empty if the whole body is wrong. */
export const invalidBody = (field: string, value: unknown, message: string): Rejection =>
  new Rejection(400, 'PARAM_ERROR', message, { location: 'body', field: `/${field}`, value });

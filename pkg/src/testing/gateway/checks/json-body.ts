/** Reads a request body that must be a JSON object. */
import { Rejection } from '../rejection.js';

export function readObject(body: Uint8Array): Record<string, unknown> {
  const text = readText(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidBody('', '', '请求体不是合法的JSON', 'The body is not valid JSON.');
  }
  if (!isObject(value)) throw invalidBody('', value, '请求体不是JSON对象', 'The body must be a JSON object.');
  return value;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw invalidBody('', '', '请求体不是合法的UTF-8文本', 'The body is not valid UTF-8.');
  }
}

/** `field` is empty if the whole body is wrong; `en` explains the message in English. */
export const invalidBody = (field: string, value: unknown, message: string, en: string): Rejection =>
  new Rejection(
    400,
    'PARAM_ERROR',
    message,
    { location: 'body', field: `/${field}`, value },
    { reason: 'field', where: field === '' ? 'body' : `body/${field}`, en },
  );

/** The rejection of a missing or wrong query parameter. */
export const invalidQuery = (name: string, value: unknown, message: string, en: string): Rejection =>
  new Rejection(
    400,
    'PARAM_ERROR',
    message,
    { location: 'query', field: name, value },
    { reason: 'field', where: `query/${name}`, en },
  );

/** Reads the JSON object that is a request's body. */
import { Refusal } from '../refusal.js';

/**
 * @param {Uint8Array} body
 * @returns {Record<string, unknown>}
 */
export function readObject(body) {
  const text = readText(body);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('', '', '请求体不是合法的JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong('', value, '请求体不是JSON对象');
  }
  return value;
}

/** @param {Uint8Array} body */
function readText(body) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw wrong('', '', '请求体不是合法的UTF-8文本');
  }
}

/**
 * @param {string} name  of a field; "" for all of the body
 * @param {unknown} value
 * @param {string} message
 */
export const wrong = (name, value, message) =>
  new Refusal(400, 'PARAM_ERROR', message, { location: 'body', field: `/${name}`, value });

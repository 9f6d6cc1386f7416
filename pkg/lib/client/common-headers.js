// The headers that every request has. They are the same for all that name the same key, so they are asked for once.
import { call } from '../instance.js';

/** So many are kept: a key lives for years. */
const KEPT = 100;

/** @type {Map<string, Record<string, string>>} */
const known = new Map();

/**
 * @param {boolean} hasBody
 * @param {string | undefined} platformSerial
 * @returns {Readonly<Record<string, string>>}
 */
export function commonHeaders(hasBody, platformSerial) {
  const key = `${hasBody} ${platformSerial}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  /** @type {Record<string, string>} */
  const headers = call((wasm) => wasm.requestHeaders(hasBody, platformSerial));
  if (known.size >= KEPT) known.clear();
  known.set(key, headers);
  return headers;
}

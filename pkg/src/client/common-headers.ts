// The headers of every request. They depend only on the arguments below, so they are made once and cached.
import { callWasm } from '../instance.js';

/** The size of the cache. Platform keys live for years, so few entries are ever needed. */
const MAX_CACHED = 100;

const cache = new Map<string, Readonly<Record<string, string>>>();

export function commonHeaders(hasBody: boolean, platformSerial: string | undefined): Readonly<Record<string, string>> {
  const key = `${hasBody} ${platformSerial}`;
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const headers: Record<string, string> = callWasm((wasm) => wasm.requestHeaders(hasBody, platformSerial));
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(key, headers);
  return headers;
}

import { storeError } from './arguments.js';

/** The results that `begin` may return. */
export type BeginResult = 'new' | 'busy' | 'done';

/**
 * Checks the result of a store's `begin`, since the user may have written the store.
 *
 * @internal
 */
export function checkBeginResult(result: unknown): BeginResult {
  if (result === 'new' || result === 'busy' || result === 'done') return result;
  throw storeError(
    `notifications.store.begin must resolve to 'new', 'busy' or 'done', but resolved to ${describe(result)}${cause(result)}`,
  );
}

function describe(result: unknown): string {
  if (typeof result === 'string')
    return result.length > 40 ? `a string of ${result.length} characters` : JSON.stringify(result);
  if (typeof result === 'object' && result !== null) return Array.isArray(result) ? 'an array' : 'an object';
  return typeof result === 'function' ? 'a function' : String(result);
}

/** The usual cause of such a result. */
function cause(result: unknown): string {
  if (result === 'OK' || result === null) {
    return (
      ': redis.set with NX resolves to "OK" or null, and cannot tell a notification under way from one that is done. ' +
      "Use redisStore(client) from 'wechatpay-presign/stores'"
    );
  }
  if (typeof result === 'boolean' || result === 0 || result === 1) {
    return ': whether a key existed does not tell a notification under way from one that is done';
  }
  if (result === undefined) return ': does it return its result?';
  return '';
}

// Which calls may wait for a promise. Each entry point sets it once, for its host.

/**
 * - `'process'`: a promise settles, no matter which request made it. Calls may wait for each other's work.
 * - `'request'`: the host may end a request at any time, and with it the work that the request began, whose promises then
 *   never settle. A call must not wait for a promise that another request made. Plain values can be shared.
 */
export type PromiseScope = 'process' | 'request';

let scope: PromiseScope | undefined;

/** Only the first call has an effect: an entry point without its own module may be loaded second. */
export function setPromiseScope(given: PromiseScope): void {
  scope ??= given;
}

export function promiseScope(): PromiseScope {
  return scope ?? 'request';
}

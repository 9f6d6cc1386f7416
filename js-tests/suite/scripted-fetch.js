/**
 * A fetch that follows a script, one step for each request; the last step is repeated.
 * @param {((request: Sent) => unknown)[]} steps
 *
 * @typedef {RequestInit & { url: string, headers: Record<string, string>, body?: string }} Sent
 */
export function scriptedFetch(...steps) {
  /** @type {Sent[]} */
  const requests = [];
  /** @param {string} url @param {any} init */
  const fetch = async (url, init) => {
    const request = { url, ...init };
    requests.push(request);
    return steps[Math.min(requests.length, steps.length) - 1]?.(request);
  };
  return { fetch: /** @type {any} */ (fetch), requests };
}

/**
 * Stores that live in another runtime, called over HTTP: each call is a separate request there, as each notification is.
 * The server side of this module runs in every runtime.
 */

/**
 * @param {Record<string, object>} stores  by name
 * @param {Request} request
 */
export async function serveStores(stores, request) {
  const { name, calls } = await request.json();
  const store = /** @type {Record<string, (...args: unknown[]) => Promise<unknown>>} */ (stores[name]);
  try {
    const results = calls.map((/** @type {[string, unknown[]]} */ [method, args]) => store[method]?.(...args));
    return Response.json({ results: await Promise.all(results) });
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    return Response.json({ error: `${name}: ${message}` });
  }
}

/**
 * @param {string} url  of the server
 * @param {string} name  of the store there
 */
export function remoteStore(url, name) {
  /** @param {[string, unknown[]][]} calls */
  const together = async (calls) => {
    // JSON has no NaN and no infinity.
    const sent = calls.map(([method, args]) => [
      method,
      args.map((arg) => (typeof arg === 'number' && !Number.isFinite(arg) ? String(arg) : arg)),
    ]);
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ name, calls: sent }) });
    const { results, error } = await response.json();
    if (error !== undefined) throw new Error(error);
    return results;
  };
  /** @param {string} method */
  const call =
    (method) =>
    async (/** @type {unknown[]} */ ...args) =>
      (await together([[method, args]]))[0];
  const [begin, complete, abandon, get, set] = ['begin', 'complete', 'abandon', 'get', 'set'].map(call);
  return /** @type {import('wechatpay-presign/stores').Store & { call: typeof call, together: typeof together }} */ (
    /** @type {unknown} */ ({ begin, complete, abandon, get, set, call, together })
  );
}

/**
 * Stores that live in another runtime, called over HTTP: each call is a request of its own there, as each notification is.
 * The server's half runs in every runtime.
 */

/**
 * @param {Record<string, object>} stores  by name
 * @param {Request} request
 */
export async function serveStores(stores, request) {
  const { name, method, args } = await request.json();
  try {
    const store = /** @type {Record<string, (...args: unknown[]) => Promise<unknown>>} */ (stores[name]);
    return Response.json({ result: (await store[method]?.(...args)) ?? null });
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
  /** @param {string} method */
  const caller =
    (method) =>
    async (/** @type {unknown[]} */ ...args) => {
      const numbers = args.map((arg) => (typeof arg === 'number' && !Number.isFinite(arg) ? String(arg) : arg));
      const response = await fetch(url, { method: 'POST', body: JSON.stringify({ name, method, args: numbers }) });
      const { result, error } = await response.json();
      if (error !== undefined) throw new Error(error);
      return result;
    };
  const [begin, complete, abandon, get, set] = ['begin', 'complete', 'abandon', 'get', 'set'].map(caller);
  return /** @type {import('wechatpay-presign/stores').Store & { call: typeof caller }} */ (
    /** @type {unknown} */ ({ begin, complete, abandon, get, set, call: caller })
  );
}

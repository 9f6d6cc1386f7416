/** A Worker with clients that live as long as its isolate and serve all of its requests. */
import { createClient } from 'wechatpay-presign';

/** @type {Map<string, import('wechatpay-presign').Client>} */
const clients = new Map();

/** The number of promises passed to `waitUntil` that have not settled. */
let pending = 0;

/** A store with a first read that takes longer than any caller waits. */
const slowStore = {
  /** @type {Promise<undefined> | undefined} */
  first: undefined,
  async get() {
    this.first ??= new Promise((resolve) => setTimeout(resolve, 60_000));
    const isFirst = this.asked !== true;
    this.asked = true;
    return isFirst ? this.first : undefined;
  },
  asked: false,
  async set() {},
};

/**
 * @param {string} name  each test has a client of its own
 * @param {{ config: string }} env
 * @param {{ waitUntil: (work: Promise<unknown>) => void }} context
 */
function clientOf(name, env, context) {
  const known = clients.get(name);
  if (known !== undefined) return known;
  const client = createClient({
    ...JSON.parse(env.config),
    ...(name === 'slow-store' && { certificateStore: slowStore }),
    ...(name === 'wait-until' && {
      waitUntil(/** @type {Promise<unknown>} */ work) {
        pending += 1;
        context.waitUntil(
          work.then(() => {
            pending -= 1;
          }),
        );
      },
    }),
  });
  clients.set(name, client);
  return client;
}

export default {
  /**
   * Pre-signs with the client named by the path. The body is `{ params, options }`.
   * @param {Request} request
   * @param {{ config: string }} env
   * @param {{ waitUntil: (work: Promise<unknown>) => void }} context
   */
  async fetch(request, env, context) {
    const name = new URL(request.url).pathname.slice(1);
    if (name === 'pending') return Response.json(pending);
    const { params, options } = await request.json();
    try {
      return Response.json(await clientOf(name, env, context).presign(params, options));
    } catch (error) {
      const { code, reason, retryable, message } = /** @type {any} */ (error);
      return Response.json({ code, reason, retryable, message }, { status: 500 });
    }
  },
};

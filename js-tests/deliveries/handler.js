/** The handler under test, in every runtime. It reports to the ledger, and fails if the ledger tells it to. */

/** Replaces the 60 seconds that `handle` asks for, so that the claims of killed processes soon expire. */
export const LEASE_SECONDS = 3;

export const PLANNED = 'this handler was told to fail';

/**
 * @param {string} ledger  its URL
 * @param {string} process  a name for this process
 */
export function makeReporter(ledger, process) {
  return async (/** @type {string} */ event, /** @type {object} */ report = {}) => {
    const response = await fetch(`${ledger}/${event}`, {
      method: 'POST',
      body: JSON.stringify({ process, ...report }),
    });
    return /** @type {any} */ (await response.json());
  };
}

/**
 * A store with a short lease, which records when each claim was made.
 * @param {import('wechatpay-presign/stores').NotificationStore} store
 */
export function withShortLease(store) {
  /** @type {Map<string, { begunAfter: number, begunBefore: number }>} */
  const claims = new Map();
  return {
    claims,
    /** @type {import('wechatpay-presign/stores').NotificationStore} */
    store: {
      async begin(key, owner) {
        const begunAfter = Date.now();
        const result = await store.begin(key, owner, LEASE_SECONDS);
        if (result === 'new') claims.set(key, { begunAfter, begunBefore: Date.now() });
        return result;
      },
      complete: (key, ttlSeconds) => store.complete(key, ttlSeconds),
      abandon: (key, owner) => store.abandon(key, owner),
    },
  };
}

/**
 * @param {object} dependencies
 * @param {ReturnType<typeof makeReporter>} dependencies.report
 * @param {ReturnType<typeof withShortLease>['claims']} dependencies.claims
 * @param {string} dependencies.mchid
 */
export function makeHandler({ report, claims, mchid }) {
  return async (/** @type {{ id: string }} */ { id }) => {
    const { run, fail } = await report('start', { id, ...claims.get(`${mchid}:${id}`) });
    if (fail) throw new Error(PLANNED);
    await report('finish', { run });
  };
}

/**
 * Reports every unplanned error.
 * @param {ReturnType<typeof makeReporter>} report
 */
export function makeOnError(report) {
  return (/** @type {unknown} */ error) => {
    const messages = [];
    for (let cause = /** @type {any} */ (error); cause instanceof Error; cause = cause.cause)
      messages.push(cause.message);
    if (!messages.includes(PLANNED)) void report('error', { message: messages.join(' < ') }).catch(() => {});
  };
}

/**
 * Records, outside the processes under test, when each handler ran, in which process, and whether it finished. It also tells
 * handlers to fail, and kills a process at the worst time: instead of responding to its report.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/**
 * A run of a handler. The store's `begin` was called and returned at these times, in milliseconds: the claim was made between them.
 * @typedef {{ id: string, process: string, begunAfter: number, begunBefore: number, failed: boolean, finished: boolean }} Run
 */

/**
 * @param {object} plan
 * @param {string} plan.seed
 * @param {Record<string, number[]>} plan.kills  for each kind of event, the occurrences at which the reporting process is killed
 * @param {number[]} [plan.confirmations]  numbers of runs; after each, the next run that does not fail must report `committed`
 * @param {(process: string) => Promise<void>} plan.kill
 */
export async function openLedger({ seed, kills, confirmations = [], kill }) {
  /** @type {Run[]} */
  const runs = [];
  /** @type {Map<string, number>} */
  const runsOf = new Map();
  /** @type {Record<string, number>} */
  const events = {};
  /** @type {Set<string>} */
  const killed = new Set();
  /** @type {string[]} */
  const errors = [];
  const confirming = [...confirmations];

  /** @type {Record<string, (report: any) => object>} */
  const handlers = {
    start({ id, process, begunAfter, begunBefore }) {
      const attempt = runsOf.get(id) ?? 0;
      runsOf.set(id, attempt + 1);
      const failed = failsOnce(`${seed}:${id}:${attempt}`);
      runs.push({ id, process, begunAfter, begunBefore, failed, finished: false });
      const confirm = !failed && confirming[0] !== undefined && runs.length >= confirming[0];
      if (confirm) confirming.shift();
      return { run: runs.length - 1, fail: failed, confirm };
    },
    finish({ run }) {
      /** @type {Run} */ (runs[run]).finished = true;
      return {};
    },
    error({ message }) {
      errors.push(message);
      return {};
    },
  };

  const server = createServer(async (request, response) => {
    const event = (request.url ?? '').slice(1);
    const report = /** @type {{ process: string }} */ (await json(request));
    const instructions = handlers[event]?.(report);
    events[event] = (events[event] ?? 0) + 1;
    if (kills[event]?.includes(events[event])) {
      killed.add(report.process);
      await kill(report.process);
      response.destroy();
      return;
    }
    response.end(JSON.stringify(instructions ?? {}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    runs,
    killed,
    errors,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Returns true for a fifth of all texts, always the same ones. @param {string} text */
function failsOnce(text) {
  return createHash('sha256').update(text).digest().readUInt32BE() < 2 ** 32 / 5;
}

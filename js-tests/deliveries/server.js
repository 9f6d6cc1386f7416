/** A process that receives notifications over HTTP, as a merchant's server does. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { createClient as createRedis } from 'redis';
import { createClient, sendResponse } from 'wechatpay-presign';
import { memoryStore, redisStore } from 'wechatpay-presign/stores';
import { exactlyOnce } from '../../examples/postgres/exactly-once.js';
import { makeHandler, makeOnError, makeReporter, PLANNED, withShortLease } from './handler.js';

/**
 * @type {{ config: import('wechatpay-presign').ClientConfig, ledger: string, process: string, redis?: string,
 *   postgres?: string }}
 */
const settings = JSON.parse(process.env['SETTINGS'] ?? '');
const report = makeReporter(settings.ledger, settings.process);
const database =
  settings.redis === undefined ? memoryStore() : redisStore(await createRedis({ url: settings.redis }).connect());
const { store, claims } = withShortLease(database);
const { notifications } = createClient({ ...settings.config, notifications: { store, onError: makeOnError(report) } });
const handler =
  settings.postgres === undefined
    ? makeHandler({ report, claims, mchid: settings.config.mchid })
    : makePostgresHandler(new pg.Pool({ connectionString: settings.postgres, max: 8 }));

const server = createServer(async (request, response) => {
  const received = { headers: request.headers, body: await buffer(request) };
  await sendResponse(response, await notifications.handle(received, handler));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`);
});

/**
 * Counts its runs in a database row. It may fail or be killed between the update and the commit, and may be killed after the commit.
 * @param {import('pg').Pool} pool
 */
function makePostgresHandler(pool) {
  return async (/** @type {{ id: string }} */ notification) => {
    const { id } = notification;
    let isToConfirm = false;
    await exactlyOnce(pool, notification, async (transaction) => {
      await transaction.query(
        'INSERT INTO contracts (id, times) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET times = contracts.times + 1',
        [id],
      );
      const { fail, confirm } = await report('start', { id, begunAfter: 0, begunBefore: 0 });
      if (fail) throw new Error(PLANNED);
      isToConfirm = confirm;
    });
    if (isToConfirm) await report('committed');
  };
}

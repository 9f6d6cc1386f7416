/** A Worker with the stores of Cloudflare, to be called over HTTP. */
import {
  d1Migration,
  d1Store,
  durableObjectStore,
  kvCertificateStore,
  NotificationObject,
} from 'wechatpay-presign/stores';
import { serveStores } from './remote.js';

/** How far the clock is ahead, in milliseconds. The Worker and its objects share an isolate. */
let ahead = 0;
const now = () => Date.now() + ahead;

/** The class that a user exports, on the host's clock, with an additional endpoint that returns the stored entries. */
export class InspectedObject extends NotificationObject {
  #storage;

  /** @param {any} state @param {unknown} env @param {import('wechatpay-presign/stores').ClockOptions} [options] */
  constructor(state, env, options) {
    super(state, env, options);
    this.#storage = state.storage;
  }

  /** @override @param {Request} request */
  async fetch(request) {
    if (new URL(request.url).pathname !== '/inspect') return super.fetch(request);
    return Response.json({ entries: (await this.#storage.list()).size, alarm: await this.#storage.getAlarm() });
  }
}

/** The same class, with a clock that can be moved forward. */
export class ObjectWithClock extends InspectedObject {
  /** @param {any} state @param {unknown} env */
  constructor(state, env) {
    super(state, env, { now });
  }
}

/** @type {Promise<unknown> | undefined} */
let migrated;

export default {
  /** @param {Request} request @param {Record<string, any>} env */
  async fetch(request, env) {
    migrated ??= env['DATABASE'].exec(d1Migration);
    await migrated;
    const test = {
      async advance(/** @type {number} */ seconds) {
        ahead += seconds * 1000;
      },
      /** The entries that an object has stored. */
      async inspectObject(/** @type {string} */ binding, /** @type {string} */ key) {
        const namespace = env[binding];
        const response = await namespace
          .get(namespace.idFromName(`notification:${key}`))
          .fetch('https://object/inspect');
        return response.json();
      },
      /** The number of notifications in the database. */
      async rowCount() {
        return env['DATABASE'].prepare('SELECT COUNT(*) AS rows FROM wechatpay_presign_notifications').first('rows');
      },
      async migrateAgain() {
        await env['DATABASE'].exec(d1Migration);
      },
    };
    const stores = {
      test,
      durableObject: durableObjectStore(env['NOTIFICATIONS']),
      durableObjectOnHostClock: durableObjectStore(env['NOTIFICATIONS_ON_HOST_CLOCK']),
      d1: d1Store(env['DATABASE'], { now }),
      d1WithoutTables: d1Store(env['EMPTY_DATABASE']),
      kv: kvCertificateStore(env['CERTIFICATES'], { now }),
    };
    return serveStores(stores, request);
  },
};

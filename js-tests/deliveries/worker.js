/** A Worker that receives notifications, with a Durable Object for each of them. */
import { createClient } from 'wechatpay-presign';
import { durableObjectStore, NotificationObject } from 'wechatpay-presign/stores';
import { makeHandler, makeOnError, makeReporter, withShortLease } from './handler.js';

export { NotificationObject };

export default {
  /**
   * @param {Request} request
   * @param {Record<string, any>} env
   * @param {{ waitUntil: (promise: Promise<unknown>) => void }} context
   */
  async fetch(request, env, context) {
    const { config, ledger, process } = env['SETTINGS'];
    const report = makeReporter(ledger, process);
    const { store, claims } = withShortLease(durableObjectStore(env['NOTIFICATIONS']));
    const { notifications } = createClient(config);
    return notifications.handle(request, makeHandler({ report, claims, mchid: config.mchid }), {
      store,
      onError: makeOnError(report),
      waitUntil: (work) => context.waitUntil(work),
    });
  },
};

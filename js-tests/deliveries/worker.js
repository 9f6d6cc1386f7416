/** A Worker that takes notifications, with a Durable Object for each. */
import { durableObjectStore, NotificationObject } from 'wechatpay-presign/stores';
import { makeHandle } from './handle.js';
import { makeHandler, makeOnError, makeReporter, withShortLease } from './handler.js';

export { NotificationObject };

export default {
  /** @param {Request} request @param {Record<string, any>} env @param {{ waitUntil: (promise: Promise<unknown>) => void }} context */
  async fetch(request, env, context) {
    const { config, ledger, process } = env['SETTINGS'];
    const report = makeReporter(ledger, process);
    const { store, claims } = withShortLease(durableObjectStore(env['NOTIFICATIONS']));
    const handle = makeHandle({ ...config, store, onError: makeOnError(report) });
    const handler = makeHandler({ report, claims, mchid: config.mchid });
    const received = { headers: request.headers, body: await request.text() };
    return handle(received, handler, {
      waitUntil: (/** @type {Promise<unknown>} */ promise) => context.waitUntil(promise),
    });
  },
};

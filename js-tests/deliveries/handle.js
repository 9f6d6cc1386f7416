/** Stands in for `client.notifications.handle`. */
import { randomUUID } from 'node:crypto';
import { verifyNotification } from 'wechatpay-presign';

/** @param {any} dependencies */
export function makeHandle({ mchid, certs, apiV3Key, store, onError }) {
  /** @param {any} received @param {any} handler @param {any} [_options] */
  return async ({ headers, body }, handler, _options) => {
    let notification;
    try {
      notification = verifyNotification({ headers, body }, { certs, apiV3Key });
    } catch (error) {
      onError?.(error);
      return new Response(null, { status: 401 });
    }
    const key = `${mchid}:${notification.id}`;
    const owner = randomUUID();
    const result = await store.begin(key, owner, 60);
    if (result === 'done') return new Response(null, { status: 204 });
    if (result === 'busy') return new Response(null, { status: 503, headers: { 'Retry-After': '5' } });
    try {
      await handler(notification);
    } catch (error) {
      await store.abandon(key, owner);
      onError?.(error);
      return new Response(null, { status: 500 });
    }
    await store.complete(key, 172_800);
    return new Response(null, { status: 204 });
  };
}

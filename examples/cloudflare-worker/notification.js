// Handles the notification that a user has signed: once, even if several isolates receive it.
import { durableObjectStore } from 'wechatpay-presign/stores';

/**
 * @param {import('wechatpay-presign').Client} client
 * @param {Request} request
 * @param {Record<string, any>} env
 * @param {{ waitUntil(work: Promise<unknown>): void }} context
 */
export function takeNotification({ notifications }, request, env, context) {
  return notifications.handle(request, onContract, {
    store: durableObjectStore(env.NOTIFICATIONS),
    onError: (error) => console.error(error.code, error.message),
    // WeChat Pay hangs up after 5 seconds.
    waitUntil: (work) => context.waitUntil(work),
  });
}

/**
 * Your work, in a database. If it throws, WeChat Pay sends the notification again.
 * @param {import('wechatpay-presign').Notification} notification
 */
async function onContract({ id, event_type, resource }) {
  console.log(id, event_type, resource.out_contract_code);
}

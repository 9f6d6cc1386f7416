import { wechatPay } from '../../lib/wechatpay.js';

/** @param {Request} request */
export async function POST(request) {
  return wechatPay().notifications.handle(request, onNotification);
}

/**
 * Called after the user has signed or paid. If it throws, WeChat Pay sends the notification again.
 * @param {import('wechatpay-presign').Notification} notification
 */
async function onNotification({ id, event_type }) {
  console.log(id, event_type);
}

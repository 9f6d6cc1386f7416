/**
 * Called after the user has signed. If it throws, WeChat Pay sends the notification again.
 * @param {import('wechatpay-presign').Notification} notification
 */
export async function onContract({ id, event_type, resource }) {
  console.log(id, event_type, resource.out_contract_code);
}

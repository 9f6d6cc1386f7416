/**
 * WeChat Pay tells that the user has signed. If this throws, it sends the notification again.
 * @param {import('wechatpay-presign').Notification} notification
 */
export async function onContract({ id, event_type, resource }) {
  console.log(id, event_type, resource.out_contract_code);
}

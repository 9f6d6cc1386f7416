// What WeChat Pay tells after the user has signed: verified first, and only then decrypted.

/**
 * @param {import('wechatpay-presign').Client} client
 * @param {Request} request
 */
export async function takeNotification({ notifications }, request) {
  try {
    const { id, event_type, resource, repeated } = await notifications.parse(request);
    // In a database, for good: what is remembered here goes with the isolate.
    if (!repeated) console.log(id, event_type, resource.out_contract_code);
    return notifications.acknowledge();
  } catch (error) {
    console.error(error.code, error.message);
    return notifications.reject(error.message, error.code === 'ERR_SIGNATURE_VERIFICATION' ? 401 : 400);
  }
}

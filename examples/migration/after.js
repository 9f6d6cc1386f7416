// The shop of before.js, with this package. Every 2xx response and every notification is verified.
import { createClient } from 'wechatpay-presign';

/**
 * @param {{ mchid: string, serial: string, privateKey: string, certs: Record<string, string>, apiV3Key: string, baseUrl: string }} config
 */
export function createShop({ mchid, serial, privateKey, certs, apiV3Key, baseUrl }) {
  const client = createClient({ mchid, serial, privateKey, certs, apiV3Key, baseUrl });
  return {
    async order(order) {
      const { prepay_id } = await client.transactions.jsapi(order);
      return prepay_id;
    },

    presign: (params) => client.presign(params),

    payment: (appId, prepay_id) => client.paymentParams({ appId, prepay_id }, 'jsapi'),

    async tradeState(out_trade_no) {
      const query = { query: { mchid }, out_trade_no };
      const { data } = await client.v3.pay.transactions.outTradeNo._out_trade_no_.get(query);
      return data.trade_state;
    },

    async close(out_trade_no) {
      await client.v3.pay.transactions.outTradeNo._out_trade_no_.close.post({ json: { mchid }, out_trade_no });
    },

    /** WeChat Pay's code for an order that it does not know. */
    async codeOfUnknownOrder(transaction_id) {
      const query = { query: { mchid }, transaction_id };
      return client.v3.pay.transactions.id._transaction_id_.get(query).catch(({ apiCode }) => apiCode);
    },

    async notification(request) {
      const { resource } = await client.notifications.parse(request);
      return resource;
    },
  };
}

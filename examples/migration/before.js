// A shop that uses wechatpay-axios-plugin. after.js is the same shop with this package.
import plugin from 'wechatpay-axios-plugin';

const { Aes, Formatter, Rsa, Wechatpay } = plugin;

/**
 * @param {{ mchid: string, serial: string, privateKey: string, certs: Record<string, string>, apiV3Key: string, baseUrl: string }} config
 */
export function createShop({ mchid, serial, privateKey, certs, apiV3Key, baseUrl }) {
  const wxpay = new Wechatpay({ mchid, serial, privateKey, certs, baseURL: baseUrl });
  return {
    async order(order) {
      const { data } = await wxpay.v3.pay.transactions.jsapi.post({ mchid, ...order });
      return data.prepay_id;
    },

    async presign(params) {
      const { data } = await wxpay
        .chain('v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign')
        .post(params);
      return data;
    },

    payment(appId, prepay_id) {
      const timeStamp = String(Formatter.timestamp());
      const nonceStr = Formatter.nonce();
      const session = `prepay_id=${prepay_id}`;
      const paySign = Rsa.sign(Formatter.joinedByLineFeed(appId, timeStamp, nonceStr, session), privateKey);
      return { appId, timeStamp, nonceStr, package: session, signType: 'RSA', paySign };
    },

    async tradeState(out_trade_no) {
      const { data } = await wxpay.v3.pay.transactions.outTradeNo._out_trade_no_.get({
        params: { mchid },
        out_trade_no,
      });
      return data.trade_state;
    },

    async close(out_trade_no) {
      await wxpay.v3.pay.transactions.outTradeNo._out_trade_no_.close.post({ mchid }, { out_trade_no });
    },

    /** WeChat Pay's code for an order that it does not know. */
    async codeOfUnknownOrder(transaction_id) {
      const query = { params: { mchid }, transaction_id };
      return wxpay.v3.pay.transactions.id._transaction_id_.get(query).catch(({ response }) => response.data.code);
    },

    notification({ headers, body }) {
      const [timestamp, nonce] = [headers['wechatpay-timestamp'], headers['wechatpay-nonce']];
      const key = certs[headers['wechatpay-serial']];
      const isFresh = Math.abs(Formatter.timestamp() - timestamp) <= 300;
      const isSigned = Rsa.verify(Formatter.response(timestamp, nonce, body), headers['wechatpay-signature'], key);
      if (!isFresh || !isSigned) throw new Error('not from WeChat Pay');
      const { nonce: iv, ciphertext, associated_data } = JSON.parse(body).resource;
      return JSON.parse(Aes.AesGcm.decrypt(ciphertext, apiV3Key, iv, associated_data));
    },
  };
}

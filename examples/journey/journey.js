// From the order to the charge, in one program. The test kit plays WeChat Pay and the user.
import { createClient } from 'wechatpay-presign';
import { createTestKit } from 'wechatpay-presign/testing';

const kit = await createTestKit({ requireOrders: true });
const wxpay = createClient(kit.config); // for WeChat Pay itself: createClient(configFromEnv(process.env))

const shop = { sp_appid: 'wxd678efh567hg6787', sp_mchid: kit.merchant.mchid, sub_mchid: '1900000109' };
const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const contract = { service_id: 12535, out_contract_code: 'wxwtdk20200910100000' };

// The route behind both notify_urls.
const notified = (request) =>
  wxpay.notifications.handle(request, ({ event_type, resource }) => {
    console.log('notified:', event_type, resource.out_trade_no ?? resource.contract_state);
  });

// 1. Place the order.
const order = {
  ...shop,
  description: 'QQ公仔',
  out_trade_no: 'ORDER20260101001',
  notify_url: 'https://shop.example/paid',
  amount: { total: 100 }, // in fen
  payer: { sp_openid: openid },
};
const { prepay_id } = await wxpay.transactions.jsapi(order);

// 2. Offer the contract. If this fails, the payment goes on without the offer.
const offer = { ...contract, contract_display_account: '微信用户', notify_url: 'https://shop.example/signed' };
await wxpay
  .presign({ ...offer, appid: shop.sp_appid, openid, prepay_id }, { timeoutMs: 1000, retries: 0 })
  .catch((error) => console.error('no offer this time:', error.message));

// 3. What the page passes to WeixinJSBridge, or the mini program to wx.requestPayment.
const payment = await wxpay.paymentParams({ appId: shop.sp_appid, prepay_id }, 'jsapi');
console.log('payment:', Object.keys(payment).join(', '));

// 4. The user pays and signs. WeChat Pay notifies both.
kit.gateway.userPays({ prepay_id, signs: true });
await kit.deliver(notified);

// 5. Ask, if no notification comes.
const { out_trade_no } = order;
const { sp_mchid, sub_mchid } = shop;
console.log('order:', (await wxpay.transactions.query({ sp_mchid, sub_mchid, out_trade_no })).trade_state);
const { contract_id, contract_state } = await wxpay.contracts.query(contract);
console.log('contract:', contract_state);

// 6. Charge: an order with the contract, which is then paid.
const charge = { ...order, out_trade_no: 'ORDER20260201001' };
const contract_info = { password_free_contract_id: contract_id };
kit.gateway.userPays(await wxpay.transactions.jsapiWithContract({ ...charge, contract_info }));
await kit.deliver(notified);

// 7. End the contract.
await wxpay.contracts.terminate(contract, { contract_termination_remark: '用户申请解约' });
await kit.deliver(notified);

// Orders, payment parameters and notifications: uses that must compile, and uses that must not. Checked by tsc, never run. A
// `@ts-expect-error` above a line without an error is an error itself.
import {
  type AnyNotification,
  type AppParameters,
  type Client,
  type ContractResource,
  type DirectContractOrder,
  type DirectOrder,
  type DirectTransaction,
  type JsapiParameters,
  type Notification,
  type PartnerOrder,
  type PartnerTransaction,
  type PaymentResource,
  verifyNotification,
} from 'wechatpay-presign';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<Fact extends true>(_fact?: Fact): void {}

declare const client: Client;
declare const mchid: string;

const common = {
  description: 'Image形象店-深圳腾大-QQ公仔',
  out_trade_no: '1217752501201407033233368018',
  notify_url: 'https://yoursite.com/wxpay.html',
  amount: { total: 100 },
};
const order: DirectOrder = { ...common, appid: 'wx1', payer: { openid: 'o1' } };
const owner = { sp_mchid: mchid, sub_mchid: '1900000109' };
const ofPartner: PartnerOrder = { ...common, ...owner, sp_appid: 'wx1', payer: { sub_openid: 'o1' } };

// ---- Orders ----

const { prepay_id } = await client.transactions.jsapi(order);
holds<Equal<typeof prepay_id, string>>();
await client.transactions.jsapi({ ...order, mchid, attach: undefined }, { retries: 0 });
await client.transactions.jsapi(ofPartner);
await client.transactions.jsapi({ ...ofPartner, sub_appid: 'wx2', payer: { sp_openid: 'o1', sub_openid: 'o2' } });
await client.transactions.jsapi({
  ...order,
  amount: { total: 1, currency: 'CNY' },
  scene_info: { payer_client_ip: '::1' },
});
await client.transactions.jsapi({
  ...order,
  detail: { goods_detail: [{ merchant_goods_id: '1', quantity: 1, unit_price: 1 }] },
});

// @ts-expect-error: a partner's order is no direct merchant's
client.transactions.jsapi({ ...order, ...owner });
// @ts-expect-error: a direct merchant's order is no partner's
client.transactions.jsapi({ ...ofPartner, mchid });
// @ts-expect-error: a sub-merchant without a partner
client.transactions.jsapi({ ...order, sub_mchid: '1900000109' });
// @ts-expect-error: a partner without a sub-merchant
client.transactions.jsapi({ ...common, sp_appid: 'wx1', sp_mchid: mchid, payer: { sp_openid: 'o1' } });
// @ts-expect-error: the payer of a direct merchant
client.transactions.jsapi({ ...ofPartner, payer: { openid: 'o1' } });
// @ts-expect-error: the payer of a partner
client.transactions.jsapi({ ...order, payer: { sp_openid: 'o1' } });
// @ts-expect-error: no payer
client.transactions.jsapi({ ...ofPartner, payer: {} });
// @ts-expect-error: the amount as text
client.transactions.jsapi({ ...order, amount: { total: '100' } });
// @ts-expect-error: another currency
client.transactions.jsapi({ ...order, amount: { total: 100, currency: 'USD' } });
// @ts-expect-error: a misspelt field
client.transactions.jsapi({ ...order, notifyUrl: 'https://yoursite.com/' });
// @ts-expect-error: a misspelt field in an object
client.transactions.jsapi({ ...order, amount: { total: 100, Currency: 'CNY' } });
// @ts-expect-error: goods without a price
client.transactions.jsapi({ ...order, detail: { goods_detail: [{ merchant_goods_id: '1', quantity: 1 }] } });
// @ts-expect-error: a Date
client.transactions.jsapi({ ...order, time_expire: new Date() });
// @ts-expect-error: the fields in json, as a verb has them
client.transactions.jsapi({ json: order });
// @ts-expect-error: an order with a contract has its own call
client.transactions.jsapi({ ...order, contract_info: { token: '1' } });

// ---- Charging a contract ----

const { contract_id } = await client.contracts.query({ service_id: 1234, out_contract_code: '100001256' });
const charge: DirectContractOrder = { ...order, contract_info: { password_free_contract_id: contract_id } };
await client.transactions.jsapiWithContract(charge);
await client.transactions.jsapiWithContract({ ...ofPartner, contract_info: { token: '1', contract_code: '1' } });
await client.transactions.jsapiWithContract({ ...order, contract_info: { plan_id: '1' } });
// @ts-expect-error: no contract
client.transactions.jsapiWithContract(order);
// @ts-expect-error: nothing that identifies the contract
client.transactions.jsapiWithContract({ ...order, contract_info: { contract_code: '1' } });
// @ts-expect-error: the name in the query's response
client.transactions.jsapiWithContract({ ...order, contract_info: { contract_id } });
// @ts-expect-error: plan_id is a text
client.transactions.jsapiWithContract({ ...order, contract_info: { plan_id: 1 } });

// ---- Queries and closing ----

const name = { out_trade_no: common.out_trade_no };
const transaction = await client.transactions.query(name);
holds<Equal<typeof transaction, DirectTransaction>>();
holds<Equal<typeof transaction.transaction_id, string | undefined>>();
const transactionOfPartner = await client.transactions.query({ transaction_id: '42', ...owner }, { timeoutMs: 1000 });
holds<Equal<typeof transactionOfPartner, PartnerTransaction>>();
// @ts-expect-error: there is no payer before the payment
void transaction.payer.openid;
// @ts-expect-error: no number
client.transactions.query({});
// @ts-expect-error: both numbers
client.transactions.query({ ...name, transaction_id: '42' });
// @ts-expect-error: a partner without a sub-merchant
client.transactions.query({ ...name, sp_mchid: mchid });
// @ts-expect-error: both kinds of merchant
client.transactions.query({ ...name, ...owner, mchid });
// @ts-expect-error: the number alone
client.transactions.query(common.out_trade_no);

const closed = await client.transactions.close(name);
holds<Equal<typeof closed, void>>();
await client.transactions.close({ ...name, ...owner });
// @ts-expect-error: an order is closed by its own number
client.transactions.close({ transaction_id: '42' });

// ---- Payment parameters ----

const parameters = await client.paymentParams({ appId: 'wx1', prepay_id }, 'jsapi');
holds<Equal<typeof parameters, JsapiParameters>>();
holds<Equal<Awaited<ReturnType<typeof payInApp>>, AppParameters>>();
const payInApp = () => client.paymentParams({ appId: 'wx1', prepay_id }, 'app');
// @ts-expect-error: the AppID in WeChat's other spelling
client.paymentParams({ appid: 'wx1', prepay_id }, 'jsapi');
// @ts-expect-error: no client
client.paymentParams({ appId: 'wx1', prepay_id });
// @ts-expect-error: the parameters must be awaited
void client.paymentParams({ appId: 'wx1', prepay_id }, 'jsapi').paySign;

// ---- Notifications ----

declare const request: Request;
const notification = await client.notifications.parse(request);
holds<Equal<typeof notification, AnyNotification>>();
if (notification.event_type === 'TRANSACTION.SUCCESS') {
  const { resource } = notification;
  holds<Equal<typeof resource, PaymentResource>>();
  holds<Equal<typeof resource.amount.total, number>>();
  holds<Equal<typeof resource.transaction_id, string>>();
  if (resource.sp_mchid === undefined) holds<Equal<typeof resource.payer, { openid: string }>>();
  else holds<Equal<typeof resource.sub_mchid, string>>();
} else {
  holds<Equal<typeof notification.resource, ContractResource>>();
}
// Before `event_type` has been looked at, fields of contracts may be read.
holds<Equal<typeof notification.resource.out_contract_code, string | undefined>>();
if (notification.event_type === 'ENTRUST.SIGN') holds<Equal<typeof notification.resource, ContractResource>>();
if (notification.event_type.endsWith('.TERMINATE')) void notification.resource.contract_id;
// @ts-expect-error: a misspelt kind
if (notification.event_type === 'TRANSACTION_SUCCESS') void notification;

await client.notifications.handle(request, async ({ event_type, resource }) => {
  if (event_type === 'TRANSACTION.SUCCESS') holds<Equal<typeof resource, PaymentResource>>();
  else holds<Equal<typeof resource, ContractResource>>();
});

// A resource of one's own: by a type argument, or by the type of the handler.
interface Refund {
  out_refund_no: string;
}
const refund = await client.notifications.parse<Refund>(request);
holds<Equal<typeof refund, Notification<Refund>>>();
holds<Equal<typeof refund.event_type, string>>();
await client.notifications.handle(request, ({ resource }: Notification<Refund>) => resource.out_refund_no);
await client.notifications.handle<Refund>(request, ({ resource }) => resource.out_refund_no);
const verified = verifyNotification({ headers: {}, body: '' }, { certs: {}, apiV3Key: '' });
holds<Equal<typeof verified, AnyNotification>>();
holds<Equal<ReturnType<typeof verifyRefund>, Notification<Refund>>>();
const verifyRefund = () => verifyNotification<Refund>({ headers: {}, body: '' }, { certs: {}, apiV3Key: '' });

/** The fields of requests about orders. */
import { type FieldRule, type Form, flag, form, integer, list, notifyUrl, object, text } from './fields.js';

/** The kinds of order: a merchant's own, a partner's for its sub-merchant, and several orders paid as one. */
export type OrderKind = 'direct' | 'partner' | 'combine';

/** The path of each kind, before `/jsapi`, `/id/…` and `/out-trade-no/…`. */
export const ORDER_PATHS: Record<OrderKind, string> = {
  direct: '/v3/pay/transactions',
  partner: '/v3/pay/partner/transactions',
  combine: '/v3/combine-transactions',
};

const outTradeNo = text('商户订单号', 32, { minLength: 6, pattern: /^[0-9A-Za-z_\-|*]+$/ });
const timeExpire = text('交易结束时间', 64, {
  pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
});
const currency = text('货币类型', 16, { pattern: /^CNY$/ });
const openid = text('用户标识', 128);

const GOODS = form({
  merchant_goods_id: text('商户侧商品编码', 32),
  'wechatpay_goods_id?': text('微信支付商品编码', 32),
  'goods_name?': text('商品名称', 256),
  quantity: integer('商品数量', 1),
  unit_price: integer('商品单价', 0),
});

const STORE = form({
  id: text('门店编号', 32),
  'name?': text('门店名称', 256),
  'area_code?': text('地区编码', 32),
  'address?': text('详细地址', 512),
});

const SCENE = form({
  payer_client_ip: text('用户终端IP', 45),
  'device_id?': text('商户端设备号', 32),
  'store_info?': object('商户门店信息', STORE),
});

/** The contract to charge, or to sign with the payment. */
const CONTRACT = (allowLoopback: boolean) =>
  form({
    'password_free_contract_id?': text('免密协议ID', 32),
    'token?': text('扣费服务预授权token', 512),
    'plan_id?': text('模板ID', 32),
    'contract_mchid?': text('签约商户号', 32),
    'contract_appid?': text('签约AppID', 32),
    'contract_code?': text('签约协议号', 32),
    'request_serial?': text('请求序列号', 64),
    'contract_display_account?': text('用户账户展示名称', 32),
    'contract_notify_url?': notifyUrl(256, allowLoopback, '签约信息通知URL'),
  });

const common = (allowLoopback: boolean): Record<string, FieldRule> => ({
  description: text('商品描述', 127),
  out_trade_no: outTradeNo,
  'time_expire?': timeExpire,
  'attach?': text('附加数据', 128),
  notify_url: notifyUrl(256, allowLoopback),
  'goods_tag?': text('订单优惠标记', 32),
  'support_fapiao?': flag('电子发票入口开放标识'),
  'settle_info?': object('结算信息', form({ 'profit_sharing?': flag('是否指定分账') })),
  amount: object('订单金额', form({ total: integer('总金额', 1), 'currency?': currency })),
  'detail?': object(
    '优惠功能',
    form({
      'cost_price?': integer('订单原价', 0),
      'invoice_id?': text('商品小票ID', 32),
      goods_detail: list('单品列表', GOODS),
    }),
  ),
  'scene_info?': object('场景信息', SCENE),
});

const direct = (): Record<string, FieldRule> => ({
  appid: text('应用ID', 32),
  mchid: text('直连商户号', 32),
  payer: object('支付者', form({ openid })),
});

const partner = (): Record<string, FieldRule> => ({
  sp_appid: text('服务商应用ID', 32),
  sp_mchid: text('服务商户号', 32),
  'sub_appid?': text('子商户应用ID', 32),
  sub_mchid: text('子商户号', 32),
  payer: object(
    '支付者',
    form({ 'sp_openid?': text('用户服务标识', 128), 'sub_openid?': text('用户子标识', 128) }, [
      'sp_openid',
      'sub_openid',
    ]),
  ),
});

const combine = (allowLoopback: boolean): Record<string, FieldRule> => ({
  combine_appid: text('合单商户Appid', 32),
  combine_mchid: text('合单商户号', 32),
  combine_out_trade_no: text('合单商户订单号', 32, { minLength: 2, pattern: /^[0-9A-Za-z_\-|*]+$/ }),
  'scene_info?': object(
    '场景信息',
    form({ payer_client_ip: text('用户终端IP', 45), 'device_id?': text('商户端设备号', 32) }),
  ),
  sub_orders: list(
    '子单信息',
    form({
      mchid: text('子单商户号', 32),
      'sub_mchid?': text('二级商户号', 32),
      'sub_appid?': text('子商户应用ID', 32),
      attach: text('附加数据', 128),
      amount: object('订单金额', form({ total_amount: integer('标价金额', 1), currency })),
      out_trade_no: outTradeNo,
      description: text('商品描述', 127),
      'detail?': text('商品详情', 6000),
      'goods_tag?': text('订单优惠标记', 32),
      'settle_info?': object(
        '结算信息',
        form({ 'profit_sharing?': flag('是否指定分账'), 'subsidy_amount?': integer('补差金额', 0) }),
      ),
    }),
  ),
  combine_payer_info: object('支付者', form({ 'openid?': openid, 'sub_openid?': openid }, ['openid', 'sub_openid'])),
  'time_start?': text('交易起始时间', 64),
  'time_expire?': timeExpire,
  notify_url: notifyUrl(256, allowLoopback),
});

/** The fields of an order. */
export function orderForm(
  kind: OrderKind,
  { withContract, allowLoopback }: { withContract: boolean; allowLoopback: boolean },
): Form {
  if (kind === 'combine') return form(combine(allowLoopback));
  return form({
    ...(kind === 'direct' ? direct() : partner()),
    ...common(allowLoopback),
    ...(withContract && { contract_info: object('签约授权信息', CONTRACT(allowLoopback)) }),
  });
}

/** The fields of a request that closes an order. */
export const CLOSING: Record<'direct' | 'partner', Form> = {
  direct: form({ mchid: text('直连商户号', 32) }),
  partner: form({ sp_mchid: text('服务商户号', 32), sub_mchid: text('子商户号', 32) }),
};

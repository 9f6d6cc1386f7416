/** Orders in the form of a query's response and of a payment notification's resource. */
import type { OrderKind } from './checks/order-fields.js';

/** The fields of a JSON object. */
export type Fields = Record<string, unknown>;

/** The parts of an order that WeChat shows. */
export interface PlacedOrder {
  kind: OrderKind;
  /** The fields of the request that placed it. */
  fields: Fields;
  outTradeNo: string;
  state: 'NOTPAY' | 'SUCCESS' | 'CLOSED';
  /** The transaction_id of each sub-order, or of the order. */
  transactionIds?: string[];
  /** RFC 3339. */
  successTime?: string;
}

export function transaction({ kind, fields, outTradeNo, state, transactionIds, successTime }: PlacedOrder): Fields {
  const { attach, payer } = fields;
  const { total, currency = 'CNY' } = objectIn(fields, 'amount');
  const { device_id } = objectIn(fields, 'scene_info');
  const isPaid = state === 'SUCCESS';
  const { appid, mchid, sp_appid, sp_mchid, sub_appid, sub_mchid } = fields;
  return defined({
    ...(kind === 'direct' ? { appid, mchid } : { sp_appid, sp_mchid, sub_appid, sub_mchid }),
    out_trade_no: outTradeNo,
    transaction_id: transactionIds?.[0],
    ...(isPaid && { trade_type: 'JSAPI' }),
    trade_state: state,
    trade_state_desc: STATE_TEXTS[state],
    ...(isPaid && { bank_type: 'OTHERS', attach }),
    success_time: successTime,
    ...(isPaid && { payer }),
    amount: { total, ...(isPaid && { payer_total: total }), currency, ...(isPaid && { payer_currency: currency }) },
    ...(device_id !== undefined && { scene_info: { device_id } }),
  });
}

export function combinedTransaction({ fields, state, transactionIds, successTime }: PlacedOrder): Fields {
  const { combine_appid, combine_mchid, combine_out_trade_no, combine_payer_info, scene_info } = fields;
  const isPaid = state === 'SUCCESS';
  const sub_orders = listIn(fields, 'sub_orders').map((order, index) => {
    const { mchid, sub_mchid, sub_appid, out_trade_no, attach } = order;
    const { total_amount, currency } = objectIn(order, 'amount');
    return defined({
      mchid,
      sub_mchid,
      sub_appid,
      ...(isPaid && { trade_type: 'JSAPI' }),
      trade_state: state,
      ...(isPaid && { bank_type: 'OTHERS' }),
      attach,
      success_time: successTime,
      transaction_id: transactionIds?.[index],
      out_trade_no,
      amount: {
        total_amount,
        currency,
        ...(isPaid && { payer_amount: total_amount, payer_currency: currency }),
      },
    });
  });
  return defined({ combine_appid, combine_mchid, combine_out_trade_no, scene_info, sub_orders, combine_payer_info });
}

const STATE_TEXTS = { NOTPAY: '订单未支付', SUCCESS: '支付成功', CLOSED: '订单已关闭' };

export const objectIn = (fields: Fields, name: string): Fields => (fields[name] ?? {}) as Fields;
export const listIn = (fields: Fields, name: string): Fields[] => (fields[name] ?? []) as Fields[];

const defined = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The errors about orders. Their Chinese texts are WeChat's own, except those about a prepay_id, which are not published. */
import { Rejection } from './rejection.js';

export const orderError = (
  status: number,
  code: string,
  message: string,
  { field, outTradeNo, en }: { field: string; outTradeNo: string; en: string },
): Rejection =>
  new Rejection(
    status,
    code,
    message,
    { location: 'body', field: `/${field}`, value: outTradeNo },
    { reason: 'order', where: field, en },
  );

export const repeatDiffers = (field: string, outTradeNo: string): Rejection => {
  const en =
    `${field} ${outTradeNo} was used with other parameters, or closed before. Repeat an order with the same parameters, ` +
    'or use a new number.';
  return orderError(400, 'INVALID_REQUEST', '请求重入时，参数与首次请求时不一致', { field, outTradeNo, en });
};

export const orderPaid = (outTradeNo: string): Rejection => {
  const en = `Order ${outTradeNo} is paid.`;
  return orderError(400, 'ORDERPAID', '该订单已支付', { field: 'out_trade_no', outTradeNo, en });
};

export const orderClosed = (outTradeNo: string): Rejection => {
  const en = `Order ${outTradeNo} is closed. Place a new one with a new number.`;
  return orderError(400, 'ORDER_CLOSED', '订单已关闭', { field: 'out_trade_no', outTradeNo, en });
};

export const orderNotExist = (by: 'id' | 'out-trade-no', name: string): Rejection => {
  const en =
    `This merchant has no order ${name} at this endpoint. ` +
    (by === 'id'
      ? 'An unpaid order has no transaction_id: use out_trade_no.'
      : 'Check the number, mchid and sub_mchid.');
  return new Rejection(404, 'ORDER_NOT_EXIST', '订单不存在', undefined, { reason: 'order', where: 'path', en });
};

export const unusablePrepayId = (prepay_id: string, message: string, en: string): Rejection => {
  const detail = { location: 'body', field: '/prepay_id', value: prepay_id };
  return new Rejection(400, 'INVALID_REQUEST', message, detail, { reason: 'order', where: 'body/prepay_id', en });
};

/** A trade bill of about 1 MB, as the gateway serves it. */
export const BILL_DATE = '2026-01-31';

const rows = Array.from(
  { length: 10_000 },
  (_, index) =>
    `\`2026-01-31 ${String(index).padStart(8, '0')},\`1900000100,\`4200000${index},\`order${index},\`JSAPI,\`0.01`,
);
export const BILL = ['\uFEFF交易时间,商户号,微信订单号,商户订单号,交易类型,应结订单金额', ...rows, ''].join('\r\n');

/** Checks the merchants and the payer of an order. */
import { Rejection } from '../rejection.js';
import { type Fields, listIn, objectIn } from '../transaction.js';
import { invalidBody, invalidQuery } from './json-body.js';
import type { OrderKind } from './order-fields.js';

/** The merchant in the request must be the one who signed it. */
export function checkOwner(location: 'body' | 'query', name: string, value: unknown, mchid: string): void {
  if (value === undefined) missingQuery(name);
  if (value === mchid) return;
  const message = 'http header中的mchid与post payload中的mchid不匹配';
  const en = `${name} must be the mchid of the header Authorization.`;
  const explanation = {
    reason: 'other-merchant',
    where: `${location}/${name}`,
    en,
    expected: mchid,
    actual: String(value),
  };
  throw new Rejection(400, 'PARAM_ERROR', message, { location, field: `/${name}`, value }, explanation);
}

export function missingQuery(name: string): never {
  throw invalidQuery(name, '', `缺少参数${name}`, `The parameter ${name} of the query is required.`);
}

/** Merchant numbers have 8 to 10 digits. Any such number is accepted as a sub-merchant. */
export function checkSubMerchants(kind: OrderKind, fields: Fields): void {
  const numbers: [string, unknown][] =
    kind === 'combine'
      ? listIn(fields, 'sub_orders').flatMap(({ mchid, sub_mchid }, index): [string, unknown][] => [
          [`sub_orders/${index}/mchid`, mchid],
          [`sub_orders/${index}/sub_mchid`, sub_mchid ?? mchid],
        ])
      : [['sub_mchid', kind === 'partner' ? fields.sub_mchid : fields.mchid]];
  for (const [path, number] of numbers) {
    if (/^\d{8,10}$/.test(String(number))) continue;
    const en = `There is no merchant ${number}: a merchant number has 8 to 10 digits.`;
    const detail = { location: 'body', field: `/${path}`, value: number };
    throw new Rejection(400, 'MCH_NOT_EXISTS', '商户号不存在', detail, { reason: 'field', where: `body/${path}`, en });
  }
}

export function checkPayer(kind: OrderKind, fields: Fields): void {
  if (kind !== 'partner' || fields.sub_appid !== undefined) return;
  if (objectIn(fields, 'payer').sub_openid === undefined) return;
  const zh = '输入源“/body/sub_appid”映射到字段“子商户应用ID”必填性规则校验失败，传sub_openid时此字段为必填项';
  throw invalidBody('sub_appid', '', zh, 'sub_appid is required together with payer.sub_openid.');
}

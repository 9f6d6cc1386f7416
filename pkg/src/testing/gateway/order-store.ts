/** The orders of all merchants: placed, paid, closed. */
import { randomDigits, randomHex } from '../bytes.js';
import { readFields } from './checks/fields.js';
import { invalidBody } from './checks/json-body.js';
import { CLOSING, ORDER_PATHS, type OrderKind, orderForm } from './checks/order-fields.js';
import { checkOwner, checkPayer, checkSubMerchants, missingQuery } from './checks/order-merchants.js';
import type { ContractStore } from './contract-store.js';
import type { Journal } from './journal.js';
import {
  orderClosed,
  orderError,
  orderNotExist,
  orderPaid,
  repeatDiffers,
  unusablePrepayId,
} from './order-rejections.js';
import { Rejection } from './rejection.js';
import { noContent, ok, type UnsignedResponse } from './response.js';
import { rfc3339 } from './rfc3339.js';
import { sortKeys } from './sort-keys.js';
import { combinedTransaction, type Fields, listIn, objectIn, type PlacedOrder, transaction } from './transaction.js';

/**
 * An order in the gateway.
 *
 * @example
 * ```ts
 * const unpaid: GatewayOrder[] = kit.gateway.orders.filter(({ trade_state }) => trade_state === 'NOTPAY');
 * ```
 */
export interface GatewayOrder {
  /** `combine`: several orders that are paid as one. */
  kind: 'direct' | 'partner' | 'combine';
  /** The merchant who placed it: `mchid`, `sp_mchid` or `combine_mchid`. */
  mchid: string;
  /** Only in a partner's order. */
  sub_mchid?: string;
  /** `out_trade_no` or `combine_out_trade_no`. */
  out_trade_no: string;
  /** The newest one. */
  prepay_id: string;
  trade_state: 'NOTPAY' | 'SUCCESS' | 'CLOSED';
  /** In fen. */
  total: number;
  description: string;
  /** The payer: `openid`, `sp_openid` or `sub_openid`. */
  openid: string;
  notify_url: string;
  /** Unix seconds. */
  created_at: number;
  /** Present once the order is paid. */
  transaction_id?: string;
  /** Present once the order is paid. RFC 3339. */
  success_time?: string;
  /** The contract that the order charges, if any. */
  contract_id?: string;
  /** The contract that was pre-signed with the `prepay_id` of the order. */
  out_contract_code?: string;
}

interface Entry extends PlacedOrder {
  withContract: boolean;
  mchid: string;
  /** The request in a form that can be compared. */
  fingerprint: string;
  createdAt: number;
  /** The last Unix second in which the user can pay. */
  payUntil: number;
  /** All prepay_ids, the newest last. */
  prepayIds: { id: string; expiresAt: number }[];
  contractId?: string;
}

/** @internal */
export interface OrderStore {
  place(request: { kind: OrderKind; withContract: boolean; mchid: string; body: Uint8Array }): UnsignedResponse;
  /** `name` is a transaction_id or an out_trade_no; `query` is the part after the question mark. */
  query(request: {
    kind: OrderKind;
    by: 'id' | 'out-trade-no';
    name: string;
    query: string;
    mchid: string;
  }): UnsignedResponse;
  close(request: { kind: 'direct' | 'partner'; name: string; mchid: string; body: Uint8Array }): UnsignedResponse;
  /** The user pays. Returns the order. */
  userPays(prepay_id: string): GatewayOrder;
  /** Throws a {@link Rejection} unless this merchant's user can still pay with the prepay_id. */
  checkPrepayId(prepay_id: string, mchid: string): void;
  /** The order that the prepay_id belongs to. */
  findByPrepayId(prepay_id: unknown): GatewayOrder | undefined;
  /** The URL for the payment notification of an order. */
  notifyUrl(name: { mchid: string; out_trade_no: unknown }): string | undefined;
  /** Copies, oldest first. */
  list(): GatewayOrder[];
}

const PREPAY_SECONDS = 2 * 60 * 60;
const DAY = 86_400;

/** The field that names the merchant who places an order. */
const OWNER: Record<OrderKind, string> = { direct: 'mchid', partner: 'sp_mchid', combine: 'combine_mchid' };

/** @internal */
export function createOrderStore({
  now,
  allowLoopback,
  contracts,
  journal,
}: {
  now: () => number;
  allowLoopback: boolean;
  /** Asked only while a request or the simulated user is served. */
  contracts: () => Pick<ContractStore, 'checkChargeable' | 'offeredWith'>;
  journal: Journal;
}): OrderStore {
  /** By merchant and out_trade_no. */
  const entries = new Map<string, Entry>();
  const byPrepayId = new Map<string, Entry>();
  const byTransactionId = new Map<string, Entry>();
  /** The numbers that were closed before they were used for an order. */
  const closedInAdvance = new Set<string>();

  function show(entry: Entry): GatewayOrder {
    const { kind, mchid, outTradeNo, fields, prepayIds, state, createdAt, transactionIds, successTime, contractId } =
      entry;
    const offered = prepayIds
      .map(({ id }) => contracts().offeredWith(id))
      .filter((code) => code !== undefined)
      .at(-1);
    const [transaction_id] = transactionIds ?? [];
    const payer = objectIn(fields, kind === 'combine' ? 'combine_payer_info' : 'payer');
    const subOrders = listIn(fields, 'sub_orders');
    return {
      kind,
      mchid,
      ...(kind === 'partner' && { sub_mchid: String(fields.sub_mchid) }),
      out_trade_no: outTradeNo,
      prepay_id: prepayIds.at(-1)?.id ?? '',
      trade_state: state,
      total:
        kind === 'combine'
          ? subOrders.reduce((total, order) => total + Number(objectIn(order, 'amount').total_amount), 0)
          : Number(objectIn(fields, 'amount').total),
      description: String(kind === 'combine' ? subOrders[0]?.description : fields.description),
      openid: String(payer.openid ?? payer.sp_openid ?? payer.sub_openid),
      notify_url: String(fields.notify_url),
      created_at: createdAt,
      ...(transaction_id !== undefined && { transaction_id }),
      ...(successTime !== undefined && { success_time: successTime }),
      ...(contractId !== undefined && { contract_id: contractId }),
      ...(offered !== undefined && { out_contract_code: offered }),
    };
  }

  const changed = (entry: Entry) => journal.emit({ type: 'order', order: show(entry) });

  /** A prepay_id that the user can pay with: the last one if it is still valid. */
  function issuePrepayId(entry: Entry): string {
    const last = entry.prepayIds.at(-1);
    if (last !== undefined && last.expiresAt >= now()) return last.id;
    const id = `wx${beijingTime(now())}${randomHex(10)}`;
    entry.prepayIds.push({ id, expiresAt: now() + PREPAY_SECONDS });
    byPrepayId.set(id, entry);
    return id;
  }

  return {
    place({ kind, withContract, mchid, body }) {
      const fields = readFields(body, orderForm(kind, { withContract, allowLoopback }));
      checkOwner('body', OWNER[kind], fields[OWNER[kind]], mchid);
      checkSubMerchants(kind, fields);
      checkPayer(kind, fields);
      const field = kind === 'combine' ? 'combine_out_trade_no' : 'out_trade_no';
      const outTradeNo = String(fields[field]);
      const key = `${mchid} ${outTradeNo}`;
      // The order of the keys in the JSON makes no difference.
      const fingerprint = JSON.stringify(sortKeys(fields));
      const existing = entries.get(key);
      if (existing) checkRepeat(existing, { kind, withContract, fingerprint, field, outTradeNo });
      if (closedInAdvance.has(key)) throw repeatDiffers(field, outTradeNo);
      const contractId = withContract ? contractToCharge(fields, mchid) : undefined;
      if (existing) return ok({ prepay_id: issuePrepayId(existing) });

      const createdAt = now();
      const entry: Entry = {
        kind,
        withContract,
        mchid,
        outTradeNo,
        fields,
        fingerprint,
        createdAt,
        payUntil: payUntil(createdAt, fields.time_expire),
        prepayIds: [],
        state: 'NOTPAY',
        ...(contractId !== undefined && { contractId }),
      };
      entries.set(key, entry);
      const prepay_id = issuePrepayId(entry);
      changed(entry);
      return ok({ prepay_id });
    },

    query({ kind, by, name, query, mchid }) {
      const parameters = new URLSearchParams(query);
      if (kind !== 'combine') checkOwner('query', OWNER[kind], parameters.get(OWNER[kind]) ?? undefined, mchid);
      const sub_mchid = kind === 'partner' ? (parameters.get('sub_mchid') ?? missingQuery('sub_mchid')) : undefined;
      const entry = by === 'id' ? byTransactionId.get(name) : entries.get(`${mchid} ${name}`);
      const isFound = entry?.kind === kind && entry.mchid === mchid;
      if (!isFound || (kind === 'partner' && entry.fields.sub_mchid !== sub_mchid)) throw orderNotExist(by, name);
      return ok(kind === 'combine' ? combinedTransaction(entry) : transaction(entry));
    },

    close({ kind, name, mchid, body }) {
      const fields = readFields(body, CLOSING[kind]);
      checkOwner('body', OWNER[kind], fields[OWNER[kind]], mchid);
      const key = `${mchid} ${name}`;
      const entry = entries.get(key);
      if (entry === undefined) {
        // Merchants report that WeChat closes a number that was never used, and then accepts no order with it.
        closedInAdvance.add(key);
        return noContent();
      }
      if (entry.kind !== kind || (kind === 'partner' && entry.fields.sub_mchid !== fields.sub_mchid)) {
        throw orderNotExist('out-trade-no', name);
      }
      if (entry.state === 'SUCCESS') throw orderPaid(name);
      if (entry.state === 'CLOSED') throw orderClosed(name);
      entry.state = 'CLOSED';
      changed(entry);
      return noContent();
    },

    userPays(prepay_id) {
      const entry = byPrepayId.get(prepay_id);
      if (!entry) throw new TypeError(`prepay_id: the gateway has issued no ${prepay_id}`);
      const { mchid, fields, outTradeNo, prepayIds, contractId } = entry;
      if (entry.state !== 'NOTPAY') {
        throw new TypeError(`order ${outTradeNo} is ${entry.state === 'SUCCESS' ? 'already paid' : 'closed'}`);
      }
      const { expiresAt } = prepayIds.find(({ id }) => id === prepay_id) ?? { expiresAt: -Infinity };
      if (now() > expiresAt)
        throw new TypeError(`prepay_id: ${prepay_id} is older than two hours; place the order again`);
      if (now() > entry.payUntil)
        throw new TypeError(`order ${outTradeNo} can no longer be paid: its time_expire has passed`);
      if (contractId !== undefined) {
        rejectionAsTypeError(() => contracts().checkChargeable({ contractId, mchid, order: fields }));
      }

      entry.state = 'SUCCESS';
      entry.successTime = rfc3339(now());
      entry.transactionIds = (entry.kind === 'combine' ? listIn(fields, 'sub_orders') : [fields]).map(newTransactionId);
      for (const id of entry.transactionIds) byTransactionId.set(id, entry);
      changed(entry);
      journal.notify({
        event_type: 'TRANSACTION.SUCCESS',
        mchid,
        url: String(fields.notify_url),
        resource: entry.kind === 'combine' ? combinedTransaction(entry) : transaction(entry),
      });
      return show(entry);
    },

    checkPrepayId(prepay_id, mchid) {
      const entry = byPrepayId.get(prepay_id);
      if (entry?.mchid !== mchid) {
        const en = `The gateway has issued no prepay_id ${prepay_id} to merchant ${mchid}. Place the order first, with the same mchid.`;
        throw unusablePrepayId(prepay_id, '预支付交易会话标识prepay_id无效', en);
      }
      const { expiresAt } = entry.prepayIds.find(({ id }) => id === prepay_id) ?? { expiresAt: -Infinity };
      if (now() > expiresAt) {
        const en = `The prepay_id ${prepay_id} is older than two hours. Place the order again with the same parameters.`;
        throw unusablePrepayId(prepay_id, '预支付交易会话标识prepay_id已过期', en);
      }
      if (entry.state === 'SUCCESS') throw orderPaid(entry.outTradeNo);
      if (entry.state === 'CLOSED') throw orderClosed(entry.outTradeNo);
    },

    findByPrepayId(prepay_id) {
      const entry = byPrepayId.get(String(prepay_id));
      return entry && show(entry);
    },

    notifyUrl({ mchid, out_trade_no }) {
      const { notify_url } = entries.get(`${mchid} ${out_trade_no}`)?.fields ?? {};
      return notify_url === undefined ? undefined : String(notify_url);
    },

    list: () => [...entries.values()].map(show),
  };

  function contractToCharge(fields: Fields, mchid: string): string {
    const { password_free_contract_id } = objectIn(fields, 'contract_info');
    const path = 'contract_info/password_free_contract_id';
    if (password_free_contract_id === undefined) {
      const zh = `输入源“/body/${path}”映射到字段“免密协议ID”必填性规则校验失败，此字段为必填项`;
      throw invalidBody(path, '', zh, `${path} is required: this gateway knows no other kind of contract.`);
    }
    const contractId = String(password_free_contract_id);
    contracts().checkChargeable({ contractId, mchid, order: fields });
    return contractId;
  }
}

/** Throws unless the request places the same order again. */
function checkRepeat(
  existing: Entry,
  request: Pick<Entry, 'kind' | 'withContract' | 'fingerprint' | 'outTradeNo'> & { field: string },
): void {
  const { field, outTradeNo } = request;
  if (existing.kind !== request.kind || existing.withContract !== request.withContract) {
    const en = `${field} ${outTradeNo} belongs to an order of another kind. Use a new number.`;
    throw orderError(403, 'OUT_TRADE_NO_USED', '商户订单号重复', { field, outTradeNo, en });
  }
  if (existing.state === 'SUCCESS') throw orderPaid(outTradeNo);
  if (existing.state === 'CLOSED') throw orderClosed(outTradeNo);
  if (existing.fingerprint !== request.fingerprint) throw repeatDiffers(field, outTradeNo);
}

/** Turns a rejection into an error for the program that plays the user. */
function rejectionAsTypeError(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    throw new TypeError(`the order cannot be paid: ${error.explanation.en}`);
  }
}

/** WeChat moves a `time_expire` that is too early or too late; without one an order can be paid for seven days. */
function payUntil(createdAt: number, time_expire: unknown): number {
  if (time_expire === undefined) return createdAt + 7 * DAY;
  const wanted = Math.floor(Date.parse(String(time_expire)) / 1000);
  return Math.max(createdAt + 60, Math.min(wanted, createdAt + 90 * DAY));
}

/** A date and time as digits, such as `20091227091010`. */
const beijingTime = (unixSeconds: number): string =>
  new Date((unixSeconds + 8 * 3600) * 1000).toISOString().replace(/\D/g, '').slice(0, 14);

/** 28 digits, like WeChat's own. */
const newTransactionId = (): string => `4200${randomDigits(24)}`;

/** The base paths for placing, querying and closing orders. */
export const orderKinds = Object.entries(ORDER_PATHS) as [OrderKind, string][];

// Orders: placing, querying and closing them, for merchants and for partners.
import { callWasm } from '../instance.js';
import { type NestedFieldValue, toNestedFieldMap } from '../plain-data.js';
import type { BuiltRequest } from '../presign.js';
import type { SendBuilt } from './built-request.js';
import type { Configuration } from './configuration.js';

/**
 * The amount of an order.
 *
 * @example
 * ```ts
 * const amount: OrderAmount = { total: 100 }; // 1 yuan
 * ```
 */
export interface OrderAmount {
  /** In fen (分), an integer of at least 1. */
  total: number;
  currency?: 'CNY' | undefined;
}

/**
 * One kind of goods in an order.
 *
 * @example
 * ```ts
 * const goods: OrderGoods = { merchant_goods_id: '1246464644', quantity: 1, unit_price: 528800 };
 * ```
 */
export interface OrderGoods {
  /** At most 32 characters. */
  merchant_goods_id: string;
  /** At most 32 characters. */
  wechatpay_goods_id?: string | undefined;
  /** At most 256 characters. */
  goods_name?: string | undefined;
  /** An integer of at least 1. */
  quantity: number;
  /** In fen (分), an integer of at least 0. */
  unit_price: number;
}

/**
 * The goods of an order, for discounts on single goods (单品优惠).
 *
 * @example
 * ```ts
 * const detail: OrderDetail = { goods_detail: [{ merchant_goods_id: '1246464644', quantity: 1, unit_price: 528800 }] };
 * ```
 */
export interface OrderDetail {
  /** In fen (分), an integer of at least 0. */
  cost_price?: number | undefined;
  /** At most 32 characters. */
  invoice_id?: string | undefined;
  /** At least one. */
  goods_detail: readonly OrderGoods[];
}

/**
 * The circumstances of an order (场景信息).
 *
 * @example
 * ```ts
 * const scene: OrderScene = { payer_client_ip: '14.23.150.211' };
 * ```
 */
export interface OrderScene {
  /** The user's IP address, IPv4 or IPv6. */
  payer_client_ip: string;
  /** At most 32 characters. */
  device_id?: string | undefined;
  store_info?:
    | {
        /** At most 32 characters. */
        id: string;
        /** At most 256 characters. */
        name?: string | undefined;
        /** At most 32 characters. */
        area_code?: string | undefined;
        /** At most 512 characters. */
        address?: string | undefined;
      }
    | undefined;
}

/**
 * The fields that the orders of merchants and of partners share. Source: WeChat Pay's pages JSAPI/小程序下单, dated
 * 2025-03-31, and JSAPI下单, dated 2024-10-24.
 *
 * @example
 * ```ts
 * const orderFields = {
 *   description: 'Image形象店-深圳腾大-QQ公仔',
 *   out_trade_no: '1217752501201407033233368018',
 *   notify_url: 'https://yoursite.com/wxpay.html',
 *   amount: { total: 100 },
 * } satisfies OrderCommon;
 * ```
 */
export interface OrderCommon {
  /** The description on the user's bill: at most 127 characters. */
  description: string;
  /** Your number for the order: 6 to 32 ASCII digits, letters, `_`, `-`, `|` and `*`. Unique for each merchant. */
  out_trade_no: string;
  /** The time until which the user can pay: RFC 3339 in whole seconds, such as `2018-06-08T10:34:56+08:00`. */
  time_expire?: string | undefined;
  /** Your own data, at most 128 characters. Queries and notifications return it. */
  attach?: string | undefined;
  /** The URL for WeChat's notifications: `https`, no query or fragment, at most 256 characters. */
  notify_url: string;
  /** At most 32 characters. */
  goods_tag?: string | undefined;
  settle_info?: { profit_sharing?: boolean | undefined } | undefined;
  /** Whether the user can ask for an electronic invoice. */
  support_fapiao?: boolean | undefined;
  amount: OrderAmount;
  detail?: OrderDetail | undefined;
  scene_info?: OrderScene | undefined;
}

/** A merchant's order must not have the fields of a partner's order. */
interface NoPartner {
  sp_mchid?: undefined;
  sub_mchid?: undefined;
}

/** The merchant's own number. */
interface DirectOwner extends NoPartner {
  /** The client's own merchant number, which is the default. */
  mchid?: string | undefined;
}

/** The numbers of the partner and its sub-merchant. */
interface PartnerOwner {
  /** The client's own merchant number. It makes this a partner's call. */
  sp_mchid: string;
  /** The number of the sub-merchant (子商户号), which consists of digits. */
  sub_mchid: string;
  mchid?: undefined;
}

/**
 * The order of a merchant without a service provider (直连商户).
 *
 * @example
 * ```ts
 * const order: DirectOrder = { ...orderFields, appid: 'wxd678efh567hg6787', payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } };
 * ```
 */
export interface DirectOrder extends OrderCommon, DirectOwner {
  /** The AppID of the page or mini program in which the user pays, at most 32 characters. */
  appid: string;
  payer: {
    /** The user's OpenID under `appid`, at most 128 characters. */
    openid: string;
  };
  sp_appid?: undefined;
  sub_appid?: undefined;
}

/**
 * The order of a service provider or an e-commerce platform, for a sub-merchant.
 *
 * @example
 * ```ts
 * const order: PartnerOrder = {
 *   ...orderFields,
 *   sp_appid: 'wx8888888888888888',
 *   sp_mchid: '1900000100',
 *   sub_mchid: '1900000109',
 *   payer: { sp_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
 * };
 * ```
 */
export interface PartnerOrder extends OrderCommon, PartnerOwner {
  /** The partner's AppID, at most 32 characters. */
  sp_appid: string;
  /** The sub-merchant's AppID, at most 32 characters. */
  sub_appid?: string | undefined;
  payer:
    | {
        /** The user's OpenID under `sp_appid`, at most 128 characters. */
        sp_openid: string;
        /** The user's OpenID under `sub_appid`, at most 128 characters. */
        sub_openid?: string | undefined;
      }
    | {
        /** The user's OpenID under `sp_appid`, at most 128 characters. */
        sp_openid?: string | undefined;
        /** The user's OpenID under `sub_appid`, at most 128 characters. */
        sub_openid: string;
      };
  appid?: undefined;
}

/**
 * The contract that an order charges or offers. At least one of `password_free_contract_id`, `token` and `plan_id` is
 * required. To charge a contract signed through {@link Client.presign}, use the first. Source: WeChat Pay's page
 * JSAPI下单并授权/签约, dated 2025-12-31.
 *
 * @example
 * ```js
 * const { contract_id } = await client.contracts.query(contract);
 * const contract_info = { password_free_contract_id: contract_id };
 * ```
 */
export type OrderContract = {
  /**
   * The id of the contract (免密协议ID), at most 32 characters. Probably the `contract_id` that the query and the
   * notification of a contract contain; WeChat Pay's documentation does not say so.
   */
  password_free_contract_id?: string | undefined;
  /** The token of a pre-authorisation (扣费服务预授权token). */
  token?: string | undefined;
  /** The id of a template (模板ID) of the related product 委托代扣. */
  plan_id?: string | undefined;
  /** At most 32 characters. */
  contract_mchid?: string | undefined;
  /** At most 32 characters. */
  contract_appid?: string | undefined;
  contract_code?: string | undefined;
  request_serial?: string | undefined;
  contract_display_account?: string | undefined;
  /** A URL under the same rules as `notify_url`. */
  contract_notify_url?: string | undefined;
} & ({ password_free_contract_id: string } | { token: string } | { plan_id: string });

/**
 * The order of a merchant that charges a contract.
 *
 * @example
 * ```ts
 * const charge: DirectContractOrder = { ...order, contract_info: { password_free_contract_id: contract_id } };
 * ```
 */
export interface DirectContractOrder extends DirectOrder {
  contract_info: OrderContract;
}

/**
 * The order of a partner that charges a contract.
 *
 * @example
 * ```ts
 * const charge: PartnerContractOrder = { ...partnerOrder, contract_info: { password_free_contract_id: contract_id } };
 * ```
 */
export interface PartnerContractOrder extends PartnerOrder {
  contract_info: OrderContract;
}

/** WeChat's number of a transaction, or the merchant's number of its order. */
type TransactionNumber =
  | {
      /** WeChat's own number: at most 32 ASCII digits and letters. An order has none before it is paid. */
      transaction_id: string;
      out_trade_no?: undefined;
    }
  | {
      transaction_id?: undefined;
      /** Your number for the order. */
      out_trade_no: string;
    };

/**
 * The transaction of a merchant, by one of its two numbers.
 *
 * @example
 * ```ts
 * const name: DirectTransactionName = { out_trade_no: '1217752501201407033233368018' };
 * ```
 */
export type DirectTransactionName = TransactionNumber & DirectOwner;

/**
 * The transaction of a partner, by one of its two numbers.
 *
 * @example
 * ```ts
 * const name: PartnerTransactionName = {
 *   out_trade_no: '1217752501201407033233368018',
 *   sp_mchid: '1900000100',
 *   sub_mchid: '1900000109',
 * };
 * ```
 */
export type PartnerTransactionName = TransactionNumber & PartnerOwner;

/**
 * The order of a merchant, by its number.
 *
 * @example
 * ```ts
 * const name: DirectOrderName = { out_trade_no: '1217752501201407033233368018' };
 * ```
 */
export interface DirectOrderName extends DirectOwner {
  /** Your number for the order. */
  out_trade_no: string;
}

/**
 * The order of a partner, by its number.
 *
 * @example
 * ```ts
 * const name: PartnerOrderName = {
 *   out_trade_no: '1217752501201407033233368018',
 *   sp_mchid: '1900000100',
 *   sub_mchid: '1900000109',
 * };
 * ```
 */
export interface PartnerOrderName extends PartnerOwner {
  /** Your number for the order. */
  out_trade_no: string;
}

/**
 * The state of a transaction. WeChat Pay may return states that it has not documented.
 *
 * @example
 * ```ts
 * const isPaid = (state: TradeState) => state === 'SUCCESS';
 * ```
 */
export type TradeState =
  | 'SUCCESS'
  | 'REFUND'
  | 'NOTPAY'
  | 'CLOSED'
  | 'REVOKED'
  | 'USERPAYING'
  | 'PAYERROR'
  | (string & {});

/**
 * A discount that the user received.
 *
 * @example
 * ```ts
 * const sumOf = (discounts: Promotion[]) => discounts.reduce((sum, { amount }) => sum + amount, 0);
 * ```
 */
export type Promotion = {
  coupon_id: string;
  name?: string;
  scope?: string;
  type?: string;
  /** In fen (分). */
  amount: number;
  stock_id?: string;
  wechatpay_contribute?: number;
  merchant_contribute?: number;
  other_contribute?: number;
  currency?: string;
  goods_detail?: {
    goods_id: string;
    quantity: number;
    unit_price: number;
    discount_amount: number;
    goods_remark?: string;
  }[];
};

/** The fields that the transactions of merchants and partners share. */
type TransactionCommon = {
  /** Your number for the order. */
  out_trade_no: string;
  /** WeChat's own number. Absent until the user has paid. */
  transaction_id?: string;
  /** `JSAPI`, for example. Absent until the user has paid. */
  trade_type?: string;
  trade_state: TradeState;
  trade_state_desc: string;
  bank_type?: string;
  /** Your own data, from the order. */
  attach?: string;
  /** The time of the payment, in RFC 3339. */
  success_time?: string;
  /** In fen (分). */
  amount?: {
    total: number;
    /** The amount that the user paid: less than `total` if there was a discount. */
    payer_total?: number;
    currency?: string;
    payer_currency?: string;
  };
  scene_info?: { device_id?: string };
  promotion_detail?: Promotion[];
};

/**
 * The transaction of a merchant. Source: WeChat Pay's page 商户订单号查询订单, dated 2024-12-27.
 *
 * @example
 * ```js
 * const { trade_state } = await client.transactions.query({ out_trade_no: '1217752501201407033233368018' });
 * ```
 */
export type DirectTransaction = TransactionCommon & {
  appid: string;
  mchid: string;
  payer?: { openid: string };
  sp_mchid?: undefined;
};

/**
 * The transaction of a partner. Source: WeChat Pay's page 商户订单号查询订单, dated 2025-01-16.
 *
 * @example
 * ```js
 * const out_trade_no = '1217752501201407033233368018';
 * const { payer } = await client.transactions.query({ out_trade_no, sp_mchid: '1900000100', sub_mchid: '1900000109' });
 * ```
 */
export type PartnerTransaction = TransactionCommon & {
  sp_appid: string;
  sp_mchid: string;
  sub_appid?: string;
  sub_mchid: string;
  payer?: { sp_openid?: string; sub_openid?: string };
  mchid?: undefined;
};

/**
 * WeChat Pay's response to an order, verified.
 *
 * @example
 * ```js
 * const { prepay_id } = await client.transactions.jsapi(order);
 * ```
 */
export interface OrderResult {
  /** The prepay session, for `client.presign` and `client.paymentParams`. Valid for 2 hours. */
  prepay_id: string;
}

/** @internal */
export class Transactions {
  readonly #send: SendBuilt;
  readonly #configuration: Pick<Configuration, 'mchid' | 'baseUrl'>;

  constructor(send: SendBuilt, configuration: Pick<Configuration, 'mchid' | 'baseUrl'>) {
    this.#send = send;
    this.#configuration = configuration;
  }

  async order(order: unknown, withContract: boolean, options: unknown): Promise<unknown> {
    const { mchid, baseUrl } = this.#configuration;
    const fields = toNestedFieldMap('order', order);
    const request: BuiltRequest = callWasm((wasm) => wasm.buildOrder(fields, withContract, mchid, baseUrl));
    return (await this.#send(request, options)).data;
  }

  async query(transaction: unknown, options: unknown): Promise<unknown> {
    const { mchid } = this.#configuration;
    const fields = toNestedFieldMap('transaction', transaction);
    const request: BuiltRequest = callWasm((wasm) => wasm.buildTransactionQuery(fields, mchid));
    return (await this.#send(request, options, inPath(fields))).data;
  }

  async close(order: unknown, options: unknown): Promise<void> {
    const { mchid } = this.#configuration;
    const fields = toNestedFieldMap('order', order);
    const request: BuiltRequest = callWasm((wasm) => wasm.buildOrderClosing(fields, mchid));
    await this.#send(request, options, inPath(fields));
  }
}

/** The numbers, encoded for a path. The WebAssembly module has checked that they are strings. */
function inPath({ transaction_id, out_trade_no }: Record<string, NestedFieldValue>): Record<string, string> {
  const numbers = Object.entries({ transaction_id, out_trade_no }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(numbers.map(([name, value]) => [name, encodeURIComponent(String(value))]));
}

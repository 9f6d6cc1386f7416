/** The contracts of all merchants: pre-signed, signed or abandoned by the user, terminated. */
import { randomHex } from '../bytes.js';
import { contractForm, type Mode, type Scene, TERMINATION } from './checks/contract-fields.js';
import { readFields } from './checks/fields.js';
import type { Journal } from './journal.js';
import type { OrderStore } from './order-store.js';
import { Rejection } from './rejection.js';
import { ok, type UnsignedResponse } from './response.js';
import { rfc3339 } from './rfc3339.js';

/**
 * A contract in the gateway.
 *
 * @example
 * ```ts
 * const offered: GatewayContract[] = kit.gateway.contracts.filter(({ state }) => state === 'PRE_SIGNED');
 * ```
 */
export interface GatewayContract {
  /** The merchant who pre-signed it. */
  mchid: string;
  /** Only in modes with a sub-merchant. */
  sub_mchid?: string;
  /** As in the path of the pre-sign. */
  mode: 'ecommerce' | 'normal' | 'service-provider' | 'qs';
  /** As in the path of the pre-sign. */
  scene: 'pay-redirect-sign' | 'mini-program';
  service_id: number;
  out_contract_code: string;
  contract_display_account: string;
  /** The user: `openid`, `sp_openid` or `sub_openid`. */
  openid: string;
  notify_url: string;
  /** Only in the scene `pay-redirect-sign`. */
  prepay_id?: string;
  /** A query shows only `SIGNED` and `TERMINATED` contracts. */
  state: 'PRE_SIGNED' | 'SIGNED' | 'ABANDONED' | 'TERMINATED';
  /** Unix seconds. */
  created_at: number;
  /** Unix seconds. The user can sign until then. */
  expires_at: number;
  /** Present once the contract is signed. */
  contract_id?: string;
  /** Present once the contract is signed. RFC 3339. */
  contract_signed_time?: string;
  /** Present once the contract is terminated. */
  contract_terminate_info?: ContractTermination;
}

/**
 * The details of a termination.
 *
 * @example
 * ```ts
 * const ended: (ContractTermination | undefined)[] = kit.gateway.contracts.map((known) => known.contract_terminate_info);
 * ```
 */
export interface ContractTermination {
  /** `MERCHANT_TERMINATE` or `USER_TERMINATE`. WeChat Pay does not document the values for this product. */
  contract_termination_mode: string;
  /** RFC 3339. */
  contract_terminated_time: string;
  /** Present if the merchant terminated it. */
  contract_termination_remark?: string;
}

/** A contract in the response to a query. */
interface Contract extends Record<string, unknown> {
  mchid: string;
  contract_id: string;
  contract_state: 'SIGNED' | 'TERMINATED';
  contract_signed_time: string;
  contract_terminate_info?: ContractTermination;
}

/** The values by which a merchant names a contract. */
interface ContractName {
  mchid: string;
  service_id: string;
  out_contract_code: string;
}

type UserContractName = Pick<ContractName, 'mchid' | 'out_contract_code'>;

interface Entry {
  mode: Mode;
  scene: Scene;
  mchid: string;
  /** The request in a form that can be compared. */
  fingerprint: string;
  fields: Record<string, unknown>;
  /** The source of the ids that WeChat assigns. */
  id: string;
  createdAt: number;
  /** The last Unix second in which the user can sign. */
  expiresAt: number;
  isAbandoned: boolean;
  /** Set once the user has signed. */
  contract?: Contract;
}

/** @internal */
export interface ContractStore {
  preSign(request: { mode: Mode; scene: Scene; mchid: string; body: Uint8Array }): UnsignedResponse;
  query(name: ContractName): UnsignedResponse;
  terminate(request: ContractName & { body: Uint8Array }): UnsignedResponse;
  /** Throws a {@link Rejection} unless the merchant may charge the contract with this order. */
  checkChargeable(charge: { contractId: string; mchid: string; order: Record<string, unknown> }): void;
  /** The out_contract_code that was pre-signed with a prepay_id. */
  offeredWith(prepay_id: string): string | undefined;
  userSigns(name: UserContractName): Contract;
  userAbandons(name: UserContractName): void;
  userTerminates(name: UserContractName): Contract;
  /** The URL for notifications about a contract. */
  notifyUrl(name: { mchid: string; out_contract_code: unknown }): string | undefined;
  /** Copies, oldest first. */
  list(): GatewayContract[];
}

const SESSION_SECONDS = 2 * 60 * 60;

/** @internal */
export function createContractStore({
  now,
  allowLoopback,
  requireOrders,
  orders,
  journal,
}: {
  now: () => number;
  allowLoopback: boolean;
  /** Whether only a prepay_id that the gateway issued is accepted. */
  requireOrders: boolean;
  orders: Pick<OrderStore, 'checkPrepayId' | 'findByPrepayId'>;
  journal: Journal;
}): ContractStore {
  /** By merchant and contract number. */
  const entries = new Map<string, Entry>();
  const time = () => rfc3339(now());

  function find({ mchid, service_id, out_contract_code }: ContractName): Entry & { contract: Contract } {
    const entry = entries.get(`${mchid} ${out_contract_code}`);
    const { contract, fields } = entry ?? {};
    if (entry && contract && String(fields?.service_id) === service_id) return { ...entry, contract };
    const en = entry
      ? 'The user has not signed this contract, or its service_id is another one.'
      : `Merchant ${mchid} has pre-signed no contract ${out_contract_code}.`;
    throw new Rejection(404, 'RESOURCE_NOT_EXISTS', '签约协议不存在', undefined, {
      reason: 'contract',
      where: 'path',
      en,
    });
  }

  function findForUser({ mchid, out_contract_code }: UserContractName): Entry {
    const entry = entries.get(`${mchid} ${out_contract_code}`);
    if (!entry) throw new TypeError(`merchant ${mchid} has not pre-signed the contract ${out_contract_code}`);
    return entry;
  }

  const changed = (entry: Entry) => journal.emit({ type: 'contract', contract: show(entry) });

  function notify(event_type: string, { mchid, fields, contract }: Entry): void {
    journal.notify({ event_type, mchid, url: String(fields.notify_url), resource: structuredClone({ ...contract }) });
  }

  function end(
    entry: Entry & { contract: Contract },
    info: Omit<ContractTermination, 'contract_terminated_time'>,
  ): void {
    const { contract } = entry;
    contract.contract_state = 'TERMINATED';
    const { contract_termination_mode, ...remark } = info;
    contract.contract_terminate_info = { contract_termination_mode, contract_terminated_time: time(), ...remark };
    changed(entry);
    // WeChat documents a notification of the merchant's own termination for related products only.
    notify('ENTRUST.TERMINATE', entry);
  }

  return {
    preSign({ mode, scene, mchid, body }) {
      const fields = readFields(body, contractForm(mode, scene, allowLoopback));
      const { service_id, out_contract_code, sub_mchid, prepay_id } = fields;

      const key = `${mchid} ${out_contract_code}`;
      const entry = entries.get(key);
      // The order of the keys in the JSON makes no difference.
      const fingerprint = JSON.stringify([mode, scene, Object.entries(fields).sort()]);
      const detail = { location: 'body', field: '/out_contract_code', value: out_contract_code };
      const explain = (en: string) => ({ reason: 'contract', where: 'body/out_contract_code', en });
      if (entry?.contract?.contract_state === 'TERMINATED') {
        const en = `Contract ${out_contract_code} is terminated. Its number cannot be used again: use a new one.`;
        const message = '商户协议号out_contract_code已解约，不可重复使用';
        throw new Rejection(400, 'INVALID_REQUEST', message, detail, explain(en));
      }
      if ((entry?.fingerprint ?? fingerprint) !== fingerprint) {
        const en = `Contract ${out_contract_code} was pre-signed with other parameters. Use a new number, or repeat the same parameters.`;
        const message = '商户协议号out_contract_code重复，且参数与此前请求不一致';
        throw new Rejection(400, 'INVALID_REQUEST', message, detail, explain(en));
      }
      if (requireOrders && prepay_id !== undefined) orders.checkPrepayId(String(prepay_id), mchid);
      const known: Entry = entry ?? {
        mode,
        scene,
        mchid,
        fingerprint,
        fields,
        id: randomHex(32),
        createdAt: now(),
        expiresAt: 0,
        isAbandoned: false,
      };
      known.expiresAt = now() + SESSION_SECONDS;
      known.isAbandoned = false;
      entries.set(key, known);
      changed(known);

      return ok({
        mchid,
        ...(mode === 'service-provider' && { sub_mchid }),
        service_id,
        out_contract_code,
        ...(scene === 'mini-program' && miniProgramSession(known.id)),
      });
    },

    query: (name) => ok(find(name).contract),

    terminate({ body, ...name }) {
      const { contract_termination_remark } = readFields(body, TERMINATION);
      const entry = find(name);
      if (entry.contract.contract_state !== 'SIGNED') {
        const explanation = { reason: 'contract', where: 'path', en: 'The contract is already terminated.' };
        throw new Rejection(400, 'INVALID_REQUEST', '签约协议已解约', undefined, explanation);
      }
      end(entry, {
        contract_termination_mode: 'MERCHANT_TERMINATE',
        contract_termination_remark: String(contract_termination_remark),
      });
      const { mchid, service_id, out_contract_code } = name;
      return ok({ mchid, service_id: Number(service_id), out_contract_code });
    },

    checkChargeable({ contractId, mchid, order }) {
      const path = 'contract_info/password_free_contract_id';
      const reject = (status: number, code: string, message: string, en: string) => {
        const detail = { location: 'body', field: `/${path}`, value: contractId };
        return new Rejection(status, code, message, detail, { reason: 'contract', where: `body/${path}`, en });
      };
      const entry = [...entries.values()].find(({ contract }) => contract?.contract_id === contractId);
      const { contract, fields } = entry ?? {};
      if (entry === undefined || contract === undefined) {
        const en = `There is no signed contract ${contractId}. Use the contract_id that the query or the notification shows.`;
        throw reject(404, 'RESOURCE_NOT_EXISTS', '签约协议不存在', en);
      }
      if (entry.mchid !== mchid) {
        throw reject(403, 'NO_AUTH', '商户暂无权限使用此功能', `Contract ${contractId} is not of merchant ${mchid}.`);
      }
      if (contract.contract_state !== 'SIGNED') {
        throw reject(400, 'INVALID_REQUEST', '签约协议已解约', `Contract ${contractId} is terminated.`);
      }
      // Undocumented, but a charge must not take money from another user or for another sub-merchant.
      if (isSameUser(entry, order) && (fields?.sub_mchid ?? order.sub_mchid) === order.sub_mchid) return;
      const en = `Contract ${contractId} was signed by another user, or for another sub-merchant, than the order names.`;
      throw reject(400, 'INVALID_REQUEST', '签约协议与订单的用户或子商户不一致', en);
    },

    offeredWith(prepay_id) {
      const offered = [...entries.values()].find(({ fields }) => fields.prepay_id === prepay_id);
      return offered && String(offered.fields.out_contract_code);
    },

    userSigns(name) {
      const entry = findForUser(name);
      const { mchid, fields, isAbandoned, expiresAt } = entry;
      const { out_contract_code, prepay_id } = fields;
      if (entry.contract?.contract_state === 'TERMINATED') throw new TypeError(`${out_contract_code} is terminated`);
      if (entry.contract) return structuredClone(entry.contract);
      const order = orders.findByPrepayId(prepay_id);
      if (order && order.trade_state !== 'SUCCESS') {
        throw new TypeError(
          `${out_contract_code} is offered after the payment: order ${order.out_trade_no} is not paid yet`,
        );
      }
      if (isAbandoned) throw new TypeError(`the user has abandoned ${out_contract_code}; pre-sign it again`);
      if (now() > expiresAt) throw new TypeError(`${out_contract_code} was pre-signed more than two hours ago`);
      const { service_id, appid, sp_appid, openid, sp_openid, sub_appid, sub_openid, contract_display_account } =
        fields;
      entry.contract = {
        mchid,
        contract_id: entry.id.slice(0, 32),
        appid: appid ?? sp_appid,
        openid: openid ?? sp_openid,
        sub_appid,
        sub_openid,
        service_id,
        out_contract_code,
        contract_display_account,
        contract_state: 'SIGNED',
        contract_signed_time: time(),
      };
      changed(entry);
      notify('ENTRUST.SIGN', entry);
      return structuredClone(entry.contract);
    },

    userAbandons(name) {
      const entry = findForUser(name);
      if (entry.contract) throw new TypeError(`the user has signed ${entry.fields.out_contract_code}`);
      entry.isAbandoned = true;
      changed(entry);
    },

    userTerminates(name) {
      const entry = findForUser(name);
      const { contract } = entry;
      if (contract?.contract_state !== 'SIGNED') {
        throw new TypeError(`${entry.fields.out_contract_code} is ${contract ? 'already terminated' : 'not signed'}`);
      }
      end({ ...entry, contract }, { contract_termination_mode: 'USER_TERMINATE' });
      return structuredClone(contract);
    },

    notifyUrl({ mchid, out_contract_code }) {
      const { notify_url } = entries.get(`${mchid} ${out_contract_code}`)?.fields ?? {};
      return notify_url === undefined ? undefined : String(notify_url);
    },

    list: () => [...entries.values()].map(show),
  };
}

function show({ mode, scene, mchid, fields, createdAt, expiresAt, isAbandoned, contract }: Entry): GatewayContract {
  const { sub_mchid, service_id, out_contract_code, contract_display_account, notify_url, prepay_id } = fields;
  const { contract_id, contract_signed_time, contract_terminate_info } = contract ?? {};
  return {
    mchid,
    ...(sub_mchid !== undefined && { sub_mchid: String(sub_mchid) }),
    mode,
    scene,
    service_id: Number(service_id),
    out_contract_code: String(out_contract_code),
    contract_display_account: String(contract_display_account),
    openid: String(fields.openid ?? fields.sp_openid ?? fields.sub_openid),
    notify_url: String(notify_url),
    ...(prepay_id !== undefined && { prepay_id: String(prepay_id) }),
    state: contract?.contract_state ?? (isAbandoned ? 'ABANDONED' : 'PRE_SIGNED'),
    created_at: createdAt,
    expires_at: expiresAt,
    ...(contract_id !== undefined && { contract_id }),
    ...(contract_signed_time !== undefined && { contract_signed_time }),
    ...(contract_terminate_info !== undefined && { contract_terminate_info: { ...contract_terminate_info } }),
  };
}

/** Whether the payer of an order signed the contract. Users are compared only if both have an OpenID of the same kind. */
function isSameUser({ fields }: Entry, order: Record<string, unknown>): boolean {
  const payer = (order.payer ?? {}) as Record<string, unknown>;
  const own = fields.openid ?? fields.sp_openid;
  const paying = payer.openid ?? payer.sp_openid;
  const isSame = (signed: unknown, pays: unknown) => signed === undefined || pays === undefined || signed === pays;
  return isSame(own, paying) && isSame(fields.sub_openid, payer.sub_openid);
}

/** Returns the same session for the same contract, so that a repeated request gets the same response. */
function miniProgramSession(id: string): Record<string, string> {
  return { pre_entrustweb_id: id, sign_mp_appid: 'wx0000000000000000', sign_mp_path: `pages/sign/index?id=${id}` };
}

/** The contracts of all merchants: pre-signed, signed by the user, terminated. */
import { randomHex } from '../bytes.js';
import { readFields } from './checks/contract-body.js';
import { contractForm, type Mode, type Scene, terminationForm } from './checks/contract-fields.js';
import { Rejection } from './rejection.js';
import { ok, type UnsignedResponse } from './response.js';
import { rfc3339 } from './rfc3339.js';

/** A contract as a query shows it. */
export interface Contract extends Record<string, unknown> {
  mchid: string;
  contract_id: string;
  contract_state: 'SIGNED' | 'TERMINATED';
  contract_signed_time: string;
  contract_terminate_info?: object;
}

/** The values by which a merchant names a contract. */
export interface ContractName {
  mchid: string;
  service_id: string;
  out_contract_code: string;
}

interface Entry {
  /** The request in a form that can be compared. */
  fingerprint: string;
  fields: Record<string, unknown>;
  /** WeChat's own ids are made from it. */
  id: string;
  /** Set once the user has signed. */
  contract?: Contract;
}

export interface ContractStore {
  preSign(request: { mode: Mode; scene: Scene; mchid: string; body: Uint8Array }): UnsignedResponse;
  query(name: ContractName): UnsignedResponse;
  terminate(request: ContractName & { body: Uint8Array }): UnsignedResponse;
  /** The user signs a contract after paying. */
  userSigns(name: Pick<ContractName, 'mchid' | 'out_contract_code'>): Contract;
  /** Where notifications about a contract go. */
  notifyUrl(name: { mchid: string; out_contract_code: unknown }): string | undefined;
}

export function createContractStore(now: () => number): ContractStore {
  /** By merchant and contract number. */
  const entries = new Map<string, Entry>();
  const time = () => rfc3339(now());

  function find({ mchid, service_id, out_contract_code }: ContractName): Contract {
    const { contract, fields } = entries.get(`${mchid} ${out_contract_code}`) ?? {};
    if (contract && String(fields?.service_id) === service_id) return contract;
    throw new Rejection(404, 'RESOURCE_NOT_EXISTS', '签约协议不存在');
  }

  return {
    preSign({ mode, scene, mchid, body }) {
      const fields = readFields(body, contractForm(mode, scene));
      const { service_id, out_contract_code, sub_mchid } = fields;

      const key = `${mchid} ${out_contract_code}`;
      const entry = entries.get(key);
      // The order of the keys in the JSON makes no difference.
      const fingerprint = JSON.stringify([mode, scene, Object.entries(fields).sort()]);
      const detail = { location: 'body', field: '/out_contract_code', value: out_contract_code };
      if (entry?.contract?.contract_state === 'TERMINATED') {
        throw new Rejection(400, 'INVALID_REQUEST', '商户协议号out_contract_code已解约，不可重复使用', detail);
      }
      if ((entry?.fingerprint ?? fingerprint) !== fingerprint) {
        throw new Rejection(400, 'INVALID_REQUEST', '商户协议号out_contract_code重复，且参数与此前请求不一致', detail);
      }
      const { id } = entry ?? { id: randomHex(32) };
      if (entry === undefined) entries.set(key, { fingerprint, fields, id });

      return ok({
        mchid,
        ...(mode === 'service-provider' && { sub_mchid }),
        service_id,
        out_contract_code,
        ...(scene === 'mini-program' && miniProgramSession(id)),
      });
    },

    query: (name) => ok(find(name)),

    terminate({ body, ...name }) {
      const { contract_termination_remark } = readFields(body, terminationForm());
      const contract = find(name);
      if (contract.contract_state !== 'SIGNED') throw new Rejection(400, 'INVALID_REQUEST', '签约协议已解约');
      contract.contract_state = 'TERMINATED';
      contract.contract_terminate_info = {
        contract_termination_mode: 'MERCHANT_TERMINATE',
        contract_terminated_time: time(),
        contract_termination_remark,
      };
      const { mchid, service_id, out_contract_code } = name;
      return ok({ mchid, service_id: Number(service_id), out_contract_code });
    },

    userSigns({ mchid, out_contract_code }) {
      const entry = entries.get(`${mchid} ${out_contract_code}`);
      if (!entry) throw new TypeError(`merchant ${mchid} has not pre-signed the contract ${out_contract_code}`);
      if (entry.contract?.contract_state === 'TERMINATED') throw new TypeError(`${out_contract_code} is terminated`);
      const { appid, sp_appid, openid, sp_openid, sub_appid, sub_openid, contract_display_account } = entry.fields;
      entry.contract = {
        mchid,
        contract_id: entry.id.slice(0, 32),
        appid: appid ?? sp_appid,
        openid: openid ?? sp_openid,
        sub_appid,
        sub_openid,
        contract_display_account,
        contract_state: 'SIGNED',
        contract_signed_time: time(),
      };
      return { ...entry.contract };
    },

    notifyUrl({ mchid, out_contract_code }) {
      const { notify_url } = entries.get(`${mchid} ${out_contract_code}`)?.fields ?? {};
      return notify_url === undefined ? undefined : String(notify_url);
    },
  };
}

/** The same contract gets the same session, so that a repeated request gets the same response. */
function miniProgramSession(id: string): Record<string, string> {
  return { pre_entrustweb_id: id, sign_mp_appid: 'wx0000000000000000', sign_mp_path: `pages/sign/index?id=${id}` };
}

/** The contracts of all merchants: pre-signed, signed by the user, terminated. */
import { randomHex } from '../bytes.js';
import { ok } from './answer.js';
import { readFields } from './judge/contract-body.js';
import { contractForm, terminationForm } from './judge/contract-fields.js';
import { Refusal } from './refusal.js';
import { rfc3339 } from './rfc3339.js';

/**
 * @typedef {import('./judge/contract-fields.js').Mode} Mode
 * @typedef {import('./judge/contract-fields.js').Scene} Scene
 * @typedef {import('./answer.js').Content} Content
 *
 * @typedef {object} Entry
 * @property {string} question  what was asked
 * @property {Record<string, unknown>} asked
 * @property {string} id  what WeChat's own names for it are made from
 * @property {Contract} [contract]  once the user has signed
 *
 * @typedef {Record<string, unknown> & { mchid: string, contract_id: string, contract_state: 'SIGNED' | 'TERMINATED',
 *   contract_signed_time: string, contract_terminate_info?: object }} Contract  as a query shows it
 *
 * @typedef {{ mchid: string, service_id: string, out_contract_code: string }} Name
 * @typedef {ReturnType<typeof createContractBook>} ContractBook
 */

/** @param {() => number} now */
export function createContractBook(now) {
  /** @type {Map<string, Entry>}  by merchant and contract number */
  const entries = new Map();
  const time = () => rfc3339(now());

  /** @param {Name} name */
  function signed({ mchid, service_id, out_contract_code }) {
    const { contract, asked } = entries.get(`${mchid} ${out_contract_code}`) ?? {};
    if (contract && String(asked?.['service_id']) === service_id) return contract;
    throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '签约协议不存在');
  }

  return {
    /**
     * @param {{ mode: Mode, scene: Scene, mchid: string, body: Uint8Array }} request
     * @returns {Content}
     */
    preSign({ mode, scene, mchid, body }) {
      const asked = readFields(body, contractForm(mode, scene));
      const { service_id, out_contract_code, sub_mchid } = asked;

      const key = `${mchid} ${out_contract_code}`;
      const entry = entries.get(key);
      // The order of keys in the JSON is not part of what is asked.
      const question = JSON.stringify([mode, scene, Object.entries(asked).sort()]);
      const field = { location: 'body', field: '/out_contract_code', value: out_contract_code };
      if (entry?.contract?.contract_state === 'TERMINATED') {
        throw new Refusal(400, 'INVALID_REQUEST', '商户协议号out_contract_code已解约，不可重复使用', field);
      }
      if ((entry?.question ?? question) !== question) {
        throw new Refusal(400, 'INVALID_REQUEST', '商户协议号out_contract_code重复，且参数与此前请求不一致', field);
      }
      const { id } = entry ?? { id: randomHex(32) };
      if (entry === undefined) entries.set(key, { question, asked, id });

      return ok({
        mchid,
        ...(mode === 'service-provider' && { sub_mchid }),
        service_id,
        out_contract_code,
        ...(scene === 'mini-program' && miniProgramSession(id)),
      });
    },

    /**
     * What the user does after paying.
     * @param {{ mchid: string, out_contract_code: string }} name
     * @returns {Contract}
     */
    userSigns({ mchid, out_contract_code }) {
      const entry = entries.get(`${mchid} ${out_contract_code}`);
      if (!entry) throw new TypeError(`${mchid} has pre-signed no contract ${out_contract_code}`);
      if (entry.contract?.contract_state === 'TERMINATED') throw new TypeError(`${out_contract_code} is terminated`);
      const { appid, sp_appid, openid, sp_openid, sub_appid, sub_openid, contract_display_account } = entry.asked;
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

    /**
     * @param {Name} name
     * @returns {Content}
     */
    query: (name) => ok(signed(name)),

    /**
     * @param {Name & { body: Uint8Array }} request
     * @returns {Content}
     */
    terminate({ body, ...name }) {
      const { contract_termination_remark } = readFields(body, terminationForm());
      const contract = signed(name);
      if (contract.contract_state !== 'SIGNED') throw new Refusal(400, 'INVALID_REQUEST', '签约协议已解约');
      contract.contract_state = 'TERMINATED';
      contract.contract_terminate_info = {
        contract_termination_mode: 'MERCHANT_TERMINATE',
        contract_terminated_time: time(),
        contract_termination_remark,
      };
      const { mchid, service_id, out_contract_code } = name;
      return ok({ mchid, service_id: Number(service_id), out_contract_code });
    },

    /**
     * Where the merchant wants to hear about a contract.
     * @param {{ mchid: string, out_contract_code: unknown }} name
     */
    notifyUrl({ mchid, out_contract_code }) {
      const { notify_url } = entries.get(`${mchid} ${out_contract_code}`)?.asked ?? {};
      return notify_url === undefined ? undefined : String(notify_url);
    },
  };
}

/** @param {string} id  the same contract gets the same session, so a repeat is answered alike */
function miniProgramSession(id) {
  return { pre_entrustweb_id: id, sign_mp_appid: 'wx0000000000000000', sign_mp_path: `pages/sign/index?id=${id}` };
}

/** The pre-signed contracts: what was asked under each merchant's contract number. */
import { createHash } from 'node:crypto';
import { readContract } from './judge/contract-body.js';
import { Refusal } from './refusal.js';

/**
 * @typedef {import('./judge/contract-fields.js').Mode} Mode
 * @typedef {import('./judge/contract-fields.js').Scene} Scene
 */

export function createContractBook() {
  /** @type {Map<string, string>}  from merchant and contract number to what was asked */
  const asked = new Map();

  return {
    /**
     * @param {{ mode: Mode, scene: Scene, mchid: string, body: Buffer }} request
     * @returns {import('./answer.js').Content}
     */
    preSign({ mode, scene, mchid, body }) {
      const contract = readContract(body, mode, scene);
      const { service_id, out_contract_code, sub_mchid } = contract;

      const key = `${mchid} ${out_contract_code}`;
      // The order of keys in the JSON is not part of what is asked.
      const question = JSON.stringify([mode, scene, Object.entries(contract).sort()]);
      if ((asked.get(key) ?? question) !== question) {
        throw new Refusal(400, 'INVALID_REQUEST', '商户协议号out_contract_code重复，且参数与此前请求不一致', {
          location: 'body',
          field: '/out_contract_code',
          value: out_contract_code,
        });
      }
      asked.set(key, question);

      return ok({
        mchid,
        ...(mode === 'service-provider' && { sub_mchid }),
        service_id,
        out_contract_code,
        ...(scene === 'mini-program' && miniProgramSession(key)),
      });
    },
  };
}

/** @param {string} key  the same contract gets the same session, so a repeat is answered alike */
function miniProgramSession(key) {
  const id = createHash('sha256').update(key).digest('hex');
  return { pre_entrustweb_id: id, sign_mp_appid: 'wx0000000000000000', sign_mp_path: `pages/sign/index?id=${id}` };
}

/** @param {object} body */
const ok = (body) => ({ status: 200, code: 'OK', message: '', body: JSON.stringify(body) });

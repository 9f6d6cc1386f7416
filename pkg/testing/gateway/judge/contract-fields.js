/**
 * The fields of a pre-entrust-sign request, as a table. Lengths count Unicode characters.
 *
 * @typedef {object} FieldRule
 * @property {string} title  WeChat's name for it, quoted in its errors
 * @property {'string' | 'integer'} type
 * @property {number} [maxLength]
 * @property {RegExp} [pattern]
 *
 * @typedef {typeof MODES[number]} Mode
 * @typedef {typeof SCENES[number]} Scene
 */

export const MODES = /** @type {const} */ (['ecommerce', 'normal', 'service-provider', 'qs']);
export const SCENES = /** @type {const} */ (['pay-redirect-sign', 'mini-program']);

const FIELDS = {
  appid: string('应用ID', 32),
  sp_appid: string('服务商应用ID', 32),
  sub_appid: string('子商户应用ID', 32),
  sub_mchid: string('子商户号', 32),
  openid: string('用户标识', 128),
  sp_openid: string('用户服务商标识', 128),
  sub_openid: string('用户子标识', 128),
  service_id: /** @type {FieldRule} */ ({ title: '免密服务ID', type: 'integer' }),
  out_contract_code: string('商户协议号', 32, /^[0-9A-Za-z]+$/),
  notify_url: string('通知地址', 256, /^https:\/\/[^\s\/?#@]+(\/[^\s?#]*)?$/),
  contract_display_account: string('签约用户名称', 32),
  prepay_id: string('预支付交易会话标识', 64),
  contract_termination_remark: string('解约备注', 256),
};

/** @typedef {keyof typeof FIELDS} FieldName */

/** @type {FieldName[]} */
const OF_EVERY_MODE = ['service_id', 'out_contract_code', 'notify_url', 'contract_display_account'];

/** @type {Record<Mode, { required: FieldName[], oneOf: FieldName[] }>} */
const BY_MODE = {
  ecommerce: { required: ['appid', 'openid'], oneOf: [] },
  normal: { required: ['appid', 'openid'], oneOf: [] },
  'service-provider': { required: ['sp_appid', 'sub_mchid', 'sub_appid'], oneOf: ['sp_openid', 'sub_openid'] },
  qs: { required: ['appid', 'sub_appid', 'sub_mchid'], oneOf: ['openid', 'sub_openid'] },
};

/** @type {Record<Scene, FieldName[]>} */
const BY_SCENE = { 'pay-redirect-sign': ['prepay_id'], 'mini-program': [] };

/** @typedef {{ required: FieldName[], oneOf: FieldName[], rules: Map<string, FieldRule> }} Form  oneOf: at least one of these */

/**
 * What is asked in a pre-sign.
 * @param {Mode} mode
 * @param {Scene} scene
 * @returns {Form}
 */
export function contractForm(mode, scene) {
  const { required, oneOf } = BY_MODE[mode];
  const all = [...required, ...OF_EVERY_MODE, ...BY_SCENE[scene]];
  return { required: all, oneOf, rules: new Map([...all, ...oneOf].map((name) => [name, FIELDS[name]])) };
}

/**
 * What is asked in a termination.
 * @returns {Form}
 */
export function terminationForm() {
  const name = 'contract_termination_remark';
  return { required: [name], oneOf: [], rules: new Map([[name, FIELDS[name]]]) };
}

/**
 * @param {string} title
 * @param {number} maxLength
 * @param {RegExp} [pattern]
 * @returns {FieldRule}
 */
function string(title, maxLength, pattern) {
  return { title, type: 'string', maxLength, pattern };
}

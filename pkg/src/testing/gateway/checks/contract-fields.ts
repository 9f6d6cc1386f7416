/** The fields of requests about contracts. */
import { type FieldRule, type Form, form, integer, notifyUrl, text } from './fields.js';

export const MODES = ['ecommerce', 'normal', 'service-provider', 'qs'] as const;
export const SCENES = ['pay-redirect-sign', 'mini-program'] as const;

export type Mode = (typeof MODES)[number];
export type Scene = (typeof SCENES)[number];

type FieldName =
  | 'appid'
  | 'sp_appid'
  | 'sub_appid'
  | 'sub_mchid'
  | 'openid'
  | 'sp_openid'
  | 'sub_openid'
  | 'service_id'
  | 'out_contract_code'
  | 'notify_url'
  | 'contract_display_account'
  | 'prepay_id';

const rules = (allowLoopback: boolean): Record<FieldName, FieldRule> => ({
  appid: text('应用ID', 32),
  sp_appid: text('服务商应用ID', 32),
  sub_appid: text('子商户应用ID', 32),
  sub_mchid: text('子商户号', 32),
  openid: text('用户标识', 128),
  sp_openid: text('用户服务商标识', 128),
  sub_openid: text('用户子标识', 128),
  service_id: integer('免密服务ID'),
  out_contract_code: text('商户协议号', 32, { pattern: /^[0-9A-Za-z]+$/ }),
  notify_url: notifyUrl(256, allowLoopback),
  contract_display_account: text('签约用户名称', 32),
  prepay_id: text('预支付交易会话标识', 64),
});

const COMMON_FIELDS: FieldName[] = ['service_id', 'out_contract_code', 'notify_url', 'contract_display_account'];

const MODE_FIELDS: Record<Mode, { required: FieldName[]; oneOf: FieldName[] }> = {
  ecommerce: { required: ['appid', 'openid'], oneOf: [] },
  normal: { required: ['appid', 'openid'], oneOf: [] },
  'service-provider': { required: ['sp_appid', 'sub_mchid', 'sub_appid'], oneOf: ['sp_openid', 'sub_openid'] },
  qs: { required: ['appid', 'sub_appid', 'sub_mchid'], oneOf: ['openid', 'sub_openid'] },
};

const SCENE_FIELDS: Record<Scene, FieldName[]> = { 'pay-redirect-sign': ['prepay_id'], 'mini-program': [] };

/** The fields of a pre-sign request. */
export function contractForm(mode: Mode, scene: Scene, allowLoopback: boolean): Form {
  const { required, oneOf } = MODE_FIELDS[mode];
  const all = [...required, ...COMMON_FIELDS, ...SCENE_FIELDS[scene]];
  const known = rules(allowLoopback);
  return { required: all, oneOf, rules: new Map([...all, ...oneOf].map((name) => [name, known[name]])) };
}

/** The field of a termination. */
export const TERMINATION: Form = form({ contract_termination_remark: text('解约备注', 256) });

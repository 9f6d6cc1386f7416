/** The fields of the requests about contracts. Lengths count Unicode characters. */

export interface FieldRule {
  /** WeChat's name of the field, which its errors quote. */
  title: string;
  type: 'string' | 'integer';
  maxLength?: number;
  pattern?: RegExp;
}

export const MODES = ['ecommerce', 'normal', 'service-provider', 'qs'] as const;
export const SCENES = ['pay-redirect-sign', 'mini-program'] as const;

export type Mode = (typeof MODES)[number];
export type Scene = (typeof SCENES)[number];

const FIELDS = {
  appid: text('应用ID', 32),
  sp_appid: text('服务商应用ID', 32),
  sub_appid: text('子商户应用ID', 32),
  sub_mchid: text('子商户号', 32),
  openid: text('用户标识', 128),
  sp_openid: text('用户服务商标识', 128),
  sub_openid: text('用户子标识', 128),
  service_id: { title: '免密服务ID', type: 'integer' },
  out_contract_code: text('商户协议号', 32, /^[0-9A-Za-z]+$/),
  notify_url: text('通知地址', 256, /^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/),
  contract_display_account: text('签约用户名称', 32),
  prepay_id: text('预支付交易会话标识', 64),
  contract_termination_remark: text('解约备注', 256),
} satisfies Record<string, FieldRule>;

type FieldName = keyof typeof FIELDS;

const COMMON_FIELDS: FieldName[] = ['service_id', 'out_contract_code', 'notify_url', 'contract_display_account'];

const MODE_FIELDS: Record<Mode, { required: FieldName[]; oneOf: FieldName[] }> = {
  ecommerce: { required: ['appid', 'openid'], oneOf: [] },
  normal: { required: ['appid', 'openid'], oneOf: [] },
  'service-provider': { required: ['sp_appid', 'sub_mchid', 'sub_appid'], oneOf: ['sp_openid', 'sub_openid'] },
  qs: { required: ['appid', 'sub_appid', 'sub_mchid'], oneOf: ['openid', 'sub_openid'] },
};

const SCENE_FIELDS: Record<Scene, FieldName[]> = { 'pay-redirect-sign': ['prepay_id'], 'mini-program': [] };

export interface Form {
  required: FieldName[];
  /** At least one of these is required. */
  oneOf: FieldName[];
  rules: Map<string, FieldRule>;
}

/** The fields of a pre-sign request. */
export function contractForm(mode: Mode, scene: Scene): Form {
  const { required, oneOf } = MODE_FIELDS[mode];
  const all = [...required, ...COMMON_FIELDS, ...SCENE_FIELDS[scene]];
  return { required: all, oneOf, rules: new Map([...all, ...oneOf].map((name) => [name, FIELDS[name]])) };
}

/** The field of a termination. */
export function terminationForm(): Form {
  const name = 'contract_termination_remark';
  return { required: [name], oneOf: [], rules: new Map([[name, FIELDS[name]]]) };
}

function text(title: string, maxLength: number, pattern?: RegExp): FieldRule {
  return { title, type: 'string', maxLength, ...(pattern && { pattern }) };
}

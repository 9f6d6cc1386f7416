/** Reads the body of a request about a contract. The rejection names the wrong field. */
import type { FieldRule, Form } from './contract-fields.js';
import { invalidBody, readObject } from './json-body.js';

export function readFields(body: Uint8Array, { required, oneOf, rules }: Form): Record<string, unknown> {
  const contract = readObject(body);
  const text = new TextDecoder().decode(body);

  for (const [name, value] of Object.entries(contract)) {
    const rule = rules.get(name);
    if (!rule) throw invalidBody(name, value, '请求中含有未在API文档中定义的参数');
    checkField(name, value, rule, text);
  }
  for (const name of required) {
    if (!(name in contract)) throw missing(name, rules.get(name)?.title);
  }
  if (oneOf.length > 0 && !oneOf.some((name) => name in contract)) {
    throw missing(oneOf.join('|'), oneOf.map((name) => rules.get(name)?.title).join('”或“'));
  }
  return contract;
}

/** `text` is the whole body: parsed JSON no longer shows how a number was written. */
function checkField(name: string, value: unknown, rule: FieldRule, text: string): void {
  const { title, type, maxLength = Infinity, pattern = /^/ } = rule;
  const unreadable = `无法将 JSON 输入源“/body/${name}”映射到目标字段“${title}”中，此字段需要一个`;
  if (type === 'integer') {
    // 1.0 and 1e3 parse to integers, but a 64-bit integer field does not accept them. A quote inside a JSON string is
    // escaped, so this pattern can only match the key itself.
    const isWrittenAsInteger = new RegExp(`"${name}"\\s*:\\s*-?\\d+\\s*[,}]`).test(text);
    if (Number.isSafeInteger(value) && isWrittenAsInteger) return;
    throw invalidBody(name, value, `${unreadable}合法的 64 位有符号整数`);
  }
  if (typeof value !== 'string') throw invalidBody(name, value, `${unreadable} string 类型的 Json 值`);

  const broken = `输入源“/body/${name}”映射到值字段“${title}”字符串规则校验失败，`;
  const length = [...value].length;
  if (length === 0) throw invalidBody(name, value, `${broken}字符数 0，小于最小值 1`);
  if (length > maxLength) throw invalidBody(name, value, `${broken}字符数 ${length}，大于最大值 ${maxLength}`);
  if (/[\u{10000}-\u{10FFFF}\uD800-\uDFFF]/u.test(value)) {
    throw invalidBody(name, value, `${broken}仅支持1至3字节的UTF-8字符`);
  }
  if (!pattern.test(value)) throw invalidBody(name, value, `${broken}字符串必须匹配正则表达式“${pattern.source}”`);
}

const missing = (name: string, title: string | undefined) =>
  invalidBody(name, '', `输入源“/body/${name}”映射到字段“${title}”必填性规则校验失败，此字段为必填项`);

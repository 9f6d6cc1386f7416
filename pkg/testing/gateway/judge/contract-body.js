/** Reads the body of a request about a contract, or says which field is wrong. */
import { readObject, wrong } from './json-body.js';

/**
 * @typedef {import('./contract-fields.js').FieldRule} FieldRule
 * @typedef {import('./contract-fields.js').Form} Form
 */

/**
 * @param {Uint8Array} body
 * @param {Form} form
 * @returns {Record<string, unknown>}
 */
export function readFields(body, { required, oneOf, rules }) {
  const contract = readObject(body);
  const text = new TextDecoder().decode(body);

  for (const [name, value] of Object.entries(contract)) {
    const rule = rules.get(name);
    if (!rule) throw wrong(name, value, '请求中含有未在API文档中定义的参数');
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

/**
 * @param {string} name
 * @param {unknown} value
 * @param {FieldRule} rule
 * @param {string} text  the body, for what parsing loses
 */
function checkField(name, value, { title, type, maxLength = Infinity, pattern = /^/ }, text) {
  const unreadable = `无法将 JSON 输入源“/body/${name}”映射到目标字段“${title}”中，此字段需要一个`;
  if (type === 'integer') {
    // 1.0 and 1e3 parse to integers, and are not what a 64-bit integer field takes. A quote inside a JSON string is
    // escaped, so this finds the key itself.
    const written = new RegExp(`"${name}"\\s*:\\s*-?\\d+\\s*[,}]`).test(text);
    if (Number.isSafeInteger(value) && written) return;
    throw wrong(name, value, `${unreadable}合法的 64 位有符号整数`);
  }
  if (typeof value !== 'string') throw wrong(name, value, `${unreadable} string 类型的 Json 值`);

  const broken = `输入源“/body/${name}”映射到值字段“${title}”字符串规则校验失败，`;
  const length = [...value].length;
  if (length === 0) throw wrong(name, value, `${broken}字符数 0，小于最小值 1`);
  if (length > maxLength) throw wrong(name, value, `${broken}字符数 ${length}，大于最大值 ${maxLength}`);
  if (/[\u{10000}-\u{10FFFF}\uD800-\uDFFF]/u.test(value))
    throw wrong(name, value, `${broken}仅支持1至3字节的UTF-8字符`);
  if (!pattern.test(value)) throw wrong(name, value, `${broken}字符串必须匹配正则表达式“${pattern.source}”`);
}

/**
 * @param {string} name
 * @param {string} [title]
 */
const missing = (name, title) =>
  wrong(name, '', `输入源“/body/${name}”映射到字段“${title}”必填性规则校验失败，此字段为必填项`);

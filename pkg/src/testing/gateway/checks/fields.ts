/** Reads the fields of a JSON body. The rejection names the wrong field. Lengths count Unicode characters. */
import { invalidBody, isObject, readObject } from './json-body.js';

export interface FieldRule {
  /** WeChat's name for the field. Errors quote it. */
  title: string;
  type: 'string' | 'integer' | 'boolean' | 'object' | 'array';
  minLength?: number;
  maxLength?: number;
  pattern?: RegExp;
  /** Of an integer. */
  minimum?: number;
  /** The fields of an object, or of each object in an array. */
  form?: Form;
}

/** The fields of an object. Other fields are rejected. */
export interface Form {
  required: readonly string[];
  /** At least one of these is required. */
  oneOf: readonly string[];
  rules: ReadonlyMap<string, FieldRule>;
}

/** Makes a form from rules. A name that ends in `?` is optional. */
export function form(rules: Record<string, FieldRule>, oneOf: readonly string[] = []): Form {
  const named = Object.entries(rules).map(([key, rule]) => ({ key, name: key.replace(/\?$/, ''), rule }));
  return {
    required: named.filter(({ key, name }) => key === name).map(({ name }) => name),
    oneOf,
    rules: new Map(named.map(({ name, rule }) => [name, rule])),
  };
}

export const text = (title: string, maxLength: number, more: Partial<FieldRule> = {}): FieldRule => ({
  title,
  type: 'string',
  maxLength,
  ...more,
});
export const integer = (title: string, minimum?: number): FieldRule => ({
  title,
  type: 'integer',
  ...(minimum !== undefined && { minimum }),
});
export const flag = (title: string): FieldRule => ({ title, type: 'boolean' });
export const object = (title: string, fields: Form): FieldRule => ({ title, type: 'object', form: fields });
export const list = (title: string, fields: Form): FieldRule => ({ title, type: 'array', form: fields });

/** A URL for notifications. `allowLoopback` also accepts plain HTTP to this machine. */
export function notifyUrl(maxLength: number, allowLoopback: boolean, title = '通知地址'): FieldRule {
  return text(title, maxLength, { pattern: allowLoopback ? HTTPS_OR_LOOPBACK : HTTPS });
}

const HTTPS = /^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/;
const HTTPS_OR_LOOPBACK =
  /^(https:\/\/[^\s/?#@]+|http:\/\/(127(\.\d{1,3}){3}|([\w-]+\.)*localhost|\[::1\])(:\d{1,5})?)(\/[^\s?#]*)?$/;

/** Reads the body and checks its fields. */
export function readFields(body: Uint8Array, fields: Form): Record<string, unknown> {
  const value = readObject(body);
  checkObject('', value, fields, new TextDecoder().decode(body));
  return value;
}

/** `body` is the whole body as text, since parsed JSON does not show how a number was written. */
function checkObject(prefix: string, value: Record<string, unknown>, { required, oneOf, rules }: Form, body: string) {
  for (const [name, field] of Object.entries(value)) {
    const rule = rules.get(name);
    const path = prefix + name;
    if (!rule) {
      const en = `The API has no field ${path}. Check its spelling, or leave it out.`;
      throw invalidBody(path, field, '请求中含有未在API文档中定义的参数', en);
    }
    checkField(path, field, rule, body);
  }
  for (const name of required) {
    if (!(name in value)) throw missing(prefix + name, rules.get(name)?.title);
  }
  if (oneOf.length > 0 && !oneOf.some((name) => name in value)) {
    throw missing(
      oneOf.map((name) => prefix + name).join('|'),
      oneOf.map((name) => rules.get(name)?.title).join('”或“'),
    );
  }
}

function checkField(path: string, value: unknown, rule: FieldRule, body: string): void {
  const { title, type, minimum, form: fields } = rule;
  const unreadable = `无法将 JSON 输入源“/body/${path}”映射到目标字段“${title}”中，此字段需要一个`;
  const wrongType = (zh: string, en: string) =>
    invalidBody(path, value, `${unreadable}${zh}`, `${path} must be ${en}.`);
  const broken = `输入源“/body/${path}”映射到值字段“${title}”`;
  switch (type) {
    case 'integer':
      if (!Number.isSafeInteger(value) || !isWrittenAsInteger(path, body)) {
        throw wrongType('合法的 64 位有符号整数', 'an integer, without quotes, fraction or exponent');
      }
      if (minimum !== undefined && Number(value) < minimum) {
        const zh = `${broken}数值规则校验失败，值小于最小值 ${minimum}`;
        throw invalidBody(path, value, zh, `${path} must be ${minimum} or more.`);
      }
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(' boolean 类型的 Json 值', 'true or false, without quotes');
      return;
    case 'object':
      if (!isObject(value)) throw wrongType(' Json 对象', 'an object');
      if (fields) checkObject(`${path}/`, value, fields, body);
      return;
    case 'array':
      if (!Array.isArray(value) || value.length === 0)
        throw wrongType('非空的 Json 数组', 'an array that is not empty');
      for (const [index, element] of value.entries()) {
        checkField(`${path}/${index}`, element, { ...rule, type: 'object' }, body);
      }
      return;
    case 'string':
      if (typeof value !== 'string') throw wrongType(' string 类型的 Json 值', 'a string');
      checkText(path, value, rule);
  }
}

function checkText(
  path: string,
  value: string,
  { title, minLength = 1, maxLength = Infinity, pattern }: FieldRule,
): void {
  const broken = (zh: string, en: string) =>
    invalidBody(path, value, `输入源“/body/${path}”映射到值字段“${title}”字符串规则校验失败，${zh}`, `${path} ${en}.`);
  const length = [...value].length;
  if (length < minLength) {
    throw broken(
      `字符数 ${length}，小于最小值 ${minLength}`,
      `has ${length} characters; at least ${minLength} are needed`,
    );
  }
  if (length > maxLength) {
    throw broken(
      `字符数 ${length}，大于最大值 ${maxLength}`,
      `has ${length} characters; at most ${maxLength} are allowed`,
    );
  }
  if (/[\u{10000}-\u{10FFFF}\uD800-\uDFFF]/u.test(value)) {
    throw broken('仅支持1至3字节的UTF-8字符', 'must not contain emoji or other characters of 4 bytes in UTF-8');
  }
  if (pattern && !pattern.test(value)) {
    throw broken(`字符串必须匹配正则表达式“${pattern.source}”`, `must match the regular expression ${pattern.source}`);
  }
}

/**
 * 1.0 and 1e3 parse to integers, but a 64-bit integer field does not accept them. A quote inside a JSON string is escaped, so
 * these patterns can only match a key itself.
 */
function isWrittenAsInteger(path: string, body: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const isWrittenOtherwise = new RegExp(`"${name}"\\s*:\\s*-?\\d+[.eE]`).test(body);
  return !isWrittenOtherwise && new RegExp(`"${name}"\\s*:\\s*-?\\d+\\s*[,}]`).test(body);
}

const missing = (path: string, title: string | undefined) =>
  invalidBody(
    path,
    '',
    `输入源“/body/${path}”映射到字段“${title}”必填性规则校验失败，此字段为必填项`,
    `${path.replaceAll('|', ' or ')} is required.`,
  );

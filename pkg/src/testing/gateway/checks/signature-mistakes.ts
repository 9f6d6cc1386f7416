/**
 * Explains a wrong signature. Each of the usual mistakes leads to another message, key or algorithm. All are tried: if the
 * signature verifies with one of them, that was the caller's mistake.
 */
import { type Bytes, concat, derOf, fromBase64, latin1, utf8 } from '../../bytes.js';
import { importPublicKey, RSA, type TestMerchant } from '../../keys.js';
import type { GatewayRequest } from '../gateway.js';
import type { RejectionExplanation } from '../rejection.js';
import { sortKeys } from '../sort-keys.js';
import type { Authorization } from './authorization.js';
import { isMultipart, signedRequest } from './multipart.js';
import { messageOf } from './signature.js';

type SigningMerchant = Pick<TestMerchant, 'mchid' | 'serial' | 'publicKey'>;

/** A part of the message, in a form that the caller may have signed. */
interface Variant<Value> {
  value: Value;
  reason: string;
  en: string;
  zh: string;
}

interface Mistake {
  reason: string;
  en: string;
  zh: string;
  message: Bytes;
}

/** `request` is the received request. `authorization` names a known merchant and serial. */
export async function explainSignature(
  request: GatewayRequest,
  authorization: Authorization,
  merchants: readonly SigningMerchant[],
): Promise<RejectionExplanation> {
  const { mchid, serial_no } = authorization;
  const correct = messageOf(signedRequest(request), authorization);
  const expected = asText(correct);
  const found = (mistake: Omit<Mistake, 'message'>, actual?: string): RejectionExplanation => ({
    ...mistake,
    where: 'Authorization',
    expected,
    ...(actual !== undefined && { actual }),
  });

  const own = merchants.find((merchant) => merchant.mchid === mchid && merchant.serial === serial_no);
  const signature = decodeLeniently(authorization.signature);
  if (own === undefined || signature === undefined) return found(NOT_BASE64);
  const key = await importPublicKey(own.publicKey);
  const verifies = (message: Bytes) => crypto.subtle.verify(RSA.name, key, signature, message);

  // Otherwise the request would have been accepted.
  if (await verifies(correct)) return found(NOT_BASE64);
  for (const { message, ...mistake } of otherMessages(request, authorization)) {
    if (await verifies(message)) return found(mistake, asText(message));
  }
  for (const other of merchants) {
    if (other === own) continue;
    const otherKey = await importPublicKey(other.publicKey);
    if (await crypto.subtle.verify(RSA.name, otherKey, signature, correct)) return found(otherKeySigned(other, own));
  }
  for (const { algorithm, name } of OTHER_ALGORITHMS) {
    const otherKey = await crypto.subtle.importKey('spki', derOf(own.publicKey), algorithm, false, ['verify']);
    if (await crypto.subtle.verify(algorithm, otherKey, signature, correct)) {
      return found({
        reason: 'other-algorithm',
        en: `The signature was made with ${name}. Use RSASSA-PKCS1-v1_5 with SHA-256.`,
        zh: `签名算法为 ${name}，应使用 SHA256 with RSA（PKCS#1 v1.5）。`,
      });
    }
  }
  return found(signature.length === modulusLength(own.publicKey) ? UNEXPLAINED : wrongLength(signature.length));
}

const asText = (message: Uint8Array): string => new TextDecoder().decode(message);

const NOT_BASE64 = {
  reason: 'signature-encoding',
  en: 'The signature is not standard Base64 with its padding. Encode its bytes with the letters A-Z a-z 0-9 + / and =.',
  zh: '签名值不是标准的 Base64 编码（字符集为 A-Z a-z 0-9 + /，并以“=”填充）。',
};

const UNEXPLAINED = {
  reason: 'signature',
  en:
    'None of the usual mistakes explains this signature. Compare the message that you sign with the expected one byte by ' +
    'byte, and check that the private key belongs to the certificate of serial_no.',
  zh: '该签名不属于任何一种常见错误。请逐字节比对待签名串，并确认签名私钥与 serial_no 对应的商户 API 证书匹配。',
};

const wrongLength = (length: number) => ({
  reason: 'signature-length',
  en: `The signature has ${length} bytes, so this key did not make it. An HMAC or MD5 signature of APIv2 does not work here.`,
  zh: `签名值的长度为 ${length} 字节，不是由该私钥生成的。此处不能使用 APIv2 的 HMAC 或 MD5 签名。`,
});

const otherKeySigned = (other: SigningMerchant, own: SigningMerchant) => ({
  reason: 'other-key',
  en:
    `The message is right, but the private key of serial ${other.serial} (merchant ${other.mchid}) signed it. ` +
    (other.mchid === own.mchid ? `Send serial_no="${other.serial}".` : `Sign with the key of merchant ${own.mchid}.`),
  zh:
    `待签名串正确，但签名私钥对应的证书序列号为 ${other.serial}（商户号 ${other.mchid}）。` +
    (other.mchid === own.mchid ? `请将 serial_no 设为 "${other.serial}"。` : `请使用商户号 ${own.mchid} 的私钥签名。`),
});

const OTHER_ALGORITHMS = [
  { name: 'SHA-1', algorithm: { name: RSA.name, hash: 'SHA-1' } },
  { name: 'SHA-512', algorithm: { name: RSA.name, hash: 'SHA-512' } },
  { name: 'RSA-PSS', algorithm: { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 } },
];

/** The messages that the usual mistakes lead to, the most likely first. */
function* otherMessages(request: GatewayRequest, authorization: Authorization): Generator<Mistake> {
  const received = signedRequest(request);
  const { method, path, body } = received;
  const { timestamp, nonce_str } = authorization;
  const lines = (parts: { method?: string; path?: string; body?: Uint8Array }, end = '\n', last = end): Bytes => {
    const head = [parts.method ?? method, parts.path ?? path, timestamp, nonce_str].map((line) => line + end).join('');
    return concat(latin1OrUtf8(head), parts.body ?? body, utf8(last));
  };

  const paths = otherPaths(path, request);
  const bodies = otherBodies(request, body);
  const without = { reason: 'no-final-newline', en: NO_NEWLINE.en, zh: NO_NEWLINE.zh };
  for (const { value, ...mistake } of paths) yield { ...mistake, message: lines({ path: value }) };
  for (const { value, ...mistake } of bodies) yield { ...mistake, message: lines({ body: value }) };
  yield { ...without, message: lines({}, '\n', '') };
  yield { ...CRLF, message: lines({}, '\r\n') };
  yield { ...ESCAPED_NEWLINE, message: lines({}, '\\n') };
  for (const other of [method.toLowerCase(), 'GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    if (other !== method) yield { ...otherMethod(other, method), message: lines({ method: other }) };
  }
  yield { ...SWAPPED, message: concat(utf8(`${method}\n${path}\n${nonce_str}\n${timestamp}\n`), body, utf8('\n')) };
  // Two mistakes at once.
  for (const first of paths) {
    for (const second of bodies) {
      const both = { reason: first.reason, en: `${first.en} ${second.en}`, zh: first.zh + second.zh };
      yield { ...both, message: lines({ path: first.value, body: second.value }) };
    }
  }
  for (const { value, reason, en, zh } of [...bodies]) {
    yield { reason, en: `${en} ${without.en}`, zh: zh + without.zh, message: lines({ body: value }, '\n', '') };
  }
}

const NO_NEWLINE = {
  en: 'The line feed after the body was not signed. Each of the five lines ends with one, the last included.',
  zh: '待签名串末尾缺少换行符。待签名串共五行，每一行（包括最后一行）都须以 \\n 结尾。',
};
const CRLF = {
  reason: 'line-ends',
  en: 'The lines that were signed end with \\r\\n. They must end with \\n.',
  zh: '待签名串以 \\r\\n 换行，应改为 \\n。',
};
const ESCAPED_NEWLINE = {
  reason: 'line-ends',
  en: 'The lines that were signed end with a backslash and the letter n. They must end with a line feed.',
  zh: '待签名串的每一行以反斜杠和字母 n 结尾，应改为换行符。',
};
const SWAPPED = {
  reason: 'line-order',
  en: 'The nonce was signed before the timestamp. The timestamp comes first.',
  zh: '待签名串中，随机串与时间戳的顺序颠倒，时间戳应在前。',
};
const otherMethod = (other: string, method: string) => ({
  reason: 'other-method',
  en: `The method that was signed is ${other}. The request was sent with ${method}.`,
  zh: `待签名串中的请求方法为 ${other}，实际的请求方法为 ${method}。`,
});

function otherPaths(path: string, { headers }: GatewayRequest): Variant<string>[] {
  const [withoutQuery = path] = path.split('?', 1);
  const { host = 'api.mch.weixin.qq.com' } = headers;
  const variants: Variant<string>[] = [
    {
      value: withoutQuery,
      reason: 'path-without-query',
      en: 'The path was signed without its query. Sign the path and the query as they are sent.',
      zh: '待签名串中的 URL 缺少查询参数，应与实际请求的路径和查询参数一致。',
    },
    ...['https', 'http']
      .flatMap((scheme) => [`${scheme}://${host}${path}`, `${scheme}://${host}${withoutQuery}`])
      .map(fullUrl),
    fullUrl(`${host}${path}`),
    {
      value: tryOr(path, () => decodeURIComponent(path)),
      reason: 'path-decoded',
      en: 'The path was signed with its percent-encoding removed. Sign it as it is sent.',
      zh: '待签名串中的 URL 经过解码，应与实际请求的 URL 编码一致。',
    },
    {
      value: tryOr(path, () => encodeURI(tryOr(path, () => decodeURI(path)))),
      reason: 'path-encoded',
      en: 'The path was signed with another percent-encoding. Sign it as it is sent.',
      zh: '待签名串中的 URL 编码方式不同，应与实际请求的 URL 一致。',
    },
    {
      value: path.replace(/^\//, ''),
      reason: 'path',
      en: 'The path was signed without the slash at its beginning.',
      zh: '待签名串中的 URL 缺少开头的“/”。',
    },
    {
      value: path.replace(/^\/v3/, ''),
      reason: 'path',
      en: 'The path was signed without /v3 at its beginning.',
      zh: '待签名串中的 URL 缺少开头的“/v3”。',
    },
  ];
  return variants.filter(({ value }) => value !== path);
}

const fullUrl = (value: string): Variant<string> => ({
  value,
  reason: 'path-with-host',
  en: 'The whole URL was signed. Sign only the path and the query, without scheme and host.',
  zh: '待签名串中使用了完整的 URL，应只使用路径和查询参数，不包含协议和域名。',
});

function otherBodies(request: GatewayRequest, body: Bytes): Variant<Uint8Array>[] {
  const empty = {
    value: new Uint8Array(),
    reason: 'body-missing',
    en: 'The body was not signed. Sign exactly the bytes that are sent.',
    zh: '待签名串中缺少请求体，应使用实际发送的请求体。',
  };
  if (isMultipart(request)) {
    return [
      {
        value: request.body,
        reason: 'body-multipart',
        en: 'The whole multipart body was signed. Sign only the JSON of its part meta.',
        zh: '待签名串中使用了整个 multipart 请求体，应只使用 meta 部分的 JSON。',
      },
      empty,
    ];
  }
  const text = asText(body);
  const reserialized = serializations(text).map((value) => ({
    value: utf8(value),
    reason: 'body-reserialized',
    en: 'The body was serialized twice: the JSON that was signed is written differently from the JSON that was sent. Serialize it once, sign that text, and send the same text.',
    zh: '请求体被序列化了两次，签名所用的 JSON 与实际发送的 JSON 不一致。请只序列化一次，并用同一文本签名和发送。',
  }));
  const ends = [text.trim(), `${text}\n`].map((value) => ({
    value: utf8(value),
    reason: 'body-line-end',
    en: 'The body that was signed differs from the one that was sent by blanks or line ends around it.',
    zh: '签名所用的请求体与实际发送的请求体，首尾的空白或换行符不同。',
  }));
  const variants = [...ends, ...reserialized, ...(body.length > 0 ? [empty] : [])];
  const seen = new Set([text]);
  return variants.filter(({ value }) => {
    const key = asText(value);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The same JSON, in the forms that common libraries write. */
function serializations(text: string): string[] {
  return tryOr([], () => {
    const value: unknown = JSON.parse(text);
    const compact = JSON.stringify(value);
    // Go, Java and Rust sort keys in some of their maps.
    const sorted = JSON.stringify(sortKeys(value));
    return [compact, sorted].flatMap((json) => {
      const spaced = spaceOut(json);
      // Python and PHP escape non-ASCII characters; PHP also escapes slashes; Go escapes <, > and &.
      return [
        json,
        escapeNonAscii(json),
        spaced,
        escapeNonAscii(spaced),
        json.replaceAll('/', '\\/'),
        escapeNonAscii(json).replaceAll('/', '\\/'),
        json.replace(/[<>&]/g, escaped),
        JSON.stringify(JSON.parse(json), null, 2),
        JSON.stringify(JSON.parse(json), null, 4),
      ];
    });
  });
}

/** JSON as Python writes it: with a space after each comma and colon outside strings. */
const spaceOut = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (part) => (part.length === 1 ? `${part} ` : part));

const escapeNonAscii = (json: string): string => json.replace(/[\u0080-\uFFFF]/g, escaped);
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A decoded path has characters that Latin-1 lacks. */
const latin1OrUtf8 = (head: string): Bytes => (/[^\0-\xFF]/.test(head) ? utf8(head) : latin1(head));

function tryOr<Value>(fallback: Value, make: () => Value): Value {
  try {
    return make();
  } catch {
    return fallback;
  }
}

/** Base64 without padding, URL-safe Base64, and hexadecimal digits. */
function decodeLeniently(signature: string): Bytes | undefined {
  if (/^([0-9a-f]{2})+$/i.test(signature)) {
    return Uint8Array.from(signature.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  }
  const base64 = signature.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  return fromBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='));
}

/** The length in bytes. The DER of an SPKI key of 2048, 3072 or 4096 bits is 38 bytes longer than its modulus. */
const modulusLength = (publicKey: string): number => derOf(publicKey).length - 38;

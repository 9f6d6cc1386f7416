"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// pkg/testing/index.js
var testing_exports = {};
__export(testing_exports, {
  createGateway: () => createGateway,
  createTestKit: () => createTestKit,
  makeCertificate: () => makeCertificate,
  makeMerchant: () => makeMerchant,
  makePlatformKey: () => makePlatformKey
});
module.exports = __toCommonJS(testing_exports);

// pkg/testing/bytes.js
var utf8 = (text) => new TextEncoder().encode(text);
var latin1 = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
var base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
function fromBase64(text) {
  try {
    const bytes = latin1(atob(text));
    return base64(bytes) === text ? bytes : void 0;
  } catch {
    return void 0;
  }
}
function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
var randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));
var hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
var randomHex = (count) => hex(randomBytes(count));
var pem = (label, der) => `-----BEGIN ${label}-----
${base64(der).replace(/.{1,64}/g, "$&\n")}-----END ${label}-----
`;
function derOf(text) {
  const [, content = ""] = /-----BEGIN [^-]+-----([^-]+)-----END /.exec(text) ?? [];
  return latin1(atob(content.replace(/\s/g, "")));
}

// pkg/testing/keys.js
var RSA = Object.freeze({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" });
async function makeMerchant({ mchid = `19${digits(8)}`, bits = 2048 } = {}) {
  return { mchid, serial: randomHex(20).toUpperCase(), ...await makeKeyPair(bits), apiV3Key: randomHex(16) };
}
async function makePlatformKey() {
  return { serial: `PUB_KEY_ID_01${digits(26)}`, ...await makeKeyPair(2048) };
}
async function makeKeyPair(bits) {
  const algorithm = { ...RSA, modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1) };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return {
    privateKey: pem("PRIVATE KEY", new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey))),
    publicKey: pem("PUBLIC KEY", new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)))
  };
}
var importPrivateKey = (privateKey) => crypto.subtle.importKey("pkcs8", derOf(privateKey), RSA, false, ["sign"]);
var importPublicKey = (publicKey) => crypto.subtle.importKey("spki", derOf(publicKey), RSA, false, ["verify"]);
function digits(count) {
  return Array.from(randomBytes(count), (byte) => byte % 10).join("");
}

// pkg/testing/certificate.js
var DAY = 86400;
async function makeCertificate({
  subject = "Tenpay.com sign",
  serial = newSerial(),
  notBefore = Math.floor(Date.now() / 1e3) - DAY,
  notAfter = notBefore + 5 * 365 * DAY,
  issuer
} = {}) {
  const keys = await makeKeyPair(2048);
  const name = distinguishedName(subject);
  const content = sequence(
    tagged(160, integer(Uint8Array.of(2))),
    integer(fromHex(serial)),
    SHA256_WITH_RSA,
    issuer ? subjectOf(issuer.certificate) : name,
    sequence(utcTime(notBefore), utcTime(notAfter)),
    name,
    derOf(keys.publicKey)
  );
  const key = await importPrivateKey(issuer?.privateKey ?? keys.privateKey);
  const signature = new Uint8Array(await crypto.subtle.sign(RSA.name, key, content));
  const certificate = sequence(content, SHA256_WITH_RSA, bitString(signature));
  return {
    serial: serial.toUpperCase(),
    certificate: pem("CERTIFICATE", certificate),
    ...keys,
    effective_time: new Date(notBefore * 1e3).toISOString(),
    expire_time: new Date(notAfter * 1e3).toISOString()
  };
}
function newSerial() {
  const bytes = randomBytes(20).map((byte, index) => index === 0 ? byte & 127 | 64 : byte);
  return hex(bytes).toUpperCase();
}
function tagged(tag, content) {
  const { length } = content;
  if (length < 128) return concat(Uint8Array.of(tag, length), content);
  if (length < 256) return concat(Uint8Array.of(tag, 129, length), content);
  return concat(Uint8Array.of(tag, 130, length >> 8, length & 255), content);
}
var sequence = (...parts) => tagged(48, concat(...parts));
function integer(bytes) {
  const [first = 0] = bytes;
  return tagged(2, first < 128 ? bytes : concat(Uint8Array.of(0), bytes));
}
var bitString = (bytes) => tagged(3, concat(Uint8Array.of(0), bytes));
function utcTime(seconds) {
  const digits2 = new Date(seconds * 1e3).toISOString().replace(/\D/g, "");
  return tagged(23, utf8(`${digits2.slice(2, 14)}Z`));
}
var SHA256_WITH_RSA = sequence(
  tagged(6, fromHex("2A864886F70D01010B")),
  tagged(
    5,
    /** @type {Bytes} */
    new Uint8Array()
  )
);
function distinguishedName(commonName) {
  const attribute = sequence(tagged(6, fromHex("550403")), tagged(12, utf8(commonName)));
  return sequence(tagged(49, attribute));
}
function subjectOf(certificate) {
  const [content] = elements(derOf(certificate));
  const [, , , , , subject] = elements(content);
  if (subject === void 0) throw new TypeError("the issuer is no certificate");
  return subject;
}
function elements(der = new Uint8Array()) {
  const parts = [];
  for (let rest = contentOf(der); rest.length > 0; ) {
    const end = rest.length - contentOf(rest, true).length;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return parts;
}
function contentOf(der, behind = false) {
  const [, first = 0, second = 0, third = 0] = der;
  const [head, length] = first < 128 ? [2, first] : first === 129 ? [3, second] : [4, second << 8 | third];
  return behind ? der.slice(head + length) : der.slice(head, head + length);
}
function fromHex(hex2) {
  return Uint8Array.from(hex2.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

// pkg/testing/gateway/answer.js
function createSealer({ signer, requestId, now }) {
  async function seal2({ status, body: said, headers }, wantedSerial, ageSeconds) {
    const body = typeof said === "string" ? utf8(said) : said;
    return {
      status,
      headers: {
        Date: httpDate(now()),
        "Content-Type": "application/json; charset=utf-8",
        ...contentLength(status, body),
        "Request-ID": requestId(status),
        ...await signer.headers(body, wantedSerial, ageSeconds),
        ...headers
      },
      body
    };
  }
  function unsigned(status, type, said) {
    const body = utf8(said);
    return { status, headers: { Date: httpDate(now()), "Content-Type": type, ...contentLength(status, body) }, body };
  }
  return { seal: seal2, unsigned };
}
var ok = (said) => ({ status: 200, code: "OK", message: "", body: JSON.stringify(said) });
var httpDate = (seconds) => new Date(seconds * 1e3).toUTCString();
var contentLength = (status, body) => status !== 204 && { "Content-Length": String(body.length) };

// pkg/testing/gateway/refusal.js
var Refusal = class extends Error {
  /**
   * @param {number} status  of HTTP
   * @param {string} code  WeChat's
   * @param {string} message  WeChat's wording where it is known
   * @param {object} [detail]
   */
  constructor(status, code, message, detail) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
  /** @returns {import('./answer.js').Content} */
  content() {
    const { status, code, message, detail } = this;
    return { status, code, message, body: JSON.stringify({ code, message, detail }) };
  }
};
async function outcomeOf(work) {
  try {
    return await work();
  } catch (error2) {
    if (error2 instanceof Refusal) return error2.content();
    throw error2;
  }
}

// pkg/testing/gateway/certificate-list.js
function createCertificateList({ certificates, encrypt }) {
  return async function certificatesFor(mchid) {
    if (certificates.length === 0) {
      const guide = "https://pay.weixin.qq.com/doc/v3/merchant/4012153196";
      const message = `无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引${guide}`;
      throw new Refusal(404, "RESOURCE_NOT_EXISTS", message);
    }
    const data = certificates.map(async ({ serial, certificate, effective_time, expire_time }) => {
      const encrypt_certificate = await encrypt(mchid, certificate, "certificate");
      if (!encrypt_certificate) throw new Refusal(401, "SIGN_ERROR", "商户未设置APIv3密钥。");
      return { serial_no: serial, effective_time, expire_time, encrypt_certificate };
    });
    return ok({ data: await Promise.all(data) });
  };
}

// pkg/testing/gateway/judge/json-body.js
function readObject(body) {
  const text = readText(body);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("", "", "请求体不是合法的JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong("", value, "请求体不是JSON对象");
  }
  return value;
}
function readText(body) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw wrong("", "", "请求体不是合法的UTF-8文本");
  }
}
var wrong = (name, value, message) => new Refusal(400, "PARAM_ERROR", message, { location: "body", field: `/${name}`, value });

// pkg/testing/gateway/judge/contract-body.js
function readFields(body, { required, oneOf, rules }) {
  const contract = readObject(body);
  const text = new TextDecoder().decode(body);
  for (const [name, value] of Object.entries(contract)) {
    const rule = rules.get(name);
    if (!rule) throw wrong(name, value, "请求中含有未在API文档中定义的参数");
    checkField(name, value, rule, text);
  }
  for (const name of required) {
    if (!(name in contract)) throw missing(name, rules.get(name)?.title);
  }
  if (oneOf.length > 0 && !oneOf.some((name) => name in contract)) {
    throw missing(oneOf.join("|"), oneOf.map((name) => rules.get(name)?.title).join("”或“"));
  }
  return contract;
}
function checkField(name, value, { title, type, maxLength = Infinity, pattern = /^/ }, text) {
  const unreadable = `无法将 JSON 输入源“/body/${name}”映射到目标字段“${title}”中，此字段需要一个`;
  if (type === "integer") {
    const written = new RegExp(`"${name}"\\s*:\\s*-?\\d+\\s*[,}]`).test(text);
    if (Number.isSafeInteger(value) && written) return;
    throw wrong(name, value, `${unreadable}合法的 64 位有符号整数`);
  }
  if (typeof value !== "string") throw wrong(name, value, `${unreadable} string 类型的 Json 值`);
  const broken = `输入源“/body/${name}”映射到值字段“${title}”字符串规则校验失败，`;
  const length = [...value].length;
  if (length === 0) throw wrong(name, value, `${broken}字符数 0，小于最小值 1`);
  if (length > maxLength) throw wrong(name, value, `${broken}字符数 ${length}，大于最大值 ${maxLength}`);
  if (/[\u{10000}-\u{10FFFF}\uD800-\uDFFF]/u.test(value))
    throw wrong(name, value, `${broken}仅支持1至3字节的UTF-8字符`);
  if (!pattern.test(value)) throw wrong(name, value, `${broken}字符串必须匹配正则表达式“${pattern.source}”`);
}
var missing = (name, title) => wrong(name, "", `输入源“/body/${name}”映射到字段“${title}”必填性规则校验失败，此字段为必填项`);

// pkg/testing/gateway/judge/contract-fields.js
var MODES = (
  /** @type {const} */
  ["ecommerce", "normal", "service-provider", "qs"]
);
var SCENES = (
  /** @type {const} */
  ["pay-redirect-sign", "mini-program"]
);
var FIELDS = {
  appid: string("应用ID", 32),
  sp_appid: string("服务商应用ID", 32),
  sub_appid: string("子商户应用ID", 32),
  sub_mchid: string("子商户号", 32),
  openid: string("用户标识", 128),
  sp_openid: string("用户服务商标识", 128),
  sub_openid: string("用户子标识", 128),
  service_id: (
    /** @type {FieldRule} */
    { title: "免密服务ID", type: "integer" }
  ),
  out_contract_code: string("商户协议号", 32, /^[0-9A-Za-z]+$/),
  notify_url: string("通知地址", 256, /^https:\/\/[^\s\/?#@]+(\/[^\s?#]*)?$/),
  contract_display_account: string("签约用户名称", 32),
  prepay_id: string("预支付交易会话标识", 64),
  contract_termination_remark: string("解约备注", 256)
};
var OF_EVERY_MODE = ["service_id", "out_contract_code", "notify_url", "contract_display_account"];
var BY_MODE = {
  ecommerce: { required: ["appid", "openid"], oneOf: [] },
  normal: { required: ["appid", "openid"], oneOf: [] },
  "service-provider": { required: ["sp_appid", "sub_mchid", "sub_appid"], oneOf: ["sp_openid", "sub_openid"] },
  qs: { required: ["appid", "sub_appid", "sub_mchid"], oneOf: ["openid", "sub_openid"] }
};
var BY_SCENE = { "pay-redirect-sign": ["prepay_id"], "mini-program": [] };
function contractForm(mode, scene) {
  const { required, oneOf } = BY_MODE[mode];
  const all = [...required, ...OF_EVERY_MODE, ...BY_SCENE[scene]];
  return { required: all, oneOf, rules: new Map([...all, ...oneOf].map((name) => [name, FIELDS[name]])) };
}
function terminationForm() {
  const name = "contract_termination_remark";
  return { required: [name], oneOf: [], rules: /* @__PURE__ */ new Map([[name, FIELDS[name]]]) };
}
function string(title, maxLength, pattern) {
  return { title, type: "string", maxLength, pattern };
}

// pkg/testing/gateway/rfc3339.js
var rfc3339 = (seconds) => new Date(seconds * 1e3).toISOString().replace(/\.\d{3}Z$/, "+00:00");

// pkg/testing/gateway/contract-book.js
function createContractBook(now) {
  const entries = /* @__PURE__ */ new Map();
  const time = () => rfc3339(now());
  function signed({ mchid, service_id, out_contract_code }) {
    const { contract, asked } = entries.get(`${mchid} ${out_contract_code}`) ?? {};
    if (contract && String(asked?.["service_id"]) === service_id) return contract;
    throw new Refusal(404, "RESOURCE_NOT_EXISTS", "签约协议不存在");
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
      const question = JSON.stringify([mode, scene, Object.entries(asked).sort()]);
      const field = { location: "body", field: "/out_contract_code", value: out_contract_code };
      if (entry?.contract?.contract_state === "TERMINATED") {
        throw new Refusal(400, "INVALID_REQUEST", "商户协议号out_contract_code已解约，不可重复使用", field);
      }
      if ((entry?.question ?? question) !== question) {
        throw new Refusal(400, "INVALID_REQUEST", "商户协议号out_contract_code重复，且参数与此前请求不一致", field);
      }
      const { id } = entry ?? { id: randomHex(32) };
      if (entry === void 0) entries.set(key, { question, asked, id });
      return ok({
        mchid,
        ...mode === "service-provider" && { sub_mchid },
        service_id,
        out_contract_code,
        ...scene === "mini-program" && miniProgramSession(id)
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
      if (entry.contract?.contract_state === "TERMINATED") throw new TypeError(`${out_contract_code} is terminated`);
      const { appid, sp_appid, openid, sp_openid, sub_appid, sub_openid, contract_display_account } = entry.asked;
      entry.contract = {
        mchid,
        contract_id: entry.id.slice(0, 32),
        appid: appid ?? sp_appid,
        openid: openid ?? sp_openid,
        sub_appid,
        sub_openid,
        contract_display_account,
        contract_state: "SIGNED",
        contract_signed_time: time()
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
      if (contract.contract_state !== "SIGNED") throw new Refusal(400, "INVALID_REQUEST", "签约协议已解约");
      contract.contract_state = "TERMINATED";
      contract.contract_terminate_info = {
        contract_termination_mode: "MERCHANT_TERMINATE",
        contract_terminated_time: time(),
        contract_termination_remark
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
      return notify_url === void 0 ? void 0 : String(notify_url);
    }
  };
}
function miniProgramSession(id) {
  return { pre_entrustweb_id: id, sign_mp_appid: "wx0000000000000000", sign_mp_path: `pages/sign/index?id=${id}` };
}

// pkg/testing/gateway/encryption.js
function createEncryption(merchants) {
  const keys = /* @__PURE__ */ new Map();
  for (const { mchid, apiV3Key } of merchants) {
    if (apiV3Key === void 0) continue;
    if (utf8(apiV3Key).length !== 32) throw new TypeError(`the APIv3 key of merchant ${mchid} is not of 32 bytes`);
    if (!keys.has(mchid)) keys.set(mchid, apiV3Key);
  }
  return async function encrypt(mchid, plaintext, associated_data) {
    const key = keys.get(mchid);
    return key === void 0 ? void 0 : seal(key, plaintext, associated_data);
  };
}
async function seal(apiV3Key, plaintext, associated_data) {
  const key = await crypto.subtle.importKey("raw", utf8(apiV3Key), "AES-GCM", false, ["encrypt"]);
  const nonce = randomHex(6);
  const sealing = { name: "AES-GCM", iv: utf8(nonce), additionalData: utf8(associated_data) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(sealing, key, utf8(plaintext)));
  return { algorithm: "AEAD_AES_256_GCM", nonce, associated_data, ciphertext: base64(sealed) };
}

// pkg/testing/gateway/judge/authorization.js
var SCHEME = "WECHATPAY2-SHA256-RSA2048";
var FIELD = '(mchid|nonce_str|signature|timestamp|serial_no)="([!#-~]+)"';
var FIVE_FIELDS = new RegExp(`^${FIELD}(?:,${FIELD}){4}$`);
function parseAuthorization(header = "") {
  const [scheme = "", ...rest] = header.split(" ");
  if (header !== "" && scheme !== SCHEME) {
    throw new Refusal(401, "SIGN_ERROR", "Http头Authorization认证类型不正确");
  }
  const list = rest.join(" ");
  const fields = new Map([...list.matchAll(new RegExp(FIELD, "g"))].map(([, name, value]) => [name, value]));
  const { mchid, nonce_str, signature, timestamp, serial_no } = Object.fromEntries(fields);
  if (!FIVE_FIELDS.test(list) || !mchid || !nonce_str || !signature || !timestamp || !serial_no) {
    throw new Refusal(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》");
  }
  return { mchid, nonce_str, signature, timestamp, serial_no };
}

// pkg/testing/gateway/judge/signature.js
var SHOWN_BODY_BYTES = 8;
async function checkSignature(request, claim, key) {
  const signature = fromBase64(claim.signature);
  const message = messageOf(request, claim);
  const isRight = signature && await crypto.subtle.verify(RSA.name, key, signature, message);
  if (!isRight) throw mismatch(request, claim);
}
function mismatch(request, claim) {
  const { method, path, body } = request;
  const shownBody = new TextDecoder().decode(body.subarray(0, SHOWN_BODY_BYTES), { stream: true });
  return new Refusal(401, "SIGN_ERROR", "错误的签名，验签失败", {
    field: "signature",
    location: "authorization",
    detail: { issue: "sign not match" },
    sign_information: {
      method,
      url: path,
      truncated_sign_message: `${headOf(request, claim)}${shownBody}
`,
      sign_message_length: messageOf(request, claim).length
    }
  });
}
var headOf = ({ method, path }, { timestamp, nonce_str }) => `${method}
${path}
${timestamp}
${nonce_str}
`;
function messageOf(request, claim) {
  return concat(latin1(headOf(request, claim)), request.body, utf8("\n"));
}

// pkg/testing/gateway/faults.js
var FAULTS = {
  /** Well-formed, but not the signature. */
  "wrong-signature": async ({ content, seal: seal2 }) => {
    const answer = await seal2(content);
    const signature = fromBase64(answer.headers["Wechatpay-Signature"] ?? "")?.reverse();
    return withHeaders(answer, { "Wechatpay-Signature": base64(signature ?? new Uint8Array()) });
  },
  /** As when a proxy drops the headers it does not know. */
  "missing-signature": async ({ content, seal: seal2 }) => {
    const answer = await seal2(content);
    const kept = Object.entries(answer.headers).filter(([name]) => !name.startsWith("Wechatpay-"));
    return { ...answer, headers: Object.fromEntries(kept) };
  },
  /** The first string value reads otherwise; still JSON, and of the length announced. */
  "tampered-body": async ({ content, seal: seal2 }) => {
    const answer = await seal2(content);
    return { ...answer, body: utf8(new TextDecoder().decode(answer.body).replace(/":"./, '":"X')) };
  },
  /** Signed with a known key, under an unknown name: who tries the keys one by one would accept it. */
  "unknown-serial": async ({ content, seal: seal2 }) => {
    const answer = await seal2(content);
    const publicKeyMode = answer.headers["Wechatpay-Serial"]?.startsWith("PUB_KEY_ID_");
    return withHeaders(answer, { "Wechatpay-Serial": publicKeyMode ? `PUB_KEY_ID_${"9".repeat(28)}` : "9".repeat(40) });
  },
  /** Correctly signed, too long ago. */
  "stale-timestamp": ({ content, seal: seal2 }, { seconds = 301 }) => seal2(content, { ageSeconds: seconds }),
  /** Correctly signed, by a clock that is ahead. */
  "future-timestamp": ({ content, seal: seal2 }, { seconds = 301 }) => seal2(content, { ageSeconds: -seconds }),
  /** Signed well, with another key than the request names: as while certificates are renewed. */
  "other-key": ({ content, seal: seal2 }) => seal2(content, { otherKey: true }),
  /** WeChat's probe of whether signatures are verified at all; 355 characters, so not Base64. */
  "sign-test": async ({ content, seal: seal2 }) => {
    const probe = `WECHATPAY/SIGNTEST/${base64(randomBytes(252))}`;
    return withHeaders(await seal2(content), { "Wechatpay-Signature": probe });
  },
  "rate-limit": ({ seal: seal2 }, { retryAfter = 1 }) => seal2({
    ...error(429, "FREQUENCY_LIMITED", "频率超过限制，请降低请求频率"),
    headers: { "Retry-After": String(retryAfter) }
  }),
  /** WeChat read something else than was signed; or, without options, the key is not the merchant's. */
  "sign-error": async ({ request, seal: seal2 }, { path = request.path, body, timestamp }) => {
    const read = { ...request, path, body: body === void 0 ? request.body : utf8(body) };
    const refusal = await outcomeOf(() => {
      const claim = parseAuthorization(request.headers.authorization);
      throw mismatch(read, { ...claim, timestamp: String(timestamp ?? claim.timestamp) });
    });
    return seal2(refusal);
  },
  "system-error": ({ seal: seal2 }) => seal2(error(500, "SYSTEM_ERROR", "系统错误，请稍后重试")),
  "bare-500": ({ unsigned }) => unsigned(500, "text/plain", "Internal Server Error"),
  "html-502": ({ unsigned }) => unsigned(502, "text/html", "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"),
  /** To another host, as a captive portal or a misled proxy would. */
  redirect: ({ unsigned }, { location = "https://redirected.invalid/" }) => {
    const answer = unsigned(302, "text/plain", "");
    return withHeaders(answer, { Location: location });
  },
  truncated: async ({ content, seal: seal2 }) => ({ ...await seal2(content), delivery: "cut" }),
  slow: async ({ content, seal: seal2 }, { delayMs = 1e3 }) => ({ ...await seal2(content), delayMs }),
  reset: async ({ content, seal: seal2 }) => ({ ...await seal2(content), delivery: "reset" }),
  "empty-200": ({ seal: seal2 }) => seal2(success(200, "")),
  "no-content": ({ seal: seal2 }) => seal2(success(204, "")),
  "not-json": ({ seal: seal2 }) => seal2(success(200, "success")),
  /** Taken, and to be asked again. */
  "accepted-202": ({ seal: seal2 }) => seal2(success(202, "{}")),
  /** More than anybody wants to hold in memory. */
  huge: ({ seal: seal2 }, { bytes = 20 * 2 ** 20 }) => seal2(success(200, JSON.stringify({ padding: "0".repeat(Math.max(0, bytes - 14)) }))),
  /** JSON to whoever decodes leniently. */
  "invalid-utf8": ({ seal: seal2 }) => seal2(success(200, latin1('{"mchid":"éÿ"}')))
};
function createFaultQueue() {
  const queued = [];
  return {
    /**
     * @param {FaultName} name
     * @param {FaultOptions & { times?: number, after?: number }} [options]
     */
    queue(name, { times = 1, after = 0, ...options } = {}) {
      if (!Object.hasOwn(FAULTS, name)) {
        throw new TypeError(`no fault is called ${name}; there are ${Object.keys(FAULTS).join(", ")}`);
      }
      if (!Number.isInteger(times) || times < 1) throw new TypeError("times must be a positive integer");
      const fault = FAULTS[name];
      for (let i = 0; i < after; i++) queued.push(void 0);
      for (let i = 0; i < times; i++) queued.push({ name, answer: (said) => fault(said, options) });
    },
    next: () => queued.shift(),
    clear: () => void queued.splice(0)
  };
}
var withHeaders = (answer, headers) => ({ ...answer, headers: { ...answer.headers, ...headers } });
var error = (status, code, message) => ({ status, code, message, body: JSON.stringify({ code, message }) });
var success = (status, body) => ({ status, code: "OK", message: "", body });

// pkg/testing/gateway/in-process-fetch.js
function createInProcessFetch(handle) {
  return async function fetch(input, init) {
    const request = new Request(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    request.signal.throwIfAborted();
    const { method, headers } = request;
    const answer = await handle({
      method,
      path: pathAndQuery(request.url),
      headers: Object.fromEntries(headers),
      body
    });
    if (answer.delayMs) await pause(answer.delayMs, request.signal);
    return deliver(answer);
  };
}
var pause = (delayMs, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, delayMs);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    reject(signal.reason);
  });
});
function deliver({ status, headers, body, delivery = "whole" }) {
  if (delivery === "reset") {
    throw new TypeError("fetch failed", { cause: systemError("ECONNRESET", "read ECONNRESET") });
  }
  if (delivery === "cut") return new Response(cutShort(body), { status, headers });
  return new Response(status === 204 ? null : body, { status, headers });
}
function cutShort(body) {
  const end = new TypeError("terminated", { cause: systemError("UND_ERR_SOCKET", "other side closed") });
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(end);
      else controller.enqueue(new Uint8Array(body.subarray(0, body.length / 2)));
      sent = true;
    }
  });
}
var systemError = (code, message) => Object.assign(new Error(message), { code });
function pathAndQuery(url) {
  const { origin, href } = Object.assign(new URL(url), { hash: "" });
  return href.slice(origin.length);
}

// pkg/testing/gateway/security-echo.js
var echo = ({ method, path, body }, { mchid, serial_no }) => ok({ ...readObject(body), method, url: path, mchid, serial_no });

// pkg/testing/gateway/routes.js
var CONTRACT = /^\/v3\/password-exempt-contract\/contracts\/service-id\/([^/]+)\/out-contract-code\/([^/]+?)(\/terminate)?$/;
function createRouter({ book, certificatesFor }) {
  const routes = /* @__PURE__ */ new Map([
    ["/v3/certificates", { method: "GET", answer: (_request, { mchid }) => certificatesFor(mchid) }],
    ["/v3/security/echo", { method: "POST", answer: echo }]
  ]);
  for (const mode of MODES) {
    for (const scene of SCENES) {
      const path = `/v3/password-exempt-contract/contracts/${mode}/pre-entrust-sign/${scene}`;
      routes.set(path, { method: "POST", answer: ({ body }, { mchid }) => book.preSign({ mode, scene, mchid, body }) });
    }
  }
  function contractRoute(path) {
    const [, service_id, out_contract_code, terminate] = CONTRACT.exec(path)?.map((part) => part && decode(part)) ?? [];
    if (service_id === void 0 || out_contract_code === void 0) return void 0;
    return terminate === void 0 ? { method: "GET", answer: (_request, { mchid }) => book.query({ mchid, service_id, out_contract_code }) } : {
      method: "POST",
      answer: ({ body }, { mchid }) => book.terminate({ mchid, service_id, out_contract_code, body })
    };
  }
  return function routeOf({ method, path }) {
    const [plain = path] = path.split("?", 1);
    const route = routes.get(plain) ?? contractRoute(plain);
    if (!route) throw new Refusal(404, "NOT_FOUND", "请求的资源不存在");
    if (route.method !== method) throw new Refusal(405, "METHOD_NOT_ALLOWED", `此接口仅支持${route.method}方法`);
    return route;
  };
}
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// pkg/testing/gateway/judge/headers.js
function checkHeaders({ headers, body }) {
  const { accept = "", "user-agent": userAgent = "", "content-type": contentType = "" } = headers;
  if (userAgent.trim() === "" || accept.trim() === "") {
    throw new Refusal(400, "INVALID_REQUEST", "Http头缺少Accept或User-Agent");
  }
  if (!admitsJson(accept)) {
    throw new Refusal(400, "INVALID_REQUEST", "Http头Accept须包含application/json");
  }
  if (body.length > 0 && !/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType)) {
    throw new Refusal(400, "INVALID_REQUEST", "Http头Content-Type须为application/json");
  }
}
function admitsJson(accept) {
  return accept.split(",").some((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return ["application/json", "application/*", "*/*"].includes(type) && !refused;
  });
}

// pkg/testing/gateway/judge/nonces.js
function createNonceMemory() {
  const until = /* @__PURE__ */ new Map();
  return {
    size: () => until.size,
    /** @type {(mchid: string, nonce: string, now: number) => boolean} */
    knows: (mchid, nonce, now) => (until.get(`${mchid} ${nonce}`) ?? -Infinity) >= now,
    /** @type {(mchid: string, nonce: string, now: number, lastSecond: number) => void} */
    remember(mchid, nonce, now, lastSecond) {
      for (const [known, end] of until) {
        if (end >= now) break;
        until.delete(known);
      }
      until.delete(`${mchid} ${nonce}`);
      until.set(`${mchid} ${nonce}`, lastSecond);
    }
  };
}

// pkg/testing/gateway/judge/identity.js
var WINDOW_SECONDS = 300;
function createIdentityCheck({ merchants, now }) {
  const keysOf = /* @__PURE__ */ new Map();
  for (const merchant of merchants) {
    const { mchid, serial, key } = readMerchant(merchant);
    keysOf.set(mchid, (keysOf.get(mchid) ?? /* @__PURE__ */ new Map()).set(serial, key));
  }
  const nonces = createNonceMemory();
  return async function identify(request, claim) {
    const time = now();
    const { mchid, serial_no, nonce_str } = claim;
    if (!/^(0|[1-9]\d*)$/.test(claim.timestamp)) {
      throw new Refusal(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》");
    }
    const timestamp = Number(claim.timestamp);
    if (Math.abs(time - timestamp) > WINDOW_SECONDS) {
      throw new Refusal(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟");
    }
    const held = keysOf.get(mchid);
    if (!held) {
      throw new Refusal(401, "SIGN_ERROR", "商户号不存在");
    }
    const key = held.get(serial_no);
    if (!key) {
      throw new Refusal(401, "SIGN_ERROR", "商户证书序列号有误。请使用签名私钥匹配的证书序列号");
    }
    const refuseRepetition = () => {
      if (nonces.knows(mchid, nonce_str, time)) {
        throw new Refusal(401, "SIGN_ERROR", "Http头Authorization中的nonce_str重复使用");
      }
    };
    refuseRepetition();
    await checkSignature(request, claim, await key());
    refuseRepetition();
    nonces.remember(mchid, nonce_str, time, Math.max(time, timestamp) + WINDOW_SECONDS);
  };
}
function readMerchant({ mchid, serial, publicKey }) {
  if (!/^[0-9A-F]+$/.test(serial)) throw new TypeError(`the serial of merchant ${mchid} is not upper-case hex`);
  let key;
  return { mchid, serial, key: () => key ??= importPublicKey(publicKey) };
}

// pkg/testing/gateway/judge/judge.js
function createJudge({ merchants, now, ...services }) {
  const identify = createIdentityCheck({ merchants, now });
  const routeOf = createRouter(services);
  return (request) => outcomeOf(async () => {
    checkHeaders(request);
    const claim = parseAuthorization(request.headers.authorization);
    await identify(request, claim);
    return routeOf(request).answer(request, claim);
  });
}

// pkg/testing/gateway/notification.js
function createNotifier({ signer, requestId, encrypt, now, notifyUrl }) {
  return async function notification({
    mchid,
    event_type,
    resource,
    id = crypto.randomUUID(),
    create_time = rfc3339(now()),
    summary = "签约状态变更",
    ageSeconds = 0,
    serial
  }) {
    if (serial !== void 0 && !signer.knows(serial)) throw new TypeError(`no platform key is called ${serial}`);
    const encrypted = await encrypt(mchid, JSON.stringify(resource), "entrust");
    if (!encrypted) throw new TypeError(`the gateway knows no APIv3 key of merchant ${mchid}`);
    const body = JSON.stringify({
      id,
      create_time,
      resource_type: "encrypt-resource",
      event_type,
      summary,
      resource: { original_type: "entrust", ...encrypted }
    });
    return {
      url: notifyUrl({ mchid, out_contract_code: resource["out_contract_code"] }),
      headers: {
        "Content-Type": "application/json",
        "Request-ID": requestId(200),
        ...await signer.headers(utf8(body), serial, ageSeconds)
      },
      body
    };
  };
}

// pkg/testing/gateway/platform-signature.js
function createPlatformSigner({ platforms, now, nonce }) {
  if (platforms.length === 0) throw new TypeError("the gateway needs a platform key to sign its answers with");
  const imported = /* @__PURE__ */ new Map();
  function keyOf(privateKey) {
    const key = imported.get(privateKey) ?? importPrivateKey(privateKey);
    imported.set(privateKey, key);
    return key;
  }
  const platformCalled = (wanted) => platforms.find(({ serial }) => sameSerial(serial, wanted));
  return {
    /** @param {string} serial */
    knows: (serial) => platformCalled(serial) !== void 0,
    /**
     * The serial of a key that is not this one, where there is one.
     * @param {string} serial
     */
    otherThan: (serial) => platforms.find((platform) => !sameSerial(platform.serial, serial))?.serial,
    /**
     * The headers that carry the signature.
     * @param {Uint8Array} body
     * @param {string} [wantedSerial]  of the key to sign with; the first key where there is none of that name
     * @param {number} [ageSeconds]  how long ago this claims to have been signed; negative for the future
     * @returns {Promise<Record<string, string>>}
     */
    async headers(body, wantedSerial = "", ageSeconds = 0) {
      const { serial, privateKey } = platformCalled(wantedSerial) ?? /** @type {Platform} */
      platforms[0];
      const timestamp = String(now() - ageSeconds);
      const ownNonce = nonce();
      const message = concat(utf8(`${timestamp}
${ownNonce}
`), body, utf8("\n"));
      const signature = await crypto.subtle.sign(RSA.name, await keyOf(privateKey), message);
      return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": ownNonce,
        "Wechatpay-Signature": base64(new Uint8Array(signature)),
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        "Wechatpay-Serial": serial
      };
    }
  };
}
var sameSerial = (a, b) => normalSerial(a) === normalSerial(b);
var normalSerial = (serial) => serial.toUpperCase().replace(/^0+/, "");

// pkg/testing/gateway/request-id.js
function createRequestIds(now) {
  let count = 0;
  return function requestId(status) {
    const hex2 = `08${now().toString(16).padStart(10, "0")}${(++count).toString(16).padStart(30, "0")}`.toUpperCase();
    return `${hex2}-${status < 300 ? 0 : 268435456 + status}`;
  };
}

// pkg/testing/gateway/gateway.js
function createGateway({ merchants, platform, certificates = [], now = systemClock, nonce = randomNonce }) {
  const platforms = [platform].flat();
  const book = createContractBook(now);
  const encrypt = createEncryption(merchants);
  const certificatesFor = createCertificateList({ certificates, encrypt });
  const judge = createJudge({ merchants, now, book, certificatesFor });
  const signer = createPlatformSigner({ platforms, now, nonce });
  const requestId = createRequestIds(now);
  const { seal: seal2, unsigned } = createSealer({ signer, requestId, now });
  const faults = createFaultQueue();
  const requests = [];
  async function handle(request) {
    const fault = faults.next();
    const content = await judge(request);
    const { status, code, message } = content;
    requests.push({ ...request, verdict: { status, code, message }, fault: fault?.name });
    const wantedSerial = request.headers["wechatpay-serial"];
    const sealForCaller = (said, { ageSeconds = 0, otherKey = false } = {}) => seal2(said, otherKey ? signer.otherThan(wantedSerial ?? "") : wantedSerial, ageSeconds);
    return fault ? fault.answer({ request, content, seal: sealForCaller, unsigned }) : sealForCaller(content);
  }
  return {
    requests,
    platforms,
    certificates,
    handle,
    seal: seal2,
    fetch: createInProcessFetch(handle),
    misbehave: faults.queue,
    calm: faults.clear,
    userSigns: book.userSigns,
    notification: createNotifier({ signer, requestId, encrypt, now, notifyUrl: book.notifyUrl })
  };
}
var systemClock = () => Math.floor(Date.now() / 1e3);
var randomNonce = () => randomHex(16).toUpperCase();

// pkg/testing/kit.js
async function createTestKit({ mchid, mode = "public-key", now } = {}) {
  const merchant = await makeMerchant(mchid === void 0 ? {} : { mchid });
  const certificates = mode === "public-key" ? [] : [await makeCertificate(now && { notBefore: now() - 86400 })];
  const publicKeys = mode === "certificate" ? [] : [await makePlatformKey()];
  const options = { merchants: [merchant], platform: [...publicKeys, ...certificates], certificates };
  const gateway = createGateway(now ? { ...options, now } : options);
  const certs = Object.fromEntries([
    ...publicKeys.map(({ serial: serial2, publicKey }) => [serial2, publicKey]),
    ...certificates.map(({ serial: serial2, certificate }) => [serial2, certificate])
  ]);
  const { serial, privateKey, apiV3Key } = merchant;
  return {
    merchant,
    certs,
    gateway,
    /** What createClient takes. */
    config: {
      mchid: merchant.mchid,
      serial,
      privateKey,
      certs,
      apiV3Key,
      fetch: gateway.fetch,
      ...now && { clock: () => now() * 1e3 }
    },
    /**
     * A notification, as WeChat Pay sends it to notify_url.
     * @param {Partial<import('./gateway/gateway.js').NotificationOptions> & { url?: string, forgery?: Forgery }} [making]
     */
    async notification({
      url,
      forgery,
      event_type = "ENTRUST.SIGN",
      resource = { mchid: merchant.mchid, out_contract_code: "100001256", contract_state: "SIGNED" },
      ...others
    } = {}) {
      const told = { mchid: merchant.mchid, event_type, resource, ...others };
      const made = await (forgery === "wrong-key" ? strangersNotification(told) : gateway.notification(told));
      const { headers, body } = forge(made, forgery);
      const target = url ?? made.url ?? "https://merchant.example/notify";
      return new Request(target, { method: "POST", headers, body });
    },
    /**
     * An answer, signed as WeChat Pay signs it.
     * @param {{ status?: number, body?: unknown, ageSeconds?: number, serial?: string }} [making]
     */
    async answer({ status = 200, body = {}, ageSeconds = 0, serial: wanted } = {}) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const answer = await gateway.seal({ status, code: "", message: "", body: text }, wanted, ageSeconds);
      return new Response(status === 204 ? null : answer.body, { status, headers: answer.headers });
    }
  };
  async function strangersNotification(told) {
    const { privateKey: strange } = await makePlatformKey();
    const platform = gateway.platforms.map((known) => ({ serial: known.serial, privateKey: strange }));
    const stranger = createGateway({ ...options, platform, ...now && { now } });
    const { url } = await gateway.notification(told);
    return { ...await stranger.notification(told), url };
  }
}
function forge({ headers, body }, forgery) {
  const { "Wechatpay-Signature": signature = "", ...unsigned } = headers;
  switch (forgery) {
    case "wrong-signature":
      return { headers: { ...headers, "Wechatpay-Signature": signature.replace(/^.{4}/, "AAAA") }, body };
    case "missing-signature":
      return { headers: unsigned, body };
    case "tampered-body":
      return { headers, body: body.replace('"summary":"', '"summary":"X') };
    case "sign-test":
      return { headers: { ...headers, "Wechatpay-Signature": `WECHATPAY/SIGNTEST/${"A".repeat(336)}` }, body };
    default:
      return { headers, body };
  }
}

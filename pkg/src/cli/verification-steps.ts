/** The steps of verifying a capture. Each says whether a check passed, and if not, why. */
import {
  type AnyWechatPayError,
  ApiError,
  isWechatPayError,
  type PlatformKey,
  verifyNotification,
  verifyResponse,
} from 'wechatpay-presign';
import { bodiesBefore } from './body-changes.js';
import type { Capture } from './capture.js';

export interface Step {
  name: 'headers' | 'timestamp' | 'serial' | 'signature' | 'content';
  /** Undefined if the step could not be carried out. */
  ok: boolean | undefined;
  detail: string;
}

export type Keys = Readonly<Record<string, string | PlatformKey>>;

interface Circumstances {
  keys: Keys;
  apiV3Key: string | undefined;
  /** In Unix seconds. */
  now: number;
  /** Whether the user has given the time at which the capture arrived. */
  isTimeGiven: boolean;
}

const HEADERS = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'];
const TOLERANCE_SECONDS = 300;
const PROBE = 'WECHATPAY/SIGNTEST/';

export function verifySteps(capture: Capture, circumstances: Circumstances): Step[] {
  const headers = checkHeaders(capture);
  if (!headers.ok) return [headers, ...['timestamp', 'serial', 'signature', 'content'].map(notChecked)];
  const timestamp = checkTimestamp(capture, circumstances);
  const serial = checkSerial(capture, circumstances);
  const signature = serial.ok ? checkSignature(capture, circumstances) : notChecked('signature');
  const content = signature.ok ? checkContent(capture, circumstances) : notChecked('content');
  return [headers, timestamp, serial, signature, content];
}

function notChecked(name: string): Step {
  return { name: name as Step['name'], ok: undefined, detail: 'not checked, because of the above' };
}

function checkHeaders({ kind, status, headers }: Capture): Step {
  const missing = HEADERS.filter((name) => !headers[name.toLowerCase()]);
  if (missing.length === 0) return { name: 'headers', ok: true, detail: `${HEADERS.join(', ')} are there` };
  const isError = status !== undefined && (status < 200 || status > 299);
  const hint =
    kind === 'notification'
      ? 'the sender may not be WeChat Pay, or a proxy removed them'
      : isError
        ? 'errors may be unsigned, so nothing can be said about this one'
        : 'it does not come from WeChat Pay, or a proxy removed them';
  return { name: 'headers', ok: false, detail: `there is no ${missing.join(', no ')}: ${hint}` };
}

function checkTimestamp({ headers, kind }: Capture, { now, isTimeGiven }: Circumstances): Step {
  const signedAt = signedAtOf(headers);
  if (signedAt === undefined) {
    return { name: 'timestamp', ok: false, detail: 'Wechatpay-Timestamp is not a decimal number of seconds' };
  }
  const age = now - signedAt;
  const time = new Date(signedAt * 1000).toISOString().replace('.000Z', 'Z');
  const reference = isTimeGiven ? 'the time given with --at' : 'now';
  const distance =
    age === 0 ? `at ${reference}` : `${duration(Math.abs(age))} ${age > 0 ? 'before' : 'after'} ${reference}`;
  const detail = `signed at ${time}, ${distance}`;
  if (Math.abs(age) <= TOLERANCE_SECONDS) return { name: 'timestamp', ok: true, detail };
  const fix = isTimeGiven
    ? `the ${kind} was old when it arrived, or the clock was wrong`
    : 'give the time at which it arrived with --at. The other steps are checked as of the time of the signature';
  return { name: 'timestamp', ok: false, detail: `${detail}, more than the ${TOLERANCE_SECONDS} s allowed: ${fix}` };
}

function signedAtOf(headers: Record<string, string>): number | undefined {
  const text = headers['wechatpay-timestamp'] ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} hours`;
  return `${Math.round(seconds / 86_400)} days`;
}

function checkSerial({ headers }: Capture, { keys }: Circumstances): Step {
  const { 'wechatpay-serial': serial = '' } = headers;
  const found = Object.keys(keys).find((known) => isSameSerial(known, serial));
  if (found !== undefined) return { name: 'serial', ok: true, detail: `the key ${found} is known` };
  const isPublicKey = serial.startsWith('PUB_KEY_ID_');
  const fix = isPublicKey
    ? 'set WECHATPAY_PUBLIC_KEY_ID and WECHATPAY_PUBLIC_KEY to this key'
    : 'download the certificates, and pass their folder with --cert';
  const known = `the known ${Object.keys(keys).length === 1 ? 'key is' : 'keys are'} ${Object.keys(keys).join(', ')}`;
  return { name: 'serial', ok: false, detail: `Wechatpay-Serial is ${serial}, but ${known}: ${fix}` };
}

/** Tools differ in letter case and leading zeros. */
function isSameSerial(one: string, other: string): boolean {
  const normalize = (serial: string) => serial.toUpperCase().replace(/^0+/, '');
  return normalize(one) === normalize(other);
}

function checkSignature(capture: Capture, circumstances: Circumstances): Step {
  const { headers, body, isExact } = capture;
  const { keys } = circumstances;
  const step = (ok: boolean, detail: string): Step => ({ name: 'signature', ok, detail });
  if (headers['wechatpay-signature']?.startsWith(PROBE)) {
    return step(false, 'this is a probe of WeChat Pay, whose signature is wrong on purpose: rejecting it is right');
  }
  if (signedAtOf(headers) === undefined) return notChecked('signature');
  const failure = verifyBody(headers, body, keys);
  if (failure === undefined) return step(true, isExact ? 'the key signed exactly this body' : PARSED_BUT_VALID);
  const isBadSignature = failure.code === 'ERR_SIGNATURE_VERIFICATION' && failure.reason === 'bad-signature';
  if (!isBadSignature) return step(false, failure.message);

  for (const { changes, body: before } of bodiesBefore(body)) {
    if (verifyBody(headers, before, keys) !== undefined) continue;
    const fix = 'verify the raw body, before anything parses or rewrites it';
    return step(false, `the body was changed after it was signed: ${changes.join('; ')}. ${capitalized(fix)}`);
  }
  const other = Object.entries(keys).find(
    ([name, key]) => verifyBody({ ...headers, 'wechatpay-serial': name }, body, { [name]: key }) === undefined,
  );
  if (other !== undefined) {
    return step(false, `the key ${other[0]} signed this body, but Wechatpay-Serial names another key`);
  }
  const parsed = isExact ? '' : `. ${PARSED}`;
  const causes = 'the body, nonce or timestamp was changed, the key is not the one of this serial, or it is forged';
  return step(false, `the key did not sign this body, and no usual change of a body explains it: ${causes}${parsed}`);
}

const PARSED = 'The capture holds a parsed body: its exact bytes, which are signed, are lost';
const PARSED_BUT_VALID =
  'the key signed this body. The capture holds it parsed, and serializing it happened to restore it';

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Verifies only the signature, as of its own timestamp. Returns the error, or undefined if the signature is valid. */
function verifyBody(headers: Record<string, string>, body: Uint8Array, certs: Keys): AnyWechatPayError | undefined {
  const { 'wechatpay-timestamp': now } = headers;
  try {
    verifyResponse({ status: 200, headers, body }, { certs }, { now: Number(now) });
    return undefined;
  } catch (error) {
    if (!isWechatPayError(error)) throw error;
    // The signature is valid even if the body is not JSON.
    return error instanceof ApiError && error.verified ? undefined : error;
  }
}

function checkContent(capture: Capture, circumstances: Circumstances): Step {
  return capture.kind === 'response' ? checkResponse(capture) : checkNotification(capture, circumstances);
}

function checkResponse({ status = 200, body }: Capture): Step {
  const text = Buffer.from(body).toString('utf8');
  const isSuccess = status >= 200 && status <= 299;
  if (text === '') return { name: 'content', ok: isSuccess, detail: `HTTP ${status} without a body` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { name: 'content', ok: false, detail: `HTTP ${status}, but the body is not JSON` };
  }
  if (isSuccess) return { name: 'content', ok: true, detail: `HTTP ${status} with JSON` };
  const { code, message } = Object(json);
  return { name: 'content', ok: true, detail: `HTTP ${status}, ${String(code)}: ${String(message)}` };
}

function checkNotification({ headers, body }: Capture, { keys, apiV3Key }: Circumstances): Step {
  if (apiV3Key === undefined) {
    return { name: 'content', ok: undefined, detail: 'not decrypted, because WECHATPAY_API_V3_KEY is not set' };
  }
  try {
    const options = { now: Number(headers['wechatpay-timestamp']) };
    const { id, event_type } = verifyNotification({ headers, body }, { certs: { ...keys }, apiV3Key }, options);
    return { name: 'content', ok: true, detail: `the notification ${id}, ${event_type}, was decrypted` };
  } catch (error) {
    if (!isWechatPayError(error)) throw error;
    return { name: 'content', ok: false, detail: error.message };
  }
}

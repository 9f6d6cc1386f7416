// Whether a client can work, found out without sending a payment: its keys were checked when it was made; here WeChat Pay
// is asked for its certificates.
import { ApiError, SignatureVerificationError } from '../errors.js';
import { clockSkew, describeSkew, tellsOfNoCertificates } from './explanation.js';

/** More than this is worth a word. */
const NOTABLE_SECONDS = 30;

/**
 * @typedef {{ name: string, ok: boolean, detail: string }} Check
 *
 * @param {import('./configuration.js').Configuration} configuration
 * @param {import('./endpoints.js').Endpoints} endpoints
 * @param {import('./trust.js').Trust} trust
 */
export async function diagnose(configuration, endpoints, trust) {
  const { clock } = configuration;
  /** @type {Check[]} */
  const checks = [];
  const say = (/** @type {string} */ name, /** @type {boolean} */ ok, /** @type {string} */ detail) =>
    checks.push({ name, ok, detail });

  say('keys', true, 'the private key and WeChat Pay’s keys can be read, and none is in the wrong place');
  const asking = { method: 'GET', target: '/v3/certificates', headers: {} };
  const { error, answer, headers } = /** @type {import('./exchange.js').Outcome & { error?: any }} */ (
    await endpoints.probe(asking)
  );
  const serials = Object.keys(trust.certs);
  const known = serials.length > 0;
  say(
    'serials',
    known,
    known
      ? `answers are to be signed with ${trust.platformSerial}; trusted are ${serials.join(', ')}`
      : 'none is in certs, and no certificates could be downloaded',
  );
  const reached = headers !== undefined;
  say('reachability', reached, reached ? `${configuration.baseUrl} answers` : error.message);
  if (reached) {
    const skew = clockSkew(headers, clock());
    if (skew !== undefined) {
      const off = Math.abs(skew) > NOTABLE_SECONDS;
      say('clock', !off, off ? describeSkew(skew) : 'agrees with WeChat Pay’s');
    }
    const refused = error instanceof ApiError && error.status === 401;
    say('signature', !refused, refused ? error.message : 'WeChat Pay accepts the private key and its serial number');
    if (!refused) sayMode(say, { error, data: answer?.data, serials });
  }
  return new Report(checks);
}

/**
 * Which of WeChat's keys are live. A merchant who has no certificates is told so with an error.
 * @param {(name: string, ok: boolean, detail: string) => void} say
 * @param {{ error: any, data: any, serials: string[] }} outcome
 */
function sayMode(say, { error, data, serials }) {
  const hasPublicKey = serials.some((serial) => serial.startsWith('PUB_KEY_ID_'));
  if (error instanceof SignatureVerificationError) {
    say('answers', false, error.message);
    return;
  }
  say('answers', true, error === undefined || error.verified ? 'verified' : 'came unsigned, as errors may');
  if (error === undefined) {
    const live = (data?.data ?? []).map((/** @type {any} */ one) => one.serial_no);
    say(
      'mode',
      true,
      `certificate mode is live (${live.join(', ')})${hasPublicKey ? ', and public key mode is configured' : ''}`,
    );
  } else if (tellsOfNoCertificates(error)) {
    say(
      'mode',
      hasPublicKey,
      hasPublicKey
        ? 'public key mode is live: WeChat Pay has no certificates for this merchant'
        : 'WeChat Pay has no certificates for this merchant: file its public key, under PUB_KEY_ID_…, in certs',
    );
  } else {
    say('mode', false, `cannot be told: ${error.message}`);
  }
}

/** What was found out. */
class Report {
  /** @param {Check[]} checks */
  constructor(checks) {
    this.ok = checks.every(({ ok }) => ok);
    this.checks = checks;
  }

  toString() {
    return this.checks.map(({ name, ok, detail }) => `${ok ? '✓' : '✗'} ${name}: ${detail}`).join('\n');
  }
}

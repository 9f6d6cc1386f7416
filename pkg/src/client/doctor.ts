// Checks whether a client can work, without sending a payment. Its keys were checked when it was made; here it asks WeChat
// Pay for its certificates, or, if the merchant has none, for an echo.
import { ApiError, HostError, InvalidKeyError, SignatureVerificationError } from '../errors.js';
import type { Outcome } from './attempt.js';
import type { Configuration } from './configuration.js';
import type { Endpoints } from './endpoints.js';
import { clockSkew, describeSkew, indicatesNoCertificates } from './hints.js';
import { timeOf } from './host-functions.js';
import { isPublicKeyId, type PlatformKeyStore } from './platform-key-store.js';
import type { UnsignedRequest } from './transport.js';

const CERTIFICATES: UnsignedRequest = { method: 'GET', target: '/v3/certificates', headers: {} };

/** WeChat Pay's own test of signing and verifying. Without `notify_url` it sends no notification. */
const ECHO: UnsignedRequest = {
  method: 'POST',
  target: '/v3/security/echo',
  headers: {},
  body: JSON.stringify({ echo_message: 'wechatpay-presign doctor' }),
};

/** A clock that is off by more than this is reported. */
const NOTABLE_SECONDS = 30;

/**
 * One check of {@link Client.doctor}.
 *
 * @example
 * ```js
 * const failed = (await client.doctor()).checks.filter(({ ok }) => !ok);
 * ```
 */
export interface DoctorCheck {
  /** The subject of the check. */
  readonly name: 'keys' | 'serials' | 'reachability' | 'clock' | 'signature' | 'responses' | 'mode';
  readonly ok: boolean;
  /** The result, and the fix if the check failed. */
  readonly detail: string;
}

/**
 * The result of {@link Client.doctor}. As a string, it has one line for each check.
 *
 * @example
 * ```js
 * console.log(String(await client.doctor()));
 * ```
 */
export interface DoctorReport {
  /** Whether all checks passed. */
  readonly ok: boolean;
  readonly checks: readonly DoctorCheck[];
  toString(): string;
}

type AddCheck = (name: DoctorCheck['name'], ok: boolean, detail: string) => void;

/**
 * Runs all checks.
 *
 * @internal
 */
export async function diagnose(
  { baseUrl, clock }: Configuration,
  endpoints: Endpoints,
  platformKeys: PlatformKeyStore,
): Promise<DoctorReport> {
  const checks: DoctorCheck[] = [];
  const add: AddCheck = (name, ok, detail) => void checks.push({ name, ok, detail });

  const { certificates, outcome } = await ask(endpoints, platformKeys);
  const { error, headers } = outcome;
  const isReached = headers !== undefined;
  // The host reads a private key for the first signature, so that may be when a damaged one is found.
  const isUnusable = !isReached && (error instanceof InvalidKeyError || isSigningError(error));
  add(
    'keys',
    !isUnusable,
    isUnusable ? messageOf(error) : 'the private key and WeChat Pay’s keys can be read and are in the right places',
  );
  const serials = Object.keys(platformKeys.keys);
  const known = serials.length > 0;
  add(
    'serials',
    known,
    known
      ? `responses should be signed with ${platformKeys.platformSerial}; trusted serials: ${serials.join(', ')}`
      : 'certs is empty, and no certificates could be downloaded',
  );
  if (!isUnusable) add('reachability', isReached, isReached ? `${baseUrl} responds` : messageOf(error));
  if (isReached) {
    const now = timeOf(clock);
    const skew = now === undefined ? undefined : clockSkew(headers, now);
    if (skew !== undefined) {
      const isOff = Math.abs(skew) > NOTABLE_SECONDS;
      add('clock', !isOff, isOff ? describeSkew(skew) : 'agrees with WeChat Pay’s clock');
    }
    const isRefused = error instanceof ApiError && error.status === 401;
    add(
      'signature',
      !isRefused,
      isRefused ? error.message : 'WeChat Pay accepts the private key and its serial number',
    );
    if (!isRefused) addMode(add, { certificates, outcome, platformKeys });
  }
  return new Report(checks);
}

/** The responses of WeChat Pay that the checks need. */
interface Responses {
  /** The outcome of the request for certificates; undefined if there was none. */
  certificates: Outcome | undefined;
  /** The outcome of the last request. */
  outcome: Outcome;
}

/** Asks for certificates. If the merchant has none but a public key, asks for an echo, whose response is signed with it. */
async function ask(endpoints: Endpoints, platformKeys: PlatformKeyStore): Promise<Responses> {
  if (platformKeys.isPublicKeyMode) return { certificates: undefined, outcome: await endpoints.probe(ECHO) };
  const certificates = await endpoints.probe(CERTIFICATES);
  const needsEcho = hasPublicKey(platformKeys) && hasNoCertificates(certificates.error);
  return { certificates, outcome: needsEcho ? await endpoints.probe(ECHO) : certificates };
}

function hasPublicKey({ keys }: PlatformKeyStore): boolean {
  return Object.keys(keys).some(isPublicKeyId);
}

/** A merchant that has moved to the public key may get 403. */
function hasNoCertificates(error: unknown): boolean {
  return indicatesNoCertificates(error) || (error instanceof ApiError && error.status === 403);
}

/** Reports which of WeChat Pay's keys are in use. */
function addMode(
  add: AddCheck,
  { certificates, outcome, platformKeys }: Responses & { platformKeys: PlatformKeyStore },
): void {
  const { error, response } = outcome;
  if (error instanceof SignatureVerificationError) {
    add('responses', false, error.message);
    return;
  }
  const isVerified = error === undefined || (error instanceof ApiError && error.verified);
  add('responses', true, isVerified ? 'the response was verified' : 'the response was unsigned, as errors may be');
  if (error === undefined && outcome === certificates) {
    const live = `certificate mode is live (${liveSerials(response?.data).join(', ')})`;
    add('mode', true, `${live}${hasPublicKey(platformKeys) ? ', and public key mode is configured' : ''}`);
  } else if (error === undefined) {
    const has = certificates === undefined ? '' : '; WeChat Pay has no certificates for this merchant';
    add('mode', true, `public key mode is live: ${ECHO.method} ${ECHO.target} was verified with the public key${has}`);
  } else if (outcome === certificates && indicatesNoCertificates(error)) {
    const fix = 'put its public key into certs, under PUB_KEY_ID_…';
    add('mode', false, `WeChat Pay has no certificates for this merchant: ${fix}`);
  } else {
    add('mode', false, `cannot be determined: ${messageOf(error)}`);
  }
}

/** The serials in a list of certificates. It is signed, but may have another shape. */
function liveSerials(data: unknown): string[] {
  const list = typeof data === 'object' && data !== null && 'data' in data ? data.data : undefined;
  return Array.isArray(list) ? list.map((entry: { serial_no?: unknown } | null) => String(entry?.serial_no)) : [];
}

function isSigningError(error: unknown): boolean {
  return error instanceof HostError && error.code === 'ERR_SIGNING';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

class Report implements DoctorReport {
  readonly ok: boolean;
  readonly checks: readonly DoctorCheck[];

  constructor(checks: readonly DoctorCheck[]) {
    this.ok = checks.every(({ ok }) => ok);
    this.checks = checks;
  }

  toString(): string {
    return this.checks.map(({ name, ok, detail }) => `${ok ? '✓' : '✗'} ${name}: ${detail}`).join('\n');
  }
}

/**
 * A stand-in for WeChat Pay, for your tests: throw-away keys, a gateway that judges requests and signs its answers as WeChat
 * Pay does, and signed, encrypted notifications, forged ones too. It runs wherever there are WebCrypto and `fetch`'s classes,
 * opens no connection, and shares no code with the rest of the package.
 *
 * @example
 * ```js
 * import { createClient } from 'wechatpay-presign';
 * import { createTestKit } from 'wechatpay-presign/testing';
 *
 * const kit = await createTestKit();
 * const client = createClient(kit.config);
 * const { resource } = await client.notifications.parse(await kit.notification());
 * ```
 *
 * @packageDocumentation
 */

/**
 * A merchant that does not exist.
 *
 * @example
 * ```ts
 * const someone: TestMerchant = await makeMerchant({ mchid: '1900000100' });
 * ```
 */
export interface TestMerchant {
  mchid: string;
  /** Of the merchant API certificate: 40 hexadecimal digits. */
  serial: string;
  /** PKCS#8, in PEM. */
  privateKey: string;
  /** SPKI, in PEM. */
  publicKey: string;
  /** 32 characters. */
  apiV3Key: string;
}

/**
 * A key that the gateway signs with.
 *
 * @example
 * ```ts
 * const platform: TestPlatformKey = await makePlatformKey();
 * ```
 */
export interface TestPlatformKey {
  /** An id that begins with `PUB_KEY_ID_`, or the serial number of a certificate. */
  serial: string;
  /** PKCS#8, in PEM. */
  privateKey: string;
  /** SPKI, in PEM. */
  publicKey: string;
}

/**
 * A key that the gateway signs with, in a certificate.
 *
 * @example
 * ```ts
 * const next: TestCertificate = await makeCertificate();
 * ```
 */
export interface TestCertificate extends TestPlatformKey {
  /** X.509 v3, in PEM. */
  certificate: string;
  /** RFC 3339. */
  effective_time: string;
  /** RFC 3339. */
  expire_time: string;
}

/**
 * Makes a merchant.
 *
 * @param options - `mchid`: random unless given; `bits` of the key: 2048 unless given.
 *
 * @example
 * ```js
 * const someone = await makeMerchant({ mchid: '1900000100' });
 * ```
 */
export function makeMerchant(options?: { mchid?: string; bits?: number }): Promise<TestMerchant>;

/**
 * Makes a WeChat Pay public key.
 *
 * @example
 * ```js
 * const { serial, publicKey } = await makePlatformKey();
 * ```
 */
export function makePlatformKey(): Promise<TestPlatformKey>;

/**
 * Makes a platform certificate.
 *
 * @param options - `subject`: its common name; `serial`: 40 hexadecimal digits, random unless given; `notBefore` and
 *   `notAfter`: Unix seconds, from a day ago for five years unless given; `issuer`: another certificate, itself unless given.
 *
 * @example
 * ```js
 * const root = await makeCertificate({ subject: 'My Root CA' });
 * const { certificate } = await makeCertificate({ issuer: root });
 * ```
 */
export function makeCertificate(options?: {
  subject?: string;
  serial?: string;
  notBefore?: number;
  notAfter?: number;
  issuer?: Pick<TestCertificate, 'certificate' | 'privateKey'>;
}): Promise<TestCertificate>;

/**
 * Ways for the gateway to misbehave: with one answer, after the request was judged and carried out.
 *
 * @example
 * ```ts
 * const fault: Fault = 'rate-limit';
 * ```
 */
export type Fault =
  | 'wrong-signature'
  | 'missing-signature'
  | 'tampered-body'
  | 'unknown-serial'
  | 'other-key'
  | 'stale-timestamp'
  | 'future-timestamp'
  | 'sign-test'
  | 'rate-limit'
  | 'sign-error'
  | 'system-error'
  | 'bare-500'
  | 'html-502'
  | 'redirect'
  | 'truncated'
  | 'slow'
  | 'reset'
  | 'empty-200'
  | 'no-content'
  | 'not-json'
  | 'accepted-202'
  | 'huge'
  | 'invalid-utf8';

/**
 * How the gateway misbehaves.
 *
 * @example
 * ```ts
 * const twice: FaultOptions = { times: 2, retryAfter: 3 };
 * ```
 */
export interface FaultOptions {
  /** With so many answers. Default 1. */
  times?: number;
  /** After so many good ones. Default 0. */
  after?: number;
  /** Of `slow`: milliseconds before the answer. Default 1000. */
  delayMs?: number;
  /** Of `stale-timestamp` and `future-timestamp`: how far off. Default 301. */
  seconds?: number;
  /** Of `rate-limit`: seconds. Default 1. */
  retryAfter?: number;
  /** Of `redirect`: where to. */
  location?: string;
  /** Of `huge`: the length of the body. Default 20 MiB. */
  bytes?: number;
  /** Of `sign-error`: what WeChat Pay read in the place of the path and query. */
  path?: string;
  /** Of `sign-error`: … of the body. */
  body?: string;
  /** Of `sign-error`: … of the timestamp. */
  timestamp?: string | number;
}

/**
 * A request that the gateway saw, and what it made of it.
 *
 * @example
 * ```ts
 * const last: SeenRequest | undefined = kit.gateway.requests.at(-1);
 * ```
 */
export interface SeenRequest {
  method: string;
  /** Path and query, as sent. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** What was decided, whatever a fault made of the answer: the status; `"OK"`, or WeChat Pay's error code; its message. */
  verdict: { status: number; code: string; message: string };
  fault: Fault | undefined;
}

/**
 * What a notification tells.
 *
 * @example
 * ```ts
 * const terminated: TestNotification = { event_type: 'ENTRUST.TERMINATE', resource: { out_contract_code: '100001256' } };
 * ```
 */
export interface TestNotification {
  /** Default `ENTRUST.SIGN`. */
  event_type?: string;
  /** What is told, and encrypted. Default: a signed contract. */
  resource?: Record<string, unknown>;
  /** The same when a notification is sent again. Default random. */
  id?: string;
  /** RFC 3339. Default now. */
  create_time?: string;
  summary?: string;
  /** How long ago it claims to have been signed; negative for the future. Default 0. */
  ageSeconds?: number;
  /** Of the platform key to sign with. Default the first one's. */
  serial?: string;
}

/**
 * WeChat Pay, as far as it is built: the pre-sign endpoints of all modes and scenes, query and termination of contracts,
 * `GET /v3/certificates`, `POST /v3/security/echo`.
 *
 * @example
 * ```js
 * const { gateway } = await createTestKit();
 * gateway.misbehave('rate-limit', { times: 2 });
 * ```
 */
export interface Gateway {
  /** In the place of the host's `fetch`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Everything seen so far, oldest first. */
  readonly requests: SeenRequest[];
  /** What is signed with: the key that a request's `Wechatpay-Serial` names, else the first. Add and remove, to rotate. */
  readonly platforms: { serial: string; privateKey: string }[];
  /** What can be downloaded. Add and remove, to rotate. */
  readonly certificates: Pick<TestCertificate, 'serial' | 'certificate' | 'effective_time' | 'expire_time'>[];
  /** Misbehaves with the answers to come. */
  misbehave(fault: Fault, options?: FaultOptions): void;
  /** Forgets the faults to come. */
  calm(): void;
  /** What the user does after paying: signs a contract that was pre-signed. */
  userSigns(name: { mchid: string; out_contract_code: string }): Record<string, unknown>;
  /** Makes a notification; `url` is the `notify_url` of the contract that the resource names. */
  notification(
    notification: TestNotification & { mchid: string; event_type: string; resource: Record<string, unknown> },
  ): Promise<{ url?: string; headers: Record<string, string>; body: string }>;
}

/**
 * Makes a gateway.
 *
 * @param options - `merchants` who may call; `platform`: what answers are signed with, the first is the default;
 *   `certificates` that can be downloaded; `now`: the clock, in Unix seconds.
 *
 * @example
 * ```js
 * const gateway = createGateway({ merchants: [await makeMerchant()], platform: await makePlatformKey() });
 * ```
 */
export function createGateway(options: {
  merchants: Omit<TestMerchant, 'privateKey'>[];
  platform: { serial: string; privateKey: string } | { serial: string; privateKey: string }[];
  certificates?: Pick<TestCertificate, 'serial' | 'certificate' | 'effective_time' | 'expire_time'>[];
  now?: () => number;
}): Gateway;

/**
 * Ways for a notification to be none of WeChat Pay's. For a stale one there is `ageSeconds`.
 *
 * @example
 * ```ts
 * const forgeries: Forgery[] = ['wrong-key', 'tampered-body', 'missing-signature', 'wrong-signature', 'sign-test'];
 * ```
 */
export type Forgery = 'wrong-signature' | 'missing-signature' | 'tampered-body' | 'sign-test' | 'wrong-key';

/**
 * What {@link createTestKit} makes.
 *
 * @example
 * ```ts
 * const kit: TestKit = await createTestKit({ mode: 'both' });
 * ```
 */
export interface TestKit {
  readonly merchant: TestMerchant;
  /** The gateway's keys, as `createClient` and `verifyNotification` take them. */
  readonly certs: Record<string, string>;
  /** For `createClient`: the merchant, `certs`, and the gateway's `fetch`. */
  readonly config: {
    mchid: string;
    serial: string;
    privateKey: string;
    certs: Record<string, string>;
    apiV3Key: string;
    fetch: Gateway['fetch'];
    clock?: () => number;
  };
  readonly gateway: Gateway;

  /**
   * A notification, as WeChat Pay sends it.
   *
   * @param notification - What it tells; `url`: where it goes, the `notify_url` of the contract unless given; `forgery`: what
   *   is wrong with it.
   *
   * @example
   * ```js
   * const handle = (received) => client.notifications.parse(received);
   * await handle(await kit.notification());
   * await handle(await kit.notification({ forgery: 'tampered-body' })).catch(({ reason }) => console.log(reason));
   * ```
   */
  notification(notification?: TestNotification & { url?: string; forgery?: Forgery }): Promise<Request>;

  /**
   * An answer, signed: for a `fetch` of your own.
   *
   * @param answer - `status`: 200 unless given; `body`: text, or what is written as JSON; `ageSeconds`: how long ago it
   *   claims to have been signed; `serial`: of the key to sign with.
   *
   * @example
   * ```js
   * const fetch = async () => kit.answer({ status: 404, body: { code: 'NOT_FOUND', message: '不存在' } });
   * ```
   */
  answer(answer?: { status?: number; body?: unknown; ageSeconds?: number; serial?: string }): Promise<Response>;
}

/**
 * Makes keys and a gateway that knows them.
 *
 * @param options - `mchid`: random unless given; `mode`: whether the gateway signs with a public key (the default), with a
 *   certificate, or has both; `now`: the clock, in Unix seconds.
 *
 * @example
 * ```js
 * const kit = await createTestKit({ mode: 'certificate' });
 * const client = createClient({ ...kit.config, certs: {} }); // downloads it
 * ```
 */
export function createTestKit(options?: {
  mchid?: string;
  mode?: 'public-key' | 'certificate' | 'both';
  now?: () => number;
}): Promise<TestKit>;

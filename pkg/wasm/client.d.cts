import type {
  AnyWechatPayError,
  ContractResource,
  FieldName,
  MerchantKey,
  Notification,
  PlatformKey,
  PresignMode,
  PresignParams,
  PresignScene,
} from './index.cjs';

/**
 * Signs in the place of a private key: a KMS, an HSM, or another process.
 *
 * @example
 * ```js
 * const signer = { sign: (message) => kms.sign({ message, algorithm: 'RSASSA_PKCS1_V1_5_SHA_256' }) };
 * ```
 */
export interface Signer {
  /**
   * Makes a signature: RSASSA-PKCS1-v1_5 with SHA-256.
   *
   * @param message - What is to be signed.
   * @returns The signature, 256 to 512 bytes. Anything else is refused, and nothing is sent.
   */
  sign(message: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

/**
 * What hooks are told: `attributes` have the names of OpenTelemetry's HTTP conventions (`http.request.method`,
 * `url.full`, `http.response.status_code`, `http.request.header.accept`, …). `Authorization` is redacted, and there are no
 * bodies in it, only their sizes in bytes.
 *
 * @example
 * ```js
 * createClient({ ...config, onResponse: ({ attributes, durationMs }) => console.log(attributes['url.full'], durationMs) });
 * ```
 */
export interface ClientEvent {
  /** OpenTelemetry's attributes. */
  readonly attributes: Readonly<Record<string, string | number | readonly string[]>>;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** How long the attempt took, in milliseconds: signing, sending, receiving. Of `onResponse`. */
  readonly durationMs?: number;
  /** How long the client waits before the next attempt, in milliseconds. Of `onRetry`. */
  readonly delayMs?: number;
  /** What went wrong, where something did. Of `onResponse` and `onRetry`. */
  readonly error?: unknown;
}

/** What there is of a `CryptoKey` in all of TypeScript's libraries. */
interface WebCryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: object;
  readonly usages: readonly string[];
}

/** Who signs: a private key, or a {@link Signer} in its place. */
type SigningConfig =
  | {
      /**
       * The private key of the merchant API certificate (`apiclient_key.pem`): a PEM, a {@link MerchantKey}, or a
       * `CryptoKey` for RSASSA-PKCS1-v1_5 with SHA-256.
       */
      privateKey: string | MerchantKey | WebCryptoKey;
      signer?: undefined;
    }
  | {
      /** Signs in the place of a private key. */
      signer: Signer;
      privateKey?: undefined;
    };

/** Whom to believe: keys that the caller has, or an APIv3 key to download them. */
type TrustConfig =
  | {
      /**
       * WeChat Pay's keys, each under what `Wechatpay-Serial` calls it: its public key under `PUB_KEY_ID_…`, platform
       * certificates under their serial numbers. Where there are none and `apiV3Key` is given, certificates are downloaded
       * before the first call.
       */
      certs: Record<string, string | PlatformKey>;
      /**
       * The APIv3 key (APIv3密钥): 32 bytes. For notifications and certificates. With it, certificates are downloaded again
       * where an answer or a notification names one that is not known (at most once a minute), every 12 hours, and before
       * those in `certs` expire.
       */
      apiV3Key?: string | undefined;
    }
  | {
      /** WeChat Pay's keys. Without any, certificates are downloaded before the first call. */
      certs?: Record<string, string | PlatformKey> | undefined;
      /** The APIv3 key (APIv3密钥): 32 bytes. For notifications and certificates. */
      apiV3Key: string;
    };

/**
 * What a client is made from. Everything that is wrong with it is said at once.
 *
 * @example
 * ```js
 * const config = {
 *   mchid: '1900000100',
 *   serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
 *   privateKey: process.env.WECHATPAY_PRIVATE_KEY,
 *   certs: { PUB_KEY_ID_0119000001002025010100111111111111: process.env.WECHATPAY_PUBLIC_KEY },
 * };
 * ```
 */
export type ClientConfig = SigningConfig &
  TrustConfig & {
    /** The merchant number (商户号). A service provider gives its own. */
    mchid: string;
    /** The serial number of the merchant API certificate, in hexadecimal digits. */
    serial: string;
    /**
     * The merchant API certificate (`apiclient_cert.pem`). Only to check that `serial` and the private key are its own, and
     * that a signer signs with its key.
     */
    certificate?: string | PlatformKey | undefined;
    /** The certificate of who issues WeChat Pay's (Tenpay.com Root CA). Where given, downloaded ones must be issued by it. */
    rootCertificate?: string | PlatformKey | undefined;
    /** Where downloaded certificates are kept for the next process or isolate. */
    store?: CertificateStore | undefined;
    /**
     * Which key WeChat is to sign its answers with, sent as `Wechatpay-Serial`. Default: the public key in `certs`, else the
     * newest certificate.
     */
    platformSerial?: string | undefined;
    /**
     * Who signs with a PEM, and verifies: the host's cryptography (node:crypto or WebCrypto, with a key that cannot be taken out
     * again), or the WebAssembly module. Both give the same bytes. Default `'host'`, but where the module is faster (Deno).
     */
    crypto?: 'host' | 'wasm' | undefined;
    /** Default: the host's `fetch`, as it is when it is called. */
    fetch?: typeof globalThis.fetch | undefined;
    /** The origin of the API. Default `https://api.mch.weixin.qq.com`. */
    baseUrl?: string | undefined;
    /**
     * The origin to turn to for a minute, when the main one has failed twice in a row. Default
     * `https://api2.mch.weixin.qq.com`; none, where `baseUrl` is given.
     */
    backupBaseUrl?: string | undefined;
    /** The time for one attempt, from signing to the last byte of the answer, in milliseconds. Default 10 000. */
    timeoutMs?: number | undefined;
    /**
     * How many more times the very same request is sent, signed anew, where WeChat Pay asks for that (202, 429, 500, 502,
     * 503, 504) or no answer came: 0 to 10. Default 2.
     */
    retries?: number | undefined;
    /** The wait before the first repeat, in milliseconds; then twice as long each time, half of it random. Default 500. */
    retryDelayMs?: number | undefined;
    /** The largest answer that is read, in bytes, at most 64 MiB. Default 4 MiB. */
    maxAnswerBytes?: number | undefined;
    /** The time in milliseconds since 1970. Default `Date.now`. For tests. */
    clock?: (() => number) | undefined;
    /** Makes nonces, each of which must be used once. Default: 32 random hexadecimal digits. For tests. */
    nonce?: (() => string) | undefined;
    /**
     * Whether a notification of this id came before, and a note that it has come now: in KV or a database. Default: the last
     * 10 000 ids, as long as the process lives.
     */
    seen?: ((id: string) => boolean | Promise<boolean>) | undefined;
    /** Told of each request that is about to be sent. What a hook throws is ignored. */
    onRequest?: ((event: ClientEvent) => void) | undefined;
    /** Told of each answer, or that none came. */
    onResponse?: ((event: ClientEvent) => void) | undefined;
    /** Told before the client waits for another attempt. */
    onRetry?: ((event: ClientEvent) => void) | undefined;
  };

/**
 * Where downloaded certificates are kept: KV, Redis, a file. What is kept is WeChat Pay's answer, still encrypted under the
 * APIv3 key, and it is checked again when it is read: whoever can write here can delete, and not forge. When the store fails,
 * certificates are downloaded.
 *
 * @example
 * ```js
 * const kept = new Map();
 * const store = { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
 * // In a Worker: { get: (key) => env.KV.get(key), set: (key, value) => env.KV.put(key, value) }
 * ```
 */
export interface CertificateStore {
  /** What was kept under a key, in whichever process; nothing where there is none. */
  get(key: string): Promise<string | null | undefined> | string | null | undefined;
  /** Keeps a value of a few kilobytes. */
  set(key: string, value: string): Promise<unknown> | unknown;
}

/**
 * A platform certificate, downloaded and checked.
 *
 * @example
 * ```js
 * const [{ serial_no, expire_time }] = await client.certificates.download();
 * ```
 */
export interface PlatformCertificate {
  /** Its serial number, in upper-case hexadecimal digits. */
  serial_no: string;
  /** Since when it is valid: RFC 3339, as WeChat Pay says. */
  effective_time: string;
  /** Until when. */
  expire_time: string;
  /** The certificate, in PEM. */
  certificate: string;
}

/**
 * How one call is sent, where it is to differ from the configuration.
 *
 * @example
 * ```js
 * await client.presign(params, { timeoutMs: 1000, retries: 0, signal: request.signal });
 * ```
 */
export interface SendOptions {
  /** Ends the call, with a {@link NetworkError}. */
  signal?: AbortSignal | undefined;
  /** The time for one attempt, in milliseconds. */
  timeoutMs?: number | undefined;
  /** How many more times the request is sent, 0 to 10. */
  retries?: number | undefined;
}

/**
 * How a contract is pre-signed: the mode, the scene, and how it is sent.
 *
 * @example
 * ```js
 * await client.presign(params, { mode: 'qs', scene: 'mini-program' });
 * ```
 */
export interface PresignCallOptions<
  Mode extends PresignMode = 'ecommerce',
  Scene extends PresignScene = 'pay-redirect-sign',
> extends SendOptions {
  /** Who signs with whom. Default `'ecommerce'`. */
  mode?: Mode | undefined;
  /** When the contract is offered. Default `'pay-redirect-sign'`. */
  scene?: Scene | undefined;
  /** Length limits of your own, in Unicode characters, by field. */
  limits?: { [Field in FieldName<Mode, Scene>]?: number | undefined } | undefined;
}

/**
 * What WeChat Pay answers to a pre-sign, verified.
 *
 * @example
 * ```js
 * const { out_contract_code, expiresAt } = await client.presign(params);
 * ```
 */
export type PresignAnswer<Mode extends PresignMode = 'ecommerce', Scene extends PresignScene = 'pay-redirect-sign'> = {
  /** The merchant number. */
  mchid: string;
  /** The id of the password-free service. */
  service_id: number;
  /** Your number for the contract. */
  out_contract_code: string;
  /**
   * Until when the user can sign: two hours after the answer's `Date`. Not enumerable, since it is no field of the answer;
   * `undefined` where the answer has no `Date`.
   */
  readonly expiresAt?: Date;
} & (Mode extends 'service-provider' ? { sub_mchid: string } : unknown) &
  (Scene extends 'mini-program'
    ? {
        /** The id of the session, at most 128 characters. */
        pre_entrustweb_id: string;
        /** The AppID of the mini program in which the user signs. */
        sign_mp_appid: string;
        /** The path to open in it. */
        sign_mp_path: string;
      }
    : unknown);

/**
 * What names a contract.
 *
 * @example
 * ```js
 * const contract = { service_id: 1234, out_contract_code: '100001256' };
 * ```
 */
export interface ContractName {
  /** The id of the password-free service: an integer from 1 to 2^53 - 1. */
  service_id: number;
  /** Your number for the contract: at most 32 ASCII digits and letters. */
  out_contract_code: string;
}

/**
 * A contract that the user has signed.
 *
 * @example
 * ```js
 * const { contract_id, contract_state } = await client.contracts.query(contract);
 * ```
 */
export interface Contract {
  mchid: string;
  /** WeChat's own id of the contract. */
  contract_id: string;
  appid: string;
  openid: string;
  sub_appid?: string;
  sub_openid?: string;
  contract_display_account?: string;
  /** Whether it is in force. */
  contract_state: string;
  /** RFC 3339. */
  contract_signed_time: string;
  /** How it ended, where it did. */
  contract_terminate_info?: {
    contract_termination_mode: string;
    /** RFC 3339. */
    contract_terminated_time?: string;
    contract_termination_remark?: string;
  };
}

/**
 * What a verb resolves to.
 *
 * @example
 * ```js
 * const { status, requestId, data } = await client.v3.certificates.get();
 * ```
 */
export interface Answer<Data = unknown> {
  /** 200 to 299. */
  status: number;
  headers: Headers;
  /** WeChat's `Request-ID`, to be quoted to its support. */
  requestId: string | undefined;
  /** The parsed JSON of the body, verified; `null` where that is empty. */
  data: Data;
}

/**
 * What a verb is called with. Any other name is a parameter of the path: `{ transaction_id: '42…' }`.
 *
 * @example
 * ```js
 * await client.chain('v3/pay/transactions/id/{transaction_id}').get({ transaction_id, query: { mchid } });
 * ```
 */
export interface VerbOptions extends SendOptions {
  /** The body; not with `get`. */
  json?: unknown;
  /** The query, percent-encoded by the client. An array stands for several of one name. */
  query?: URLSearchParams | Record<string, QueryValue | readonly QueryValue[] | undefined> | undefined;
  /** Headers besides those that the client makes. */
  headers?: Headers | Record<string, string | undefined> | undefined;
  [pathParameter: string]: unknown;
}

type QueryValue = string | number | bigint | boolean;

/**
 * The verbs of an endpoint; those that end in `Async` are the same, for who comes from another SDK.
 *
 * @example
 * ```js
 * await client.chain('v3/certificates').get();
 * ```
 */
export interface Verbs<Json = unknown, Data = unknown> {
  get<T = Data>(options?: VerbOptions): Promise<Answer<T>>;
  post<T = Data>(options?: VerbOptions & { json?: Json }): Promise<Answer<T>>;
  put<T = Data>(options?: VerbOptions): Promise<Answer<T>>;
  patch<T = Data>(options?: VerbOptions): Promise<Answer<T>>;
  delete<T = Data>(options?: VerbOptions): Promise<Answer<T>>;
  getAsync<T = Data>(options?: VerbOptions): Promise<Answer<T>>;
  postAsync<T = Data>(options?: VerbOptions & { json?: Json }): Promise<Answer<T>>;
  putAsync<T = Data>(options?: VerbOptions): Promise<Answer<T>>;
  patchAsync<T = Data>(options?: VerbOptions): Promise<Answer<T>>;
  deleteAsync<T = Data>(options?: VerbOptions): Promise<Answer<T>>;
}

/**
 * An endpoint named by a property chain: camelCase becomes kebab-case, `_service_id_` or `$service_id$` a parameter of
 * the path. Nothing is sent before a verb is called; a segment that has the name of a verb goes through `chain()`.
 *
 * @example
 * ```js
 * await client.v3.pay.transactions.outTradeNo._out_trade_no_.get({ out_trade_no, query: { mchid } });
 * ```
 */
export type Chain = Verbs & { readonly [segment: string]: Chain };

/** The pre-sign endpoints, whose bodies and answers are known. */
type PresignEndpoint<Mode extends PresignMode, Scene extends PresignScene> = Verbs<
  PresignParams<Mode, Scene>,
  PresignAnswer<Mode, Scene>
>;

interface PresignScenes<Mode extends PresignMode> {
  readonly preEntrustSign: {
    readonly payRedirectSign: PresignEndpoint<Mode, 'pay-redirect-sign'>;
    readonly miniProgram: PresignEndpoint<Mode, 'mini-program'>;
  };
}

interface KnownEndpoints {
  readonly passwordExemptContract: {
    readonly contracts: {
      readonly ecommerce: PresignScenes<'ecommerce'>;
      readonly normal: PresignScenes<'normal'>;
      readonly serviceProvider: PresignScenes<'service-provider'>;
      readonly qs: PresignScenes<'qs'>;
    };
  };
}

/**
 * One finding of {@link Client.doctor}.
 *
 * @example
 * ```js
 * const failed = (await client.doctor()).checks.filter(({ ok }) => !ok);
 * ```
 */
export interface DoctorCheck {
  /** What was looked at. */
  readonly name: 'keys' | 'serials' | 'reachability' | 'clock' | 'signature' | 'answers' | 'mode';
  readonly ok: boolean;
  /** What was found, and what to do. */
  readonly detail: string;
}

/**
 * What {@link Client.doctor} found out. As text, a line for each check.
 *
 * @example
 * ```js
 * console.log(String(await client.doctor()));
 * ```
 */
export interface DoctorReport {
  /** Whether all checks are well. */
  readonly ok: boolean;
  readonly checks: readonly DoctorCheck[];
  toString(): string;
}

/**
 * One merchant's client. It holds no state that others share, and can be kept as long as the process lives. Every method
 * rejects with one of {@link AnyWechatPayError}.
 *
 * @example
 * ```js
 * const client = createClient({ mchid, serial, privateKey, certs });
 * ```
 */
export interface Client {
  /**
   * Pre-signs a contract: builds the request, signs and sends it, and verifies the answer.
   *
   * Pre-signing must never stop a payment: give it little time, and go on without the offer where it fails.
   *
   * @param params - The fields by WeChat's names.
   * @param options - Mode and scene, and how it is sent.
   *
   * @example
   * ```js
   * const offered = await client.presign(params, { timeoutMs: 1000, retries: 0 }).then(() => true, () => false);
   * ```
   */
  presign<Mode extends PresignMode = 'ecommerce', Scene extends PresignScene = 'pay-redirect-sign'>(
    params: PresignParams<Mode, Scene>,
    options?: PresignCallOptions<Mode, Scene>,
  ): Promise<PresignAnswer<Mode, Scene>>;

  /** What becomes of a contract. */
  readonly contracts: {
    /**
     * Asks for a contract. A user who gives up causes no notification, so whoever hears nothing asks. An
     * {@link ApiError} with status 404 where the user has not signed.
     *
     * @example
     * ```js
     * const { contract_state } = await client.contracts.query({ service_id: 1234, out_contract_code: '100001256' });
     * ```
     */
    query(contract: ContractName, options?: SendOptions): Promise<Contract>;

    /**
     * Ends a contract. Its number can never be used again.
     *
     * @param reason - Why, at most 256 characters.
     *
     * @example
     * ```js
     * await client.contracts.terminate(contract, { contract_termination_remark: '用户申请解约' });
     * ```
     */
    terminate(
      contract: ContractName,
      reason: { contract_termination_remark: string },
      options?: SendOptions,
    ): Promise<{ mchid: string } & ContractName>;
  };

  /** WeChat Pay's platform certificates. */
  readonly certificates: {
    /**
     * Downloads them (`GET /v3/certificates`), checks them, and trusts them from then on, in the place of those that were
     * downloaded before. The client does so of itself where it has to; call this from a job of every 12 hours, with a
     * `store`, and no call ever has to wait for it.
     *
     * The first answer is verified with the certificates in it, which nobody without the APIv3 key can have encrypted; every
     * later one with what was trusted before.
     *
     * @returns Those that are valid now.
     * @throws As any call; {@link DecryptionError} where the APIv3 key is not that of the merchant; {@link InvalidKeyError}
     *   where a certificate is not the one that it is said to be, was not issued by `rootCertificate`, or none is valid.
     *   Merchants registered since late 2024 have none: then the {@link ApiError} says so.
     *
     * @example
     * ```js
     * export default { scheduled: async () => console.log(await client.certificates.download()) };
     * ```
     */
    download(options?: SendOptions): Promise<PlatformCertificate[]>;
  };

  /** Notifications, for handlers of requests. */
  readonly notifications: {
    /**
     * Verifies and decrypts: as `verifyNotification`, with the client's keys.
     *
     * @param request - As the handler got it, its body not yet read.
     * @returns The notification; `repeated` says whether one of its `id` came before.
     *
     * @example
     * ```js
     * const onNotification = async (incoming) => {
     *   const { resource, repeated } = await client.notifications.parse(incoming);
     *   if (!repeated) console.log(resource.out_contract_code);
     *   return client.notifications.acknowledge();
     * };
     * ```
     */
    parse<Resource = ContractResource>(request: Request): Promise<Notification<Resource> & { repeated: boolean }>;

    /** The answer to one that was accepted: 204. WeChat Pay wants it within 5 seconds. */
    acknowledge(): Response;

    /**
     * The answer to one that was not; WeChat Pay sends it again, up to 15 times.
     *
     * @param message - Why. It is sent.
     * @param status - 400 to 599. Default 500.
     */
    reject(message?: string, status?: number): Response;
  };

  /** Every endpoint of APIv3 as a property chain: {@link Chain}. */
  readonly v3: Chain & KnownEndpoints;

  /**
   * Every endpoint of APIv3 by its path, with parameters in braces.
   *
   * @param path - Begins with `v3/`.
   *
   * @example
   * ```js
   * await client.chain('v3/certificates').get();
   * ```
   */
  chain(path: `v3/${string}` | `/v3/${string}`): Verbs;

  /** Every endpoint of APIv3 by its path, as a property. */
  readonly [path: `v3/${string}`]: Verbs;

  /**
   * Checks the configuration without sending a payment: keys, serials, clock, reachability, and which of WeChat's keys are
   * live. Sends one `GET /v3/certificates`. Never rejects over what it finds.
   *
   * @example
   * ```js
   * const report = await client.doctor();
   * if (!report.ok) console.error(String(report));
   * ```
   */
  doctor(): Promise<DoctorReport>;
}

/**
 * Makes a client for one merchant. Keys are read here, once.
 *
 * @param config - The merchant, its key, and WeChat Pay's: {@link ClientConfig}.
 * @throws {@link InvalidKeyError} where all that is wrong is keys that cannot be used, or do not belong together or where
 *   they are; {@link InvalidParameterError} with everything in `issues` otherwise.
 *
 * @example
 * ```js
 * const client = createClient({ mchid, serial, privateKey, certs });
 * const { out_contract_code } = await client.presign(params);
 * ```
 */
export function createClient(config: ClientConfig): Client;

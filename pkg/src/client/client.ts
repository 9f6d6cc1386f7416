// The client: everything that can be called for one merchant.
import { fieldsOf, reading } from '../arguments.js';
import type { AnyNotification, Notification } from '../notification.js';
import type { AppParameters, JsapiParameters, PaymentParams } from '../payment.js';
import type { PresignMode, PresignParams, PresignScene } from '../presign.js';
import { senderOf } from './built-request.js';
import { showingCaller } from './caller.js';
import type { PlatformCertificate } from './certificate-list.js';
import { Certificates } from './certificates.js';
import { chain, readPath } from './chain.js';
import { type ClientConfig, readConfiguration } from './configuration.js';
import {
  type Contract,
  type ContractName,
  Contracts,
  type PresignCallOptions,
  type PresignResult,
} from './contracts.js';
import { type DoctorReport, diagnose } from './doctor.js';
import { type DownloadOptions, type DownloadSource, Downloads } from './download.js';
import { Endpoints } from './endpoints.js';
import type { HandleOptions } from './notification-options.js';
import type { NotificationRequest, ParseOptions } from './notification-request.js';
import { Notifications } from './notifications.js';
import { PlatformKeyStore } from './platform-key-store.js';
import type { SendOptions } from './request-options.js';
import {
  type DirectContractOrder,
  type DirectOrder,
  type DirectOrderName,
  type DirectTransaction,
  type DirectTransactionName,
  type OrderResult,
  type PartnerContractOrder,
  type PartnerOrder,
  type PartnerOrderName,
  type PartnerTransaction,
  type PartnerTransactionName,
  Transactions,
} from './transactions.js';
import { Transport } from './transport.js';
import { readUpload, type UploadOptions, type UploadResult } from './upload.js';
import type {
  ApiResponse,
  Chain,
  ChainVerbs,
  EndpointPath,
  OneParameterVerbs,
  PathParameters,
  PathVerbs,
  SeveralParametersVerbs,
  VerbsOf,
} from './verbs.js';
import { isGlobalScope, warmUp } from './warm-up.js';

/** The pre-sign endpoints, with typed bodies and responses. */
type PresignEndpoint<Mode extends PresignMode, Scene extends PresignScene> = ChainVerbs<
  PresignParams<Mode, Scene>,
  PresignResult<Mode, Scene>
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
 * A client for one merchant. Clients share no state. Make one, and keep it as long as the process lives. Every method
 * rejects with one of {@link AnyWechatPayError}.
 *
 * @example
 * ```js
 * const client = createClient({ mchid, serial, privateKey, certs });
 * ```
 */
export interface Client {
  /**
   * Pre-signs a contract: builds the request, signs and sends it, and verifies the response.
   *
   * Pre-signing must never stop a payment. Allow it little time, and continue without the offer if it fails.
   *
   * @param params - The fields, by WeChat's names.
   * @param options - The mode and scene, and how the request is sent.
   *
   * @example
   * ```js
   * const offered = await client.presign(params, { timeoutMs: 1000, retries: 0 }).then(() => true, () => false);
   * ```
   */
  presign<Mode extends PresignMode = 'ecommerce', Scene extends PresignScene = 'pay-redirect-sign'>(
    params: PresignParams<Mode, Scene>,
    options?: PresignCallOptions<Mode, Scene>,
  ): Promise<PresignResult<Mode, Scene>>;

  /** Querying and ending contracts. */
  readonly contracts: {
    /**
     * Queries a contract. No notification is sent if the user abandons signing, so query the contract if none comes.
     * Rejects with an {@link ApiError} of status 404 if the user has not signed.
     *
     * @example
     * ```js
     * const { contract_state } = await client.contracts.query({ service_id: 1234, out_contract_code: '100001256' });
     * ```
     */
    query(contract: ContractName, options?: SendOptions): Promise<Contract>;

    /**
     * Terminates a contract. Its number can never be used again.
     *
     * @param reason - The reason, at most 256 characters.
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

  /**
   * Orders: placing, querying and closing them. With `sp_mchid`, a call is a partner's (a service provider's or an
   * e-commerce platform's); without it, a direct merchant's. The client's own number is `mchid` or `sp_mchid`.
   */
  readonly transactions: {
    /**
     * Places an order that the user pays in a page in WeChat or in a mini program (JSAPI下单). Pass its `prepay_id`
     * to `presign` and `paymentParams`. If the outcome is unknown, place the same order again: an `out_trade_no` is paid
     * once.
     *
     * @param order - The fields, by WeChat's names. Every wrong field is reported at once, by its path.
     *
     * @example
     * ```js
     * const { prepay_id } = await client.transactions.jsapi({
     *   appid: 'wxd678efh567hg6787',
     *   description: 'Image形象店-深圳腾大-QQ公仔',
     *   out_trade_no: '1217752501201407033233368018',
     *   notify_url: 'https://yoursite.com/wxpay.html',
     *   amount: { total: 100 },
     *   payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
     * });
     * ```
     */
    jsapi(order: DirectOrder | PartnerOrder, options?: SendOptions): Promise<OrderResult>;

    /**
     * Places an order that charges a contract (JSAPI下单并授权/签约): `contract_info` names the contract.
     *
     * @param order - The fields of an order, and `contract_info`.
     *
     * @example
     * ```js
     * const { contract_id } = await client.contracts.query(contract);
     * const contract_info = { password_free_contract_id: contract_id };
     * const { prepay_id } = await client.transactions.jsapiWithContract({ ...order, contract_info });
     * ```
     */
    jsapiWithContract(order: DirectContractOrder | PartnerContractOrder, options?: SendOptions): Promise<OrderResult>;

    /**
     * Queries a transaction by `transaction_id`, or by the `out_trade_no` of its order.
     *
     * @example
     * ```js
     * const { trade_state } = await client.transactions.query({ out_trade_no: '1217752501201407033233368018' });
     * ```
     */
    query(transaction: DirectTransactionName, options?: SendOptions): Promise<DirectTransaction>;
    query(transaction: PartnerTransactionName, options?: SendOptions): Promise<PartnerTransaction>;

    /**
     * Closes an unpaid order, so that it can no longer be paid.
     *
     * @example
     * ```js
     * await client.transactions.close({ out_trade_no: '1217752501201407033233368018' });
     * ```
     */
    close(order: DirectOrderName | PartnerOrderName, options?: SendOptions): Promise<void>;
  };

  /**
   * Signs the payment parameters for the user's client, with this client's private key or signer: for JSAPI调起支付
   * (also mini programs) or for APP调起支付.
   *
   * @param payment - The AppID and the `prepay_id`.
   * @param client - `'jsapi'` for pages and mini programs, `'app'` for apps.
   * @returns The parameters, to pass on unchanged.
   *
   * @example
   * ```js
   * const parameters = await client.paymentParams({ appId: params.appid, prepay_id: params.prepay_id }, 'jsapi');
   * ```
   */
  paymentParams<PayingClient extends 'jsapi' | 'app'>(
    payment: PaymentParams,
    client: PayingClient,
  ): Promise<PayingClient extends 'app' ? AppParameters : JsapiParameters>;

  /** WeChat Pay's platform certificates. */
  readonly certificates: {
    /**
     * Downloads the certificates (`GET /v3/certificates`), checks them, and trusts them from then on, in place of those
     * downloaded before. The client does this by itself when it needs to. If a job calls this every 12 hours, with a
     * `certificateStore`, no other call has to wait for a download.
     *
     * The response is verified with the keys in `certs` that have not expired, and with the downloaded certificates.
     * Without any, it is verified with the certificates in it, which only a holder of the APIv3 key can have encrypted.
     *
     * @returns The certificates that are valid now.
     * @throws The errors of any call; {@link HostError} if `certificateStore` fails; {@link DecryptionError} if the APIv3 key
     *   is not the merchant's; {@link InvalidKeyError} if a certificate has another serial number than announced, was not
     *   issued by `rootCertificate`, or none is valid. Merchants registered since late 2024 have no certificates; the hint
     *   of the {@link ApiError} says so.
     *
     * @example
     * ```js
     * export default { scheduled: async () => console.log(await client.certificates.download()) };
     * ```
     */
    download(options?: SendOptions): Promise<PlatformCertificate[]>;
  };

  /** Notifications, for handlers of HTTP requests. */
  readonly notifications: {
    /**
     * Verifies and decrypts a notification, like `verifyNotification` but with the client's keys. It remembers nothing:
     * WeChat Pay sends a notification more than once. To handle each one once, use `handle`.
     *
     * @param request - A `Request`, or the headers and the raw body in any framework. Nothing may have read the body.
     *
     * @example
     * ```js
     * const read = async (incoming) => {
     *   const { event_type, resource } = await client.notifications.parse(incoming);
     *   return `${event_type} ${resource.out_contract_code}`;
     * };
     * ```
     */
    parse(request: Request | NotificationRequest, options?: ParseOptions): Promise<AnyNotification>;
    parse<Resource>(request: Request | NotificationRequest, options?: ParseOptions): Promise<Notification<Resource>>;

    /**
     * Verifies a notification, has it handled once, and makes the response that WeChat Pay expects within 5 seconds.
     * The notification is marked as done, for 48 hours, only after the handler has ended. If the handler fails, WeChat
     * Pay is told to send the notification again. Never rejects.
     *
     * | what happened | response |
     * | --- | --- |
     * | the handler has finished; or the notification was already done, and the handler did not run | 204 |
     * | a bad signature, a stale timestamp, a missing header, a probe | 401 |
     * | the same notification is being handled; the needed certificates cannot be downloaded | 503, `Retry-After` |
     * | the handler failed; the store failed, and the handler did not run; anything else | 500 |
     * | the store failed twice after the handler had finished | 204 |
     *
     * A claim lasts 60 seconds. A notification is handled twice only if the process dies, or if the 60 seconds run out,
     * before it is marked as done. If that must never happen, record its `id` in the transaction that does the work.
     *
     * @param request - A `Request`, or the headers and the raw body in any framework. Nothing may have read the body.
     * @param handler - Does the work. If it throws, the notification is sent again.
     * @param options - The store, the error callback and `waitUntil`: {@link HandleOptions}.
     *
     * @example
     * ```js
     * const onNotification = (incoming) =>
     *   client.notifications.handle(incoming, async ({ event_type, resource }) => {
     *     console.log(event_type, resource.out_contract_code);
     *   });
     * ```
     */
    handle(
      request: Request | NotificationRequest,
      handler: (notification: AnyNotification) => unknown,
      options?: HandleOptions,
    ): Promise<Response>;
    handle<Resource>(
      request: Request | NotificationRequest,
      handler: (notification: Notification<Resource>) => unknown,
      options?: HandleOptions,
    ): Promise<Response>;
  };

  /** Every endpoint of APIv3 as a property chain: {@link Chain}. */
  readonly v3: Chain & KnownEndpoints;

  /**
   * Every endpoint of APIv3 by its path, with parameters in braces. The compiler checks that each parameter is given.
   *
   * @param path - Begins with `v3/`.
   *
   * @example
   * ```js
   * await client.chain('v3/pay/transactions/id/{transaction_id}').get({ transaction_id, query: { mchid } });
   * ```
   */
  chain<Path extends EndpointPath>(path: Path): VerbsOf<Path>;

  /** Every endpoint of APIv3 by its path, as a property. */
  readonly [path: `v3/${string}`]: PathVerbs;
  readonly [path: `v3/${string}{${string}}${string}`]: OneParameterVerbs;
  readonly [path: `v3/${string}{${string}}${string}{${string}}${string}`]: SeveralParametersVerbs;

  /**
   * Uploads a file to any v3 path: an image, a video, a document. The request is signed over `meta`, which holds the
   * SHA-256 of the file, and the response is verified.
   *
   * | path | file | data |
   * | --- | --- | --- |
   * | `v3/merchant/media/upload` | image | `media_id` |
   * | `v3/merchant/media/video_upload` | video | `media_id` |
   * | `v3/marketing/favor/media/image-upload` | image | `media_url` |
   * | `v3/merchant-service/images/upload` | image | `media_id` |
   *
   * @param path - Begins with `v3/`.
   * @param options - The file and its name: {@link UploadOptions}.
   *
   * @example
   * ```js
   * const upload = async (file) => {
   *   const { data } = await client.upload('v3/merchant/media/upload', { file, filename: 'licence.png' });
   *   return data.media_id;
   * };
   * ```
   */
  upload<const Path extends EndpointPath>(
    path: Path,
    options: UploadOptions & PathParameters<Path>,
  ): Promise<ApiResponse<UploadResult<Path>>>;

  /**
   * Downloads a bill or another file that a response of WeChat Pay names, from WeChat Pay's hosts only. The download
   * itself is not signed by WeChat Pay. Its hash is checked instead: the last part of the stream is held back until the
   * hash is right. If it is wrong, the stream ends with a {@link SignatureVerificationError} of reason `bad-hash`, and
   * the data already read must be discarded. Nothing is read from the network before the stream is read; `cancel()` it
   * if you do not read it.
   *
   * @param source - The `download_url`, `hash_type` and `hash_value` of the response that names the file.
   * @param options - Whether the file is compressed: {@link DownloadOptions}.
   * @returns The content of the file, decompressed with `gzip`.
   *
   * @example
   * ```js
   * // `named` is the data of GET v3/bill/tradebill, with tar_type: 'GZIP' in the query.
   * const read = async (named) => new Response(await client.download(named, { gzip: true })).text();
   * ```
   */
  download(
    source: DownloadSource & { hash_type: string; hash_value: string },
    options?: DownloadOptions,
  ): Promise<ReadableStream<Uint8Array>>;
  download(
    source: DownloadSource,
    options: DownloadOptions & { unverified: true },
  ): Promise<ReadableStream<Uint8Array>>;

  /**
   * Checks the configuration without sending a payment: keys, serials, clock, reachability, and which of WeChat Pay's keys
   * are in use. Does not reject when a check fails.
   *
   * Sends one `GET /v3/certificates`. If only public keys are configured, sends `POST /v3/security/echo` in its place, since
   * such a merchant may have no certificates: WeChat Pay returns its `echo_message`, and the response is verified. If a
   * public key and certificates are configured and WeChat Pay has no certificates for the merchant (403, 404, or 500
   * `SYSTEM_ERROR`), sends both. Nothing is sent to `notify_url`.
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
 * Creates a client for one merchant. The keys are read here, once.
 *
 * @param config - The merchant, its key, and WeChat Pay's keys: {@link ClientConfig}.
 * @throws {@link InvalidKeyError} if every issue is about a key: it cannot be used, does not match another one, or is
 *   in the wrong place. {@link InvalidParameterError} otherwise, with every problem in `issues`.
 *
 * @example
 * ```js
 * const client = createClient({ mchid, serial, privateKey, certs });
 * const { out_contract_code } = await client.presign(params);
 * ```
 */
export function createClient(config: ClientConfig): Client {
  const configuration = reading('config', () => readConfiguration(config));
  if (isGlobalScope()) void warmUp(configuration);
  const transport = new Transport(configuration);
  const platformKeys = new PlatformKeyStore(configuration);
  const certificates = new Certificates(configuration, transport, platformKeys);
  const endpoints = new Endpoints(configuration, transport, platformKeys, certificates);
  const downloads = new Downloads(configuration, transport, endpoints);
  const sendBuilt = senderOf(endpoints);
  const contracts = new Contracts(sendBuilt, configuration);
  const transactions = new Transactions(sendBuilt, configuration);
  const notifications = new Notifications(configuration, certificates);

  const client = {
    presign: showingCaller((params: unknown, options: unknown = {}) => contracts.presign(params, options)),

    contracts: Object.freeze({
      query: showingCaller((contract: unknown, options: unknown = {}) => contracts.query(contract, options)),
      terminate: showingCaller((contract: unknown, reason: unknown, options: unknown = {}) =>
        contracts.terminate(contract, reason, options),
      ),
    }),

    transactions: Object.freeze({
      jsapi: showingCaller((order: unknown, options: unknown = {}) => transactions.order(order, false, options)),
      jsapiWithContract: showingCaller((order: unknown, options: unknown = {}) =>
        transactions.order(order, true, options),
      ),
      query: showingCaller((transaction: unknown, options: unknown = {}) => transactions.query(transaction, options)),
      close: showingCaller((order: unknown, options: unknown = {}) => transactions.close(order, options)),
    }),

    paymentParams: showingCaller(async (payment: unknown, payingClient: unknown) => {
      const {
        timestamp = configuration.now(),
        nonce = configuration.nonce?.(),
        ...others
      } = fieldsOf('payment', payment);
      return configuration.signPayment({ ...others, timestamp, nonce }, payingClient);
    }),

    certificates: Object.freeze({
      download: showingCaller((options: unknown = {}) => certificates.download(options)),
    }),

    notifications: Object.freeze({
      parse: showingCaller((request: unknown, options: unknown = {}) => notifications.parse(request, options)),
      handle: (request: unknown, handler: unknown, options: unknown = {}) =>
        notifications.handle(request, handler, options),
    }),

    get v3() {
      return chain('v3', endpoints);
    },

    chain: (path: unknown) => chain(readPath(path), endpoints),

    upload: showingCaller(async (path: unknown, options: unknown = {}) => {
      const { request, sending } = await readUpload(readPath(path), options);
      return endpoints.send(request, sending);
    }),

    download: showingCaller((source: unknown, options: unknown = {}) => downloads.download(source, options)),

    doctor: () => diagnose(configuration, endpoints, platformKeys),
  };
  Object.defineProperty(client, Symbol.for('nodejs.util.inspect.custom'), {
    value: (_depth: number, options: object, inspect: (value: object, options: object) => string) => {
      const { mchid, serial, baseUrl } = configuration;
      return `Client ${inspect({ mchid, serial, baseUrl, certs: Object.keys(platformKeys.keys) }, options)}`;
    },
  });

  return new Proxy(Object.freeze(client), {
    get(target, name, receiver) {
      if (typeof name === 'string' && name.startsWith('v3/')) return chain(name, endpoints);
      return Reflect.get(target, name, receiver);
    },
  }) as unknown as Client;
}

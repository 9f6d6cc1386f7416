/** A stand-in for api.mch.weixin.qq.com. It checks requests as WeChat Pay does and signs its responses. */
import { randomHex } from '../bytes.js';
import type { TestMerchant } from '../keys.js';
import { createCertificateList, type ListedCertificate } from './certificate-list.js';
import { createRequestHandler } from './checks/request.js';
import { createContractStore, type GatewayContract } from './contract-store.js';
import { createEncryption } from './encryption.js';
import type { Explanation } from './explanation.js';
import { createFaultQueue, type Fault, type FaultContext, type FaultOptions, type PendingFault } from './faults.js';
import { createInProcessFetch } from './in-process-fetch.js';
import { createJournal, type GatewayEvent, type GatewayNotification } from './journal.js';
import { createNotifier, type NotificationParts, type TestNotification } from './notification.js';
import { createOrderStore, type GatewayOrder } from './order-store.js';
import { createPlatformSigner } from './platform-signature.js';
import { createRequestIds } from './request-id.js';
import { createResponder, type GatewayResponse } from './response.js';

/**
 * A request to the gateway.
 *
 * @example
 * ```ts
 * const request: GatewayRequest = { method: 'GET', path: '/v3/certificates', headers: {}, body: new Uint8Array() };
 * ```
 */
export interface GatewayRequest {
  method: string;
  /** The path and query exactly as sent, including percent-encoding. */
  path: string;
  /** Names in lower case. Repeated headers are joined with `", "`. */
  headers: Record<string, string>;
  /** The exact bytes; empty if there is no body. */
  body: Uint8Array<ArrayBuffer>;
}

/**
 * A request that the gateway received, and its outcome.
 *
 * @example
 * ```ts
 * const last: RecordedRequest | undefined = kit.gateway.requests.at(-1);
 * ```
 */
export interface RecordedRequest {
  /** 1 for the first request, and so on. */
  id: number;
  /** The time of arrival, in Unix seconds. */
  time: number;
  method: string;
  /** The path and query, as sent. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** The outcome without the fault: the status; `"OK"` or WeChat Pay's error code; the error message, empty on success. */
  outcome: { status: number; code: string; message: string };
  /** The fault that was injected into the response. */
  fault: Fault | undefined;
  /** The message that the caller had to sign. Absent if the Authorization header cannot be read. */
  signedMessage?: string;
  /** Why it was rejected. Absent if it was accepted. */
  explanation?: Explanation;
}

/**
 * Options of {@link Gateway.response}.
 *
 * @example
 * ```ts
 * const stale: ResponseOptions = { body: {}, ageSeconds: 301 };
 * ```
 */
export interface ResponseOptions {
  /** Default: 200. */
  status?: number;
  /** Text, or a value that is written as JSON. Default: `{}`. */
  body?: unknown;
  /** How long ago the response claims to have been signed; negative for the future. Default: 0. */
  ageSeconds?: number;
  /** The platform key to sign with. Default: the first. */
  serial?: string;
}

/**
 * Options of {@link createGateway}.
 *
 * @example
 * ```ts
 * const options: GatewayOptions = { merchants: [await makeMerchant()], platform: await makePlatformKey() };
 * ```
 */
export interface GatewayOptions {
  /** The merchants that may call. One `mchid` may have several certificates. */
  merchants: (Pick<TestMerchant, 'mchid' | 'serial' | 'publicKey'> & { apiV3Key?: string | undefined })[];
  /** The keys that sign. A request's `Wechatpay-Serial` chooses one; the first is the default. */
  platform: { serial: string; privateKey: string } | { serial: string; privateKey: string }[];
  /** The certificates that can be downloaded; their private keys belong in `platform`. Default: none. */
  certificates?: ListedCertificate[];
  /**
   * Whether pre-signing requires a `prepay_id` that this gateway issued, that has not expired, and whose order is unpaid.
   * Default: false, so that a test of the pre-sign needs no order.
   */
  requireOrders?: boolean;
  /** Whether a `notify_url` may be plain HTTP to this machine (`http://127.0.0.1:3000/notify`). Default: false. */
  allowLoopback?: boolean;
  /** The number of requests that are remembered. Default: all. */
  maxRequests?: number;
  /** The clock, in Unix seconds. */
  now?: () => number;
  /** Makes the nonces of responses and notifications. Default: random. */
  nonce?: () => string;
}

/**
 * The values by which the simulated user names a contract. `mchid` is the merchant who pre-signed it.
 *
 * @example
 * ```ts
 * const name: UserContractName = { mchid: kit.merchant.mchid, out_contract_code: '100001256' };
 * ```
 */
export interface UserContractName {
  mchid: string;
  out_contract_code: string;
}

/**
 * The parts of WeChat Pay that this package needs: JSAPI orders (direct, partner, combined, with a contract), the pre-sign
 * endpoints of all modes and scenes, query and termination of contracts, `GET /v3/certificates`, `POST /v3/security/echo`,
 * uploads, and trade bills with their download.
 *
 * Four things are assumed, because WeChat Pay does not document them. `…/jsapi-with-contract` takes the query's `contract_id`
 * as `password_free_contract_id`. The user pays with the `prepay_id` that it returns, as for any order. The payer of the order
 * must have signed the contract. As in related products, the event types are `ENTRUST.SIGN` and `ENTRUST.TERMINATE`, and the
 * merchant's own termination also causes a notification.
 *
 * @example
 * ```js
 * const { gateway } = await createTestKit();
 * gateway.injectFault('rate-limit', { times: 2 });
 * ```
 */
export interface Gateway {
  /** Replaces the host's `fetch`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Responds to one request. Use it to put the gateway behind a server of your own. */
  handle(request: GatewayRequest): Promise<GatewayResponse>;
  /** All requests so far, oldest first. */
  readonly requests: RecordedRequest[];
  /** The requests to one path, with or without a query, oldest first. */
  requestsTo(path: string): RecordedRequest[];
  /**
   * The keys that sign: the one that a request's `Wechatpay-Serial` names, else the first. Add and remove keys to rotate
   * them.
   */
  readonly platforms: { serial: string; privateKey: string }[];
  /** The certificates that `GET /v3/certificates` lists. Add and remove certificates to rotate them. */
  readonly certificates: ListedCertificate[];
  /** The trade bills (`GET /v3/bill/tradebill`), by `bill_date`. Other dates have none. */
  readonly bills: Map<string, string>;
  /** Makes the next responses fail. Faults happen in the order in which they were injected. */
  injectFault(fault: Fault, options?: FaultOptions): void;
  /** The faults that have not happened yet. */
  readonly pendingFaults: PendingFault[];
  /** Removes the faults that have not happened yet. */
  clearFaults(): void;
  /** The orders, oldest first. Changing them changes nothing. */
  readonly orders: GatewayOrder[];
  /** The contracts, oldest first, including contracts that are only pre-signed. Changing them changes nothing. */
  readonly contracts: GatewayContract[];
  /** The notifications that WeChat Pay would have sent, oldest first. The gateway sends none itself. */
  readonly notifications: GatewayNotification[];
  /**
   * The user pays an order. Causes the notification `TRANSACTION.SUCCESS`. With `signs`, the user then signs the contract that
   * was pre-signed with the same `prepay_id`.
   */
  userPays(payment: { prepay_id: string; signs?: boolean }): GatewayOrder;
  /**
   * The user signs a contract that was pre-signed, after paying the order if the gateway knows it. Causes the notification
   * `ENTRUST.SIGN`. Returns the contract as a query shows it.
   */
  userSigns(name: UserContractName): Record<string, unknown>;
  /** The user leaves without signing. Causes no notification. */
  userAbandons(name: UserContractName): void;
  /** The user ends a signed contract in WeChat. Causes `ENTRUST.TERMINATE`. Returns the contract as a query shows it. */
  userTerminates(name: UserContractName): Record<string, unknown>;
  /**
   * Calls the listener after each change: a request, an order, a contract, a notification. Returns a function that unsubscribes.
   */
  subscribe(listener: (event: GatewayEvent) => void): () => void;
  /**
   * Signs and encrypts a notification: one of {@link Gateway.notifications}, or one of your own. `url` is where it goes, by
   * default the `notify_url` of the contract or order that the resource names.
   */
  notification(
    notification: TestNotification & {
      mchid: string;
      event_type: string;
      resource: Record<string, unknown>;
      url?: string;
    },
  ): Promise<NotificationParts>;
  /** Makes a signed response, for a `fetch` of your own. */
  response(options?: ResponseOptions): Promise<Response>;
}

/**
 * Makes a gateway.
 *
 * @example
 * ```js
 * const gateway = createGateway({ merchants: [await makeMerchant()], platform: await makePlatformKey() });
 * ```
 */
export function createGateway({
  merchants,
  platform,
  certificates = [],
  requireOrders = false,
  allowLoopback = false,
  maxRequests = Infinity,
  now = systemClock,
  nonce = randomNonce,
}: GatewayOptions): Gateway {
  const platforms = [platform].flat();
  const journal = createJournal(now);
  const orders = createOrderStore({ now, allowLoopback, contracts: () => contracts, journal });
  const contracts = createContractStore({ now, allowLoopback, requireOrders, orders, journal });
  const encryptFor = createEncryption(merchants);
  const listCertificates = createCertificateList({ certificates, encryptFor });
  const bills = new Map<string, string>();
  const respondTo = createRequestHandler({ merchants, now, contracts, orders, listCertificates, bills });
  const signer = createPlatformSigner({ platforms, now, makeNonce: nonce });
  const makeRequestId = createRequestIds(now);
  const { sign, infrastructure } = createResponder({ signer, makeRequestId, now });
  const faults = createFaultQueue();
  const requests: RecordedRequest[] = [];
  let received = 0;

  async function handle(request: GatewayRequest): Promise<GatewayResponse> {
    const fault = faults.next(request.path);
    const id = ++received;
    const time = now();
    const { response, signedMessage } = await respondTo(request);
    const { status, code, message, explanation } = response;
    const recorded: RecordedRequest = {
      id,
      time,
      ...request,
      outcome: { status, code, message },
      fault: fault?.name,
      ...(signedMessage !== undefined && { signedMessage }),
      ...(explanation !== undefined && { explanation }),
    };
    requests.push(recorded);
    if (requests.length > maxRequests) requests.splice(0, requests.length - maxRequests);
    journal.emit({ type: 'request', request: recorded });

    const wanted = request.headers['wechatpay-serial'];
    const signForCaller: FaultContext['sign'] = (unsigned, { ageSeconds = 0, useOtherKey = false } = {}) =>
      sign(unsigned, { serial: useOtherKey ? signer.otherThan(wanted ?? '') : wanted, ageSeconds });
    return fault ? fault.apply({ request, response, sign: signForCaller, infrastructure }) : signForCaller(response);
  }

  return {
    fetch: createInProcessFetch(handle),
    handle,
    requests,
    requestsTo: (path) => requests.filter((request) => request.path === path || request.path.startsWith(`${path}?`)),
    platforms,
    certificates,
    bills,
    injectFault: faults.inject,
    get pendingFaults() {
      return faults.pending();
    },
    clearFaults: faults.clear,
    get orders() {
      return orders.list();
    },
    get contracts() {
      return contracts.list();
    },
    get notifications() {
      return structuredClone(journal.notifications);
    },

    userPays({ prepay_id, signs = false }) {
      const order = orders.findByPrepayId(prepay_id);
      const out_contract_code = contracts.offeredWith(prepay_id);
      if (signs && order && out_contract_code === undefined) {
        throw new TypeError(`signs: no contract was pre-signed with ${prepay_id}`);
      }
      const paid = orders.userPays(prepay_id);
      if (signs && out_contract_code !== undefined) contracts.userSigns({ mchid: paid.mchid, out_contract_code });
      return paid;
    },
    userSigns: contracts.userSigns,
    userAbandons: contracts.userAbandons,
    userTerminates: contracts.userTerminates,
    subscribe: journal.subscribe,
    notification: createNotifier({
      signer,
      makeRequestId,
      encryptFor,
      now,
      notifyUrl: (name) => contracts.notifyUrl(name) ?? orders.notifyUrl(name),
    }),

    async response({ status = 200, body = {}, ageSeconds = 0, serial } = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const signed = await sign({ status, code: '', message: '', body: text }, { serial, ageSeconds });
      return new Response(status === 204 ? null : signed.body, { status, headers: signed.headers });
    },
  };
}

const systemClock = (): number => Math.floor(Date.now() / 1000);
const randomNonce = (): string => randomHex(16).toUpperCase();

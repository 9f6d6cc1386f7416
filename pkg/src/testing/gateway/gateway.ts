/** A stand-in for api.mch.weixin.qq.com. It checks requests as WeChat Pay does and signs its responses. */
import { randomHex } from '../bytes.js';
import type { TestMerchant } from '../keys.js';
import { createCertificateList, type ListedCertificate } from './certificate-list.js';
import { createRequestHandler } from './checks/request.js';
import { createContractStore } from './contract-store.js';
import { createEncryption } from './encryption.js';
import { createFaultQueue, type Fault, type FaultContext, type FaultOptions } from './faults.js';
import { createInProcessFetch } from './in-process-fetch.js';
import { createNotifier, type NotificationParts, type TestNotification } from './notification.js';
import { createPlatformSigner } from './platform-signature.js';
import { createRequestIds } from './request-id.js';
import { createResponder, type GatewayResponse } from './response.js';

/**
 * A request as it reaches the gateway.
 *
 * @example
 * ```ts
 * const request: GatewayRequest = { method: 'GET', path: '/v3/certificates', headers: {}, body: new Uint8Array() };
 * ```
 */
export interface GatewayRequest {
  method: string;
  /** Path and query exactly as sent, percent-encoding included. */
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
  method: string;
  /** Path and query, as sent. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** The outcome without the fault: the status; `"OK"` or WeChat Pay's error code; the error message, empty on success. */
  outcome: { status: number; code: string; message: string };
  /** The fault that was injected into the response. */
  fault: Fault | undefined;
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
  /** The clock, in Unix seconds. */
  now?: () => number;
  /** Makes the nonces of responses and notifications. Default: random. */
  nonce?: () => string;
}

/**
 * The parts of WeChat Pay that this package needs: the pre-sign endpoints of all modes and scenes, query and termination of
 * contracts, `GET /v3/certificates`, `POST /v3/security/echo`, uploads, and trade bills with their download.
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
  /** Makes coming responses fail. Faults happen in the order in which they were injected. */
  injectFault(fault: Fault, options?: FaultOptions): void;
  /** Removes the faults that have not happened yet. */
  clearFaults(): void;
  /** The user pays and signs a contract that was pre-signed. Returns the contract as a query shows it. */
  userSigns(name: { mchid: string; out_contract_code: string }): Record<string, unknown>;
  /** Makes a notification; `url` is the `notify_url` of the contract that the resource names. */
  notification(
    notification: TestNotification & { mchid: string; event_type: string; resource: Record<string, unknown> },
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
  now = systemClock,
  nonce = randomNonce,
}: GatewayOptions): Gateway {
  const platforms = [platform].flat();
  const contracts = createContractStore(now);
  const encryptFor = createEncryption(merchants);
  const listCertificates = createCertificateList({ certificates, encryptFor });
  const bills = new Map<string, string>();
  const respondTo = createRequestHandler({ merchants, now, contracts, listCertificates, bills });
  const signer = createPlatformSigner({ platforms, now, makeNonce: nonce });
  const makeRequestId = createRequestIds(now);
  const { sign, infrastructure } = createResponder({ signer, makeRequestId, now });
  const faults = createFaultQueue();
  const requests: RecordedRequest[] = [];

  async function handle(request: GatewayRequest): Promise<GatewayResponse> {
    const fault = faults.next(request.path);
    const response = await respondTo(request);
    const { status, code, message } = response;
    requests.push({ ...request, outcome: { status, code, message }, fault: fault?.name });

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
    clearFaults: faults.clear,
    userSigns: contracts.userSigns,
    notification: createNotifier({ signer, makeRequestId, encryptFor, now, notifyUrl: contracts.notifyUrl }),

    async response({ status = 200, body = {}, ageSeconds = 0, serial } = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const signed = await sign({ status, code: '', message: '', body: text }, { serial, ageSeconds });
      return new Response(status === 204 ? null : signed.body, { status, headers: signed.headers });
    },
  };
}

const systemClock = (): number => Math.floor(Date.now() / 1000);
const randomNonce = (): string => randomHex(16).toUpperCase();

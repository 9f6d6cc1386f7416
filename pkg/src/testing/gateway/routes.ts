/** The paths that the gateway knows, and their handlers. */

import type { ListCertificates } from './certificate-list.js';
import type { Authorization } from './checks/authorization.js';
import { MODES, SCENES } from './checks/contract-fields.js';
import type { ContractStore } from './contract-store.js';
import { createBillStore, uploadHandlers } from './files.js';
import type { GatewayRequest } from './gateway.js';
import { type OrderStore, orderKinds } from './order-store.js';
import { Rejection } from './rejection.js';
import type { UnsignedResponse } from './response.js';
import { echo } from './security-echo.js';

export type Caller = Pick<Authorization, 'mchid' | 'serial_no'>;

export type Handler = (request: GatewayRequest, caller: Caller) => UnsignedResponse | Promise<UnsignedResponse>;

export interface Route {
  method: 'GET' | 'POST';
  handle: Handler;
}

export interface Services {
  contracts: ContractStore;
  orders: OrderStore;
  listCertificates: ListCertificates;
  /** The trade bills, by date. */
  bills: ReadonlyMap<string, string>;
}

const CONTRACT =
  /^\/v3\/password-exempt-contract\/contracts\/service-id\/([^/]+)\/out-contract-code\/([^/]+?)(\/terminate)?$/;

/** The path after that of the kind of order. */
const ORDER = /^\/(id|out-trade-no)\/([^/]+?)(\/close)?$/;

/** The returned function throws a {@link Rejection} for an unknown path or a wrong method. */
export function createRouter({
  contracts,
  orders,
  listCertificates,
  bills,
}: Services): (request: GatewayRequest) => Route {
  const { tradeBill, download } = createBillStore(bills);
  const routes = new Map<string, Route>([
    ['/v3/certificates', { method: 'GET', handle: (_request, { mchid }) => listCertificates(mchid) }],
    ['/v3/security/echo', { method: 'POST', handle: echo }],
    ['/v3/bill/tradebill', { method: 'GET', handle: tradeBill }],
    ['/v3/billdownload/file', { method: 'GET', handle: download }],
    ...uploadHandlers.map(([path, handle]): [string, Route] => [path, { method: 'POST', handle }]),
  ]);
  for (const mode of MODES) {
    for (const scene of SCENES) {
      const path = `/v3/password-exempt-contract/contracts/${mode}/pre-entrust-sign/${scene}`;
      const handle: Handler = ({ body }, { mchid }) => contracts.preSign({ mode, scene, mchid, body });
      routes.set(path, { method: 'POST', handle });
    }
  }

  for (const [kind, path] of orderKinds) {
    const place = (withContract: boolean): Route => ({
      method: 'POST',
      handle: ({ body }, { mchid }) => orders.place({ kind, withContract, mchid, body }),
    });
    routes.set(`${path}/jsapi`, place(false));
    if (kind !== 'combine') routes.set(`${path}/jsapi-with-contract`, place(true));
  }

  function orderRoute(path: string): Route | undefined {
    const [kind, prefix] = orderKinds.find(([, start]) => path.startsWith(`${start}/`)) ?? [];
    if (kind === undefined) return undefined;
    const [, by, encoded = '', close] = ORDER.exec(path.slice(prefix?.length)) ?? [];
    const name = decode(encoded);
    if (by === undefined || (kind === 'combine' && (by === 'id' || close))) return undefined;
    if (close === undefined) {
      const queried = by === 'id' ? ('id' as const) : ('out-trade-no' as const);
      const handle: Handler = ({ path: sent }, { mchid }) =>
        orders.query({ kind, by: queried, name, mchid, query: sent.slice(path.length + 1) });
      return { method: 'GET', handle };
    }
    if (by === 'id' || kind === 'combine') return undefined;
    return { method: 'POST', handle: ({ body }, { mchid }) => orders.close({ kind, name, mchid, body }) };
  }

  function contractRoute(path: string): Route | undefined {
    const [, service_id, out_contract_code, terminate] = CONTRACT.exec(path)?.map((part) => part && decode(part)) ?? [];
    if (service_id === undefined || out_contract_code === undefined) return undefined;
    const name = { service_id, out_contract_code };
    return terminate === undefined
      ? { method: 'GET', handle: (_request, { mchid }) => contracts.query({ mchid, ...name }) }
      : { method: 'POST', handle: ({ body }, { mchid }) => contracts.terminate({ mchid, ...name, body }) };
  }

  return ({ method, path }) => {
    const [withoutQuery = path] = path.split('?', 1);
    const route = routes.get(withoutQuery) ?? contractRoute(withoutQuery) ?? orderRoute(withoutQuery);
    if (!route) {
      const en = `The gateway knows no path ${withoutQuery}. Check its spelling; it must not end in a slash.`;
      throw new Rejection(404, 'NOT_FOUND', '请求的资源不存在', undefined, { reason: 'not-found', where: 'path', en });
    }
    if (route.method !== method) {
      const message = `此接口仅支持${route.method}方法`;
      const en = `The method must be ${route.method}.`;
      const explanation = { reason: 'other-method', where: 'method', en, expected: route.method, actual: method };
      throw new Rejection(405, 'METHOD_NOT_ALLOWED', message, undefined, explanation);
    }
    return route;
  };
}

/** Decodes a path parameter. Returns it unchanged if it cannot be decoded. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

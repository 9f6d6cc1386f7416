/** Which paths the gateway knows, and who answers them. */
import { MODES, SCENES } from './judge/contract-fields.js';
import { Refusal } from './refusal.js';
import { echo } from './security-echo.js';

/**
 * @typedef {import('./gateway.js').GatewayRequest} GatewayRequest
 * @typedef {import('./answer.js').Content} Content
 * @typedef {Pick<import('./judge/authorization.js').Authorization, 'mchid' | 'serial_no'>} Caller
 * @typedef {{ method: string, answer: (request: GatewayRequest, caller: Caller) => Content | Promise<Content> }} Route
 *
 * @typedef {object} Services  what stands behind the paths
 * @property {import('./contract-book.js').ContractBook} book
 * @property {(mchid: string) => Promise<Content>} certificatesFor
 */

/** A contract by its name, and perhaps its end. */
const CONTRACT =
  /^\/v3\/password-exempt-contract\/contracts\/service-id\/([^/]+)\/out-contract-code\/([^/]+?)(\/terminate)?$/;

/**
 * @param {Services} services
 * @returns {(request: GatewayRequest) => Route}
 */
export function createRouter({ book, certificatesFor }) {
  /** @type {Map<string, Route>} */
  const routes = new Map([
    ['/v3/certificates', { method: 'GET', answer: (_request, { mchid }) => certificatesFor(mchid) }],
    ['/v3/security/echo', { method: 'POST', answer: echo }],
  ]);
  for (const mode of MODES) {
    for (const scene of SCENES) {
      const path = `/v3/password-exempt-contract/contracts/${mode}/pre-entrust-sign/${scene}`;
      routes.set(path, { method: 'POST', answer: ({ body }, { mchid }) => book.preSign({ mode, scene, mchid, body }) });
    }
  }

  /** @param {string} path @returns {Route | undefined} */
  function contractRoute(path) {
    const [, service_id, out_contract_code, terminate] = CONTRACT.exec(path)?.map((part) => part && decode(part)) ?? [];
    if (service_id === undefined || out_contract_code === undefined) return undefined;
    return terminate === undefined
      ? { method: 'GET', answer: (_request, { mchid }) => book.query({ mchid, service_id, out_contract_code }) }
      : {
          method: 'POST',
          answer: ({ body }, { mchid }) => book.terminate({ mchid, service_id, out_contract_code, body }),
        };
  }

  return function routeOf({ method, path }) {
    const [plain = path] = path.split('?', 1);
    const route = routes.get(plain) ?? contractRoute(plain);
    if (!route) throw new Refusal(404, 'NOT_FOUND', '请求的资源不存在');
    if (route.method !== method) throw new Refusal(405, 'METHOD_NOT_ALLOWED', `此接口仅支持${route.method}方法`);
    return route;
  };
}

/** @param {string} part  of a path, as it was sent and signed */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

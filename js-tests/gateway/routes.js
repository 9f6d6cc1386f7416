/** Which paths the gateway knows, and who answers them. */
import { createContractBook } from './contract-book.js';
import { MODES, SCENES } from './judge/contract-fields.js';
import { Refusal } from './refusal.js';

/**
 * @typedef {import('./index.js').GatewayRequest} GatewayRequest
 * @typedef {import('./answer.js').Content} Content
 * @typedef {{ method: string, answer: (request: GatewayRequest, mchid: string) => Content }} Route
 */

/** @returns {(request: GatewayRequest) => Route} */
export function createRouter() {
  const book = createContractBook();
  /** @type {Map<string, Route>} */
  const routes = new Map();
  for (const mode of MODES) {
    for (const scene of SCENES) {
      const path = `/v3/password-exempt-contract/contracts/${mode}/pre-entrust-sign/${scene}`;
      routes.set(path, { method: 'POST', answer: ({ body }, mchid) => book.preSign({ mode, scene, mchid, body }) });
    }
  }

  return function routeOf({ method, path }) {
    const route = routes.get(path.split('?', 1)[0] ?? path);
    if (!route) throw new Refusal(404, 'NOT_FOUND', '请求的资源不存在');
    if (route.method !== method) throw new Refusal(405, 'METHOD_NOT_ALLOWED', `此接口仅支持${route.method}方法`);
    return route;
  };
}

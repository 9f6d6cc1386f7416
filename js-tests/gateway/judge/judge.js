/** The order in which a request is judged. */
import { Refusal } from '../refusal.js';
import { createRouter } from '../routes.js';
import { parseAuthorization } from './authorization.js';
import { checkHeaders } from './headers.js';
import { createIdentityCheck } from './identity.js';

/**
 * @param {{ merchants: import('./identity.js').Merchant[], now: () => number,
 *   book: ReturnType<typeof import('../contract-book.js').createContractBook> }} options
 * @returns {(request: import('../index.js').GatewayRequest) => import('../answer.js').Content}
 */
export function createJudge({ merchants, now, book }) {
  const identify = createIdentityCheck({ merchants, now });
  const routeOf = createRouter(book);

  return function judge(request) {
    try {
      checkHeaders(request);
      const mchid = identify(request, parseAuthorization(request.headers.authorization));
      // WeChat looks the path up before it verifies. Here a 404 proves the signature good, so any path can be tested.
      return routeOf(request).answer(request, mchid);
    } catch (error) {
      if (error instanceof Refusal) return error.content();
      throw error;
    }
  };
}

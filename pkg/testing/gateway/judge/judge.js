/** The order in which a request is judged. */
import { outcomeOf } from '../refusal.js';
import { createRouter } from '../routes.js';
import { parseAuthorization } from './authorization.js';
import { checkHeaders } from './headers.js';
import { createIdentityCheck } from './identity.js';

/**
 * @param {{ merchants: import('./identity.js').Merchant[], now: () => number } &
 *   import('../routes.js').Services} options
 * @returns {(request: import('../gateway.js').GatewayRequest) => Promise<import('../answer.js').Content>}
 */
export function createJudge({ merchants, now, ...services }) {
  const identify = createIdentityCheck({ merchants, now });
  const routeOf = createRouter(services);

  return (request) =>
    outcomeOf(async () => {
      checkHeaders(request);
      const claim = parseAuthorization(request.headers.authorization);
      await identify(request, claim);
      // WeChat looks the path up before it verifies. Here a 404 proves the signature good, so any path can be tested.
      return routeOf(request).answer(request, claim);
    });
}

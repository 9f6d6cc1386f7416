/** The order in which a request is checked. */
import type { GatewayRequest } from '../gateway.js';
import { catchRejection } from '../rejection.js';
import type { UnsignedResponse } from '../response.js';
import { createRouter, type Services } from '../routes.js';
import { parseAuthorization } from './authorization.js';
import { checkHeaders } from './headers.js';
import { createIdentityCheck, type KnownMerchant } from './identity.js';
import { signedRequest } from './multipart.js';

export function createRequestHandler({
  merchants,
  now,
  ...services
}: Services & { merchants: readonly KnownMerchant[]; now: () => number }): (
  request: GatewayRequest,
) => Promise<UnsignedResponse> {
  const checkIdentity = createIdentityCheck({ merchants, now });
  const routeOf = createRouter(services);

  return (request) =>
    catchRejection(async () => {
      checkHeaders(request);
      const authorization = parseAuthorization(request.headers.authorization);
      await checkIdentity(signedRequest(request), authorization);
      // WeChat looks up the path before it verifies the signature. Here a 404 proves that the signature is valid, so
      // that tests can use any path.
      return routeOf(request).handle(request, authorization);
    });
}

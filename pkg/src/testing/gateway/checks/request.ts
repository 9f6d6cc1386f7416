/** Checks a request, one rule after another. */
import type { GatewayRequest } from '../gateway.js';
import { catchRejection, Rejection } from '../rejection.js';
import type { UnsignedResponse } from '../response.js';
import { createRouter, type Services } from '../routes.js';
import { parseAuthorization } from './authorization.js';
import { checkHeaders } from './headers.js';
import { createIdentityCheck, type KnownMerchant } from './identity.js';
import { signedRequest } from './multipart.js';
import { messageOf } from './signature.js';

/** A response, and the message that the caller had to sign: undefined if the Authorization header cannot be read. */
export interface CheckedRequest {
  response: UnsignedResponse;
  signedMessage: string | undefined;
}

export function createRequestHandler({
  merchants,
  now,
  ...services
}: Services & { merchants: readonly KnownMerchant[]; now: () => number }): (
  request: GatewayRequest,
) => Promise<CheckedRequest> {
  const checkIdentity = createIdentityCheck({ merchants, now });
  const routeOf = createRouter(services);

  return async (request) => {
    const response = await catchRejection(async () => {
      checkHeaders(request);
      const authorization = parseAuthorization(request.headers.authorization);
      await checkIdentity(request, authorization);
      // WeChat looks up the path before it verifies the signature. Here a 404 proves that the signature is valid, so
      // that tests can use any path.
      return routeOf(request).handle(request, authorization);
    });
    return { response, signedMessage: signedMessageOf(request) };
  };
}

function signedMessageOf(request: GatewayRequest): string | undefined {
  try {
    const message = messageOf(signedRequest(request), parseAuthorization(request.headers.authorization));
    return new TextDecoder().decode(message);
  } catch (error) {
    if (error instanceof Rejection) return undefined;
    throw error;
  }
}

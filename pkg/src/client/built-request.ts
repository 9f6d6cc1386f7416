// Sending the requests that the WebAssembly module has built and checked.
import { ApiError } from '../errors.js';
import type { BuiltRequest } from '../presign.js';
import type { Endpoints } from './endpoints.js';
import { templateOf } from './telemetry.js';
import { endpointOf } from './transport.js';
import type { ApiResponse } from './verbs.js';

/**
 * Sends a request, and returns the verified response.
 *
 * @param options - `SendOptions`, not yet checked.
 * @param parameters - The fields whose values are in the path.
 */
export type SendBuilt = (
  request: BuiltRequest,
  options: unknown,
  parameters?: Record<string, unknown>,
) => Promise<ApiResponse>;

export function senderOf(endpoints: Endpoints): SendBuilt {
  return async ({ method, path: target, body, toSign }, options, parameters) => {
    // Without parameters, the transport names the path.
    const template = parameters && templateOf(target.replace(/\?.*/s, ''), parameters);
    const response = await endpoints.send({ method, target, template, headers: {}, body, toSign }, options);
    if (response.status === 202) throw notYetDone(response, endpointOf(method, target));
    return response;
  };
}

function notYetDone({ status, requestId }: ApiResponse, endpoint: string): ApiError {
  const message = 'WeChat Pay accepted the request but has not carried it out yet: send the same request again later';
  return new ApiError(message, { status, retryable: true, verified: true, requestId, endpoint });
}

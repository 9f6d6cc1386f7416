/**
 * The gateway of the test kit, extended to listen on a port.
 *
 * @example
 * const gateway = createGateway({ merchants: [await makeMerchant()], platform: await makePlatformKey() });
 * const baseUrl = await gateway.listen();
 */
import { createGateway as createInProcess } from '#testing/gateway/gateway.js';
import { createHttpServer } from './http-server.js';

/**
 * @typedef {import('#testing/gateway/gateway.js').GatewayOptions} GatewayOptions
 * @typedef {import('#testing/gateway/gateway.js').RecordedRequest} RecordedRequest
 * @typedef {ReturnType<typeof createGateway>} Gateway
 */

/** @param {GatewayOptions} options */
export function createGateway(options) {
  const gateway = createInProcess(options);
  return Object.assign(gateway, createHttpServer(gateway.handle));
}

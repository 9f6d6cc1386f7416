/**
 * The gateway of the test kit (pkg/testing/), which also listens on a port.
 *
 * @example
 * const gateway = createGateway({ merchants: [await makeMerchant()], platform: await makePlatformKey() });
 * const baseUrl = await gateway.listen();
 */
import { createGateway as createInProcess } from '../../pkg/testing/gateway/gateway.js';
import { createHttpServer } from './http-server.js';

/**
 * @typedef {import('../../pkg/testing/gateway/gateway.js').GatewayOptions} GatewayOptions
 * @typedef {import('../../pkg/testing/gateway/gateway.js').LoggedRequest} LoggedRequest
 * @typedef {ReturnType<typeof createGateway>} Gateway
 */

/** @param {GatewayOptions} options */
export function createGateway(options) {
  const gateway = createInProcess(options);
  return { ...gateway, ...createHttpServer(gateway.handle) };
}

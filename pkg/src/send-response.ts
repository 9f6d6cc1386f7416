// Sends a `Response` in frameworks that use Node's response object.
import { propertiesOf } from './arguments.js';
import { HostError, InvalidParameterError, isWechatPayError } from './errors.js';

/**
 * The part of Node's `ServerResponse` that {@link sendResponse} needs: `res` in Express and node:http, `ctx.res` in Koa,
 * `reply.raw` in Fastify.
 *
 * @example
 * ```ts
 * const send = (res: NodeResponse, response: Response) => sendResponse(res, response);
 * ```
 */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body?: Uint8Array): unknown;
}

/**
 * Sends the status, headers and body of a response, such as the one from `client.notifications.handle`, through Node's
 * response object.
 *
 * @param res - Express and node:http: `res`. Koa: `ctx.res`. Fastify: `reply.raw`.
 * @param response - The response. Its body must not have been read.
 * @throws {@link InvalidParameterError} if `res` is something else, if it has sent its headers already, or if the body of
 *   `response` was read already; {@link HostError} if `res` or the body fails. It does not throw if the other side has hung
 *   up.
 *
 * @example
 * ```js
 * const route = async (req, res) => {
 *   const request = { headers: req.headers, body: req.body }; // after express.raw({ type: 'application/json' })
 *   await sendResponse(res, await client.notifications.handle(request, async ({ id }) => console.log(id)));
 * };
 * ```
 */
export async function sendResponse(res: NodeResponse, response: Response): Promise<void> {
  const { setHeader, end } = propertiesOf('res', res, ['setHeader', 'end']);
  if (typeof setHeader !== 'function' || typeof end !== 'function') {
    reject('res', "must be Node's response object: res in Express, ctx.res in Koa, reply.raw in Fastify");
  }
  const { status, headers, bodyUsed } = propertiesOf('response', response, ['status', 'headers', 'bodyUsed']);
  if (typeof status !== 'number' || typeof headers !== 'object' || headers === null) {
    reject('response', 'must be a Response: await the promise of notifications.handle');
  }
  if (bodyUsed === true) reject('response', 'has a body that was already read');
  try {
    const body = new Uint8Array(await response.arrayBuffer());
    if (res.headersSent) {
      reject('res', 'has already sent its headers: only sendResponse may respond to this request, and only once');
    }
    res.statusCode = status;
    for (const [name, value] of response.headers) res.setHeader(name, value);
    res.end(body);
  } catch (cause) {
    if (isWechatPayError(cause)) throw cause;
    throw new HostError('the response cannot be sent', { code: 'ERR_HANDLER', operation: 'stream', cause });
  }
}

function reject(field: string, explanation: string): never {
  throw InvalidParameterError.about(field, 'type', explanation);
}

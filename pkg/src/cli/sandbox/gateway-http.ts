/** Carries requests and responses between node:http and the gateway. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayRequest, GatewayResponse } from 'wechatpay-presign/testing';

/** The error for a body that is too long. */
export class BodyTooLong extends Error {}

/** Undefined if the client closed the connection early. */
export async function readBody(
  incoming: IncomingMessage,
  maxBytes = Infinity,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming) {
      length += chunk.length;
      if (length > maxBytes) throw new BodyTooLong();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BodyTooLong) throw error;
    return undefined;
  }
  return new Uint8Array(Buffer.concat(chunks));
}

export function gatewayRequest(incoming: IncomingMessage, body: Uint8Array<ArrayBuffer>): GatewayRequest {
  const { method = '', url = '', rawHeaders } = incoming;
  return { method, path: url, headers: joinHeaders(rawHeaders), body };
}

/** Resolves when everything is sent, or when the client has closed the connection. */
export async function deliver(made: GatewayResponse, response: ServerResponse): Promise<void> {
  const { status, headers, body, delivery = 'whole', delayMs } = made;
  const closed = new AbortController();
  const whenClosed = new Promise<void>((resolve) => {
    response.once('close', () => {
      closed.abort();
      resolve();
    });
  });
  if (response.destroyed) return;
  if (delayMs) await sleep(delayMs, undefined, { signal: closed.signal }).catch(() => {});
  if (closed.signal.aborted) return;
  const { socket } = response;
  if (delivery === 'hang') {
    // Wait until the client or the server ends the connection.
  } else if (delivery === 'reset') {
    socket?.resetAndDestroy();
  } else {
    response.writeHead(status, headers);
    if (delivery === 'whole') response.end(body);
    else response.write(body.subarray(0, body.length / 2), () => socket?.destroy());
  }
  await whenClosed;
}

/** Node's own `headers` silently drops a second Authorization or User-Agent. The gateway has to see both. */
function joinHeaders(rawHeaders: string[]): Record<string, string> {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  return Object.fromEntries(headers);
}

/** The sandbox as an HTTP server: WeChat Pay's API, the control API and the page. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway } from 'wechatpay-presign/testing';
import { CommandError } from '../errors.js';
import { errorCode, reasonOf } from '../files.js';
import { createBrowserGuard, isLoopbackHost } from './browser-guard.js';
import type { ControlRequest, ControlResponse } from './control.js';
import type { EventStream } from './event-stream.js';
import { BodyTooLong, deliver, gatewayRequest, readBody } from './gateway-http.js';
import { INSTANCE_PATH } from './lock.js';
import { pageFiles, renderPage } from './page/page.js';

interface Options {
  host: string;
  port: number;
  gateway: Gateway;
  control: (request: ControlRequest) => ControlResponse;
  events: EventStream;
  /** Distinguishes this sandbox from others. */
  id: string;
  /** The secret of the page. */
  token: string;
  /** Called when the gateway has decided on a request. */
  onHandled(body: Uint8Array, durationMs: number, sentStatus: number): void;
  onError(error: unknown): void;
}

export interface SandboxServer {
  /** The origin for programs on this machine. */
  baseUrl: string;
  close(): Promise<void>;
}

const CONTROL = '/__sandbox/';
/** WeChat Pay takes files of up to 5 MB. */
const MAX_API_BODY = 16 * 2 ** 20;
const MAX_CONTROL_BODY = 65_536;

const COMMON_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const PAGE_HEADERS = {
  ...COMMON_HEADERS,
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
};

export async function startServer(options: Options): Promise<SandboxServer> {
  const { host, port, gateway, control, events, id, token, onHandled, onError } = options;
  const guard = createBrowserGuard({ token, isLoopback: isLoopbackHost(host) });

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(incoming);
    if (path === '/' || path === '/favicon.ico' || path.startsWith(CONTROL)) {
      const refusal = guard(incoming.method ?? '', incoming.headers);
      if (refusal) return sendJson(response, refusal.status, { error: refusal.message });
      return path === '/' ? sendPage(incoming, response) : sendInternal(path, incoming, response);
    }
    const started = performance.now();
    const body = await readBody(incoming, MAX_API_BODY);
    if (!body) return;
    const made = await gateway.handle(gatewayRequest(incoming, body));
    onHandled(body, performance.now() - started, made.status);
    await deliver(made, response);
  }

  function sendPage({ method, headers }: IncomingMessage, response: ServerResponse): void {
    if (method !== 'GET' && method !== 'HEAD') {
      sendJson(response, 405, { error: 'The page is read with GET.' });
      return;
    }
    const text = renderPage({ token, acceptLanguage: headers['accept-language'] });
    send(response, 200, { ...PAGE_HEADERS, 'Content-Type': 'text/html; charset=utf-8', Vary: 'Accept-Language' }, text);
  }

  async function sendInternal(path: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = pageFiles.get(path);
    if (file) return send(response, 200, { ...PAGE_HEADERS, 'Content-Type': file.type }, file.text);
    if (path === INSTANCE_PATH) return sendJson(response, 200, { id });
    if (path === `${CONTROL}events` && incoming.method === 'GET') return events.connect(response, COMMON_HEADERS);
    const body = await readBody(incoming, MAX_CONTROL_BODY);
    if (!body) return;
    const { method = '' } = incoming;
    const made = control({ method, name: path.slice(CONTROL.length), body });
    sendJson(response, made.status, made.body);
  }

  const server = createServer((incoming, response) => {
    respond(incoming, response).catch((error) => {
      if (error instanceof BodyTooLong) {
        response.setHeader('Connection', 'close');
        return sendJson(response, 413, {
          code: 'PARAM_ERROR',
          message: 'The body is too long.',
          error: 'The body is too long.',
        });
      }
      onError(error);
      sendJson(response, 500, { code: 'SYSTEM_ERROR', message: 'The sandbox failed.', error: 'The sandbox failed.' });
    });
  });

  await listen(server, host, port);
  const { port: actual } = server.address() as AddressInfo;
  return {
    baseUrl: `http://${localName(host)}:${actual}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(port, host);
  try {
    await listening;
  } catch (error) {
    const sentence =
      LISTEN_ERRORS[errorCode(error) ?? ''] ?? (() => `cannot listen on ${host}, port ${port}: ${reasonOf(error)}`);
    throw new CommandError(sentence(host, port), { cause: error });
  }
}

const LISTEN_ERRORS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_host, port) =>
    `port ${port} is in use: stop the program that uses it, or give another one, such as --port ${port === 65_535 ? port - 1 : port + 1}`,
  EACCES: (_host, port) => `port ${port} may not be used by this account: give another one, such as --port 8443`,
  EADDRNOTAVAIL: (host) => `this machine has no address ${host}: leave --host out, or give 127.0.0.1`,
  ENOTFOUND: (host) => `the host name ${host} is not known: leave --host out, or give 127.0.0.1`,
};

/** The host name with which programs on this machine can reach the address. */
function localName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const [path = '/'] = url.split('?', 1);
  return path;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const headers = { ...COMMON_HEADERS, 'Content-Type': 'application/json; charset=utf-8' };
  send(response, status, headers, JSON.stringify(value));
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, text: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(text)) });
  response.end(text);
}

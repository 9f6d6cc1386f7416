/** `sandbox`: WeChat Pay on this machine. */
import { randomBytes } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { createGateway, type GatewayEvent, type RecordedRequest } from 'wechatpay-presign/testing';
import type { Command, Context } from '../command.js';
import { SANDBOX_DIRECTORY } from '../configuration.js';
import { UsageError } from '../errors.js';
import { readVersion } from '../version.js';
import { isLoopbackHost } from './browser-guard.js';
import { createControl, faultViews } from './control.js';
import { createDeliveries } from './deliveries.js';
import { createEventStream } from './event-stream.js';
import { type Folder, openFolder } from './folder.js';
import { createLog } from './log.js';
import { startServer } from './server.js';
import type { FaultView, RequestView, SandboxEvent, SandboxState } from './views.js';

/** The speed of repeating notifications, as a multiple of WeChat Pay's. */
const DEFAULT_SPEED = 60;
/** The number of requests that are kept for the page. */
const MAX_REQUESTS = 500;

export const sandbox: Command = {
  name: 'sandbox',
  summary: 'Run WeChat Pay on this machine, with a page that shows what happens.',
  positionals: [],
  description:
    'Responds as WeChat Pay does: orders, pre-sign, query, charge, terminate, certificates, echo, uploads and downloads. ' +
    'It checks every signature, and says why it refused a request. You play the user, on the page or with ' +
    'POST /__sandbox/pay. Notifications go to your notify_url.\n\n' +
    'Its keys are made once, and kept in a folder with the .env that your application needs.',
  examples: [
    { command: 'sandbox', comment: 'Start it on port 8443, with its keys in .wechatpay-sandbox.' },
    { command: 'sandbox --speed 1', comment: 'Repeat notifications as slowly as WeChat Pay does.' },
    { command: 'sandbox --forward-to http://127.0.0.1:3000', comment: 'Send all notifications to a local server.' },
  ],
  options: {
    port: { type: 'string', value: 'PORT', description: 'The port; 0 for any free one. Default: 8443.' },
    host: {
      type: 'string',
      value: 'ADDRESS',
      description: 'The address to listen on. Default: 127.0.0.1, which other machines cannot reach.',
    },
    dir: { type: 'string', value: 'DIR', description: `The folder for the keys. Default: ${SANDBOX_DIRECTORY}.` },
    speed: {
      type: 'string',
      value: 'N',
      description: `Repeat notifications N times faster than WeChat Pay. Default: ${DEFAULT_SPEED}.`,
    },
    'forward-to': {
      type: 'string',
      value: 'URL',
      description: 'Send all notifications to this origin, with the path of their notify_url.',
    },
  },
  run,
};

interface Settings {
  port: number;
  host: string;
  speed: number;
  forwardTo: URL | undefined;
}

async function run(context: Context): Promise<number> {
  const settings = readSettings(context);
  const folder = await openFolder(resolve(context.cwd, context.text('dir') ?? SANDBOX_DIRECTORY));
  try {
    await serve(context, settings, folder);
  } finally {
    await folder.lock.release();
  }
  return 0;
}

/** Serves until the signal is aborted. */
async function serve(context: Context, { port, host, speed, forwardTo }: Settings, folder: Folder): Promise<void> {
  const { output, clock, signal } = context;
  const { keys, lock } = folder;
  const { mchid } = keys.merchant;
  const log = createLog({ output, clock });
  const gateway = createGateway({
    merchants: [keys.merchant],
    platform: [keys.platform, keys.certificate],
    certificates: [keys.certificate],
    requireOrders: true,
    allowLoopback: true,
    maxRequests: MAX_REQUESTS,
    now: () => Math.floor(clock() / 1000),
  });
  const requests: RequestView[] = [];
  const info: SandboxState['sandbox'] = {
    id: lock.id,
    version: readVersion(),
    baseUrl: '',
    mchid,
    envFile: '',
    speed,
    forwardTo: forwardTo?.href,
  };
  const events = createEventStream(currentState);
  const sendFaults = (item: FaultView[]) => events.send({ type: 'faults', item });
  const deliveries = createDeliveries({
    sign: gateway.notification,
    speed,
    forwardTo,
    fetch: context.fetch,
    clock,
    onChange: (item) => events.send({ type: 'notification', item }),
    onAttempt: log.attempt,
    onError: log.failure,
  });

  function currentState(): SandboxState {
    return {
      sandbox: info,
      orders: [...gateway.orders],
      contracts: [...gateway.contracts],
      requests,
      notifications: [...deliveries.list],
      faults: faultViews(gateway),
    };
  }

  /** The record of each request, by its body: no two requests share a body object. */
  const recorded = new WeakMap<Uint8Array, RecordedRequest>();
  gateway.subscribe((event: GatewayEvent) => {
    if (event.type === 'request') {
      recorded.set(event.request.body, event.request);
    } else if (event.type === 'notification') {
      deliveries.add(event.notification);
    } else {
      events.send(toSandboxEvent(event));
    }
  });

  function onHandled(body: Uint8Array, durationMs: number, sentStatus: number): void {
    const request = recorded.get(body);
    if (!request) return;
    const isChanged = sentStatus !== request.outcome.status;
    const seen = { id: request.id, time: clock(), durationMs, sentStatus: isChanged ? sentStatus : undefined };
    const view = requestView(request, seen);
    requests.push(view);
    if (requests.length > MAX_REQUESTS) requests.shift();
    log.request(view);
    events.send({ type: 'request', item: view });
    if (view.fault !== undefined) sendFaults(faultViews(gateway));
  }

  const control = createControl({
    gateway,
    mchid,
    deliveries,
    state: currentState,
    onFaults: sendFaults,
    onAction: log.action,
  });
  const server = await startServer({
    host,
    port,
    gateway,
    control,
    events,
    id: lock.id,
    token: randomBytes(24).toString('base64url'),
    onHandled,
    onError: log.failure,
  });
  try {
    info.baseUrl = server.baseUrl;
    await lock.publish(server.baseUrl);
    const env = await folder.writeEnv(server.baseUrl);
    info.envFile = relative(context.cwd, env.path) || env.path;
    log.started({ info, env, isNew: folder.isNew, isReachable: !isLoopbackHost(host) });
    await aborted(signal);
  } finally {
    deliveries.close();
    await server.close();
  }
  log.stopped(currentState());
}

function toSandboxEvent(event: Extract<GatewayEvent, { type: 'order' | 'contract' }>): SandboxEvent {
  return event.type === 'order' ? { type: 'order', item: event.order } : { type: 'contract', item: event.contract };
}

function requestView(
  { method, path, outcome, fault, signedMessage, explanation }: RecordedRequest,
  seen: Pick<RequestView, 'id' | 'time' | 'durationMs' | 'sentStatus'>,
): RequestView {
  return { ...seen, method, path, ...outcome, fault, signedMessage: shorten(signedMessage), explanation };
}

/** An upload may be long. */
function shorten(text: string | undefined): string | undefined {
  return text === undefined || text.length <= 8192 ? text : `${text.slice(0, 8192)}…`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function readSettings(context: Context): Settings {
  const port = context.text('port') ?? '8443';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError('--port must be a number from 0 to 65535');
  }
  const speed = Number(context.text('speed') ?? DEFAULT_SPEED);
  if (!(speed > 0 && Number.isFinite(speed))) throw new UsageError('--speed must be a number above 0, such as 60');
  const host = context.text('host') ?? '127.0.0.1';
  if (!/^[\w.:-]+$/.test(host)) throw new UsageError('--host must be an address of this machine, such as 127.0.0.1');
  return { port: Number(port), host, speed, forwardTo: readForwardTo(context.text('forward-to')) };
}

function readForwardTo(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError('--forward-to must be an http:// or https:// URL, such as http://127.0.0.1:3000');
}

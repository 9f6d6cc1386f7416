/** Delivers notifications, and repeats them until they are accepted. */
import type { GatewayNotification, NotificationParts } from 'wechatpay-presign/testing';
import { type DeliveryOutcome, postNotification } from './post-notification.js';
import { delayAfter } from './schedule.js';
import type { AttemptView, NotificationView } from './views.js';

export interface Deliveries {
  /** Starts to deliver a notification. */
  add(notification: GatewayNotification): void;
  /** Sends a notification again at once. Returns false if there is none with this id. */
  sendAgain(id: string): boolean;
  readonly list: readonly NotificationView[];
  /** Cancels all attempts and timers. */
  close(): void;
}

interface Options {
  /** Signs a notification anew, as WeChat Pay does for each attempt. */
  sign(notification: GatewayNotification): Promise<NotificationParts>;
  /** The speed of repeating notifications, as a multiple of WeChat Pay's. */
  speed: number;
  /** The origin that receives all notifications instead of their own origins. */
  forwardTo?: URL | undefined;
  fetch: typeof globalThis.fetch;
  clock: () => number;
  onChange(view: NotificationView): void;
  onAttempt(view: NotificationView, outcome: DeliveryOutcome): void;
  onError(error: unknown): void;
}

interface Entry {
  notification: GatewayNotification;
  view: NotificationView;
  timer?: ReturnType<typeof setTimeout> | undefined;
}

const MAX_KEPT = 500;
/** The page shows at most this many characters of a response's body. */
const SHOWN_BODY = 1000;

export function createDeliveries({
  sign,
  speed,
  forwardTo,
  fetch,
  clock,
  onChange,
  onAttempt,
  onError,
}: Options): Deliveries {
  const entries = new Map<string, Entry>();
  const stopped = new AbortController();

  function change(entry: Entry, changes: Partial<NotificationView>): void {
    Object.assign(entry.view, changes);
    onChange(entry.view);
  }

  async function attempt(entry: Entry): Promise<void> {
    clearTimeout(entry.timer);
    const { notification, view } = entry;
    if (view.state === 'sending' || stopped.signal.aborted) return;
    change(entry, { state: 'sending', nextAt: undefined });
    const startedAt = clock();
    const { headers, body } = await sign(notification);
    const outcome = await postNotification({ url: view.url, headers, body, fetch, signal: stopped.signal });
    if (stopped.signal.aborted) return;

    view.attempts.push(attemptView(startedAt, outcome));
    const delay = outcome.isAccepted ? undefined : delayAfter(view.attempts.length, speed);
    if (delay !== undefined) entry.timer = setTimeout(() => start(entry), delay);
    change(entry, {
      state: outcome.isAccepted ? 'delivered' : delay === undefined ? 'given-up' : 'waiting',
      nextAt: delay === undefined ? undefined : clock() + delay,
    });
    onAttempt(view, outcome);
  }

  function start(entry: Entry): void {
    attempt(entry).catch(onError);
  }

  function forget(): void {
    for (const [id, { view, timer }] of entries) {
      if (entries.size <= MAX_KEPT) return;
      if (view.state === 'sending') continue;
      clearTimeout(timer);
      entries.delete(id);
    }
  }

  return {
    add(notification) {
      const { id, event_type, url, resource } = notification;
      const view: NotificationView = {
        id,
        event_type,
        about: aboutOf(resource),
        url: redirect(url, forwardTo),
        resource: JSON.stringify(resource, null, 2),
        createdAt: clock(),
        state: 'waiting',
        attempts: [],
      };
      const entry: Entry = { notification, view };
      entries.set(id, entry);
      forget();
      start(entry);
    },
    sendAgain(id) {
      const entry = entries.get(id);
      if (entry) start(entry);
      return entry !== undefined;
    },
    get list() {
      return [...entries.values()].map(({ view }) => view);
    },
    close() {
      stopped.abort();
      for (const { timer } of entries.values()) clearTimeout(timer);
    },
  };
}

function attemptView(at: number, outcome: DeliveryOutcome): AttemptView {
  const { body, ...rest } = outcome;
  return { at, ...rest, body: body.slice(0, SHOWN_BODY) };
}

/** The order or the contract that a notification is about. */
function aboutOf({ out_trade_no, combine_out_trade_no, out_contract_code }: Record<string, unknown>): string {
  return String(out_trade_no ?? combine_out_trade_no ?? out_contract_code ?? '');
}

function redirect(url: string, target: URL | undefined): string {
  if (target === undefined || !URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return target.pathname === '/' ? new URL(pathname + search, target).href : target.href;
}

/** Records the notifications that WeChat Pay would have sent, and tells listeners about every change. */
import type { GatewayContract } from './contract-store.js';
import type { RecordedRequest } from './gateway.js';
import type { GatewayOrder } from './order-store.js';
import { rfc3339 } from './rfc3339.js';

/**
 * A notification that WeChat Pay would send. The gateway sends nothing itself: for each attempt to deliver it, pass it to
 * {@link Gateway.notification} or {@link TestKit.notification}, which sign it anew.
 *
 * @example
 * ```ts
 * const [first]: GatewayNotification[] = kit.gateway.notifications;
 * if (first) console.log(first.event_type, first.url);
 * ```
 */
export interface GatewayNotification {
  /** Stays the same when the notification is sent again. */
  id: string;
  /** RFC 3339. */
  create_time: string;
  event_type: string;
  summary: string;
  /** The type of the resource: `transaction` or `entrust`. */
  original_type: string;
  /** The merchant who receives it. */
  mchid: string;
  /** The `notify_url` of the order or contract. */
  url: string;
  /** The resource before encryption. */
  resource: Record<string, unknown>;
}

/**
 * A change in the gateway.
 *
 * @example
 * ```ts
 * const show = (event: GatewayEvent) => {
 *   if (event.type === 'order') console.log(event.order.out_trade_no, event.order.trade_state);
 * };
 * kit.gateway.subscribe(show);
 * ```
 */
export type GatewayEvent =
  | { type: 'request'; request: RecordedRequest }
  | { type: 'order'; order: GatewayOrder }
  | { type: 'contract'; contract: GatewayContract }
  | { type: 'notification'; notification: GatewayNotification };

/** @internal */
export interface Journal {
  readonly notifications: GatewayNotification[];
  emit(event: GatewayEvent): void;
  notify(content: Omit<GatewayNotification, 'id' | 'create_time' | 'summary' | 'original_type'>): void;
  subscribe(listener: (event: GatewayEvent) => void): () => void;
}

/** @internal */
export function createJournal(now: () => number): Journal {
  const notifications: GatewayNotification[] = [];
  const listeners = new Set<(event: GatewayEvent) => void>();

  function emit(event: GatewayEvent): void {
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        // The listener's error must not change what the gateway responds. The host reports it as uncaught.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  return {
    notifications,
    emit,

    notify(content) {
      const notification: GatewayNotification = {
        id: crypto.randomUUID(),
        create_time: rfc3339(now()),
        summary: summaryOf(content.event_type),
        original_type: originalTypeOf(content.event_type),
        ...content,
      };
      notifications.push(notification);
      emit({ type: 'notification', notification: structuredClone(notification) });
    },

    subscribe(listener) {
      // The same function may subscribe twice.
      const own = (event: GatewayEvent) => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

/** @internal */
export const originalTypeOf = (eventType: string): string =>
  eventType.startsWith('TRANSACTION.') ? 'transaction' : 'entrust';

/** @internal */
export const summaryOf = (eventType: string): string =>
  eventType === 'TRANSACTION.SUCCESS' ? '支付成功' : '签约状态变更';

// The options of `notifications.handle`, in a configuration and in a call.
import { fieldsOf, kindOf, shownName } from '../arguments.js';
import type { AnyWechatPayError } from '../errors.js';
import type { NotificationStore } from '../stores/types.js';
import { IssueCollector } from './issue-collector.js';

/**
 * Defaults for `client.notifications.handle`, which a call can override.
 *
 * @example
 * ```js
 * const notifications = { onError: (error) => console.error(error.code, error.message) };
 * const client = createClient({ mchid, serial, privateKey, certs, apiV3Key, notifications });
 * ```
 */
export interface NotificationsConfig {
  /**
   * Remembers which notifications are being handled, and which are done. Default: `memoryStore()`, which only this process
   * sees. If several processes or Workers take notifications, give them one store, from `wechatpay-presign/stores`.
   */
  store?: NotificationStore | undefined;
  /**
   * Called with the error behind each response of 401, 500 or 503, and with errors of the store after the handler has run.
   * Not called for WeChat's probes, nor while the same notification is being handled. Its own errors are ignored. Default:
   * `console.error`, for 500 only.
   */
  onError?: ((error: AnyWechatPayError) => unknown) | undefined;
}

/**
 * Options of `client.notifications.handle`.
 *
 * @example
 * ```js
 * // In a Worker, whose fetch(request, env, ctx) has a context.
 * const optionsFor = (ctx) => ({ waitUntil: (work) => ctx.waitUntil(work) });
 * ```
 */
export interface HandleOptions extends NotificationsConfig {
  /**
   * Receives a promise that settles when all work is done: in a Worker, `(work) => ctx.waitUntil(work)`. The handler then runs
   * to its end, and the notification is marked as done, even if WeChat Pay hangs up in the meantime.
   */
  waitUntil?: ((work: Promise<unknown>) => unknown) | undefined;
}

/** Checked options of `handle`, with defaults. */
interface HandleSettings {
  store: NotificationStore;
  onError: NotificationsConfig['onError'];
  waitUntil: HandleOptions['waitUntil'];
}

/**
 * Checks {@link HandleOptions}.
 *
 * @internal
 */
export function readHandleOptions(
  given: unknown,
  defaults: NotificationsConfig & { store: NotificationStore },
): HandleSettings {
  const { waitUntil, ...others } = fieldsOf('options', given);
  const issues = new IssueCollector();
  checkNotificationsConfig(others, issues);
  checkFunction(waitUntil, 'waitUntil', issues);
  issues.throwIfAny();
  // Everything has been checked above.
  const { store = defaults.store, onError = defaults.onError } = others as NotificationsConfig;
  return { store, onError, waitUntil: waitUntil as HandleOptions['waitUntil'] };
}

/**
 * Checks {@link NotificationsConfig}.
 *
 * @param prefix - Prefix of the names of the fields.
 *
 * @internal
 */
export function checkNotificationsConfig(config: Record<string, unknown>, issues: IssueCollector, prefix = ''): void {
  const { store, onError, ...others } = config;
  checkStore(store, `${prefix}store`, issues);
  checkFunction(onError, `${prefix}onError`, issues);
  rejectUnknown(others, prefix, issues);
}

function checkStore(store: unknown, field: string, issues: IssueCollector): void {
  if (store === undefined) return;
  const methods = (store ?? {}) as Record<string, unknown>;
  const missing = ['begin', 'complete', 'abandon'].filter((name) => typeof methods[name] !== 'function');
  if (missing.length === 0) return;
  const fix = "pass one of the stores of 'wechatpay-presign/stores', such as redisStore(client)";
  issues.reject(field, 'type', `has no ${missing.map((name) => `${name}()`).join(', ')}: ${fix}`);
}

function checkFunction(value: unknown, field: string, issues: IssueCollector): void {
  if (value === undefined || typeof value === 'function') return;
  issues.reject(field, 'type', `must be a function, but is ${kindOf(value)}`);
}

/** Rejects unknown options. */
export function rejectUnknown(others: Record<string, unknown>, prefix: string, issues: IssueCollector): void {
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) issues.reject(`${prefix}${shownName(name)}`, 'unknown-field', 'is not an option');
  }
}

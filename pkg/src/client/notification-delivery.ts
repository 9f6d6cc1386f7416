// One delivery of a notification: verified, claimed, handled, and only then marked as done.
import {
  type AnyWechatPayError,
  DecryptionError,
  HostError,
  InvalidParameterError,
  isWechatPayError,
  SignatureVerificationError,
} from '../errors.js';
import type { Notification } from '../notification.js';
import { checkBeginResult } from '../stores/begin-result.js';
import type { NotificationStore } from '../stores/types.js';
import { type Caller, showCaller } from './caller.js';
import { withDeadline } from './deadline.js';
import { onRejection } from './host-functions.js';

/** How long a claim lasts. A handler that takes longer may run twice. */
const LEASE_SECONDS = 60;

/** How long a notification stays marked as done. WeChat Pay keeps sending it for a day. */
const DONE_SECONDS = 48 * 60 * 60;

/** The fixed texts of the responses. Only `onError` gets the details. */
const FAILURES = {
  401: { message: '签名验证失败', retryAfter: undefined },
  500: { message: '处理失败', retryAfter: undefined },
  503: { message: '暂时无法处理，请稍后重试', retryAfter: '30' },
} as const;

type FailureStatus = keyof typeof FAILURES;

/** Receives errors and pending work. */
export interface DeliveryHost {
  caller: Caller;
  onError: ((error: AnyWechatPayError) => unknown) | undefined;
  waitUntil: ((work: Promise<unknown>) => unknown) | undefined;
}

export interface Delivery extends DeliveryHost {
  mchid: string;
  store: NotificationStore;
  handler: (notification: Notification<unknown>) => unknown;
  /** The time that each step of the store may take. */
  timeoutMs: number;
  verify: () => Promise<Notification<unknown>>;
}

/** Errors of certificate downloads. Without the certificates, nothing can be verified. */
const downloadErrors = new WeakSet<object>();

/** Runs a download of certificates, and remembers that its error is not about the notification. */
export async function downloading<Result>(download: Promise<Result>): Promise<Result> {
  try {
    return await download;
  } catch (error) {
    if (isWechatPayError(error)) downloadErrors.add(error);
    throw error;
  }
}

/** Handles one delivery. Never rejects. */
export function deliver(delivery: Delivery): Promise<Response> {
  const work = run(delivery).catch((error: unknown) => fail(error, delivery));
  keepAlive(work, delivery);
  return work;
}

/** Reports an error, and makes the response that tells WeChat Pay to send the notification again. Never throws. */
export function fail(error: unknown, host: DeliveryHost): Response {
  const status = statusOf(error);
  const isProbe = error instanceof SignatureVerificationError && error.reason === 'sign-test';
  if (!isProbe) report(error, host, status);
  return failure(status);
}

async function run(delivery: Delivery): Promise<Response> {
  const notification = await delivery.verify();
  const key = `${delivery.mchid}:${idOf(notification)}`;
  const owner = crypto.randomUUID();
  const begun = await inStore(delivery, 'begin', (store) => store.begin(key, owner, LEASE_SECONDS));
  const result = checkBeginResult(begun);
  if (result === 'busy') return failure(503);
  if (result === 'new') {
    await runHandler(notification, { key, owner }, delivery);
    await complete(key, delivery);
  }
  return new Response(null, { status: 204 });
}

/** Runs the handler. If it fails, releases the claim, so that the next delivery is handled at once. */
async function runHandler(
  notification: Notification<unknown>,
  { key, owner }: { key: string; owner: string },
  delivery: Delivery,
): Promise<void> {
  const { handler } = delivery;
  try {
    await handler(notification);
  } catch (cause) {
    // If this fails as well, the lease runs out by itself.
    const abandon = inStore(delivery, 'abandon', (store) => store.abandon(key, owner));
    await abandon.catch((error: unknown) => report(error, delivery, 500));
    const message = `the handler of notification ${shownKey(key)} failed; it will be sent again`;
    throw new HostError(message, { code: 'ERR_HANDLER', operation: 'handler', cause, retryable: true });
  }
}

/** Marks a notification as done, with a second attempt if necessary. */
async function complete(key: string, delivery: Delivery): Promise<void> {
  const attempt = () => inStore(delivery, 'complete', (store) => store.complete(key, DONE_SECONDS));
  try {
    await attempt().catch(attempt);
  } catch (error) {
    // It has been handled, so it must not be sent again. The claim runs out by itself.
    report(error, delivery, 500);
  }
}

/** Runs one step of the store, which may throw or hang. */
async function inStore<Result>(
  { store, timeoutMs }: Delivery,
  method: keyof NotificationStore,
  step: (store: NotificationStore) => Promise<Result>,
): Promise<Result> {
  try {
    return await withDeadline({ timeoutMs }, async () => step(store), 'the store did not respond');
  } catch (cause) {
    if (cause instanceof HostError && cause.code === 'ERR_STORE') throw cause;
    const message = `notifications.store.${method} failed`;
    throw new HostError(message, { code: 'ERR_STORE', operation: 'store', cause, retryable: true });
  }
}

function idOf({ id }: Notification<unknown>): string {
  if (typeof id === 'string' && id !== '') return id;
  throw new DecryptionError('the notification is genuine, but has no id, so it cannot be handled once');
}

/** A key for an error message. WeChat's ids are short and plain. */
function shownKey(key: string): string {
  return /^[\w:.-]{1,100}$/.test(key) ? key : '(an unusual id)';
}

function statusOf(error: unknown): FailureStatus {
  if (isWechatPayError(error) && downloadErrors.has(error)) return 503;
  if (!(error instanceof SignatureVerificationError)) return 500;
  // The key may be in certificates that cannot be downloaded at present.
  return error.reason === 'unknown-serial' && error.retryable ? 503 : 401;
}

function failure(status: FailureStatus): Response {
  const { message, retryAfter } = FAILURES[status];
  const headers = new Headers({ 'Content-Type': 'application/json' });
  if (retryAfter !== undefined) headers.set('Retry-After', retryAfter);
  return new Response(JSON.stringify({ code: 'FAIL', message }), { status, headers });
}

/** Reports an error to `onError`, and ignores errors and rejections of `onError` itself. */
function report(thrown: unknown, host: DeliveryHost, status: FailureStatus): void {
  const error = isWechatPayError(thrown) ? thrown : unexpected(thrown);
  showCaller(error, host.caller);
  try {
    // Without `onError`, errors that the merchant has to fix must still be seen. Anyone can cause the others.
    if (host.onError === undefined && status === 500) console.error(error);
    const reported = host.onError?.(error);
    if (reported !== undefined)
      keepAlive(
        Promise.resolve(reported).catch(() => {}),
        { ...host, onError: () => {} },
      );
  } catch {
    // Its own errors must not change the response.
  }
}

function keepAlive(work: Promise<unknown>, host: DeliveryHost): void {
  const reportFailure = (cause: unknown) => {
    const explanation = 'threw an error: pass (work) => ctx.waitUntil(work), since the method needs its object';
    const error = InvalidParameterError.about('waitUntil', 'type', explanation, { cause });
    report(error, { ...host, waitUntil: undefined }, 500);
  };
  try {
    onRejection(host.waitUntil?.(work), reportFailure);
  } catch (cause) {
    reportFailure(cause);
  }
}

function unexpected(cause: unknown): HostError {
  return new HostError('the notification cannot be handled', { code: 'ERR_HANDLER', operation: 'handler', cause });
}

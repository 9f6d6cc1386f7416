import { fieldsOf, kindOf } from '../arguments.js';
import { HostError, InvalidParameterError, isWechatPayError } from '../errors.js';
import type { CertificateStore, Store } from './types.js';

/** Checks that a client or binding has the methods a store calls. */
export function assertMethods(name: string, value: unknown, methods: readonly string[], fix: string): void {
  if (hasMethods(value, methods)) return;
  const list = methods.map((method) => `${method}()`).join(' and ');
  const problem = value === undefined || value === null ? `is ${value}` : `has no ${list}`;
  throw InvalidParameterError.about(name, 'type', `${problem}: ${fix}`);
}

/** Whether a value has all of these methods. */
export function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
}

/** A lease or TTL in whole milliseconds. */
export function milliseconds(name: string, seconds: number): number {
  if (typeof seconds !== 'number' || !(seconds > 0) || !Number.isFinite(seconds)) {
    throw InvalidParameterError.about(name, 'type', `must be a positive number of seconds, but is ${String(seconds)}`);
  }
  return Math.ceil(seconds * 1000);
}

/** The `now` of a store's options. */
export function readClock(options: unknown): () => number {
  const { now = Date.now } = fieldsOf('options', options);
  if (typeof now === 'function') return now as () => number;
  throw InvalidParameterError.about('now', 'type', `must be a function, but is ${kindOf(now)}`);
}

/** Wraps a store so that it rejects only with a `WechatPayError`. Errors of its client or binding become the `cause`. */
export function withStoreErrors(name: string, store: Store): Store {
  return {
    ...withCertificateStoreErrors(name, store),
    begin: (...args) => runStep(`${name}.begin`, () => store.begin(...args)),
    complete: (...args) => runStep(`${name}.complete`, () => store.complete(...args)),
    abandon: (...args) => runStep(`${name}.abandon`, () => store.abandon(...args)),
  };
}

/** Does the same for a store of certificates only. */
export function withCertificateStoreErrors(name: string, store: CertificateStore): CertificateStore {
  return {
    get: (...args) => runStep(`${name}.get`, () => store.get(...args)),
    set: (...args) => runStep(`${name}.set`, () => store.set(...args)),
  };
}

async function runStep<Result>(name: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (cause) {
    if (isWechatPayError(cause)) throw cause;
    const message = `${name} failed: its client, its binding or the clock threw an error (see its cause)`;
    throw new HostError(message, { code: 'ERR_STORE', operation: 'store', cause, retryable: true });
  }
}

/** The error for an unexpected result from the database. */
export function storeError(message: string, cause?: unknown): HostError {
  return new HostError(message, { code: 'ERR_STORE', operation: 'store', cause });
}

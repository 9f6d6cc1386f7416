import { HostError, InvalidParameterError } from '../errors.js';

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

/** The error of a store whose database answered with something unexpected. */
export function storeError(message: string, cause?: unknown): HostError {
  return new HostError(message, { code: 'ERR_STORE', operation: 'store', cause });
}

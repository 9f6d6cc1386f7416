// The caller's own line in the stack of an error. Engines record ten frames, and after a few awaits all of them are this
// package's own, so the caller is recorded when the call begins.
import { isWechatPayError } from '../errors.js';

/** The stack at the beginning of a call. Engines format it only when it is read. */
export interface Caller {
  readonly stack?: unknown;
}

/** The frames that {@link showCaller} has appended to each error. Several calls may fail with the same error. */
const appended = new WeakMap<object, string>();

/** @param hidden - The function whose caller to record; this function and the functions that it called are left out. */
export function captureCaller(hidden: (...args: never[]) => unknown): Caller {
  const caller: Caller = {};
  // Some engines do not have it.
  const { captureStackTrace } = Error as { captureStackTrace?: (target: object, hidden: unknown) => void };
  captureStackTrace?.(caller, hidden);
  return caller;
}

/** Makes the errors of an asynchronous method show the line that called it. */
export function showingCaller<Arguments extends unknown[], Result>(
  method: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  return async function call(...args) {
    const caller = captureCaller(call);
    try {
      return await method(...args);
    } catch (error) {
      showCaller(error, caller);
      throw error;
    }
  };
}

/** Appends the caller's frames to the stack of an error of this package, without repeating frames. */
export function showCaller(error: unknown, caller: Caller): void {
  if (!isWechatPayError(error)) return;
  const stack = ownStack(error);
  if (stack === undefined) return;
  const frames = framesOf(caller).filter((frame) => !stack.includes(`${lineOf(frame)}:`));
  if (frames.length === 0) return;
  const text = `\n${frames.join('\n')}`;
  appended.set(error, text);
  Object.defineProperty(error, 'stack', { value: stack + text, configurable: true, writable: true });
}

/** The stack without the caller of an earlier call that failed with the same error. */
function ownStack(error: Error): string | undefined {
  // A program may format stacks itself, and not as a string.
  const stack: unknown = error.stack;
  if (typeof stack !== 'string') return undefined;
  const text = appended.get(error);
  return text !== undefined && stack.endsWith(text) ? stack.slice(0, -text.length) : stack;
}

function framesOf({ stack }: Caller): string[] {
  if (typeof stack !== 'string') return [];
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}

/** The file and line of a frame. In an asynchronous frame, the column is that of `await`. */
function lineOf(frame: string): string {
  return /([^\s(]*:\d+):\d+\)?\s*$/.exec(frame)?.[1] ?? frame.trim();
}

// The number of attempts under way, in all clients of the process. Nothing waits for it. If the host ends an attempt without
// a trace, the number stays too high, and later signatures are only made on another thread.

let attempts = 0;

/** Counts an attempt until it ends. */
export async function counted<Result>(attempt: () => Promise<Result>): Promise<Result> {
  attempts += 1;
  try {
    return await attempt();
  } finally {
    attempts -= 1;
  }
}

/** Whether other attempts are in flight. */
export function areOthersInFlight(): boolean {
  return attempts > 1;
}

// How many attempts are under way, in all clients of the process. A plain number: nobody waits for it, and an attempt that
// its host ends without a trace only makes later signatures take another thread.

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

// Work that several calls may need at the same time.
import { promiseScope } from './promise-scope.js';

/**
 * A task that runs once for all calls that arrive while it runs. Where a promise belongs to the request that made it,
 * the task runs once for each call. The task must end by itself, so that nobody waits forever.
 */
export class SharedTask {
  #running: Promise<void> | undefined;

  /** The run that other calls may wait for. */
  get running(): Promise<void> | undefined {
    return this.#running;
  }

  run(task: () => Promise<void>): Promise<void> {
    if (this.#running !== undefined) return this.#running;
    const run = task();
    if (promiseScope() === 'request') return run;
    this.#running = run;
    const end = () => {
      this.#running = undefined;
    };
    run.then(end, end);
    return run;
  }
}

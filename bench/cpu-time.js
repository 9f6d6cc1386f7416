// The CPU time of another process, in milliseconds with a resolution of nanoseconds. Linux only.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * @param {number} pid
 * @returns {{ main: number, all: number }}  of its first thread, and of all that it has
 */
export function cpuTime(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map((thread) => {
    const [running = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return { thread, time: Number(running) / 1e6 };
  });
  return {
    main: times.find(({ thread }) => thread === String(pid))?.time ?? Number.NaN,
    all: times.reduce((sum, { time }) => sum + time, 0),
  };
}

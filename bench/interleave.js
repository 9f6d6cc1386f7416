// Runs candidates in turns, so that changes in the machine's load affect all of them alike, and returns medians.

/**
 * @param {number} rounds
 * @param {Record<string, () => unknown>} candidates  may be asynchronous
 * @returns {Promise<Record<string, number>>}  milliseconds
 */
export async function interleave(rounds, candidates) {
  const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, /** @type {number[]} */ ([])]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(candidates)) {
      const start = performance.now();
      const outcome = run();
      if (outcome instanceof Promise) await outcome;
      times[name]?.push(performance.now() - start);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

/** @param {number[]} numbers */
export function median(numbers) {
  return [...numbers].sort((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN;
}

// The types of bench/results.json. Times are in milliseconds: medians of calls made in turns.

/**
 * By runtime, group and candidate.
 * @typedef {Record<string, Record<string, Record<string, number>>>} Warm
 *
 * @typedef {{ heap: number, external: number, wasm: number }} Used  in bytes
 * @typedef {{ raw: number, gzipped: number }} Size
 *
 * The results with many calls at once.
 * @typedef {{ callsPerSecond: number, holdUpMs: number }} Load
 * By the number of calls at once, and candidate.
 * @typedef {Record<string, Record<string, Load>>} Loads
 *
 * @typedef {object} Results
 * @property {string} date
 * @property {import('./machine.js').Machine} machine
 * @property {Record<string, string>} versions  of the runtimes
 * @property {number} waited  the largest share of its time that a runtime had to wait for a processor
 * @property {Warm} warm
 * @property {Warm} [warmWithoutIfma]  with an OpenSSL that does not use AVX-512 IFMA, if the processor has it
 * @property {Loads} loads
 * @property {Loads} [loadsWithoutIfma]
 * @property {Record<string, import('./cold.js').Start>} cold
 * @property {Record<string, import('./cold.js').Isolate>} isolates
 * @property {{ grown: Record<string, Used & { calls: number }>, merchants: { count: number, keys: number } & Used }} memory
 * @property {{ files: Record<string, Size>, uploads: Record<string, Size> }} bytes
 * @property {import('./constant-time.js').ConstantTime} constantTime
 */
export {};

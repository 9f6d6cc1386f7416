// Describes the machine of the benchmark.
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** The instruction sets that matter for cryptography and fused multiply-adds. */
const INSTRUCTION_SETS = ['avx2', 'fma', 'bmi2', 'adx', 'sha_ni', 'vaes', 'avx512f', 'avx512ifma', 'avx512vbmi'];

/**
 * @typedef {object} Machine
 * @property {string} name
 * @property {string} system
 * @property {string[]} instructionSets  those of INSTRUCTION_SETS that the processor has; empty if unknown
 * @property {number[]} usable  the processors that this process may use
 */

/** @returns {Machine} */
export function describeMachine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    name: `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${memory} GB`,
    system: `${type()} ${release()}`,
    instructionSets: INSTRUCTION_SETS.filter((set) => flags().has(set)),
    usable: usable(),
  };
}

function flags() {
  const [, listed = ''] = /^flags\s*:(.*)$/m.exec(readProc('/proc/cpuinfo')) ?? [];
  return new Set(listed.trim().split(' '));
}

function usable() {
  const [, list = ''] = /^Cpus_allowed_list:\s*(.*)$/m.exec(readProc('/proc/self/status')) ?? [];
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** @param {string} path */
function readProc(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

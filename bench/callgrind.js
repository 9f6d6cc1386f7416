// Counts the instructions of the private operation for several keys and messages, in a native build, with valgrind's callgrind.
// The counts should be the same for all of them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMerchant } from '#testing/index.js';
import { output, root, run } from '../scripts/run.js';
import { makeExtremeKey } from './extreme-keys.js';

/** @typedef {{ key: string, message: string, instructions: number }} Count */

/** @returns {Promise<Count[] | undefined>}  undefined if valgrind is not installed */
export async function countInstructions() {
  if (output('valgrind', ['--version']) === undefined) return undefined;
  run('cargo', ['build', '--locked', '--release', '--example', 'sign'], {
    // With fused multiply-add instructions, and with symbols for callgrind.
    env: { RUSTFLAGS: '-Ctarget-feature=+fma,+avx2', CARGO_PROFILE_RELEASE_DEBUG: 'line-tables-only' },
  });
  const ordinary = Array.from({ length: 4 }, async (_, index) => {
    return [`key ${index + 1}`, (await makeMerchant()).privateKey];
  });
  const keys = Object.fromEntries(await Promise.all(ordinary));
  keys['exponents with few bits set'] = makeExtremeKey('sparse', Math.random);
  keys['exponents with many bits set'] = makeExtremeKey('dense', Math.random);

  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-'));
  try {
    const file = join(folder, 'key.pem');
    return Object.entries(keys).flatMap(([key, pem]) => {
      writeFileSync(file, pem);
      return ['a', 'another message'].map((message) => ({ key, message, instructions: count(folder, file, message) }));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The two parts of a private operation. valgrind counts only the first of several functions, so each part has its own run. */
const FUNCTIONS = ['*Halves*blinding_pair*', '*Halves*private_power*'];

/**
 * @param {string} folder
 * @param {string} key
 * @param {string} message
 */
function count(folder, key, message) {
  const out = join(folder, 'callgrind.out');
  const program = join(root, 'target/release/examples/sign');
  const counts = FUNCTIONS.map((name) => {
    const args = ['--tool=callgrind', `--callgrind-out-file=${out}`, `--toggle-collect=${name}`];
    execFileSync('valgrind', [...args, program, key, message], { stdio: 'pipe' });
    const costs = Object.entries(costsOf(readFileSync(out, 'utf8')));
    const total = costs.filter(([name]) => !OF_MEMORY.test(name)).reduce((sum, [, cost]) => sum + cost, 0);
    // If nothing was counted, all counts would be equal.
    if (total === 0) throw new Error(`nothing was counted: was ${name} renamed?`);
    return total;
  });
  return counts.reduce((sum, one) => sum + one);
}

/**
 * Functions of the C library that are left out. Their instructions depend on earlier allocations, such as the text of the key:
 * they search for free memory, and copy or fill memory of different alignment.
 */
const OF_MEMORY = /malloc|free|calloc|realloc|consolidate|unlink_chunk|memcpy|memmove|memset/;

/**
 * The instructions of each function by its name, without those of the functions it calls: https://valgrind.org/docs/manual/cl-format.html
 * @param {string} text
 */
export function costsOf(text) {
  /** @type {Record<string, number>} */
  const costs = {};
  /** @type {Map<string, string>} */
  const names = new Map();
  let name = '';
  let isCall = false;
  for (const line of text.split('\n')) {
    // A name is written in full once, and later referred to by its number.
    const [, kind, number = '', written] = /^(c?fn)=(?:\((\d+)\))?\s*(.*)$/.exec(line) ?? [];
    if (written) names.set(number, written);
    if (kind === 'fn') name = names.get(number) ?? '';
    const [, cost] = /^[+\-*\d]\S* (\d+)$/.exec(line) ?? [];
    // The line after a call has the inclusive cost, which is counted in the called functions.
    if (cost !== undefined && !isCall) costs[name] = (costs[name] ?? 0) + Number(cost);
    isCall = line.startsWith('calls=');
  }
  return costs;
}

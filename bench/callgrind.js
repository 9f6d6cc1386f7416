// Whether the private operation takes the same instructions whatever key and message are, counted by callgrind (valgrind) on a
// native build.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMerchant } from '#testing/index.js';
import { output, root, run } from '../scripts/run.js';
import { makeExtremeKey } from './extreme-keys.js';

/** @typedef {{ key: string, message: string, instructions: number }} Count */

/** @returns {Promise<Count[] | undefined>}  undefined where valgrind is not there */
export async function countInstructions() {
  if (output('valgrind', ['--version']) === undefined) return undefined;
  run('cargo', ['build', '--locked', '--release', '--example', 'sign'], {
    // Fused multiply-adds as instructions, and functions that callgrind finds by name.
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

/**
 * @param {string} folder
 * @param {string} key
 * @param {string} message
 */
function count(folder, key, message) {
  const out = join(folder, 'callgrind.out');
  const args = ['--tool=callgrind', `--callgrind-out-file=${out}`, '--toggle-collect=*PrivateKey*root*'];
  const program = join(root, 'target/release/examples/sign');
  execFileSync('valgrind', [...args, program, key, message], { stdio: 'pipe' });
  const costs = Object.entries(costsOf(readFileSync(out, 'utf8')));
  const total = costs.filter(([name]) => !OF_MEMORY.test(name)).reduce((sum, [, cost]) => sum + cost, 0);
  // Nothing is always the same.
  if (total === 0) throw new Error('nothing was counted: is there no PrivateKey::root any more?');
  return total;
}

/**
 * What these take depends on everything that was allocated before, such as the text of the key: how long they look for room, and
 * how what they copy or fill is aligned.
 */
const OF_MEMORY = /malloc|free|calloc|realloc|consolidate|unlink_chunk|memcpy|memmove|memset/;

/**
 * The instructions of each function itself, by its name: https://valgrind.org/docs/manual/cl-format.html
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
    // Names are written out once, then meant by their numbers.
    const [, kind, number = '', written] = /^(c?fn)=(?:\((\d+)\))?\s*(.*)$/.exec(line) ?? [];
    if (written) names.set(number, written);
    if (kind === 'fn') name = names.get(number) ?? '';
    const [, cost] = /^[+\-*\d]\S* (\d+)$/.exec(line) ?? [];
    // After a call stands what it took in all, which is counted where it was taken.
    if (cost !== undefined && !isCall) costs[name] = (costs[name] ?? 0) + Number(cost);
    isCall = line.startsWith('calls=');
  }
  return costs;
}

// `npm run bench:constant-time`: checks whether times depend on secrets. It compares the times of two classes of inputs, counts
// instructions, and prints both results. `npm run bench` includes them in BENCHMARKS.md.
import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { binary } from '../js-tests/runtimes/binaries.js';
import { ensureDevDependencies } from '../scripts/toolchain.js';
import { countInstructions } from './callgrind.js';
import { constantTimeSection } from './page.js';

/**
 * @typedef {object} ConstantTime
 * @property {(import('./welch.js').Comparison & { kind: 'control' | 'test' | 'outcome', name: string })[]} comparisons
 * @property {import('./callgrind.js').Count[] | undefined} instructions
 */

/**
 * @param {number} calls  of each comparison
 * @returns {Promise<ConstantTime>}
 */
export async function checkConstantTime(calls) {
  const script = fileURLToPath(new URL('dudect.js', import.meta.url));
  const wasm = new URL('../pkg/dist/node.js', import.meta.url).href;
  const comparisons = JSON.parse(execFileSync(binary('NODE_24'), [script, wasm, String(calls)], { encoding: 'utf8' }));
  return { comparisons, instructions: await countInstructions() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  ensureDevDependencies();
  const calls = process.argv.includes('--quick') ? 2000 : 20_000;
  console.log(constantTimeSection(await checkConstantTime(calls)).join('\n'));
}

/** Runs the suite in Node.js, Deno or Bun: fixtures from a file, results as the last line of the output. */
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { runSuite } from '../suite/index.js';

console.log(JSON.stringify(await runSuite(JSON.parse(readFileSync(argv[2] ?? '', 'utf8')))));

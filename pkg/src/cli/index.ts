#!/usr/bin/env node
/** The command line: `npx wechatpay-presign`. */
import process from 'node:process';
import { main } from './main.js';

/** It is not an error if a program that reads the output ends early, as `head` does. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}

process.stdout.on('error', endQuietly);
process.stderr.on('error', endQuietly);

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // A second Ctrl+C has its default effect: the process ends at once.
  process.once(name, () => interruption.abort());
}

const exitCode = await main({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: Date.now,
  fetch: (input, init) => globalThis.fetch(input, init),
  signal: interruption.signal,
});

// Output to a pipe may still be on its way. Connections that are kept alive must not delay the end.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}
process.exit(exitCode);

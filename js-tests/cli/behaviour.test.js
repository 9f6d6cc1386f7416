/** What every command does: help, errors, exit codes, colours, secrets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '#cli/commands.js';
import { RUNTIMES, runCli, runMain } from './run.js';

for (const runtime of /** @type {(keyof typeof RUNTIMES)[]} */ (Object.keys(RUNTIMES))) {
  test(`${runtime}: shows the version, the help, and the help of each command`, async () => {
    const version = await runCli(['--version'], { runtime });
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    const help = await runCli(['--help'], { runtime });
    assert.equal(help.code, 0);
    assert.equal(help.stderr, '');
    for (const { name, summary } of COMMANDS)
      assert.ok(help.stdout.includes(`  ${name} `) && help.stdout.includes(summary));
  });
}

test('the help of each command has its options and examples', async () => {
  for (const { name, options, examples } of COMMANDS) {
    const { code, stdout } = await runMain([name, '--help']);
    assert.equal(code, 0);
    for (const option of [...Object.keys(options), 'json', 'verbose', 'help'])
      assert.match(stdout, new RegExp(`^  --${option}\\b`, 'm'));
    assert.ok(examples.length > 0, name);
    for (const { command } of examples)
      assert.ok(stdout.includes(`npx wechatpay-presign ${command}\n`) || stdout.trimEnd().endsWith(command));
    for (const line of stdout.split('\n')) assert.ok(line.length <= 110, line);
    assert.equal((await runMain(['help', name])).stdout, stdout);
  }
});

/** What every command does: help, errors, exit codes, colours, secrets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { COMMANDS } from '#cli/commands.js';
import { makeCertificate } from '#testing/certificate.js';
import { makeMerchant, makePlatformKey } from '#testing/keys.js';
import { RUNTIMES, runCli, runMain } from './run.js';
import { makeFolder } from './world.js';

const certificate = join(makeFolder(), 'certificate.pem');
writeFileSync(certificate, (await makeCertificate()).certificate);

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

for (const [what, argv, message] of /** @type {[string, string[], RegExp][]} */ ([
  ['a command that does not exist', ['frobnicate'], /there is no command frobnicate: see npx wechatpay-presign --help/],
  ['a misspelt command', ['certificate'], /did you mean certificates\?/],
  ['an option before the command', ['--json', 'doctor'], /the command comes first/],
  ['an option that does not exist', ['doctor', '--frob'], /--frob is not an option of doctor/],
  ['a misspelt option', ['doctor', '--sandbx'], /did you mean --sandbox\?/],
  ['a short option that does not exist', ['doctor', '-x'], /-x is not an option of doctor/],
  ['a value for a switch', ['doctor', '--sandbox=x'], /--sandbox takes no value/],
  ['an option without a value', ['doctor', '--env'], /--env needs a value: --env FILE/],
  [
    'an option whose value looks like an option',
    ['doctor', '--env', '--json'],
    /--env needs a value: write --env=FILE/,
  ],
  ['an option that is given twice', ['doctor', '--env', 'a', '--env', 'b'], /--env is given twice/],
  ['too many arguments', ['doctor', 'x'], /too many arguments: doctor takes no arguments/],
])) {
  test(`rejects ${what}`, async () => {
    const { code, stdout, stderr } = await runMain(argv);
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.match(stderr, /^Error: [^\n]+\n$/m);
    const json = argv.includes('--json') ? JSON.parse(stdout).error.message : stdout;
    assert.ok(json === '' || message.test(json));
  });
}

test('without a command, shows the help and exits with 2', async () => {
  const { code, stdout, stderr } = await runMain([]);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^Usage: npx wechatpay-presign COMMAND/);
});

for (const option of [
  '--private-key',
  '--privateKey',
  '--key',
  '--api-v3-key',
  '--apiv3key',
  '--secret',
  '--password',
]) {
  test(`does not accept a secret on the command line: ${option}`, async () => {
    for (const argv of [[`${option}=TOP-SECRET`], [option, 'TOP-SECRET']]) {
      const { code, stdout, stderr } = await runMain(['doctor', ...argv, '--verbose']);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`${option} is not accepted: .*WECHATPAY_PRIVATE_KEY_FILE`));
      assert.doesNotMatch(stdout + stderr, /TOP-SECRET/);
    }
  });
}

test('an argument that may be a secret is not repeated in an error', async () => {
  for (const argv of [['doctor', 'TOP-SECRET'], ['TOP-SECRET…'], ['doctor', '--TOP-SECRET…']]) {
    const { code, stdout, stderr } = await runMain([...argv, '--verbose']);
    assert.equal(code, 2);
    assert.doesNotMatch(stdout + stderr.replace(/^ +at .*$/gm, ''), /TOP-SECRET/);
  }
});

test('shows a stack only with --verbose', async () => {
  const argv = ['doctor', '--env', 'no-such-file'];
  assert.doesNotMatch((await runMain(argv)).stderr, /^ +at /m);
  const { stderr } = await runMain([...argv, '--verbose']);
  assert.match(stderr, /^ +at /m);
  assert.match(stderr, /^Caused by: .*ENOENT/m);
});

test('an unexpected error says how to see its stack', async () => {
  const clock = () => {
    throw new TypeError('a bug');
  };
  const { code, stdout, stderr } = await runMain(['verify', '-'], { clock });
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal(stderr, 'Unexpected error: a bug\nRun it again with --verbose to see where it happened.\n');
});

test('colours appear only on a terminal, and not with NO_COLOR, TERM=dumb or --json', async () => {
  const isColoured = async (/** @type {Parameters<typeof runMain>[1]} */ options, argv = ['doctor', '--help']) =>
    (await runMain(argv, options)).stdout.includes('\u001b[');
  assert.equal(await isColoured({ isTerminal: true }), true);
  assert.equal(await isColoured({ isTerminal: true, env: { NO_COLOR: '' } }), true);
  assert.equal(await isColoured({ isTerminal: false }), false);
  assert.equal(await isColoured({ isTerminal: true, env: { NO_COLOR: '1' } }), false);
  assert.equal(await isColoured({ isTerminal: true, env: { TERM: 'dumb' } }), false);
  assert.equal(await isColoured({ isTerminal: true }, ['--version', '--json']), false);
});

test('it is not an error if the reader closes the pipe early', async () => {
  for (const runtime of /** @type {const} */ (['NODE_20', 'NODE_24', 'BUN', 'DENO'])) {
    const { code, stderr } = await runCli(['--help'], {
      runtime,
      onStart: ({ stdout }) => stdout?.destroy(),
    });
    assert.equal(stderr, '', runtime);
    assert.equal(code, 0, runtime);
  }
});

test('Ctrl+C ends a command with a sentence, and cancels its request', async () => {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  const server = createServer(() => child?.kill('SIGINT')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const merchant = await makeMerchant();
  const { serial, publicKey } = await makePlatformKey();
  const env = {
    WECHATPAY_MCHID: merchant.mchid,
    WECHATPAY_SERIAL: merchant.serial,
    WECHATPAY_PRIVATE_KEY: merchant.privateKey,
    WECHATPAY_PUBLIC_KEY_ID: serial,
    WECHATPAY_PUBLIC_KEY: publicKey,
    WECHATPAY_BASE_URL: `http://127.0.0.1:${port}`,
  };
  for (const [runtime, ...args] of /** @type {const} */ ([
    ['NODE_20', 'request', 'GET', 'v3/certificates'],
    ['NODE_24', 'doctor'],
    ['BUN', 'doctor'],
    ['DENO', 'request', 'GET', 'v3/certificates'],
  ])) {
    const { code, stdout, stderr } = await runCli(args, {
      runtime,
      env,
      onStart: (started) => {
        child = started;
      },
    });
    assert.deepEqual([code, stdout], [130, ''], runtime);
    assert.match(stderr, /^Interrupted\.$/m);
  }
  server.close().closeAllConnections();
});

test('Ctrl+C ends the wait for standard input', async () => {
  const interruption = new AbortController();
  // Aborted as soon as the command reads.
  const stdin = new Readable({ read: () => interruption.abort() });
  const { code, stdout, stderr } = await runMain(['verify', '-', '--cert', certificate], {
    stdin,
    signal: interruption.signal,
  });
  assert.deepEqual([code, stdout, stderr], [130, '', 'Interrupted.\n']);
});

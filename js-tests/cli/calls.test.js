/** The commands that call WeChat Pay: doctor, request, presign, certificates. */
import assert from 'node:assert/strict';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, posix, win32 } from 'node:path';
import { afterEach, test } from 'node:test';
import { temporaryPath, writeAtomically } from '#cli/files.js';
import { RUNTIMES, runCli, runMain } from './run.js';
import { createWorld, makeFolder, PARAMS, toEnvFile } from './world.js';

const { kit, merchant, publicKey, certificate, baseUrl, env, certificateEnv, folder, secrets } = await createWorld();
/** WeChat Pay for merchants in certificate mode. */
const certificates = await createWorld({ hasPublicKey: false });
const params = join(folder, 'params.json');
writeFileSync(params, JSON.stringify(PARAMS, undefined, 2));

afterEach(() => {
  certificates.kit.gateway.clearFaults();
  kit.gateway.clearFaults();
  kit.gateway.requests.splice(0);
});

/** @param {{ stdout: string, stderr: string }} printed */
function assertNoSecrets({ stdout, stderr }) {
  for (const secret of secrets) assert.ok(!`${stdout}${stderr}`.includes(secret));
}

/** Only an unexpected exception is printed with a stack. @param {string} stderr */
function assertSentence(stderr) {
  assert.match(stderr, /^Error: \S/m);
  assert.doesNotMatch(stderr, /^ +at /m);
}

for (const runtime of /** @type {(keyof typeof RUNTIMES)[]} */ (Object.keys(RUNTIMES))) {
  test(`${runtime}: every command works with the sandbox’s folder`, async () => {
    const options = { runtime, cwd: folder };
    const run = (/** @type {string[]} */ ...args) => runCli([...args, '--sandbox'], options);

    const doctor = await run('doctor');
    assert.equal(doctor.code, 0, doctor.stdout + doctor.stderr);
    assert.match(doctor.stdout, /^✓ signature: /m);

    const request = await run('request', 'POST', 'v3/security/echo', '--data', '{"echo_message":"你好"}', '--json');
    assert.equal(request.code, 0, request.stderr);
    assert.equal(JSON.parse(request.stdout).status, 200);

    const presign = await run('presign', 'params.json');
    assert.equal(presign.code, 0, presign.stderr);
    assert.equal(JSON.parse(presign.stdout).out_contract_code, PARAMS.out_contract_code);

    const out = makeFolder();
    const downloaded = await run('certificates', '--out', out);
    assert.equal(downloaded.code, 0, downloaded.stderr);
    assert.deepEqual(readdirSync(out), [`wechatpay_${certificate.serial}.pem`]);

    const captured = await kit.response({ body: { code_url: 'x' } });
    const file = join(out, 'captured.json');
    writeFileSync(file, JSON.stringify({ status: 200, headers: [...captured.headers], body: await captured.text() }));
    const verified = await run('verify', file);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);

    const handler = createServer((_request, response) => response.writeHead(204).end());
    await new Promise((resolve) => handler.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (handler.address());
    const triggered = await runCli(
      ['trigger', 'contract.signed', '--to', `http://127.0.0.1:${port}/`, '--timeout', '600'],
      options,
    );
    handler.close();
    assert.equal(triggered.code, 0, triggered.stdout + triggered.stderr);
    for (const printed of [doctor, request, presign, downloaded, verified, triggered]) assertNoSecrets(printed);
  });
}

// ---- doctor ----

test('doctor exits with 1 and names the check that failed', async () => {
  const { serial } = await createWorld().then(({ merchant }) => merchant);
  const { code, stdout, stderr } = await runCli(['doctor'], { env: { ...env, WECHATPAY_SERIAL: serial } });
  assert.equal(code, 1);
  assert.match(stdout, /^✗ signature: /m);
  assert.equal(stderr, `Talking to ${baseUrl}.\n`);
  const json = await runCli(['doctor', '--json'], { env: { ...env, WECHATPAY_SERIAL: serial } });
  assert.equal(json.stderr, '');
  assert.equal(JSON.parse(json.stdout).ok, false);
});

// ---- request ----

test('request sends the method, path, query and body, and prints the verified JSON', async () => {
  const args = ['request', 'get', '/v3/certificates?a=1', '--query', 'b=x y', '--query', 'b=&'];
  const { code, stdout, stderr } = await runCli(args, { env });
  assert.equal(code, 0, stderr);
  const [sent] = kit.gateway.requests;
  assert.equal(`${sent?.method} ${sent?.path}`, 'GET /v3/certificates?a=1&b=x%20y&b=%26');
  assert.equal(JSON.parse(stdout).data.length, 1);
  assert.match(stderr, /^HTTP 200, verified, Request-ID \S+$/m);

  const body = '{"echo_message": "1\\n2"}';
  writeFileSync(join(folder, 'echo.json'), body);
  for (const [data, input] of [
    [body, ''],
    ['@echo.json', ''],
    ['-', body],
  ]) {
    const echo = ['request', 'POST', 'v3/security/echo', '--data', data ?? ''];
    const posted = await runCli(echo, { env, cwd: folder, input });
    assert.equal(posted.code, 0, posted.stderr);
    assert.equal(Buffer.from(kit.gateway.requests.at(-1)?.body ?? '').toString(), '{"echo_message":"1\\n2"}');
  }
});

test('request exits with 1 if WeChat Pay rejects the call, and prints its code', async () => {
  const { code, stdout, stderr } = await runCli(['request', 'GET', 'v3/no/such/path', '--json'], { env });
  assert.equal(code, 1);
  assertSentence(stderr);
  const { error } = JSON.parse(stdout);
  assert.deepEqual([error.code, error.status, error.apiCode], ['ERR_API', 404, 'NOT_FOUND']);
});

test('an error of WeChat Pay is printed with its status, code and Request-ID', async () => {
  const { code, stdout, stderr } = await runCli(['request', 'GET', 'v3/no/such/path'], { env });
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^Error: HTTP 404 NOT_FOUND: \S+\nRequest-ID: \S+ \(WeChat Pay’s support asks for it\)$/m);
});

test('warns if WeChat Pay may have carried out a request', async () => {
  kit.gateway.injectFault('tampered-body');
  const { code, stderr } = await runCli(['presign', params], { env });
  assert.equal(code, 1);
  assert.match(stderr, /^WeChat Pay may have carried out the request: query before you repeat it\.$/m);
});

test('request does not print a response that cannot be trusted', async () => {
  kit.gateway.injectFault('wrong-signature');
  const { code, stdout, stderr } = await runCli(['request', 'GET', 'v3/certificates'], { env });
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assertSentence(stderr);
  assert.match(stderr, /Wechatpay-Signature does not match/);
});

for (const [what, args, message] of /** @type {[string, string[], RegExp][]} */ ([
  ['a method that does not exist', ['BREW', 'v3/x'], /METHOD must be one of GET, POST/],
  ['a whole URL', ['GET', 'https://api.mch.weixin.qq.com/v3/x'], /WECHATPAY_BASE_URL or --sandbox selects the host/],
  [
    'a path that Git Bash has changed',
    ['GET', 'C:/Program Files/Git/v3/x'],
    /without the first slash, as in v3\/certificates/,
  ],
  ['a query without a value', ['GET', 'v3/x', '--query', 'a'], /--query must have the form NAME=VALUE/],
  ['data that is not JSON', ['POST', 'v3/x', '--data', '{a: 1}'], /--data is not JSON/],
  ['data that is empty', ['POST', 'v3/x', '--data', ''], /--data is empty/],
  [
    'a file that does not exist',
    ['POST', 'v3/x', '--data', '@missing.json'],
    /cannot read .*missing\.json: it does not exist/,
  ],
  ['a folder in place of a file', ['POST', 'v3/x', '--data', '@.'], /cannot read .*: it is a folder/],
  ['an integer that JSON.parse would change', ['POST', 'v3/x', '--data', '{"id":9007199254740993}'], /beyond 2\^53/],
  ['a missing path', ['GET'], /PATH is missing/],
])) {
  test(`request rejects ${what}`, async () => {
    const { code, stdout, stderr } = await runMain(['request', ...args], { env, cwd: folder });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assertSentence(stderr);
    assert.match(stderr, message);
  });
}

// ---- --dry-run ----

/**
 * Splits a command as a POSIX shell does, for the quoting that the commands use.
 * @param {string} command
 */
function shellWords(command) {
  const words = command.replaceAll('\\\n', '').match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|\\(.)/g, (_all, quoted, escaped) => quoted ?? escaped));
}

/** @param {string} authorization */
const fieldsOf = (authorization) =>
  Object.fromEntries([...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));

test('a dry run prints the signed request and sends nothing', async () => {
  const data = '{"echo_message":"it’s \\"quoted\\" \'here\'"}';
  const args = ['request', 'POST', 'v3/security/echo', '--data', data, '--dry-run', '--json'];
  const { code, stdout, stderr } = await runCli(args, { env });
  assert.equal(code, 0, stderr);
  assert.equal(kit.gateway.requests.length, 0);
  const printed = JSON.parse(stdout);
  assert.equal(printed.url, `${baseUrl}/v3/security/echo`);
  assert.equal(printed.body, JSON.stringify(JSON.parse(data)));
  const { mchid, serial_no, timestamp, nonce_str, signature } = fieldsOf(printed.headers.Authorization);
  assert.deepEqual([mchid, serial_no], [merchant.mchid, merchant.serial]);
  assert.equal(printed.message, `POST\n/v3/security/echo\n${timestamp}\n${nonce_str}\n${printed.body}\n`);
  assert.ok(
    verify(
      'sha256',
      Buffer.from(printed.message),
      createPublicKey(merchant.publicKey),
      Buffer.from(signature ?? '', 'base64'),
    ),
  );
});

test('the gateway accepts the request of the curl command', async () => {
  for (const args of [
    ['request', 'POST', 'v3/security/echo', '--data', `{"echo_message":"it's '\\\\ 中"}`],
    ['request', 'GET', 'v3/certificates', '--query', 'a=[1]'],
    ['presign', 'params.json'],
  ]) {
    const dry = await runCli([...args, '--dry-run', '--json'], { env, cwd: folder });
    const [program, ...words] = shellWords(JSON.parse(dry.stdout).curl);
    assert.deepEqual([program, ...words.slice(0, 3)], ['curl', '-i', '-g', '-X']);
    const [method = '', url = '', ...rest] = words.slice(3);
    /** @type {[string, string][]} */
    const headers = [];
    /** @type {string | undefined} */
    let body;
    for (let i = 0; i < rest.length; i += 2) {
      const [flag, value = ''] = rest.slice(i, i + 2);
      if (flag === '-H') headers.push([value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 2)]);
      else if (flag === '--data-raw') body = value;
      else assert.fail(flag);
    }
    const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
    assert.equal(response.status, 200, await response.text());
  }
});

test('a dry run needs neither the network nor certificates', async () => {
  const { code, stdout, stderr } = await runMain(['presign', params, '--dry-run'], { env: certificateEnv });
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /^POST⏎\n\/v3\/password-exempt-contract\/contracts\/ecommerce\/pre-entrust-sign\/pay-redirect-sign⏎$/m,
  );
  assert.match(stdout, /^curl -i -g -X POST 'http/m);
  assert.doesNotMatch(stdout, /^Wechatpay-Serial:/m);
  assert.match(stdout, /serial number of the newest certificate is added/);
  assertNoSecrets({ stdout, stderr });
});

// ---- presign ----

test('presign reads the fields from standard input, and accepts a mode and a scene', async () => {
  const { appid, openid, ...others } = PARAMS;
  const fields = {
    ...others,
    out_contract_code: '2',
    sp_appid: appid,
    sub_mchid: '1900000109',
    sub_appid: appid,
    sub_openid: openid,
  };
  const args = ['presign', '--mode', 'service-provider', '--scene', 'pay-redirect-sign', '--json'];
  const { code, stdout, stderr } = await runCli(args, { env, input: JSON.stringify(fields) });
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).sub_mchid, '1900000109');
});

test('presign names every wrong field, and sends nothing', async () => {
  const input = JSON.stringify({ ...PARAMS, openid: '', service_id: '1', extra: 1 });
  const { code, stdout, stderr } = await runCli(['presign'], { env, input });
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^Error: several values are wrong:$/m);
  for (const field of ['openid', 'service_id', 'extra']) assert.match(stderr, new RegExp(`^  ${field} `, 'm'));
  assert.equal(kit.gateway.requests.length, 0);
});

for (const [what, args, input, message] of /** @type {[string, string[], string, RegExp][]} */ ([
  ['a file that does not exist', ['missing.json'], '', /missing\.json: it does not exist/],
  ['an empty input', [], '', /standard input is empty/],
  ['a file that is not JSON', ['-'], '{"a":', /standard input is not JSON/],
  ['a file that is not UTF-8', ['latin1.json'], '', /latin1\.json is not UTF-8/],
  ['an unknown mode', ['-', '--mode', 'x'], '{}', /--mode must be one of ecommerce/],
  ['two files', ['a.json', 'b.json'], '', /too many arguments: presign takes \[PARAMS\.json\]/],
])) {
  test(`presign rejects ${what}`, async () => {
    writeFileSync(join(folder, 'latin1.json'), Buffer.from([0x22, 0xe9, 0x22]));
    const { code, stderr } = await runMain(['presign', ...args], { env, cwd: folder, input });
    assert.equal(code, 2);
    assertSentence(stderr);
    assert.match(stderr, message);
  });
}

test('presign asks for a file at a terminal', async () => {
  const { Readable } = await import('node:stream');
  const stdin = Object.assign(Readable.from([]), { isTTY: true });
  const { code, stderr } = await runMain(['presign'], { env, stdin });
  assert.equal(code, 2);
  assert.match(stderr, /PARAMS\.json is missing/);
});

// ---- certificates ----

test('certificates writes each certificate, and a second run changes nothing', async () => {
  const out = join(makeFolder(), 'deep', 'certs');
  const run = () => runCli(['certificates', '--out', out, '--json'], { env: certificates.certificateEnv });
  const first = await run();
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /^Downloading the certificates …$/m);
  const path = join(out, `wechatpay_${certificates.certificate.serial}.pem`);
  const [written] = JSON.parse(first.stdout);
  assert.deepEqual([written.path, written.state, written.serial_no], [path, 'new', certificates.certificate.serial]);
  assert.equal(
    new X509Certificate(readFileSync(path)).serialNumber,
    certificates.certificate.serial.replace(/^0+/, ''),
  );
  assert.deepEqual(JSON.parse((await run()).stdout)[0].state, 'unchanged');
  assert.deepEqual(readdirSync(out), [`wechatpay_${certificates.certificate.serial}.pem`]);
});

test('certificates rewrites a file that holds the same certificate in another form', async () => {
  const out = makeFolder();
  const path = join(out, `wechatpay_${certificates.certificate.serial}.pem`);
  writeFileSync(path, certificates.certificate.certificate.replaceAll('\n', '\r\n'));
  const { code, stdout, stderr } = await runCli(['certificates', '--out', out], { env: certificates.certificateEnv });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^✓ .*\.pem \(replaced, expires /);
  assert.equal(readFileSync(path, 'utf8'), certificates.certificate.certificate);
});

test('certificates does not overwrite a file that is something else', async () => {
  const out = makeFolder();
  const path = join(out, `wechatpay_${certificates.certificate.serial}.pem`);
  for (const content of ['notes', publicKey.publicKey, '']) {
    writeFileSync(path, content);
    const { code, stdout, stderr } = await runCli(['certificates', '--out', out], { env: certificates.certificateEnv });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /is not overwritten/);
    assertSentence(stderr);
    assert.equal(readFileSync(path, 'utf8'), content);
  }
});

test('certificates says why it is waiting', async () => {
  certificates.kit.gateway.injectFault('system-error');
  const { code, stderr } = await runCli(['certificates', '--out', makeFolder()], { env: certificates.certificateEnv });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^No certificates yet: .*Next attempt in \d+\.\d s …$/m);
  assert.equal(stderr.match(/^Downloading/gm)?.length, 2);
});

for (const [
  what,
  args,
  changed,
  code,
  message,
] of /** @type {[string, string[], Record<string, string>, number, RegExp][]} */ ([
  ['no folder', [], {}, 2, /--out is missing/],
  [
    'no APIv3 key',
    ['--out', 'x'],
    { WECHATPAY_API_V3_KEY: '', ...pick(env, 'WECHATPAY_PUBLIC_KEY_ID', 'WECHATPAY_PUBLIC_KEY') },
    2,
    /WECHATPAY_API_V3_KEY is not set/,
  ],
  ['an APIv3 key of another merchant', ['--out', 'x'], { WECHATPAY_API_V3_KEY: 'k'.repeat(32) }, 1, /APIv3 key/],
  ['a file in place of the folder', ['--out', 'params.json'], {}, 1, /cannot make the folder .*params\.json/],
])) {
  test(`certificates rejects ${what}`, async () => {
    const result = await runCli(['certificates', ...args], {
      env: { ...certificates.certificateEnv, ...changed },
      cwd: folder,
    });
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, message);
    assertSentence(result.stderr);
    assertNoSecrets(result);
  });
}

test('a file that cannot be written leaves nothing behind', async () => {
  const out = makeFolder();
  const path = join(out, 'certificate.pem');
  // A folder with that name is in the way.
  mkdirSync(join(path, 'inside'), { recursive: true });
  await assert.rejects(writeAtomically(path, 'text'), /^Error: cannot write .*certificate\.pem: \S/);
  await assert.rejects(writeAtomically(join(out, 'missing', 'x.pem'), 'text'), /x\.pem: it does not exist$/);
  assert.deepEqual(readdirSync(out), ['certificate.pem']);
});

test('certificates leaves unreadable files alone', async () => {
  const out = makeFolder();
  const path = join(out, `wechatpay_${certificates.certificate.serial}.pem`);
  mkdirSync(path);
  const { code, stderr } = await runCli(['certificates', '--out', out], { env: certificates.certificateEnv });
  assert.equal(code, 1);
  assert.match(stderr, /^Error: cannot read .*\.pem: it is a folder$/m);
  assert.deepEqual(readdirSync(path), []);
});

test('the temporary file is in the folder of the file that it replaces, on Windows too', () => {
  assert.equal(temporaryPath('C:\\certs\\a.pem', 'x', win32), 'C:\\certs\\.a.pem.x.tmp');
  assert.equal(temporaryPath('\\\\server\\share\\a.pem', 'x', win32), '\\\\server\\share\\.a.pem.x.tmp');
  assert.equal(temporaryPath('/certs/a.pem', 'x', posix), '/certs/.a.pem.x.tmp');
});

/** @param {Record<string, string>} object @param {string[]} names */
function pick(object, ...names) {
  return Object.fromEntries(names.map((name) => [name, object[name] ?? '']));
}

// ---- Configuration ----

test('an env file replaces the whole environment', async () => {
  const other = join(folder, 'other.env');
  writeFileSync(other, toEnvFile({ WECHATPAY_MCHID: merchant.mchid }));
  for (const option of ['--env-file', '--env']) {
    const { code, stderr } = await runMain(['doctor', option, other], { env });
    assert.equal(code, 2);
    assert.match(stderr, /WECHATPAY_SERIAL is not set/);
    assert.doesNotMatch(stderr, /WECHATPAY_MCHID is not set/);
  }
  writeFileSync(other, toEnvFile(env));
  assert.equal((await runCli(['doctor', '--env-file', other])).code, 0);
});

test('reads keys from the files that variables name, relative to the working directory', async () => {
  writeFileSync(join(folder, 'merchant.pem'), merchant.privateKey);
  const { WECHATPAY_PRIVATE_KEY, ...others } = env;
  const named = { ...others, WECHATPAY_PRIVATE_KEY_FILE: 'merchant.pem' };
  assert.equal((await runCli(['doctor'], { env: named, cwd: folder })).code, 0);
  const { code, stderr } = await runCli(['doctor'], { env: named, cwd: makeFolder() });
  assert.equal(code, 2);
  assert.match(stderr, /cannot read the key .*merchant\.pem: it does not exist/);
  assertSentence(stderr);
});

for (const [what, args, changed, message] of /** @type {[string, string[], Record<string, string>, RegExp][]} */ ([
  ['a missing sandbox', ['--sandbox', '--dir', 'nowhere'], {}, /there is no .*nowhere.*\.env: start the sandbox first/],
  [
    'an env file and the sandbox at once',
    ['--sandbox', '--env-file', 'x'],
    {},
    /--sandbox and --env-file are both given/,
  ],
  ['a folder without --sandbox', ['--dir', 'x'], {}, /--dir needs --sandbox/],
  ['a missing env file', ['--env', 'missing.env'], {}, /cannot read .*missing\.env: it does not exist/],
  ['a malformed env file', ['--env', 'bad.env'], {}, /bad\.env, line 2: .* needs quotation marks/],
  ['an env file that is not text', ['--env', 'utf16.env'], {}, /utf16\.env is not UTF-8/],
  [
    'a key that is a path',
    [],
    { WECHATPAY_PRIVATE_KEY: '/keys/apiclient_key.pem' },
    /WECHATPAY_PRIVATE_KEY holds a path, not a key: put the path into WECHATPAY_PRIVATE_KEY_FILE/,
  ],
  ['an invalid base URL', [], { WECHATPAY_BASE_URL: 'ftp://x' }, /the configuration cannot be used: baseUrl/],
  ['a key that is given twice', [], { WECHATPAY_PRIVATE_KEY_FILE: 'x' }, /are both set/],
  [
    'a path with backslashes in double quotation marks',
    [],
    { WECHATPAY_PRIVATE_KEY: '', WECHATPAY_PRIVATE_KEY_FILE: 'C:\new.pem' },
    /Use single quotation marks, or forward slashes/,
  ],
])) {
  test(`rejects ${what}, and sends nothing`, async () => {
    writeFileSync(join(folder, 'bad.env'), `WECHATPAY_MCHID=1\n${secrets.at(-1)}\n`);
    writeFileSync(join(folder, 'utf16.env'), Buffer.from('\uFEFFWECHATPAY_MCHID=1\n', 'utf16le'));
    const result = await runMain(['doctor', ...args], { env: { ...env, ...changed }, cwd: folder });
    assert.equal(result.code, 2, result.stderr);
    assert.match(result.stderr, message);
    assertSentence(result.stderr);
    assertNoSecrets(result);
  });
}

test('does not use the variables of a real merchant with --sandbox', async () => {
  const dir = join(makeFolder(), 'real');
  mkdirSync(dir);
  for (const WECHATPAY_BASE_URL of [undefined, 'https://api.mch.weixin.qq.com', 'http://127.0.0.1.example.com']) {
    writeFileSync(join(dir, '.env'), toEnvFile({ ...env, WECHATPAY_BASE_URL }));
    const { code, stderr } = await runMain(['doctor', '--sandbox', '--dir', dir]);
    assert.equal(code, 2);
    assert.match(stderr, /does not belong to a sandbox/);
  }
});

test('points out a misspelt variable', async () => {
  const { WECHATPAY_API_V3_KEY, ...others } = env;
  const { stderr } = await runCli(['doctor'], { env: { ...others, WECHATPAY_APIV3_KEY: WECHATPAY_API_V3_KEY ?? '' } });
  assert.match(stderr, /^WECHATPAY_APIV3_KEY is not a variable of this program: did you mean WECHATPAY_API_V3_KEY\?$/m);
});

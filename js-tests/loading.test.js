/** Each entry point loads the wasm in its own way, and reports an error if loading fails. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { merchant } from './fixtures.js';
import { binary } from './runtimes/binaries.js';
import { startWorker } from './runtimes/workerd.js';

const PUBLISHED = new URL('../pkg/dist/', import.meta.url);
const WASM = fileURLToPath(new URL('../pkg/wasm/wechatpay_presign_bg.wasm', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-loading-'));
after(() => rmSync(folder, { recursive: true }));

/**
 * Runs a module that prints JSON. It has the exports of an entry point as `w`.
 * @param {string | URL} entry  of the package, or a bundle of it
 * @param {string} code
 * @param {string} [before]  runs before the package is imported
 */
function run(entry, code, before = '', runtime = process.execPath) {
  const script = join(folder, `${Math.random()}.mjs`);
  const url = typeof entry === 'string' ? new URL(entry, PUBLISHED) : entry;
  writeFileSync(
    script,
    `${before}
    const w = await import(${JSON.stringify(url.href)});
    const merchant = ${JSON.stringify(merchant)};
    const attempt = (call) => { try { return call() } catch (error) { return [error.name, error.code, error.message] } };
    const sign = () => w.signAuthorization({ method: 'GET', url: '/v3/x' }, merchant).slice(0, 25);
    ${code}`,
  );
  const args = runtime === binary('DENO') ? ['run', '--no-prompt', '--allow-env'] : [];
  return JSON.parse(execFileSync(runtime, [...args, script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
}

const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
const BLOCKED = `WebAssembly.Module = function () { throw new WebAssembly.CompileError('blocked by policy') };`;
const TWICE = 'console.log(JSON.stringify([attempt(sign), attempt(sign)]))';

for (const [entry, runtime, says] of /** @type {[string, Parameters<typeof binary>[0], RegExp][]} */ ([
  ['node.js', 'NODE_20', /in Node\.js v20.*tried to read and compile file:.*: blocked by policy\. To fix it, /],
  ['node.js', 'NODE_24', /in Node\.js\/24.*tried to read and compile file:.*: blocked by policy\. To fix it, /],
  ['inline.js', 'DENO', /in Deno\/2.*tried to compile the bytes.*: blocked by policy\. To fix it, .*\/slim/],
  ['bun.js', 'BUN', /in Bun\/1.*tried to read and compile .*: blocked by policy\. To fix it, /],
])) {
  test(`${entry} reports on every call that compiling wasm is blocked, in ${runtime}`, () => {
    for (const [name, code, message] of run(entry, TWICE, BLOCKED, binary(runtime))) {
      assert.deepEqual([name, code], ['HostError', 'ERR_WASM_UNAVAILABLE']);
      assert.match(message, says);
    }
  });
}

for (const [entry, says] of /** @type {[string, RegExp][]} */ ([
  [
    'workerd.js',
    /tried to import .*\.wasm as a module, but: expected a WebAssembly\.Module or its bytes, but got (.*)\. To fix it, bundle with wrangler/,
  ],
  [
    'edge-light.js',
    /in the Edge Runtime: tried to import .*\?module, but: expected a WebAssembly\.Module or its bytes, but got (.*)\. To fix it, build with Next/,
  ],
])) {
  for (const [what, contents, found] of /** @type {[string, string, string | undefined][]} */ ([
    ['the name of the file', "export default './wechatpay_presign_bg-c0ffee.wasm'", 'a string'],
    ['nothing', 'export default undefined', 'undefined'],
    [
      'the bytes',
      `import { readFileSync } from 'node:fs'; export default readFileSync(${JSON.stringify(WASM)})`,
      undefined,
    ],
    [
      'a namespace with the module',
      `import { readFileSync } from 'node:fs'; export default { default: new WebAssembly.Module(readFileSync(${JSON.stringify(WASM)})) }`,
      undefined,
    ],
  ])) {
    test(`${entry} ${found === undefined ? 'accepts' : 'rejects'} ${what} from a bundler in place of the module`, async () => {
      const outfile = join(folder, `${entry}-${what.replaceAll(' ', '-')}.mjs`);
      await build({
        entryPoints: [fileURLToPath(new URL(entry, PUBLISHED))],
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile,
        plugins: [
          {
            name: 'other-wasm',
            setup({ onLoad, onResolve }) {
              onResolve({ filter: /\.wasm(\?module)?$/ }, () => ({ path: 'wasm', namespace: 'other' }));
              onLoad({ filter: /.*/, namespace: 'other' }, () => ({ contents, resolveDir: folder }));
            },
          },
        ],
      });
      const [outcome] = run(pathToFileURL(outfile), TWICE);
      if (found === undefined) {
        assert.equal(outcome, SCHEME);
      } else {
        assert.equal(outcome[1], 'ERR_WASM_UNAVAILABLE');
        assert.equal(says.exec(outcome[2])?.[1], found, outcome[2]);
      }
    });
  }
}

test('slim rejects the bytes of another wasm', () => {
  // `other` is an empty module, which is valid wasm.
  const outcome = run(
    'slim.js',
    `const other = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
     const bytes = (await import('node:fs')).readFileSync(${JSON.stringify(WASM)});
     console.log(JSON.stringify([
       attempt(() => w.initSync(other)), attempt(() => w.initSync(bytes.subarray(0, 1000))), attempt(sign),
       attempt(() => w.initSync(bytes)), attempt(sign),
     ]))`,
  );
  for (const [name, code] of outcome.slice(0, 3)) {
    assert.deepEqual([name, code], ['HostError', 'ERR_WASM_UNAVAILABLE']);
  }
  // The right wasm can still be loaded.
  assert.deepEqual(outcome.slice(3), [null, SCHEME]);
});

test('slim names the function to call first', () => {
  const [[name, code, message]] = run('slim.js', TWICE);
  assert.deepEqual([name, code], ['HostError', 'ERR_WASM_UNAVAILABLE']);
  assert.match(message, /neither has been called\. To fix it, call initSync\(module\) or `await init\(module\)` first/);
});

for (const [what, given] of Object.entries({
  'the bytes': 'bytes',
  'an ArrayBuffer': 'bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)',
  'the module': 'new WebAssembly.Module(bytes)',
  'a namespace': '{ default: new WebAssembly.Module(bytes) }',
})) {
  test(`slim accepts ${what}`, () => {
    const code = `const bytes = (await import('node:fs')).readFileSync(${JSON.stringify(WASM)});`;
    assert.equal(run('slim.js', `${code} w.initSync(${given}); console.log(JSON.stringify(sign()))`), SCHEME);
    assert.equal(run('slim.js', `${code} await w.init(${given}); console.log(JSON.stringify(sign()))`), SCHEME);
    const later = `await w.init(Promise.resolve(${given})); console.log(JSON.stringify(sign()))`;
    assert.equal(run('slim.js', code + later), SCHEME);
  });
}

test('slim fetches the wasm, and reports the status of another response', async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/good' ? 200 : 404;
    response.end(request.url === '/good' ? readFileSync(WASM) : 'not here');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    const slim = await import('wechatpay-presign/slim');
    const base = `http://127.0.0.1:${port}`;
    await assert.rejects(slim.init(fetch(`${base}/bad`)), {
      code: 'ERR_WASM_UNAVAILABLE',
      message: /the response was 404/,
    });
    await assert.rejects(slim.init(fetch('http://127.0.0.1:1/')), TypeError);
    await slim.init(fetch(`${base}/good`));
    // The module that is already running stays in use.
    slim.initSync(/** @type {any} */ (undefined));
    assert.ok(slim.signAuthorization({ method: 'GET', url: '/v3/x' }, merchant));
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('slim and the main entry point share their classes and the running wasm', () => {
  const outcome = run(
    'slim.js',
    `const node = await import(${JSON.stringify(new URL('node.js', PUBLISHED).href)});
     console.log(JSON.stringify([sign(), node.WechatPayError === w.WechatPayError]))`,
  );
  assert.deepEqual(outcome, [SCHEME, true]);
});

test('importing neither compiles nor instantiates the wasm', () => {
  const counting = `
    globalThis.made = 0;
    for (const name of ['Module', 'Instance']) {
      const Real = WebAssembly[name];
      WebAssembly[name] = function (...args) { globalThis.made += 1; return new Real(...args) };
    }`;
  for (const entry of ['node.js', 'inline.js', 'slim.js']) {
    assert.equal(run(entry, 'console.log(made)', counting), 0, entry);
  }
  assert.deepEqual(run('node.js', 'sign(); sign(); console.log(made)', counting), 2);
});

test('in a Worker’s global scope, only calls that need time or randomness fail, each with its own code', async () => {
  const worker = join(folder, 'worker');
  const files = {
    'package.json': '{ "type": "module" }',
    'wrangler.toml': 'name = "global-scope"\nmain = "main.js"\ncompatibility_date = "2025-05-31"\n',
    'main.js': `
      import { signAuthorization, verifyResponse } from ${JSON.stringify(fileURLToPath(new URL('workerd.js', PUBLISHED)))};
      const attempt = (call) => { try { return call() } catch (error) { return error.code } };
      const request = { method: 'GET', url: '/v3/x' };
      const merchant = ${JSON.stringify(merchant)};
      const sign = (options) => attempt(() => signAuthorization(request, merchant, options).slice(0, 25));
      const outcome = [
        sign({}), sign({ timestamp: 1 }), sign({ nonce: 'N' }), sign({ timestamp: 1, nonce: 'N' }),
        attempt(() => verifyResponse({ status: 200, headers: {}, body: '' }, { certs: {} })),
      ];
      export default { fetch: () => Response.json([...outcome, sign({})]) };`,
  };
  mkdirSync(worker);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(worker, name), text);
  const { url, close } = await startWorker({ folder: worker });
  try {
    const outcome = await (await fetch(url)).json();
    const clock = 'ERR_NO_CLOCK';
    const randomness = 'ERR_NO_RANDOMNESS';
    // Signing draws its blinding from the host's randomness, even if the nonce is given.
    assert.deepEqual(outcome, [clock, randomness, clock, randomness, clock, SCHEME]);
  } finally {
    await close();
  }
});

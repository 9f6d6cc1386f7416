/** The published package: packed, installed, and used from every module system, bundler and test runner. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, verify } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'esbuild';
import webpack from 'webpack';
import { merchant, NOW, platform, signedResponse } from './fixtures.js';
import { binary, command } from './runtimes/binaries.js';
import { startEdgeFunction } from './runtimes/edge-runtime.js';
import { startWorker } from './runtimes/workerd.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGE = join(ROOT, 'pkg');
const workplace = mkdtempSync(join(tmpdir(), 'wechatpay-presign-packaging-'));
/** The folder in which the package is installed, with the projects. */
const projects = join(workplace, 'projects');
/** Bundles are moved here, away from the package. */
const elsewhere = join(workplace, 'elsewhere');
/** @type {{ files: { path: string, size: number }[], filename: string, size: number, unpackedSize: number }} */
let packed;

const request = { method: 'POST', url: 'https://api.mch.weixin.qq.com/v3/x?y=1', body: '{"a":"张三"}' };
const INPUT = JSON.stringify({
  request,
  merchant,
  response: signedResponse(),
  trust: { certs: { [platform.serial]: platform.publicKey } },
  now: NOW,
});

/**
 * Runs a command that must succeed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 */
function run(command, args, { cwd = projects, env = {} } = {}) {
  const all = { ...process.env, INPUT, ...env };
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: all,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, `${error ?? ''}\n${stdout}\n${stderr}`);
  return { stdout, both: stdout + stderr };
}

before(() => {
  cpSync(fileURLToPath(new URL('packaging', import.meta.url)), projects, { recursive: true });
  mkdirSync(elsewhere);
  const listing = JSON.parse(run('npm', ['pack', PACKAGE, '--json', '--loglevel=error']).stdout);
  // npm 12 lists by name, older versions in an array.
  packed = /** @type {typeof packed} */ (Object.values(listing)[0]);
  run('npm', [
    'install',
    `./${packed.filename}`,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--offline',
    '--loglevel=error',
  ]);
  // The projects import these.
  mkdirSync(join(projects, 'node_modules/@rollup'));
  for (const name of ['vitest', 'esbuild', '@rollup/plugin-node-resolve']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(projects, 'node_modules', name), 'dir');
  }
});
after(() => rmSync(workplace, { recursive: true }));

/**
 * Verifies the signature with node:crypto, and checks the content of the response.
 * @param {string} output  with the result of the job somewhere in it
 */
function assertDone(output) {
  const [found] = /\{"Authorization":.*\}/.exec(output) ?? assert.fail(`no result in: ${output}`);
  const { Authorization, data } = JSON.parse(found);
  const [, signature = ''] = /signature="(.*?)"/.exec(Authorization) ?? [];
  const message = `POST\n/v3/x?y=1\n${NOW}\nNONCE\n${request.body}\n`;
  assert.ok(verify('sha256', Buffer.from(message), merchant.publicKey, Buffer.from(signature, 'base64')));
  assert.deepEqual(data, { mchid: '1900000100' });
}

/**
 * Moves a bundle, or a folder with one, away from the package, and reports its size.
 * @param {import('node:test').TestContext} context
 * @param {string} path
 */
function takeAway(context, path) {
  const taken = join(elsewhere, path.replaceAll('/', '-'));
  renameSync(join(projects, path), taken);
  const files = statSync(taken).isDirectory() ? readdirSync(taken).map((name) => join(taken, name)) : [taken];
  context.diagnostic(`${files.map((file) => `${basename(file)} ${statSync(file).size}`).join(', ')} bytes`);
  return taken;
}

/**
 * Runs a bundle while the package is hidden, so that a bundle that refers to its path fails.
 * @param {string} path
 * @param {string} [runtime]
 */
function runAlone(path, runtime = process.execPath) {
  const hidden = join(workplace, 'hidden');
  renameSync(projects, hidden);
  try {
    return run(runtime, [path], { cwd: elsewhere }).stdout;
  } finally {
    renameSync(hidden, projects);
  }
}

// ---- Node.js, Deno, Bun ----

for (const version of /** @type {const} */ (['NODE_20', 'NODE_22', 'NODE_24', 'NODE_26'])) {
  test(`import and require, ${version}`, () => {
    assertDone(run(binary(version), ['main.js']).stdout);
    assertDone(run(binary(version), ['main.cjs']).stdout);
  });
}

test('import and require give the same classes', () => {
  const script = `
    import { createRequire } from 'node:module';
    import * as imported from 'wechatpay-presign';
    const required = createRequire(import.meta.url)('wechatpay-presign');
    console.log(imported.WechatPayError === required.WechatPayError)`;
  assert.equal(run(process.execPath, ['--input-type=module', '-e', script]).stdout, 'true\n');
});

test('require works in a version of Node.js that cannot require ES modules', () => {
  const script = `
    const w = require('wechatpay-presign');
    const { request, merchant, response, trust, now } = JSON.parse(process.env.INPUT);
    const Authorization = w.signAuthorization(request, merchant, { timestamp: now, nonce: 'NONCE' });
    console.log(JSON.stringify({ Authorization, data: w.verifyResponse(response, trust, { now }) }));`;
  assertDone(run(binary('NODE_22'), ['--no-experimental-require-module', '-e', script]).stdout);
});

test('Deno needs no read permission', () => {
  const args = ['run', '--node-modules-dir=manual', '--no-prompt', '--allow-env=INPUT', 'main.js'];
  assertDone(run(binary('DENO'), args).stdout);
});

test('Bun', () => assertDone(run(binary('BUN'), ['main.js']).stdout));

// ---- TypeScript ----

for (const [resolution, module, sources] of /** @type {const} */ ([
  ['bundler', 'esnext', ['esm.mts', 'wasm.mts']],
  ['bundler', 'preserve', ['esm.mts', 'wasm.mts', 'commonjs.cts']],
  ['node16', 'node16', ['esm.mts', 'wasm.mts', 'commonjs.cts']],
  ['nodenext', 'nodenext', ['esm.mts', 'wasm.mts', 'commonjs.cts']],
])) {
  for (const [types, lib] of /** @type {const} */ ([
    ['node', 'es2022'],
    ['', 'es2022,dom'],
  ])) {
    test(`TypeScript, ${resolution}, ${module}, with the types of ${types === '' ? 'browsers' : 'Node.js'}`, () => {
      const out = join(projects, 'out', `${resolution}-${module}-${types}`);
      const args = [
        ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false'],
        ['--target', 'es2022', '--lib', lib, '--module', module, '--moduleResolution', resolution, '--outDir', out],
        types === '' ? ['--types', ''] : ['--types', types, '--typeRoots', join(ROOT, 'node_modules/@types')],
        sources.map((source) => join('typescript', source)),
      ].flat();
      run(process.execPath, [command('typescript', 'tsc'), ...args]);
      for (const compiled of ['esm.mjs', 'commonjs.cjs'].slice(0, sources.length - 1)) {
        assertDone(run(process.execPath, [join(out, compiled)]).stdout);
      }
    });
  }
}

// ---- Bundlers ----

for (const [name, entry, platform, format] of /** @type {const} */ ([
  ['esbuild for Node.js', 'main.js', 'node', 'esm'],
  ['esbuild for Node.js, CommonJS', 'main.cjs', 'node', 'cjs'],
  ['esbuild for browsers', 'main.js', 'browser', 'esm'],
  ['esbuild, platform neutral', 'main.js', 'neutral', 'esm'],
])) {
  test(name, async (context) => {
    const out = join('out', `esbuild-${platform}.${format === 'esm' ? 'mjs' : 'cjs'}`);
    const outfile = join(projects, out);
    await build({ entryPoints: [join(projects, entry)], bundle: true, platform, format, outfile, logLevel: 'error' });
    assertDone(runAlone(takeAway(context, out)));
  });
}

test('Rollup', (context) => {
  run(process.execPath, [command('rollup'), '--config', 'rollup.config.js', '--silent']);
  assertDone(runAlone(takeAway(context, 'out/rollup.mjs')));
});

test('Vite, for a server', (context) => {
  run(process.execPath, [command('vite'), 'build', '--logLevel', 'error'], { cwd: join(projects, 'vite') });
  assertDone(runAlone(join(takeAway(context, 'vite/dist'), 'main.mjs')));
});

/** @param {import('webpack').Configuration} configuration */
async function runWebpack(configuration) {
  /** @type {import('webpack').Stats | undefined} */
  const stats = await new Promise((resolve, reject) => {
    webpack(configuration, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
  assert.equal(stats?.hasErrors(), false, stats?.toString('errors-warnings'));
}

for (const [name, entry, target] of /** @type {const} */ ([
  ['webpack, for Node.js', './main.js', 'node'],
  ['webpack, for Node.js, CommonJS', './main.cjs', 'node'],
  ['webpack, for Web Workers', './main.js', 'webworker'],
])) {
  test(name, async (context) => {
    const out = join('out', `webpack-${target}-${basename(entry)}`);
    const output = { path: join(projects, out), filename: 'main.cjs' };
    await runWebpack({ mode: 'production', context: projects, entry, target, output });
    assertDone(runAlone(join(takeAway(context, out), 'main.cjs')));
  });
}

test('webpack, as Next.js sets it up for the edge', async (context) => {
  const configuration = createRequire(import.meta.url)(join(projects, 'edge/webpack.config.cjs'));
  const path = join(projects, 'out/edge');
  await runWebpack({ ...configuration, output: { ...configuration.output, path } });
  const taken = takeAway(context, 'out/edge');
  const wasm = readdirSync(taken).filter((name) => name.endsWith('.wasm'));
  // The wasm is in its own file, and not in the JavaScript as well.
  assert.equal(wasm.length, 1);
  assert.ok(statSync(join(taken, 'main.js')).size < 150_000);
  const vm = new EdgeVM({
    extend(context) {
      for (const name of wasm) {
        context[basename(name, '.wasm')] = new WebAssembly.Module(readFileSync(join(taken, name)));
      }
      return context;
    },
  });
  vm.evaluate(readFileSync(join(taken, 'main.js'), 'utf8'));
  const { default: handler } = vm.evaluate('edgeFunction');
  const asked = new vm.context.Request('https://edge.example/', { method: 'POST', body: INPUT });
  assertDone(await (await handler(asked)).text());
});

test('an edge function, bundled by esbuild', async () => {
  const ask = await startEdgeFunction(join(projects, 'edge/main.js'));
  assertDone(await (await ask('https://edge.example/', { method: 'POST', body: INPUT })).text());
});

test('bun build', (context) => {
  run(binary('BUN'), ['build', 'main.js', '--target=bun', '--outdir=out/bun']);
  assertDone(runAlone(join(takeAway(context, 'out/bun'), 'main.js'), binary('BUN')));
});

test('bun build, for Node.js', (context) => {
  run(binary('BUN'), ['build', 'main.js', '--target=node', '--outfile=out/bun-node.mjs']);
  assertDone(runAlone(takeAway(context, 'out/bun-node.mjs')));
});

for (const compatibilityDate of ['2025-05-31', '2025-06-01']) {
  for (const project of ['worker', 'worker-slim']) {
    test(`wrangler: ${project} on ${compatibilityDate}`, async () => {
      const worker = await startWorker({ folder: join(projects, project), compatibilityDate });
      try {
        assertDone(await (await fetch(worker.url, { method: 'POST', body: INPUT })).text());
      } finally {
        await worker.close();
      }
    });
  }
}

// ---- Test runners ----

for (const [name, project, file, options] of /** @type {const} */ ([
  ['Jest, require', 'jest', 'required.test.js', ''],
  ['Jest, import transformed to require', 'jest-transform', 'transformed.test.js', ''],
  ['Jest with ES modules', 'jest', 'imported.test.mjs', '--experimental-vm-modules --no-warnings'],
])) {
  test(name, () => {
    // The package needs none of these options: they avoid Watchman and Jest's default cache folder.
    const args = [command('jest'), '--watchman=false', '--cacheDirectory', join(workplace, 'jest-cache'), file];
    assertDone(run(process.execPath, args, { cwd: join(projects, project), env: { NODE_OPTIONS: options } }).both);
  });
}

for (const [name, args, external] of /** @type {[string, string[], boolean][]} */ ([
  ['Vitest', [], true],
  ['Vitest that bundles the package', ['--config', 'vitest.inline.config.js'], false],
])) {
  test(name, () => {
    const { both } = run(process.execPath, [command('vitest'), 'run', '--root', projects, 'vitest/', ...args]);
    assertDone(both);
    // Stack traces show a URL for modules loaded by Node.js, and a path for modules loaded by Vitest.
    assert.match(both, /wechatpay-presign\/dist\/core\.js/);
    assert.equal(/file:\S*wechatpay-presign\/dist\/core\.js/.test(both), external);
  });
}

test('the test kit works with import and require, and no other module imports it', () => {
  const use = `async (w, { createTestKit }) => {
    const kit = await createTestKit();
    console.log((await w.createClient(kit.config).notifications.parse(await kit.notification())).event_type);
  }`;
  const name = 'wechatpay-presign';
  const required = `(${use})(require('${name}'), require('${name}/testing'))`;
  const imported = `await (${use})(await import('${name}'), await import('${name}/testing'))`;
  for (const [type, code] of [
    ['commonjs', required],
    ['module', imported],
  ]) {
    const { stdout } = run(process.execPath, [`--input-type=${type}`, '-e', code ?? '']);
    assert.equal(stdout.trim(), 'ENTRUST.SIGN');
  }
  const installed = join(projects, 'node_modules/wechatpay-presign/dist');
  const isOther = (/** @type {string} */ file) => /\.c?js$/.test(file) && !/^(testing|cli)\./.test(file);
  for (const file of readdirSync(installed).filter(isOther)) {
    assert.doesNotMatch(readFileSync(join(installed, file), 'utf8'), /createTestKit|testing\.c?js/, file);
  }
});

test('npx runs the installed command, on every runtime that has processes', () => {
  const installed = join(projects, 'node_modules/.bin/wechatpay-presign');
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  assert.equal(run('npx', ['--offline', 'wechatpay-presign', '--version']).stdout, `${version}\n`);

  // A dry run signs, and so needs the rest of the package.
  const args = ['request', 'POST', 'v3/x?y=1', '--data', request.body, '--dry-run', '--json'];
  const env = {
    WECHATPAY_MCHID: merchant.mchid,
    WECHATPAY_SERIAL: merchant.serial,
    WECHATPAY_PRIVATE_KEY: merchant.privateKey,
    WECHATPAY_PUBLIC_KEY_ID: platform.serial,
    WECHATPAY_PUBLIC_KEY: platform.publicKey,
  };
  const assertSigned = (/** @type {string} */ stdout) => {
    const { message, headers } = JSON.parse(stdout);
    const [, signature = ''] = /signature="(.*?)"/.exec(headers.Authorization) ?? [];
    assert.match(message, /^POST\n\/v3\/x\?y=1\n/);
    assert.ok(verify('sha256', Buffer.from(message), merchant.publicKey, Buffer.from(signature, 'base64')));
  };
  for (const runtime of /** @type {const} */ (['NODE_20', 'NODE_22', 'NODE_24', 'NODE_26', 'BUN'])) {
    assertSigned(run(binary(runtime), [installed, ...args], { env }).stdout);
  }
  const npm = ['run', '--node-modules-dir=manual', '--no-prompt', '--allow-all', 'npm:wechatpay-presign', ...args];
  assertSigned(run(binary('DENO'), npm, { env }).stdout);
});

test('no module imports the command line, which has no copy of the client or the test kit', () => {
  const installed = join(projects, 'node_modules/wechatpay-presign/dist');
  const commandLine = readFileSync(join(installed, 'cli.js'), 'utf8');
  assert.match(commandLine, /from "wechatpay-presign"/);
  assert.match(commandLine, /import\("wechatpay-presign\/testing"\)/);
  assert.doesNotMatch(commandLine, /(function|class) (createTestKit|createClient|WechatPayError)\b/);
  for (const file of readdirSync(installed).filter((file) => /\.c?js$/.test(file) && file !== 'cli.js')) {
    assert.doesNotMatch(readFileSync(join(installed, file), 'utf8'), /\bcli\b/, file);
  }
});

// ---- The tarball ----

test('the tarball contains the published files and no others', (context) => {
  context.diagnostic(`packed ${packed.size} bytes, unpacked ${packed.unpackedSize}`);
  const entries = [
    'bun',
    'cli',
    'core',
    'deno',
    'edge-light',
    'inline',
    'node',
    'slim',
    'stores',
    'testing',
    'workerd',
  ];
  const isDeclaration = (/** @type {string} */ path) => /^dist\/.*\.d\.c?ts$/.test(path);
  const paths = packed.files.map(({ path }) => path);
  assert.deepEqual(
    paths.filter((path) => !isDeclaration(path)).sort(),
    [
      ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'README.zh-CN.md', 'package.json'],
      [...entries, 'wasm.edge-light', 'wasm.workerd'].map((name) => `dist/${name}.js`),
      ['inline', 'inline-bytes', 'slim', 'stores', 'testing'].map((name) => `dist/${name}.cjs`),
      ['wasm/wechatpay_presign_bg.wasm', 'wasm/wechatpay_presign_relaxed_bg.wasm'],
    ]
      .flat()
      .sort(),
  );
  const declarations = paths.filter(isDeclaration);
  for (const name of ['api', 'entrypoints/slim', 'entrypoints/wasm', 'stores/index', 'testing/index']) {
    assert.ok(declarations.includes(`dist/${name}.d.ts`), name);
  }
  for (const path of declarations.filter((path) => path.endsWith('.ts'))) {
    assert.ok(declarations.includes(path.replace(/\.ts$/, '.cts')), path);
    // Each file belongs to a public entry point, or is imported by another file.
    const name = path.replace(/^dist\//, '').replace(/\.d\.ts$/, '');
    const isImported = declarations.some((other) => {
      const folder = relative(dirname(other), `dist/${name}.js`);
      const specifier = folder.startsWith('.') ? folder : `./${folder}`;
      return readFileSync(join(PACKAGE, other), 'utf8').includes(`'${specifier}'`);
    });
    assert.ok(
      isImported || ['api', 'entrypoints/slim', 'stores/index', 'testing/index'].includes(name),
      `nothing imports ${path}`,
    );
  }
});

test('the wasm is inlined once, with the bytes of the file', () => {
  const installed = join(projects, 'node_modules/wechatpay-presign');
  const hash = (/** @type {Buffer} */ bytes) => createHash('sha256').update(bytes).digest('hex');
  const file = hash(readFileSync(join(installed, 'wasm/wechatpay_presign_bg.wasm')));
  const inlined = packed.files.flatMap(({ path }) => {
    const [base64] = /[A-Za-z0-9+/]{10000,}=*/.exec(readFileSync(join(installed, path), 'latin1')) ?? [];
    return base64 === undefined ? [] : [{ path, hash: hash(Buffer.from(base64, 'base64')) }];
  });
  assert.deepEqual(inlined, [{ path: 'dist/inline-bytes.cjs', hash: file }]);
});

test('publint finds no problem', () => {
  const args = [command('publint'), 'run', '--strict', join(projects, packed.filename)];
  assert.match(run(process.execPath, args).stdout, /All good/);
});

test('attw finds no problem in any type resolution mode', () => {
  // ./wasm is not JavaScript: the result of importing it depends on the bundler.
  const args = [join(projects, packed.filename), '--format', 'json', '--exclude-entrypoints', './wasm'];
  const { stdout } = run(process.execPath, [command('@arethetypeswrong/cli', 'attw'), ...args]);
  const { problems } = JSON.parse(stdout);
  assert.deepEqual(problems, {});
});

test('the error for a missing wasm names the file and the fix', () => {
  const path = join(projects, 'node_modules/wechatpay-presign/wasm/wechatpay_presign_bg.wasm');
  const aside = join(workplace, 'aside.wasm');
  renameSync(path, aside);
  try {
    const script = `
      import { buildPresignRequest } from 'wechatpay-presign';
      try { buildPresignRequest({}) } catch (error) { console.log(error.code, error.message) }`;
    assert.match(
      run(process.execPath, ['--input-type=module', '-e', script]).stdout,
      /^ERR_WASM_UNAVAILABLE .* in Node\.js v20\S+ tried to read .*_bg\.wasm.* ENOENT.* To fix it, keep /,
    );
  } finally {
    renameSync(aside, path);
  }
});

// ---- The manifest ----

test('the manifest has no runtime dependencies and no install scripts, and the promised engines, licence and version', () => {
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const cargo = readFileSync(new URL('../Cargo.toml', import.meta.url), 'utf8');
  assert.equal(manifest.dependencies, undefined);
  // Neither script runs when the package is installed.
  assert.deepEqual(Object.keys(manifest.scripts), ['prepack', 'prepublishOnly']);
  assert.equal(manifest.license, 'Apache-2.0 OR MIT');
  assert.equal(manifest.engines.node, '^20.19 || >=22.12');
  assert.match(cargo, new RegExp(`^version = "${manifest.version}"$`, 'm'));
});

test('npm publish fails without repository, bugs or homepage', () => {
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const script = join(PACKAGE, manifest.scripts.prepublishOnly.replace(/^node /, ''));
  const file = join(workplace, 'manifest.json');
  const publish = (/** @type {object} */ fields) => {
    writeFileSync(file, JSON.stringify({ ...manifest, ...fields }));
    return spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  };
  const address = 'https://code.example/wechatpay-presign';
  const complete = { repository: address, bugs: address, homepage: address };
  assert.equal(publish(complete).status, 0);
  for (const field of Object.keys(complete)) {
    const { status, stderr } = publish({ ...complete, [field]: undefined });
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`has no ${field}:`));
  }
});

test('the wasm imports nothing but the glue, and contains no path of the machine that built it', () => {
  const bytes = readFileSync(join(PACKAGE, 'wasm/wechatpay_presign_bg.wasm'));
  const modules = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ module }) => module);
  assert.deepEqual([...new Set(modules)], ['./wechatpay_presign_bg.js']);
  assert.doesNotMatch(bytes.toString('latin1'), /\/(home|root|Users|tmp|work)\//);
});

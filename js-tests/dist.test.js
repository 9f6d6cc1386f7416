/** dist/ is built from the sources, but only if it is out of date. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const checkout = mkdtempSync(join(tmpdir(), 'wechatpay-presign-dist-'));
after(() => rmSync(checkout, { recursive: true }));

for (const path of ['package.json', 'package-lock.json', 'scripts', 'pkg/package.json', 'pkg/src', 'pkg/wasm']) {
  cpSync(join(ROOT, path), join(checkout, path), { recursive: true });
}
symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'), 'dir');

/** Builds the JavaScript of the checkout, and returns what its entry point for Node.js prints. */
function build() {
  const script = `
    import { ensureJavaScript } from './scripts/dist.js';
    await ensureJavaScript();
    const { buildPresignRequest } = await import('./pkg/dist/node.js');
    console.log(globalThis.marked, typeof buildPresignRequest);`;
  const args = ['--input-type=module', '-e', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: checkout, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const built = (/** @type {string} */ name) => join(checkout, 'pkg/dist', name);

test('builds dist/ in a checkout without it', () => {
  assert.equal(build(), 'undefined function');
  assert.match(readFileSync(built('inline-bytes.cjs'), 'utf8'), /Symbol\.for\('wechatpay-presign\/[0-9a-f]{16}'\)/);
});

test('does not build a dist/ that is up to date', () => {
  const before = statSync(built('core.js')).mtimeMs;
  writeFileSync(join(checkout, 'README.md'), 'not a source');
  build();
  assert.equal(statSync(built('core.js')).mtimeMs, before);
});

test('builds a changed source, and deletes files that are no longer built', () => {
  writeFileSync(built('left-over.js'), '');
  appendFileSync(join(checkout, 'pkg/src/source.ts'), '\n(globalThis as { marked?: string }).marked = "changed";\n');
  assert.equal(build(), 'changed function');
  assert.throws(() => statSync(built('left-over.js')), { code: 'ENOENT' });
});

test('every other file has the same bytes if the command line is left out', () => {
  build();
  const files = () => readdirSync(join(checkout, 'pkg/dist')).filter((name) => /\.c?js$/.test(name));
  const read = () => Object.fromEntries(files().map((name) => [name, readFileSync(built(name), 'utf8')]));
  const { 'cli.js': commandLine, ...others } = read();
  assert.ok(commandLine);
  renameSync(join(checkout, 'pkg/src/cli'), join(checkout, 'cli'));
  try {
    build();
    assert.deepEqual(read(), others);
  } finally {
    renameSync(join(checkout, 'cli'), join(checkout, 'pkg/src/cli'));
  }
});

test('keeps the old dist/ if a source does not build', () => {
  const source = join(checkout, 'pkg/src/source.ts');
  const text = readFileSync(source, 'utf8');
  writeFileSync(source, `${text}\nconst = ;\n`);
  assert.throws(build);
  assert.equal(readFileSync(built('core.js'), 'utf8').includes('changed'), true);
  writeFileSync(source, text);
  assert.equal(build(), 'changed function');
});

/** Links between the pages of the repository are not broken. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deadLinks } from '../scripts/dead-links.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const own = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
const pages = ['docs', 'examples', '.github'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
);

test('every link between pages leads to an existing file and heading', () => {
  assert.ok(own.length > 5 && pages.length > 9, String([...own, ...pages]));
  assert.deepEqual(deadLinks(ROOT, 'md', [...own, ...pages]), []);
});

test('finds links to missing files, missing headings and places outside the folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-links-'));
  try {
    writeFileSync(
      join(folder, 'a.md'),
      '# A b: `c`\n\n[1](b.md) [2](b.md#x) [3](#a-b-c) [4](../a.md) [5](b.md#中文)\n',
    );
    writeFileSync(join(folder, 'b.md'), '# X\n# 中文\n\n[1](c.md) [2](#y) `[3](d.md)` [4](https://example.com/x)\n');
    assert.deepEqual(deadLinks(folder, 'md'), ['a.md: ../a.md', 'b.md: c.md', 'b.md: #y']);
    writeFileSync(
      join(folder, 'a.html'),
      '<a id="x" href="b.html#y">1</a> <a href="a.html#z">2</a> <a href="#x">3</a>',
    );
    writeFileSync(join(folder, 'b.html'), '<img src="c.png"> <p id="y">');
    assert.deepEqual(deadLinks(folder, 'html'), ['a.html: a.html#z', 'b.html: c.png']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The program in docs/journey.md, which goes from the order to the charge. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { blocksOf } from './readme-blocks.js';

const PROGRAM = new URL('../examples/journey/journey.js', import.meta.url);
const GUIDES = ['docs/journey.md', 'docs/zh-CN/journey.md'];

/** @param {string} code */
const withoutComments = (code) =>
  code
    .replaceAll(/(^| )\/\/ .*$/gm, '')
    .replaceAll(/ +$/gm, '')
    .trim();

for (const page of GUIDES) {
  const blocks = blocksOf.get(page) ?? [];
  const shown = blocks.find(({ purpose }) => purpose === 'journey')?.code ?? '';

  test(`${page} shows the program`, () => {
    assert.equal(withoutComments(shown), withoutComments(readFileSync(PROGRAM, 'utf8')));
  });

  test(`${page} shows what the program prints`, async () => {
    const output = blocks.find(({ language }) => language === 'text')?.code;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [fileURLToPath(PROGRAM)]);
    assert.deepEqual([stdout, stderr], [output, '']);
  });
}

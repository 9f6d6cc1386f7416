/** docs/troubleshooting.md lists the messages of the sources, and all messages in the table of mistakes. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MISTAKES } from './mistakes/table.js';

const ROOT = new URL('..', import.meta.url);

/**
 * The text of all sources of a folder, with the parts of long messages joined.
 * @param {string} folder
 * @param {string} extension
 */
function sourcesOf(folder, extension) {
  const names = readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(extension) && !name.includes('tests') && !name.startsWith('testing'))
    .map((name) => readFileSync(new URL(folder + name, ROOT), 'utf8'))
    .join('\n')
    .replaceAll(/['`]\s*\+\s*['`]|\\\n\s*/g, '');
}

const sources = sourcesOf('src/', '.rs') + sourcesOf('pkg/src/', '.ts');

for (const page of ['docs/troubleshooting.md', 'docs/zh-CN/troubleshooting.md']) {
  const text = read(page);
  if (text === undefined) continue;
  // The code in the first column of the tables.
  const messages = [...text.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
  );

  for (const { mistake, message } of MISTAKES) {
    if (message === undefined) continue;
    test(`${page} explains this mistake: ${mistake}`, () => {
      const isListed = (/** @type {string} */ listed) => patternOf(listed).test(message);
      assert.ok(messages.filter((listed) => listed.length > 10).some(isListed), message);
    });
  }

  test(`${page} lists messages`, () => assert.ok(messages.length > 40, String(messages.length)));

  for (const message of messages) {
    // WeChat Pay's own error codes are not in the sources.
    if (/^[A-Z_]+$/.test(message) && !message.startsWith('ERR_')) continue;
    if (message.startsWith('/v3/')) continue;
    // WeChat Pay and the compiler wrote these.
    if (MISTAKES.some((mistake) => mistake.message !== undefined && patternOf(message).test(mistake.message))) continue;
    test(`${page}: the message "${message}" is in the sources`, () => {
      // Values, field names and numbers are filled in, so the sources contain only parts of a message.
      const parts = message.split(/…|\d+/).flatMap((part) => {
        const words = part.trim().split(' ');
        return words.map((_, start) => words.slice(start, start + 3)).filter(({ length }) => length === 3);
      });
      const known = parts.length === 0 ? [message] : parts.map((words) => words.join(' '));
      assert.ok(
        known.some((part) => sources.includes(part)),
        message,
      );
    });
  }
}

/**
 * Finds a part of a message in whole messages. A … in it stands for any text.
 * @param {string} part
 */
function patternOf(part) {
  const escaped = part.split('…').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(escaped.join('.*'), 's');
}

/** @param {string} page */
function read(page) {
  try {
    return readFileSync(new URL(page, ROOT), 'utf8');
  } catch {
    return undefined;
  }
}

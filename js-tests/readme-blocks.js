/** The code blocks of the READMEs. */
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Block  the text between two fences
 * @property {string} language
 * @property {string} purpose  the word after the language: a file name or the purpose
 * @property {string} code
 */

/** @type {Map<string, Block[]>} */
export const blocksOf = new Map(['README.md', 'README.zh-CN.md'].map((name) => [name, readBlocks(name)]));

/**
 * @param {string} name
 * @returns {Block[]}
 */
function readBlocks(name) {
  const text = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
  const found = text.matchAll(/^```(\w*) ?(\S*)\n(.*?)^```$/gms);
  return [...found].map(([, language = '', purpose = '', code = '']) => ({ language, purpose, code }));
}

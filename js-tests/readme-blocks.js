/** The code blocks of the documentation: the READMEs and the guides in docs/. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Block  the text between two fences
 * @property {string} page
 * @property {number} line  of its first line of code
 * @property {string} language
 * @property {string} purpose  the word after the language: the runtime or framework
 * @property {string} code
 */

const ROOT = new URL('..', import.meta.url);

/**
 * The pages of each language, by name. A translation has the name of its original.
 * @type {Record<'English' | 'Chinese', Map<string, string>>}
 */
export const PAGES = {
  English: new Map([['README.md', 'README.md'], ...guides('docs/')]),
  Chinese: new Map([['README.md', 'README.zh-CN.md'], ...guides('docs/zh-CN/')]),
};

/** @type {Map<string, Block[]>} */
export const blocksOf = new Map(
  Object.values(PAGES)
    .flatMap((pages) => [...pages.values()])
    .map((page) => [page, readBlocks(page)]),
);

/**
 * All blocks of a language.
 * @param {keyof typeof PAGES} language
 * @returns {Block[]}
 */
export const blocksIn = (language) => [...PAGES[language].values()].flatMap((page) => blocksOf.get(page) ?? []);

/**
 * @param {string} folder
 * @returns {[string, string][]}
 */
function guides(folder) {
  const url = new URL(folder, ROOT);
  if (!existsSync(url)) return [];
  const names = readdirSync(url).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => [`docs/${name}`, `${folder}${name}`]);
}

/**
 * @param {string} page
 * @returns {Block[]}
 */
function readBlocks(page) {
  const text = readFileSync(new URL(page, ROOT), 'utf8');
  const found = text.matchAll(/^```(\w*) ?(\S*)\n(.*?)^```$/gms);
  return [...found].map(({ 1: language = '', 2: purpose = '', 3: code = '', index }) => {
    const line = text.slice(0, index).split('\n').length + 1;
    return { page, line, language, purpose, code };
  });
}

// Finds links to missing files and headings. It does not check links to other hosts.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const READERS = { md: readMarkdown, html: readHtml };

/**
 * @typedef {object} Page
 * @property {string[]} links
 * @property {Set<string>} anchors
 */

/**
 * The dead links of all pages of a folder.
 * @param {string} folder
 * @param {keyof typeof READERS} extension
 * @param {string[]} [names]  of the pages, relative to the folder; default: all
 * @returns {string[]}  "page: link"
 */
export function deadLinks(folder, extension, names = pagesIn(folder, extension)) {
  const read = READERS[extension];
  /** @type {Map<string, Page>} */
  const pages = new Map();
  const pageAt = (/** @type {string} */ path) => {
    const page = pages.get(path) ?? read(readFileSync(path, 'utf8'));
    pages.set(path, page);
    return page;
  };
  const isDead = (/** @type {string} */ from, /** @type {string} */ link) => {
    const [path = '', anchor] = link.split('#').map(decodeURIComponent);
    const target = path === '' ? from : resolve(dirname(from), path.split('?')[0] ?? '');
    if (relative(folder, target).startsWith('..') || !existsSync(target)) return true;
    if (anchor === undefined || anchor === '' || !target.endsWith(`.${extension}`)) return false;
    return !statSync(target).isFile() || !pageAt(target).anchors.has(anchor);
  };
  return names.flatMap((name) => {
    const path = join(folder, name);
    const links = pageAt(path).links.filter((link) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(link));
    return links.filter((link) => isDead(path, link)).map((link) => `${name}: ${link}`);
  });
}

/**
 * @param {string} folder
 * @param {string} extension
 */
function pagesIn(folder, extension) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(`.${extension}`)).sort();
}

/**
 * Links, pictures, and the anchors of headings, as GitHub makes them.
 * @param {string} text
 * @returns {Page}
 */
function readMarkdown(text) {
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  const withoutCode = prose.replaceAll(/`[^`\n]*`/g, '');
  const links = [...withoutCode.matchAll(/\]\(([^()\s]+)\)/g)].map(([, link = '']) => link);
  /** @type {Map<string, number>} */
  const used = new Map();
  const anchors = [...prose.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => {
    const anchor = anchorOf(heading);
    const times = used.get(anchor) ?? 0;
    used.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
  return { links, anchors: new Set(anchors) };
}

/** @param {string} heading */
function anchorOf(heading) {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}

/**
 * @param {string} text
 * @returns {Page}
 */
function readHtml(text) {
  const valuesOf = (/** @type {string} */ name) =>
    [...text.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value.replaceAll('&amp;', '&'));
  return { links: [...valuesOf('href'), ...valuesOf('src')], anchors: new Set(valuesOf('id')) };
}

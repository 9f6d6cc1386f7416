/** Finds servers that are not on npm: on PATH, or else in Debian's package, which it installs. Throws if neither works. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * @param {string} program
 * @param {string} debianPackage  the package that contains it
 * @param {() => string[]} [folders]  searched after PATH
 * @returns {string} its path
 */
export function installed(program, debianPackage, folders = () => []) {
  const find = () =>
    [...(process.env['PATH'] ?? '').split(delimiter), ...folders()]
      .map((folder) => join(folder, program))
      .find(existsSync);
  const found = find();
  if (found !== undefined) return found;
  try {
    // Test files run in parallel, but only one apt-get can run at a time.
    const install = `apt-get update -q && apt-get install -q -y --no-install-recommends ${debianPackage}`;
    const asRoot = process.getuid?.() === 0 ? ['sh'] : ['sudo', '-n', 'sh'];
    const lock = join(tmpdir(), 'wechatpay-presign-apt.lock');
    execFileSync('flock', [lock, ...asRoot, '-c', install], { stdio: 'pipe' });
  } catch (cause) {
    throw new Error(explain(program, debianPackage), { cause });
  }
  const now = find();
  if (now === undefined) throw new Error(explain(program, debianPackage));
  return now;
}

/** @param {string} program @param {string} debianPackage */
function explain(program, debianPackage) {
  return (
    `this test needs ${program}, which is not on PATH and cannot be installed here. ` +
    `Install it (Debian and Ubuntu: sudo apt-get install ${debianPackage}; macOS: brew install ${debianPackage.split('-')[0]}), ` +
    'and put it on PATH.'
  );
}

/** Compiles TypeScript as a user of the package does. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from '../runtimes/binaries.js';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/**
 * Compiles a module `app.ts` in strict mode.
 * @param {string} source
 * @returns {string}  what the compiler prints: nothing, if all is well
 */
export function compile(source) {
  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-types-'));
  try {
    symlinkSync(modules, join(folder, 'node_modules'), 'junction');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'app.ts'), source);
    const settings = '--noEmit --strict --skipLibCheck --module nodenext --target es2022 --lib es2022,dom --types node';
    const args = [command('typescript', 'tsc'), ...settings.split(' '), 'app.ts'];
    return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

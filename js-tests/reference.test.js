/** The reference documentation that `npm run docs` generates. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as exported from 'wechatpay-presign';

const ROOT = new URL('..', import.meta.url);

test('the reference has a page for every export, and no dead links', () => {
  const script = fileURLToPath(new URL('scripts/docs.js', ROOT));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
  const pages = readdirSync(new URL('target/docs/', ROOT), { recursive: true, encoding: 'utf8' });
  for (const name of Object.keys(exported)) {
    assert.ok(
      pages.some((page) => page.endsWith(`/wechatpay-presign.${name}.html`)),
      name,
    );
  }
});

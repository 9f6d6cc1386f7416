/** `npm run demo`, on nothing but Node. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

test('the demo shows the job, and the tampered answer refused', () => {
  const demo = fileURLToPath(new URL('../demo/presign.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [demo], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  for (const part of [
    /^POST http:\/\/127\.0\.0\.1:\d+\/v3\/password-exempt-contract\//m,
    /^POST⏎\n\/v3\//m,
    /^WECHATPAY2-SHA256-RSA2048 mchid=/m,
    /^HTTP 200$/m,
    /^verified: \{/m,
    /^refused: bad-signature: /m,
  ]) {
    assert.match(stdout, part);
  }
  assert.ok(stdout.split('\n').length < 70, 'one screen');
});

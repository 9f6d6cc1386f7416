/** `npm run demo`, which needs only Node.js. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('the demo goes from the order to the charge, rejects a tampered response, and ends with the sandbox command', () => {
  const demo = fileURLToPath(new URL('../scripts/demo.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [demo], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  for (const part of [
    /^verified: \{$\n {2}mchid: '\d+',\n {2}service_id: 12535,\n {2}out_contract_code: 'wxwtdk20200910100000'/m,
    /^POST http:\/\/127\.0\.0\.1:\d+\/v3\/password-exempt-contract\//m,
    /^POST⏎\n\/v3\//m,
    /^WECHATPAY2-SHA256-RSA2048 mchid=/m,
    /^HTTP 200$/m,
    /^refused: bad-signature: /m,
    /^handled: TRANSACTION\.SUCCESS 1217752501201407033233368018 SUCCESS$/m,
    /^handled: ENTRUST\.SIGN wxwtdk20200910100000 SIGNED$/m,
    /^verified: \{ prepay_id: 'wx\w+' \}$/m,
    /^handled: TRANSACTION\.SUCCESS 1217752501201407033233368019 SUCCESS$/m,
    /^responded: HTTP 204$/m,
    /\n {2}node pkg\/dist\/cli\.js sandbox\n$/,
  ]) {
    assert.match(stdout, part);
  }
  assert.ok(stdout.split('\n').length < 75, 'one screen');
});

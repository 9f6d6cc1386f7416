// `npm run test:smoke`: packs the package, installs it in an empty folder, and pre-signs with it, imported and required.
// For the platforms that `npm test` does not cover: it needs only Node.js and npm.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './run.js';

const JOB = `
  const { createClient, SignatureVerificationError } = presign;
  const kit = await createTestKit();
  const client = createClient(kit.config);
  const params = {
    appid: 'wxd678efh567hg6787',
    service_id: 12535,
    out_contract_code: 'wxwtdk20200910100000',
    contract_display_account: '微信代扣用户A',
    notify_url: 'https://yourapp.com/notify',
    prepay_id: 'wx201410272009395522657a690389285100',
    openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  };
  const { out_contract_code } = await client.presign(params);
  if (out_contract_code !== params.out_contract_code) throw new Error('another contract: ' + out_contract_code);
  const refused = await client.notifications.parse(await kit.notification({ forgery: 'tampered-body' })).then(
    () => undefined,
    (error) => error,
  );
  if (!(refused instanceof SignatureVerificationError)) throw new Error('a forged notification was not refused');
  console.log('ok');`;
const IMPORTED = `
  import * as presign from 'wechatpay-presign';
  import { createTestKit } from 'wechatpay-presign/testing';
  ${JOB}`;
const REQUIRED = `
  const presign = require('wechatpay-presign');
  const { createTestKit } = require('wechatpay-presign/testing');
  (async () => {${JOB}})();`;

const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-smoke-'));
try {
  run('npm', ['pack', './pkg', '--pack-destination', folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  run('npm', ['install', join(folder, tarball), '--prefix', folder, '--no-audit', '--no-fund']);
  for (const [name, code] of [
    ['imported.mjs', IMPORTED],
    ['required.cjs', REQUIRED],
  ]) {
    const file = join(folder, /** @type {string} */ (name));
    writeFileSync(file, /** @type {string} */ (code));
    console.log(name, execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim());
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`The package works in Node.js ${process.version} on ${process.platform}, installed from ${root}.`);

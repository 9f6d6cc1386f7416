/** The environment of the commands: WeChat Pay over HTTP, a merchant's variables, and a folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { formatKeys } from '#cli/sandbox/keys.js';
import { makeCertificate } from '#testing/certificate.js';
import { makeMerchant, makePlatformKey } from '#testing/keys.js';
import { createTestKit } from '#testing/kit.js';
import { createHttpServer } from '../gateway/http-server.js';

/** Makes a folder that is deleted after the tests. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'wechatpay-presign-cli-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @param {Record<string, string | undefined>} variables */
export function toEnvFile(variables) {
  return Object.entries(variables)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${value?.replaceAll('\n', '\\n')}"\n`)
    .join('');
}

/**
 * Starts the gateway, and writes the folder of a sandbox with its keys.
 * @param {{ hasPublicKey?: boolean }} [options]  without a public key, the gateway signs with a certificate
 */
export async function createWorld({ hasPublicKey = true } = {}) {
  const [merchant, publicKey, certificate] = await Promise.all([makeMerchant(), makePlatformKey(), makeCertificate()]);
  const platformKeys = hasPublicKey ? [publicKey, certificate] : [certificate];
  const kit = await createTestKit({ merchant, platformKeys, allowLoopback: true });
  const server = createHttpServer(kit.gateway.handle);
  const baseUrl = await server.listen();
  after(() => server.close());

  /** @type {Record<string, string>} */
  const env = {
    WECHATPAY_MCHID: merchant.mchid,
    WECHATPAY_SERIAL: merchant.serial,
    WECHATPAY_PRIVATE_KEY: merchant.privateKey,
    WECHATPAY_PUBLIC_KEY_ID: publicKey.serial,
    WECHATPAY_PUBLIC_KEY: publicKey.publicKey,
    WECHATPAY_API_V3_KEY: merchant.apiV3Key,
    WECHATPAY_BASE_URL: baseUrl,
  };
  const { WECHATPAY_PUBLIC_KEY_ID, WECHATPAY_PUBLIC_KEY, ...certificateEnv } = env;
  const folder = makeFolder();
  const sandbox = join(folder, '.wechatpay-sandbox');
  mkdirSync(sandbox);
  writeFileSync(join(sandbox, '.env'), toEnvFile(env));
  writeFileSync(join(sandbox, 'keys.json'), formatKeys({ merchant, platform: publicKey, certificate }));
  /** Nothing secret may be printed. */
  const secrets = [merchant.apiV3Key, ...merchant.privateKey.split('\n').filter((line) => line.length === 64)];

  return { kit, merchant, publicKey, certificate, baseUrl, env, certificateEnv, folder, sandbox, secrets };
}

export const PARAMS = {
  appid: 'wxcbda96de0b165486',
  service_id: 12535,
  out_contract_code: 'wxwtdk20200910100000',
  notify_url: 'https://merchant.example/notify',
  contract_display_account: '张三',
  prepay_id: 'wx201410272009395522657a690389285100',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
};

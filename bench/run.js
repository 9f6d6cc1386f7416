// `npm run bench`: side by side in one run, medians and ratios. Nothing here passes or fails.
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { gzipSync } from 'node:zlib';
import { makeMerchant, makePlatformKey } from '../pkg/testing/keys.js';
import { MerchantKey, PlatformKey, signAuthorization, verifyResponse } from '#wechatpay-presign';
import { ensureDevDependencies } from '../scripts/toolchain.js';

ensureDevDependencies();
const root = new URL('..', import.meta.url);
console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${cpus().length} cores`);

const merchant = await makeMerchant();
const platform = await makePlatformKey();
const body = JSON.stringify({ appid: 'wxd678efh567hg6787', filler: 'x'.repeat(300) });
const request = { method: 'POST', url: 'https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi', body };
const moment = { timestamp: 1554208460, nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };
const message = Buffer.from(`POST\n/v3/pay/transactions/jsapi\n${moment.timestamp}\n${moment.nonce}\n${body}\n`);
const privateKey = crypto.createPrivateKey(merchant.privateKey);
const publicKey = crypto.createPublicKey(platform.publicKey);

const answer = '{"mchid":"1900000100","service_id":1234,"out_contract_code":"100001256"}';
const signed = Buffer.from(`${moment.timestamp}\n${moment.nonce}\n${answer}\n`);
const signature = crypto.sign('sha256', signed, platform.privateKey);
const response = {
  status: 200,
  headers: {
    'Wechatpay-Timestamp': String(moment.timestamp),
    'Wechatpay-Nonce': moment.nonce,
    'Wechatpay-Signature': signature.toString('base64'),
    'Wechatpay-Serial': platform.serial,
  },
  body: answer,
};
const certs = { [platform.serial]: platform.publicKey };

console.log('\nWarm, in milliseconds (median of 200, in turns)');
compare('signature', {
  'crypto.sign': () => crypto.sign('sha256', message, privateKey),
  signAuthorization: () => signAuthorization(request, merchant, moment),
});
compare('verification', {
  'crypto.verify': () => crypto.verify('sha256', signed, publicKey, signature),
  verifyResponse: () => verifyResponse(response, { certs }, { now: moment.timestamp }),
});
compare('reading keys', {
  'crypto.createPrivateKey': () => crypto.createPrivateKey(merchant.privateKey),
  'MerchantKey.fromPem': () => MerchantKey.fromPem(merchant.privateKey).free(),
  'PlatformKey.fromPem': () => PlatformKey.fromPem(platform.publicKey).free(),
});

console.log('\nCold, in milliseconds: a fresh process, less one that does nothing (median of 15, in turns)');
const first = `import('${new URL('pkg/wasm/node.js', root)}').then((w) => w.signAuthorization(
  { method: 'POST', url: 'https://api.mch.weixin.qq.com/v3/x', body: '{}' },
  { mchid: '1900000100', serial: '5F1C', privateKey: process.env.KEY }))`;
const processes = {
  nothing: '0',
  'import wechatpay-axios-plugin': "import('wechatpay-axios-plugin')",
  'import wechatpay-presign': `import('${new URL('pkg/wasm/node.js', root)}')`,
  'the same and first signature': first,
};
const cold = interleave(
  15,
  mapValues(processes, (code) => () => runProcess(code)),
);
const net = mapValues(cold, (time) => time - (cold.nothing ?? 0));
delete net.nothing;
print(net);

const wasm = readFileSync(new URL('pkg/wasm/wechatpay_presign_bg.wasm', root));
const gzipped = gzipSync(wasm, { level: 9 }).length;
console.log(`\nwasm: ${(wasm.length / 1000).toFixed(1)} kB, gzipped ${(gzipped / 1000).toFixed(1)} kB`);

/** @param {string} code */
function runProcess(code) {
  const { status, stderr } = spawnSync(process.execPath, ['-e', code], {
    cwd: root,
    env: { ...process.env, KEY: merchant.privateKey },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/**
 * @param {string} title
 * @param {Record<string, () => unknown>} candidates  The first is what the others are compared with.
 */
function compare(title, candidates) {
  interleave(50, candidates);
  console.log(`  ${title}`);
  print(interleave(200, candidates));
}

/**
 * The median time of each, run in turns.
 * @param {number} rounds
 * @param {Record<string, () => unknown>} candidates
 */
function interleave(rounds, candidates) {
  const times = mapValues(candidates, () => /** @type {number[]} */ ([]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(candidates)) {
      const start = performance.now();
      run();
      times[name]?.push(performance.now() - start);
    }
  }
  return mapValues(times, (all) => all.sort((a, b) => a - b)[all.length >> 1] ?? NaN);
}

/**
 * Times, and their ratios to the first.
 * @param {Record<string, number>} medians
 */
function print(medians) {
  const [base = NaN] = Object.values(medians);
  for (const [name, time] of Object.entries(medians)) {
    console.log(`    ${name.padEnd(32)} ${time.toFixed(3).padStart(9)}   × ${(time / base).toFixed(2)}`);
  }
}

/**
 * @template T, U
 * @param {Record<string, T>} record
 * @param {(value: T) => U} map
 * @returns {Record<string, U>}
 */
function mapValues(record, map) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

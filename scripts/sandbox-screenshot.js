// `node scripts/sandbox-screenshot.js`: makes docs/sandbox.png, the page of the sandbox with an order, a contract and a refused
// request. Needs a Chinese font.
import { createSign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, startChromium } from '../js-tests/sandbox/chromium.js';
import { startMerchant } from '../js-tests/sandbox/merchant.js';
import { startSandbox } from '../js-tests/sandbox/process.js';
import { root } from './run.js';

const chromium = await findChromium();
if ('missing' in chromium) throw new Error(chromium.missing);
const sandbox = await startSandbox();
const merchant = await startMerchant(sandbox);
const browser = await startChromium(chromium);
try {
  const [first, second, third] = /** @type {const} */ (['20261124001', '20261124002', '20261124003']);
  await merchant.preSign(await merchant.placeOrder(first), `wxwtdk${first}`);
  await sandbox.control('pay', { out_trade_no: first, signs: true });
  await sandbox.event(({ event_type, state }) => event_type === 'ENTRUST.SIGN' && state === 'delivered');
  await merchant.preSign(await merchant.placeOrder(second, { amount: { total: 8800 } }), `wxwtdk${second}`);
  const unreachable = 'http://127.0.0.1:1/notify';
  await merchant.placeOrder(third, { amount: { total: 1990 }, notify_url: unreachable });
  await sandbox.control('pay', { out_trade_no: third });
  await sandbox.event(({ url, attempt }) => url === unreachable && attempt === 4);

  // Signed without the query.
  const { WECHATPAY_MCHID: mchid, WECHATPAY_SERIAL: serial, WECHATPAY_PRIVATE_KEY_FILE: file = '' } = merchant.env;
  const path = `/v3/pay/transactions/out-trade-no/${first}`;
  const timestamp = Math.floor(Date.now() / 1000);
  const message = `GET\n${path}\n${timestamp}\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n`;
  const signature = createSign('sha256').update(message).sign(readFileSync(file, 'utf8'), 'base64');
  const Authorization =
    `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",signature="${signature}",` +
    `timestamp="${timestamp}",serial_no="${serial}"`;
  await fetch(`${sandbox.baseUrl}${path}?mchid=${mchid}`, { headers: { Authorization, Accept: 'application/json' } });

  const page = await browser.open(sandbox.baseUrl, { width: 1440, height: 960 });
  await page.until(`document.querySelectorAll('#requests tbody').length === 6`);
  await page.click(`document.querySelector('#requests button.more')`);
  await page.until(`document.querySelector('.explanation')`);
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
  writeFileSync(join(root, 'docs/sandbox.png'), await page.screenshot());
} finally {
  await browser.close();
  await merchant.close();
  await sandbox.stop();
}

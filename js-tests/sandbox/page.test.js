/** The page of the sandbox, in a real Chromium. */
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { findChromium, startChromium } from './chromium.js';
import { startMerchant } from './merchant.js';
import { freePort, startSandbox } from './process.js';

const chromium = await findChromium();
const skip = 'missing' in chromium ? chromium.missing : false;

describe('the page', { skip }, () => {
  /** @type {Awaited<ReturnType<typeof startSandbox>>} */
  let sandbox;
  /** @type {Awaited<ReturnType<typeof startMerchant>>} */
  let merchant;
  /** @type {Awaited<ReturnType<typeof startChromium>>} */
  let browser;
  /** @type {Awaited<ReturnType<typeof browser.open>>} */
  let page;

  before(async () => {
    sandbox = await startSandbox({ port: await freePort() });
    merchant = await startMerchant(sandbox);
    if ('missing' in chromium) return;
    browser = await startChromium(chromium);
    page = await browser.open(sandbox.baseUrl);
  });
  after(async () => {
    await browser?.close();
    await merchant?.close();
    await sandbox?.stop();
  });

  /** @param {string} section @param {string} text */
  const row = (section, text) =>
    `[...document.querySelectorAll('#${section} tbody')].find((row) => row.innerText.includes(${JSON.stringify(text)}))`;
  /** @param {string} parent @param {string} label */
  const button = (parent, label) =>
    `[...(${parent})?.querySelectorAll('button') ?? []].find((button) => button.innerText === ${JSON.stringify(label)})`;

  test('names the next step while its lists are empty', async () => {
    await page.until(`document.querySelector('.live')?.innerText === 'Live'`);
    const parts = [
      'No orders yet.',
      'node --env-file=.wechatpay-sandbox/.env server.js',
      'No requests yet.',
      sandbox.baseUrl,
    ];
    for (const part of parts) await page.until(`document.body.innerText.includes(${JSON.stringify(part)})`);
  });

  test('shows new orders and contracts, and requests with the signed message', async () => {
    const prepay_id = await merchant.placeOrder('1217752501201407033233368018');
    await page.until(`(${row('orders', '1217752501201407033233368018')})?.innerText.includes('Not paid')`);
    await merchant.preSign(prepay_id, 'wxwtdk20200910100000');
    await page.until(`(${row('contracts', 'wxwtdk20200910100000')})?.innerText.includes('Pre-signed')`);
    await page.until(row('requests', 'Pre-sign a contract'));
    await page.click(`(${row('requests', 'Place an order')})?.querySelector('button.more')`);
    await page.until(
      `(${row('requests', 'Place an order')})?.querySelector('pre')?.innerText.startsWith('POST⏎\\n/v3/pay/transactions/jsapi⏎\\n')`,
    );
    const badge = await page.evaluate(`(${row('requests', 'Place an order')}).querySelector('.badge').innerText`);
    assert.equal(badge, '200 OK');
  });

  test('pays, signs, and shows that both notifications were delivered', async () => {
    const order = row('orders', '1217752501201407033233368018');
    const contract = row('contracts', 'wxwtdk20200910100000');
    await page.click(button(order, 'Pay'));
    await page.until(`(${order}).innerText.includes('Paid')`);
    await page.until(`(${row('notifications', 'TRANSACTION.SUCCESS')})?.innerText.includes('Delivered')`);
    await page.click(button(contract, 'Sign'));
    await page.until(`(${contract}).innerText.includes('Signed')`);
    await page.until(`(${row('notifications', 'ENTRUST.SIGN')})?.innerText.includes('Delivered')`);
    assert.deepEqual(
      merchant.handled.map(({ event_type }) => event_type),
      ['TRANSACTION.SUCCESS', 'ENTRUST.SIGN'],
    );
    await page.click(`(${row('notifications', 'ENTRUST.SIGN')})?.querySelector('button.more')`);
    await page.until(`(${row('notifications', 'ENTRUST.SIGN')}).innerText.includes('204 Accepted')`);
    await page.until(
      `(${row('notifications', 'ENTRUST.SIGN')}).innerText.includes('"out_contract_code": "wxwtdk20200910100000"')`,
    );
  });

  test('terminates the contract', async () => {
    const contract = row('contracts', 'wxwtdk20200910100000');
    await page.click(button(contract, 'Terminate'));
    await page.until(`(${contract}).innerText.includes('Terminated')`);
    await page.until(`(${row('notifications', 'ENTRUST.TERMINATE')})?.innerText.includes('Delivered')`);
  });

  test('explains a rejected signature by header and difference', async () => {
    const { WECHATPAY_MCHID: mchid, WECHATPAY_SERIAL: serial, WECHATPAY_PRIVATE_KEY_FILE = '' } = merchant.env;
    const path = '/v3/bill/tradebill?bill_date=2026-01-31';
    const timestamp = Math.floor(Date.now() / 1000);
    const key = await readFile(WECHATPAY_PRIVATE_KEY_FILE, 'utf8');
    const signature = createSign('sha256')
      .update(`GET\n/v3/bill/tradebill\n${timestamp}\nNONCE\n\n`)
      .sign(key, 'base64');
    const Authorization =
      `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="NONCE",signature="${signature}",` +
      `timestamp="${timestamp}",serial_no="${serial}"`;
    const { status } = await fetch(sandbox.baseUrl + path, { headers: { Authorization, Accept: 'application/json' } });
    assert.equal(status, 401);
    const request = row('requests', path);
    await page.until(`(${request})?.innerText.includes('401 SIGN_ERROR')`);
    await page.click(`(${request}).querySelector('button.more')`);
    await page.until(`(${request}).querySelector('.explanation .where')?.innerText === 'Authorization'`);
    const differing = await page.evaluate(
      `[...(${request}).querySelectorAll('pre .differs')].map(({ innerText }) => innerText.trim())`,
    );
    assert.deepEqual(differing, [`${path}⏎`, '/v3/bill/tradebill⏎']);
    assert.match(await page.evaluate(`(${request}).querySelector('.explanation').innerText`), /without its query/);
  });

  test('injects a fault, shows that it is pending, and clears it', async () => {
    await page.evaluate(`document.querySelector('#fault').value = 'system-error'`);
    await page.evaluate(`document.querySelector('#fault-endpoint').value = '/v3/certificates'`);
    await page.click(`document.querySelector('#faults form button')`);
    await page.until(`document.querySelector('#pending-faults').innerText.includes('system-error, 1×')`);
    assert.deepEqual(await sandbox.read('faults'), [
      { fault: 'system-error', endpoint: '/v3/certificates', remaining: 1 },
    ]);
    await page.click(button(`document.querySelector('#pending-faults')`, 'Clear all'));
    await page.until(`document.querySelector('#pending-faults').hidden`);
    assert.deepEqual(await sandbox.read('faults'), []);
  });

  test('shows what a merchant sends as text, never as HTML', async () => {
    const description = '<img src=x onerror="document.title=1"><b>bold</b>';
    await merchant.placeOrder('1217752501201407033233368019', { description });
    await page.until(row('orders', description));
    assert.equal(await page.evaluate(`(${row('orders', description)}).querySelector('img, b')`), null);
    assert.equal(await page.evaluate('document.title'), 'WeChat Pay sandbox');
  });

  test('explains why the user cannot pay', async () => {
    const order = row('orders', '1217752501201407033233368019');
    // The page does not know yet that the order was paid elsewhere.
    await page.evaluate(`window.stale = (${order}).querySelector('button')`);
    await sandbox.control('pay', { out_trade_no: '1217752501201407033233368019' });
    await page.evaluate('window.stale.click()');
    await page.until(`/paid/.test(document.querySelector('.toast').innerText)`);
  });

  test('changes its language, keeps it, and opens in the one that the browser prefers', async () => {
    await page.click(button('document', '中文'));
    await page.until(`document.querySelector('h1').innerText === '微信支付沙箱'`);
    assert.equal(await page.evaluate('document.documentElement.lang'), 'zh-CN');
    assert.equal(await page.evaluate('document.activeElement.innerText'), '中文');
    await page.until(`(${row('contracts', 'wxwtdk20200910100000')})?.innerText.includes('已解约')`);
    await page.evaluate('localStorage.clear()');
    const chinese = await browser.open(sandbox.baseUrl, { language: 'zh-CN,zh;q=0.9,en;q=0.8', scheme: 'dark' });
    await chinese.until(`document.querySelector('.live')?.innerText === '实时'`);
    await chinese.until(`${row('orders', '未支付')} || ${row('orders', '已支付')}`);
    assert.deepEqual(chinese.errors, []);
  });

  for (const scheme of /** @type {const} */ (['light', 'dark'])) {
    test(`has text with enough contrast in ${scheme}`, async () => {
      const own = await browser.open(sandbox.baseUrl, { scheme });
      await own.until(`document.querySelectorAll('#requests tbody').length > 0`);
      await own.click(`(${row('requests', '401 SIGN_ERROR')}).querySelector('button.more')`);
      await own.until(`document.querySelector('.explanation')`);
      const poor = await own.evaluate(`(${poorContrast})()`);
      assert.deepEqual(poor, []);
    });
  }

  test('reloads after the sandbox restarts, without errors before that', async () => {
    // Chromium also reports the rejection of the payment above.
    const errors = page.errors.filter((error) => !error.endsWith(`409 (Conflict) ${sandbox.baseUrl}/__sandbox/pay`));
    assert.deepEqual(errors, [], 'no script error, no violation of the policy');
    const port = new URL(sandbox.baseUrl).port;
    const { folder } = sandbox;
    const held = await browser.open(sandbox.baseUrl);
    await held.until(`document.querySelectorAll('#requests tbody').length > 0`);
    const token = await held.evaluate(`document.querySelector('meta[name="sandbox-token"]').content`);
    sandbox.child.kill('SIGKILL');
    await held.until(`document.querySelector('.live').dataset.state === 'closed'`);
    sandbox = await startSandbox({ cwd: folder, port });
    await held.until(
      `document.querySelector('.live')?.innerText === 'Live' && document.querySelector('meta[name="sandbox-token"]').content !== ${JSON.stringify(token)}`,
    );
  });
});

/** Runs in the page: the texts whose contrast is below 4.5, the minimum of WCAG 2.1 AA. */
function poorContrast() {
  const channels = (/** @type {string} */ color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (/** @type {number[]} */ [red = 0, green = 0, blue = 0]) => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgroundOf = (/** @type {Element | null} */ element) => {
    for (let current = element; current; current = current.parentElement) {
      const color = channels(getComputedStyle(current).backgroundColor);
      if (color[3] === undefined || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!element || texts.currentNode.textContent?.trim() === '' || element.tagName === 'NOSCRIPT') continue;
    const [text, background] = [luminance(channels(getComputedStyle(element).color)), luminance(backgroundOf(element))];
    const contrast = (Math.max(text, background) + 0.05) / (Math.min(text, background) + 0.05);
    if (contrast < 4.5) poor.push(`${texts.currentNode.textContent}: ${contrast.toFixed(2)}`);
  }
  return poor;
}

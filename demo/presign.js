// `npm run demo`: the whole flow on one screen, from the order to the charge, against the sandbox.

import { readFileSync } from 'node:fs';
import {
  buildPresignRequest,
  configFromEnv,
  createClient,
  SignatureVerificationError,
  signAuthorization,
  signingMessage,
  verifyResponse,
} from '#wechatpay-presign';
import { startSandbox } from '../js-tests/sandbox/process.js';
import { startServer } from './server.js';

/** @type {(() => void) | undefined} */
let onHandled;
const server = await startServer(async (incoming) => {
  const response = await client.notifications.handle(incoming, ({ event_type, resource }) => {
    const { out_trade_no, out_contract_code, trade_state, contract_state } = /** @type {any} */ (resource);
    console.log(`handled: ${event_type}`, out_trade_no ?? out_contract_code, trade_state ?? contract_state);
  });
  console.log(`responded: HTTP ${response.status}`);
  onHandled?.();
  return response;
});
const sandbox = await startSandbox({ args: ['--forward-to', server.url] });
const { baseUrl } = sandbox;
const env = await sandbox.env();
const client = createClient(configFromEnv(env));

// The example from WeChat Pay's documentation.
const payer = { appid: 'wxd678efh567hg6787', openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' };
const contract = { service_id: 12535, out_contract_code: 'wxwtdk20200910100000' };
const notify_url = 'https://yourapp.com/notify';

try {
  title('1. Place an order, and pre-sign: one call each');
  const order = orderOf('1217752501201407033233368018');
  const { prepay_id } = await client.transactions.jsapi(order);
  console.log('prepay_id:', prepay_id);
  const params = { ...payer, ...contract, contract_display_account: '微信代扣用户A', notify_url, prepay_id };
  console.log('verified:', await client.presign(params));

  title('2. The same step by step: the request');
  const platformSerial = env['WECHATPAY_PUBLIC_KEY_ID'] ?? '';
  const request = buildPresignRequest(params, { baseUrl, platformSerial });
  console.log(`${request.method} ${request.url}`);
  for (const [name, value] of Object.entries(request.headers)) console.log(`${name}: ${value}`);
  console.log(`\n${request.body}`);

  title('3. The signature');
  const merchant = {
    mchid: env['WECHATPAY_MCHID'] ?? '',
    serial: env['WECHATPAY_SERIAL'] ?? '',
    privateKey: readFileSync(env['WECHATPAY_PRIVATE_KEY_FILE'] ?? '', 'utf8'),
  };
  const now = { timestamp: Math.floor(Date.now() / 1000), nonce: crypto.randomUUID().replaceAll('-', '') };
  console.log(new TextDecoder().decode(signingMessage(request, now)).replaceAll('\n', '⏎\n'));
  const Authorization = signAuthorization(request, merchant, now);
  console.log(Authorization.replaceAll(',', ',\n  '));

  title('4. The response');
  const certs = { [platformSerial]: readFileSync(env['WECHATPAY_PUBLIC_KEY_FILE'] ?? '', 'utf8') };
  const response = await send(request, Authorization);
  console.log(`HTTP ${response.status}`);
  for (const [name, value] of response.headers) if (/^wechatpay|^request/.test(name)) console.log(`${name}: ${value}`);
  console.log(`\n${response.body}\n\nverified:`, verifyResponse(response, { certs }));

  title('5. A response that was tampered with');
  await sandbox.control('faults', { fault: 'tampered-body' });
  const tampered = await send(request, signAuthorization(request, merchant));
  console.log(tampered.body);
  try {
    verifyResponse(tampered, { certs });
    throw new Error('The tampered response was accepted.');
  } catch (error) {
    if (!(error instanceof SignatureVerificationError)) throw error;
    console.log(`refused: ${error.reason}: ${error.message}`);
  }

  title('6. The user pays and signs: two notifications');
  const { out_trade_no } = order;
  await notified(() => sandbox.control('pay', { out_trade_no }));
  await notified(() => sandbox.control('sign', { out_contract_code: contract.out_contract_code }));

  title('7. Later: charge the contract');
  const { contract_id } = await client.contracts.query(contract);
  const charge = orderOf('1217752501201407033233368019');
  const contract_info = { password_free_contract_id: contract_id };
  console.log('verified:', await client.transactions.jsapiWithContract({ ...charge, contract_info }));
  await notified(() => sandbox.control('pay', { out_trade_no: charge.out_trade_no }));

  console.log('\nThe sandbox is yours too. Start it, and open http://127.0.0.1:8443 in a browser:');
  console.log('\n  node pkg/dist/cli.js sandbox');
} finally {
  await sandbox.stop();
  await server.close();
}

/** @param {string} out_trade_no */
function orderOf(out_trade_no) {
  const { appid, openid } = payer;
  return { appid, description: 'QQ公仔', out_trade_no, notify_url, amount: { total: 100 }, payer: { openid } };
}

/**
 * Waits for the notification that an action causes.
 * @param {() => Promise<unknown>} act
 */
async function notified(act) {
  const handled = new Promise((resolve) => {
    onHandled = () => resolve(undefined);
  });
  await act();
  await handled;
}

/**
 * Sends the POST with the host's `fetch`.
 * @param {ReturnType<typeof buildPresignRequest>} request
 * @param {string} Authorization
 */
async function send(request, Authorization) {
  const response = await fetch(request.url, { ...request, headers: { ...request.headers, Authorization } });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** @param {string} text */
function title(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}`);
}

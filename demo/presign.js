// `npm run demo`: the main job on one screen, against a stand-in for WeChat Pay that runs in this process.

import { createTestKit } from '#testing/index.js';
import {
  buildPresignRequest,
  createClient,
  SignatureVerificationError,
  signAuthorization,
  signingMessage,
  verifyResponse,
} from '#wechatpay-presign';
import { createGateway } from '../js-tests/gateway/index.js';

const kit = await createTestKit();
const { merchant, certs } = kit;
const [platformSerial = ''] = Object.keys(certs);
const gateway = createGateway({ merchants: [merchant], platform: kit.gateway.platforms });
const baseUrl = await gateway.listen();

// The example of WeChat Pay's documentation.
const params = {
  appid: 'wxd678efh567hg6787',
  service_id: 12535,
  out_contract_code: 'wxwtdk20200910100000',
  contract_display_account: '微信代扣用户A',
  notify_url: 'https://yourapp.com/notify',
  prepay_id: 'wx201410272009395522657a690389285100',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
};

try {
  title('1. The client: one call');
  const { mchid, serial, privateKey, apiV3Key } = merchant;
  const client = createClient({ mchid, serial, privateKey, certs, apiV3Key, baseUrl });
  console.log('verified:', await client.presign(params));

  title('2. Step by step: the request');
  const request = buildPresignRequest(params, { baseUrl, platformSerial });
  console.log(`${request.method} ${request.url}`);
  for (const [name, value] of Object.entries(request.headers)) console.log(`${name}: ${value}`);
  console.log(`\n${request.body}`);

  title('3. The signature');
  const now = { timestamp: Math.floor(Date.now() / 1000), nonce: crypto.randomUUID().replaceAll('-', '') };
  console.log(new TextDecoder().decode(signingMessage(request, now)).replaceAll('\n', '⏎\n'));
  const Authorization = signAuthorization(request, merchant, now);
  console.log(Authorization.replaceAll(',', ',\n  '));

  title('4. The response');
  const response = await send(request, Authorization);
  console.log(`HTTP ${response.status}`);
  for (const [name, value] of response.headers) if (/^wechatpay|^request/.test(name)) console.log(`${name}: ${value}`);
  console.log(`\n${response.body}\n\nverified:`, verifyResponse(response, { certs }));

  title('5. A response that was tampered with');
  gateway.injectFault('tampered-body');
  const tampered = await send(request, signAuthorization(request, merchant));
  console.log(tampered.body);
  try {
    verifyResponse(tampered, { certs });
    throw new Error('The tampered response was accepted.');
  } catch (error) {
    if (!(error instanceof SignatureVerificationError)) throw error;
    console.log(`\nrefused: ${error.reason}: ${error.message}`);
  }

  title('6. A notification: the user has signed the contract');
  const { out_contract_code } = params;
  const incoming = await kit.notification({ resource: { mchid, out_contract_code, contract_state: 'SIGNED' } });
  const { status } = await client.notifications.handle(incoming, ({ event_type, resource }) => {
    console.log(`handled: ${event_type}`, resource);
  });
  console.log(`responded: HTTP ${status}`);
} finally {
  await gateway.close();
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

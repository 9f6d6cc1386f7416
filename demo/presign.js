// `npm run demo`: the main job on one screen, against the embedded gateway, on nothing but Node.
import { createGateway } from '../js-tests/gateway/index.js';
import { makeMerchant, makePlatformKey } from '../pkg/testing/keys.js';
import {
  SignatureVerificationError,
  buildPresignRequest,
  signAuthorization,
  signingMessage,
  verifyResponse,
} from '#wechatpay-presign';

const merchant = await makeMerchant();
const platform = await makePlatformKey();
const certs = { [platform.serial]: platform.publicKey };
const gateway = createGateway({ merchants: [merchant], platform });
const baseUrl = await gateway.listen();

const params = {
  appid: 'wxd678efh567hg6787',
  service_id: 1234,
  out_contract_code: '100001256',
  notify_url: 'https://www.weixin.qq.com/wxpay/contract',
  contract_display_account: '张三',
  prepay_id: 'wx201410272009395522657a690389285100',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
};

try {
  title('1. The request');
  const request = buildPresignRequest(params, { baseUrl, platformSerial: platform.serial });
  console.log(`${request.method} ${request.url}`);
  for (const [name, value] of Object.entries(request.headers)) console.log(`${name}: ${value}`);
  console.log(`\n${request.body}`);

  title('2. The message that is signed');
  const moment = { timestamp: Math.floor(Date.now() / 1000), nonce: crypto.randomUUID().replaceAll('-', '') };
  console.log(new TextDecoder().decode(signingMessage(request, moment)).replaceAll('\n', '⏎\n').trimEnd());

  title('3. The Authorization header');
  const Authorization = signAuthorization(request, merchant, moment);
  console.log(Authorization.replaceAll(',', ',\n  '));

  title('4. The answer');
  const answer = await send(request, Authorization);
  console.log(`HTTP ${answer.status}`);
  for (const [name, value] of answer.headers) if (/^wechatpay|^request/.test(name)) console.log(`${name}: ${value}`);
  console.log(`\n${answer.body}`);
  console.log('\nverified:', verifyResponse(answer, { certs }));

  title('5. The same answer, tampered with on the way');
  gateway.misbehave('tampered-body');
  const tampered = await send(request, signAuthorization(request, merchant));
  console.log(tampered.body);
  try {
    verifyResponse(tampered, { certs });
    throw new Error('The tampered answer was accepted.');
  } catch (error) {
    if (!(error instanceof SignatureVerificationError)) throw error;
    console.log(`\nrefused: ${error.reason}: ${error.message}`);
  }
} finally {
  await gateway.close();
}

/**
 * The POST by the host's `fetch`.
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

/** The whole job against the embedded gateway, in process and over HTTP, and every way in which that misbehaves. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  ApiError,
  SignatureVerificationError,
  buildPresignRequest,
  signAuthorization,
  verifyResponse,
} from '../pkg/index.js';
import { createGateway } from './gateway/index.js';
import { PARAMS, merchant, platform } from './fixtures.js';

const certificateMode = { ...platform, serial: '05C1E5A9D7F0B3A2468ACE13579BDF0246813579' };
const gateway = createGateway({ merchants: [merchant], platform: [platform, certificateMode] });
const baseUrl = await gateway.listen();
after(() => gateway.close());
const certs = { [platform.serial]: platform.publicKey, [certificateMode.serial]: platform.publicKey };

/**
 * @param {{ params?: any, options?: any, method?: string, url?: string, body?: string, send?: typeof fetch }} [job]
 */
async function presign({ params = PARAMS, options = {}, send = fetch, ...changes } = {}) {
  const request = { ...buildPresignRequest(params, { baseUrl, ...options }), ...changes };
  const Authorization = signAuthorization(request, merchant);
  const response = await send(request.url, { ...request, headers: { ...request.headers, Authorization } });
  return verifyResponse({ status: response.status, headers: response.headers, body: await response.text() }, { certs });
}

/** @param {typeof gateway.fetch} inProcess */
const asFetch = (inProcess) => /** @type {typeof fetch} */ (inProcess);

for (const [name, send] of /** @type {[string, typeof fetch][]} */ ([
  ['over HTTP', fetch],
  ['in process', asFetch(gateway.fetch)],
])) {
  test(`one contract pre-signed ${name}`, async () => {
    assert.deepEqual(await presign({ send }), {
      mchid: merchant.mchid,
      service_id: PARAMS.service_id,
      out_contract_code: PARAMS.out_contract_code,
    });
    const seen = gateway.requests.at(-1);
    assert.equal(seen?.body.toString(), JSON.stringify(PARAMS));
    assert.equal(seen?.verdict.code, 'OK');
  });

  for (const [fault, Class, expected] of /** @type {[any, any, Record<string, unknown>][]} */ ([
    ['wrong-signature', SignatureVerificationError, { reason: 'bad-signature' }],
    ['tampered-body', SignatureVerificationError, { reason: 'bad-signature' }],
    ['missing-signature', SignatureVerificationError, { reason: 'missing-header' }],
    ['unknown-serial', SignatureVerificationError, { reason: 'unknown-serial' }],
    ['stale-timestamp', SignatureVerificationError, { reason: 'stale-timestamp' }],
    ['future-timestamp', SignatureVerificationError, { reason: 'stale-timestamp' }],
    ['sign-test', SignatureVerificationError, { reason: 'sign-test' }],
    ['rate-limit', ApiError, { status: 429, apiCode: 'FREQUENCY_LIMITED', retryable: true, verified: true }],
    ['system-error', ApiError, { status: 500, apiCode: 'SYSTEM_ERROR', retryable: true, verified: true }],
    ['bare-500', ApiError, { status: 500, apiCode: undefined, retryable: true, verified: false }],
    ['html-502', ApiError, { status: 502, apiCode: undefined, retryable: true, verified: false }],
    ['not-json', ApiError, { status: 200, retryable: false, verified: true }],
  ])) {
    test(`${fault} ${name}`, async () => {
      gateway.misbehave(fault);
      const error = await presign({ send }).then(
        (data) => assert.fail(JSON.stringify(data)),
        (error) => error,
      );
      assert.ok(error instanceof Class, String(error));
      for (const [key, value] of Object.entries(expected)) assert.equal(/** @type {any} */ (error)[key], value, key);
    });
  }

  test(`an answer without a body ${name}`, async () => {
    gateway.misbehave('no-content');
    assert.equal(await presign({ send }), null);
  });
}

test('Wechatpay-Serial decides which key answers', async () => {
  assert.ok(await presign({ options: { platformSerial: certificateMode.serial } }));
});

test('every mode and scene is accepted by the gateway', async () => {
  const { appid, openid, prepay_id, ...shared } = PARAMS;
  const partner = { sub_mchid: '1900000109', sub_appid: 'wx2', sub_openid: 'o2' };
  const payers = {
    ecommerce: { appid, openid },
    normal: { appid, openid },
    'service-provider': { sp_appid: 'wx1', ...partner },
    qs: { appid, ...partner },
  };
  let count = 0;
  for (const [mode, payer] of Object.entries(payers)) {
    for (const [scene, payment] of Object.entries({ 'pay-redirect-sign': { prepay_id }, 'mini-program': {} })) {
      const params = { ...shared, ...payer, ...payment, out_contract_code: `matrix${(count += 1)}` };
      const data = /** @type {any} */ (await presign({ params, options: { mode, scene } }));
      assert.equal(data.out_contract_code, params.out_contract_code);
      assert.equal('pre_entrustweb_id' in data, scene === 'mini-program');
    }
  }
});

test('a signature over something else is a SIGN_ERROR with what WeChat computed', async () => {
  const request = buildPresignRequest(PARAMS, { baseUrl });
  const Authorization = signAuthorization({ ...request, body: `${request.body} ` }, merchant);
  const response = await fetch(request.url, { ...request, headers: { ...request.headers, Authorization } });
  const answer = { status: response.status, headers: response.headers, body: await response.text() };
  assert.throws(
    () => verifyResponse(answer, { certs }),
    (/** @type {any} */ error) =>
      error instanceof ApiError &&
      error.apiCode === 'SIGN_ERROR' &&
      'sign_information' in /** @type {any} */ (error.detail),
  );
});

test('queries, percent-encoding and a GET without a body are signed as they are sent', async () => {
  const url = `${baseUrl}/v3/nowhere?mchid=1&name=%E5%BC%A0%20x`;
  const Authorization = signAuthorization({ method: 'GET', url }, merchant);
  await fetch(url, { headers: { Accept: 'application/json', 'User-Agent': 'x', Authorization } });
  // A good signature: the gateway looks for the path only behind it.
  assert.equal(gateway.requests.at(-1)?.verdict.status, 404);
});

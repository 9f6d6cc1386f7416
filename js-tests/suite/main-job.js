/** Pre-signing against the embedded gateway over HTTP, with every fault that the gateway can inject. */
import { assert } from 'chai';
import {
  ApiError,
  buildPresignRequest,
  SignatureVerificationError,
  signAuthorization,
  verifyResponse,
} from 'wechatpay-presign';
import { thrownBy } from './thrown-by.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { PARAMS, merchant, platform, certificate, publicKeys, gateway } = fixtures;
  const { baseUrl } = gateway;
  const certs = { [platform.serial]: platform.publicKey, [certificate.serial]: publicKeys.SPKI };

  /** @param {string} [fault]  The fault to inject into the next response. */
  async function tellGateway(fault) {
    const response = await fetch(`${gateway.control}/${fault === undefined ? '' : `inject/${fault}`}`);
    return response.json();
  }

  /**
   * @param {{ params?: any, options?: any }} [job]
   * @returns {Promise<any>}
   */
  async function presign({ params = PARAMS, options = {} } = {}) {
    const request = buildPresignRequest(params, { baseUrl, ...options });
    const Authorization = signAuthorization(request, merchant);
    const response = await fetch(request.url, { ...request, headers: { ...request.headers, Authorization } });
    const { status, headers } = response;
    return verifyResponse({ status, headers, body: await response.text() }, { certs });
  }

  test('pre-signs a contract', async () => {
    assert.deepEqual(await presign(), {
      mchid: merchant.mchid,
      service_id: PARAMS.service_id,
      out_contract_code: PARAMS.out_contract_code,
    });
    const recorded = await tellGateway();
    assert.strictEqual(recorded.body, JSON.stringify(PARAMS));
    assert.strictEqual(recorded.outcome.code, 'OK');
  });

  for (const [fault, Class, expected] of /** @type {[string, any, Record<string, unknown>][]} */ ([
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
    test(`reports the fault ${fault}`, async () => {
      await tellGateway(fault);
      const error = await thrownBy(() => presign());
      assert.instanceOf(error, Class);
      for (const [key, value] of Object.entries(expected)) assert.strictEqual(error[key], value, key);
    });
  }

  test('verifies a response without a body', async () => {
    await tellGateway('no-content');
    assert.strictEqual(await presign(), null);
  });

  test('Wechatpay-Serial chooses the key of the response', async () => {
    assert.ok(await presign({ options: { platformSerial: certificate.serial } }));
    assert.strictEqual((await tellGateway()).headers['wechatpay-serial'], certificate.serial);
  });

  test('the gateway accepts every mode and scene', async () => {
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
        const data = await presign({ params, options: { mode, scene } });
        assert.strictEqual(data.out_contract_code, params.out_contract_code);
        assert.strictEqual('pre_entrustweb_id' in data, scene === 'mini-program');
      }
    }
  });

  test('a signature over another body is a SIGN_ERROR with the message WeChat computed', async () => {
    const request = buildPresignRequest(PARAMS, { baseUrl });
    const Authorization = signAuthorization({ ...request, body: `${request.body} ` }, merchant);
    const response = await fetch(request.url, { ...request, headers: { ...request.headers, Authorization } });
    const { status, headers } = response;
    const body = await response.text();
    const error = await thrownBy(() => verifyResponse({ status, headers, body }, { certs }));
    assert.ok(error instanceof ApiError, String(error));
    assert.strictEqual(error.apiCode, 'SIGN_ERROR');
    assert.property(error.detail, 'sign_information');
  });

  test('signs queries, percent-encoding and a GET without a body as they are sent', async () => {
    const url = `${baseUrl}/v3/nowhere?mchid=1&name=%E5%BC%A0%20x`;
    const Authorization = signAuthorization({ method: 'GET', url }, merchant);
    await (await fetch(url, { headers: { Accept: 'application/json', 'User-Agent': 'x', Authorization } })).text();
    // A 404 proves the signature valid: the gateway looks up the path after verifying.
    assert.strictEqual((await tellGateway()).outcome.status, 404);
  });
}

// The measured job: a pre-sign request, and a signed response from WeChat Pay.
import { createTestKit } from '#testing/index.js';
import { params } from './worker/params.js';

/** @typedef {Awaited<ReturnType<typeof makeJob>>} Job */

export async function makeJob() {
  const kit = await createTestKit();
  const { merchant, certs } = kit;
  const platform = /** @type {{ serial: string, privateKey: string }} */ (kit.gateway.platforms[0]);
  const { mchid } = merchant;
  const signed = await kit.response({ body: { mchid, service_id: 1234, out_contract_code: '100001256' } });
  return {
    kit,
    merchant,
    certs,
    publicPem: certs[platform.serial] ?? '',
    path: '/v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign',
    params,
    response: { status: 200, headers: Object.fromEntries(signed.headers), body: await signed.text() },
  };
}

/** Node.js prints nothing secret when it inspects keys, clients and errors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { buildPresignRequest, createClient, MerchantKey, signAuthorization } from 'wechatpay-presign';
import { merchant, platform } from './fixtures.js';

test('inspecting a key shows nothing of it', () => {
  const key = MerchantKey.fromPem(merchant.privateKey);
  assert.equal(inspect(key, { showHidden: true, depth: 9 }), 'MerchantKey {}');
});

test('inspecting a client or a chain of endpoints shows no key and sends nothing', async () => {
  let sent = 0;
  const client = createClient({
    ...{ mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey },
    certs: { [platform.serial]: platform.publicKey },
    fetch: async () => {
      sent += 1;
      return new Response();
    },
  });
  for (const showProxy of [false, true]) {
    for (const value of [client.v3, client.chain('v3/x'), client]) {
      const shown = inspect(value, { showHidden: true, depth: 9, showProxy });
      assert.ok(!shown.includes(merchant.privateKey.slice(100, 120)), shown);
    }
  }
  assert.equal(sent, 0);
});

test('inspecting an error shows no key, even if a key was given in the wrong place', () => {
  const pem = merchant.privateKey;
  const line = pem.split('\n')[1] ?? '';
  for (const slip of [
    () => MerchantKey.fromPem(pem.slice(0, 500)),
    () => buildPresignRequest(/** @type {any} */ ({ [pem]: pem })),
    () => signAuthorization({ method: pem, url: pem, body: pem }, { ...merchant, mchid: pem, serial: pem }),
  ]) {
    assert.throws(slip, (error) => !inspect(error, { showHidden: true, depth: 9 }).includes(line.slice(0, 16)));
  }
});

test('printing a forged SIGN_ERROR or its events shows nothing of the request that it repeats', async () => {
  /** @type {unknown[]} */
  const events = [];
  const client = createClient({
    ...{ mchid: merchant.mchid, serial: merchant.serial, privateKey: merchant.privateKey, retries: 0 },
    certs: { [platform.serial]: platform.publicKey },
    fetch: /** @type {any} */ (
      async (/** @type {string} */ _url, /** @type {any} */ { body, headers }) => {
        const sign_information = { truncated_sign_message: `POST\n${body}\n`, sign_message_length: body.length };
        const detail = { body, sent: headers.Authorization, sign_information };
        return Response.json({ code: 'SIGN_ERROR', message: 'no', detail }, { status: 401 });
      }
    ),
    onRequest: (event) => void events.push(event),
    onResponse: (event) => void events.push(event),
  });
  const call = client.chain('v3/x').post({ json: { openid: 'oSecret' }, headers: { Cookie: 'Secret' } });
  await assert.rejects(call, (error) => {
    const shown = inspect(error, { depth: 9 }) + inspect(events, { depth: 9 });
    assert.match(shown, /SIGN_ERROR/);
    assert.doesNotMatch(shown, /Secret|signature="/);
    return true;
  });
});

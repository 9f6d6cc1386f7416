/** The client: its configuration, pre-signing, contracts, and the three ways to name an endpoint. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { scriptedFetch } from './scripted-fetch.js';
import { responder } from './signed-response.js';
import { thrownBy } from './thrown-by.js';
import { bytesOfBase64, verify } from './web-crypto.js';

const PRESIGN = 'v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, PARAMS, merchant, platform, certificate } = fixtures;
  const respond = responder(fixtures);
  const { mchid, serial, privateKey } = merchant;
  const certs = { [platform.serial]: platform.publicKey };
  const config = { mchid, serial, privateKey, certs, clock: () => NOW * 1000 };

  /** @type {(config: any) => any} */
  const createAnything = w.createClient;

  /** @param {object} [others] */
  function clientOf(others, step = () => respond()) {
    const { fetch, requests } = scriptedFetch(step);
    return { client: createAnything({ ...config, fetch, ...others }), requests };
  }

  // ---- Configuration ----

  for (const [name, others] of /** @type {[string, () => object][]} */ ([
    ['a PEM', () => ({})],
    ['a MerchantKey', () => ({ privateKey: w.MerchantKey.fromPem(privateKey) })],
    ['a PlatformKey', () => ({ certs: { [platform.serial]: w.PlatformKey.fromPem(platform.publicKey) } })],
    ['the certificate of the key', () => ofCertificate],
    ['undefined for options with a default', () => ({ timeoutMs: undefined, apiV3Key: undefined, onRetry: undefined })],
    ['an APIv3 key', () => ({ apiV3Key: '0123456789abcdef0123456789ABCDEF' })],
  ])) {
    test(`createClient accepts ${name}`, async () => {
      assert.deepEqual(await clientOf(others()).client.presign(PARAMS), { mchid: '1900000100' });
    });
  }
  const ofCertificate = {
    serial: certificate.serial.toLowerCase(),
    privateKey: certificate.privateKey,
    certificate: certificate.pem,
  };

  for (const [name, others, fields] of /** @type {[string, any, string[]][]} */ ([
    ['no mchid', { mchid: undefined }, ['mchid']],
    ['no key', { privateKey: undefined }, ['privateKey']],
    ['both a privateKey and a signer', { signer: { sign: () => {} } }, ['signer']],
    ['a signer that cannot sign', { privateKey: undefined, signer: {} }, ['signer']],
    ['a privateKey of another type', { privateKey: 5 }, ['privateKey']],
    ['no certs', { certs: undefined }, ['certs']],
    ['empty certs', { certs: {} }, ['certs']],
    ['certs that are not strings', { certs: { AB: 1 } }, ['certs["AB"]']],
    ['a fetch that is not a function', { fetch: 'fetch' }, ['fetch']],
    [
      'hooks that are not functions',
      { onRequest: 1, onResponse: {}, onRetry: 'x', onEnd: null },
      ['onRequest', 'onResponse', 'onRetry', 'onEnd'],
    ],
    [
      'numbers out of range',
      { timeoutMs: 0, attemptTimeoutMs: '1', retries: 11, maxResponseBytes: 1.5 },
      ['timeoutMs', 'attemptTimeoutMs', 'retries', 'maxResponseBytes'],
    ],
    ['an APIv3 key that is not a string', { apiV3Key: 1 }, ['apiV3Key']],
    ['a host with a path', { baseUrl: 'https://a.example/v3' }, ['baseUrl']],
    ['a host that is half an IPv6 address', { baseUrl: 'https://[' }, ['baseUrl']],
    ['a port that is not a number', { baseUrl: 'https://x:y' }, ['baseUrl']],
    ['a port that is too large', { backupBaseUrl: 'https://x:65536' }, ['backupBaseUrl']],
    ['an unknown option', { privatekey: 'x' }, ['privatekey']],
    ['a mchid that is not a number', { mchid: '1900000100/../2' }, ['mchid']],
    [
      'everything',
      { mchid: '"', serial: '', privateKey: null, certs: [], retries: '2', x: 1 },
      ['mchid', 'serial', 'privateKey', 'certs', 'retries', 'x'],
    ],
  ])) {
    test(`createClient rejects ${name}`, async () => {
      const error = await thrownBy(() => createAnything({ ...config, ...others }));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.deepEqual(error.issues.map(({ field }) => field).sort(), fields.sort());
    });
  }

  for (const [name, others, says] of /** @type {[string, any, RegExp[]][]} */ ([
    [
      'the merchant’s own public key among certs',
      { certs: { [platform.serial]: merchant.publicKey } },
      [/merchant’s own/],
    ],
    ['the merchant’s own serial among certs', { certs: { [serial]: platform.publicKey } }, [/merchant’s own/]],
    ['a certificate under another serial', { certs: { ABC: certificate.pem } }, [/with the serial number 05C1E5A9/]],
    [
      'a certificate of another key',
      { certificate: certificate.pem },
      [/privateKey does not belong to the certificate/, /serial does not match the certificate/],
    ],
    [
      'a certificate with another serial',
      { ...ofCertificate, serial: 'ABC' },
      [/serial does not match the certificate, whose serial number is 05C1E5A9/],
    ],
    ['an APIv3 key of 16 bytes', { apiV3Key: '0123456789abcdef' }, [/apiV3Key has 16 bytes/]],
    [
      'an APIv3 key with a line break at its end',
      { apiV3Key: '0123456789abcdef0123456789ABCDEF\n' },
      [/^apiV3Key has a blank or a line break at its beginning or end: remove it/],
    ],
    [
      'keys that cannot be read',
      { privateKey: 'x', certs: { AB: 'y' }, apiV3Key: 'z' },
      [/privateKey/, /certs\["AB"\]/, /apiV3Key/],
    ],
  ])) {
    test(`createClient rejects ${name}, as an InvalidKeyError`, async () => {
      const error = await thrownBy(() => createAnything({ ...config, ...others }));
      assert.ok(error instanceof w.InvalidKeyError, String(error));
      for (const part of says) assert.match(error.message, part);
    });
  }

  for (const [others, message] of /** @type {[any, string][]} */ ([
    [
      { mchid: undefined, serial: undefined },
      'mchid is undefined: is the environment variable set?; serial is undefined: is the environment variable set?',
    ],
    [{ serial: '' }, 'serial must not be empty: is the environment variable set?'],
    [{ mchid: 1900000100 }, 'mchid must be a string, but is a number: write it in quotation marks'],
  ])) {
    test(`createClient names the fix: ${message}`, async () => {
      const error = await thrownBy(() => createAnything({ ...config, ...others }));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.strictEqual(error.message, message);
      assert.strictEqual(error.issues.map((issue) => issue.message).join('; '), message);
    });
  }

  test('error messages never contain the secret', async () => {
    const secret = privateKey.split('\n')[3] ?? '';
    const slips = [
      { apiV3Key: privateKey },
      { privateKey: privateKey.slice(0, 400) },
      { certs: { [privateKey]: privateKey } },
      { [privateKey]: 1 },
    ];
    for (const slip of slips) {
      const error = await thrownBy(() => createAnything({ ...config, ...slip }));
      assert.notInclude(`${error}${error.stack}${JSON.stringify(error)}`, secret.slice(0, 16));
    }
  });

  for (const [name, others, expected] of /** @type {[string, any, string][]} */ ([
    ['the public key', { certs: { [certificate.serial]: certificate.pem, ...certs } }, platform.serial],
    ['the certificate', { certs: { [certificate.serial]: certificate.pem } }, certificate.serial],
    [
      'the newest certificate',
      { certs: { ...fixtures.olderCertificate, [certificate.serial]: certificate.pem } },
      certificate.serial,
    ],
    [
      'the configured platformSerial',
      { platformSerial: certificate.serial, certs: { [certificate.serial]: certificate.pem, ...certs } },
      certificate.serial,
    ],
  ])) {
    test(`Wechatpay-Serial names ${name}`, async () => {
      const { client, requests } = clientOf({ ...others, retries: 0 }, () => respond({ status: 404, body: '{}' }));
      await thrownBy(() => client.presign(PARAMS));
      await thrownBy(() => client.v3.certificates.get());
      assert.deepEqual(
        requests.map(({ headers }) => headers['Wechatpay-Serial']),
        [expected, expected],
      );
    });
  }

  // ---- Pre-signing, contracts ----

  test('presign sends what it signed, and returns what it verified', async () => {
    const { client, requests } = clientOf({ nonce: () => 'NONCE' });
    const result = await client.presign(PARAMS);
    const [{ url, method, headers, body, redirect } = /** @type {any} */ ({})] = requests;
    assert.deepEqual(
      [url, method, body, redirect],
      [`https://api.mch.weixin.qq.com/${PRESIGN}`, 'POST', JSON.stringify(PARAMS), 'manual'],
    );
    assert.deepEqual(Object.keys(headers).sort(), [
      'Accept',
      'Authorization',
      'Content-Type',
      'User-Agent',
      'Wechatpay-Serial',
    ]);
    const [, signature = ''] = /signature="(.*?)"/.exec(headers.Authorization) ?? [];
    const message = `POST\n/${PRESIGN}\n${NOW}\nNONCE\n${body}\n`;
    assert.ok(await verify(merchant.publicKey, message, bytesOfBase64(signature)));
    assert.deepEqual(result, { mchid: '1900000100' });
    assert.strictEqual(result.expiresAt.getTime(), (NOW + 7200) * 1000);
    assert.strictEqual(JSON.stringify(result), '{"mchid":"1900000100"}');
  });

  test('presign sends nothing if a field breaks a rule', async () => {
    const { client, requests } = clientOf();
    for (const [slip, field] of /** @type {[() => unknown, string][]} */ ([
      [() => client.presign({ ...PARAMS, openid: '' }), 'openid'],
      [() => client.presign(PARAMS, { mode: 'qs' }), 'sub_appid'],
      [() => client.presign(PARAMS, { timeout: 1 }), 'timeout'],
      [() => client.presign(PARAMS, { signal: {} }), 'signal'],
      [() => client.presign(PARAMS, { retries: -1 }), 'retries'],
      [() => client.presign(PARAMS, { limits: { appid: 1 } }), 'appid'],
      [() => client.contracts.query({ service_id: 1 }), 'out_contract_code'],
      [() => client.contracts.terminate({ service_id: 1, out_contract_code: 'a' }, {}), 'contract_termination_remark'],
      [
        () =>
          client.contracts.terminate(
            { service_id: 1, out_contract_code: '../a' },
            { contract_termination_remark: 'x' },
          ),
        'out_contract_code',
      ],
    ])) {
      const error = await thrownBy(slip);
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.include(
        error.issues.map(({ field }) => field),
        field,
      );
    }
    assert.strictEqual(requests.length, 0);
  });

  test('presign calls the endpoint of each mode and scene', async () => {
    const { appid, openid, prepay_id, ...shared } = PARAMS;
    const partner = { ...shared, sub_mchid: '1900000109', sub_appid: 'wx2', sub_openid: 'o' };
    for (const [mode, payer] of Object.entries({
      normal: { ...shared, appid, openid },
      'service-provider': { ...partner, sp_appid: 'wx1' },
      qs: { ...partner, appid },
    })) {
      for (const [scene, payment] of Object.entries({ 'pay-redirect-sign': { prepay_id }, 'mini-program': {} })) {
        const { client, requests } = clientOf();
        await client.presign({ ...payer, ...payment }, { mode, scene });
        assert.ok(requests[0]?.url.endsWith(`/contracts/${mode}/pre-entrust-sign/${scene}`));
      }
    }
  });

  test('contracts are queried and terminated by service_id and out_contract_code', async () => {
    const { client, requests } = clientOf();
    const name = { service_id: 1234, out_contract_code: '100001256' };
    assert.deepEqual(await client.contracts.query(name), { mchid: '1900000100' });
    await client.contracts.terminate(name, { contract_termination_remark: '用户申请解约' });
    const path =
      'https://api.mch.weixin.qq.com/v3/password-exempt-contract/contracts/service-id/1234/out-contract-code/100001256';
    assert.deepEqual(
      requests.map(({ method, url, body }) => [method, url, body]),
      [
        ['GET', path, undefined],
        ['POST', `${path}/terminate`, '{"contract_termination_remark":"用户申请解约"}'],
      ],
    );
  });

  test('a contract is pre-signed, queried and terminated at the gateway', async () => {
    const { baseUrl, control } = fixtures.gateway;
    const client = w.createClient({ mchid, serial, privateKey, certs, baseUrl });
    const name = { service_id: PARAMS.service_id, out_contract_code: 'life' };
    const notSigned = async () => (await thrownBy(() => client.contracts.query(name))).apiCode;
    assert.strictEqual(await notSigned(), 'RESOURCE_NOT_EXISTS');
    const result = await client.presign({ ...PARAMS, ...name });
    assert.deepEqual(result, { mchid, ...name });
    const hours = (Number(result.expiresAt) - Date.now()) / 3_600_000;
    assert.ok(hours > 1.9 && hours < 2.1, String(hours));
    assert.strictEqual(await notSigned(), 'RESOURCE_NOT_EXISTS');

    await (await fetch(`${control}/signs/${mchid}-life`)).text();
    const contract = await client.contracts.query(name);
    assert.deepEqual([contract.contract_state, contract.openid], ['SIGNED', PARAMS.openid]);
    const reason = { contract_termination_remark: '用户申请解约' };
    assert.deepEqual(await client.contracts.terminate(name, reason), { mchid, ...name });
    const ended = await client.contracts.query(name);
    assert.strictEqual(ended.contract_state, 'TERMINATED');
    assert.include(ended.contract_terminate_info, reason);
    assert.strictEqual((await thrownBy(() => client.contracts.terminate(name, reason))).apiCode, 'INVALID_REQUEST');
  });

  test('a redirect is not followed, so the Authorization header goes to no other host', async () => {
    const { baseUrl, control } = fixtures.gateway;
    const client = w.createClient({ mchid, serial, privateKey, certs, baseUrl });
    await (await fetch(`${control}/inject/redirect`)).text();
    const error = await thrownBy(() => client.presign(PARAMS));
    // Some hosts show a redirect, others hide it.
    assert.ok(error instanceof w.ApiError ? error.status === 302 : error instanceof w.NetworkError, String(error));
    assert.strictEqual(error.retryable, false);
    assert.match(error.message, /redirect/);
    assert.strictEqual((await (await fetch(control)).json()).followed, 0);
  });

  // Not `reset`: Deno's own fetch would then send the same bytes again, including the nonce.
  for (const fault of ['system-error', 'bare-500', 'html-502', 'truncated', 'slow']) {
    test(`after ${fault} at the gateway, a retry succeeds`, async () => {
      const { baseUrl, control } = fixtures.gateway;
      const client = w.createClient({
        mchid,
        serial,
        privateKey,
        certs,
        baseUrl,
        retryDelayMs: 1,
        attemptTimeoutMs: 700,
      });
      const before = await (await fetch(`${control}/inject/${fault}`)).json();
      const out_contract_code = `after${fault.replace('-', '')}`;
      assert.strictEqual((await client.presign({ ...PARAMS, out_contract_code })).out_contract_code, out_contract_code);
      assert.strictEqual((await (await fetch(control)).json()).count, before.count + 2);
    });
  }

  // ---- The three ways to name an endpoint ----

  test('the six snippets of the seed documentation work', async () => {
    const { client: wxpay, requests } = clientOf();
    const json = PARAMS;
    for (const call of [
      () => wxpay.v3.passwordExemptContract.contracts.ecommerce.preEntrustSign.payRedirectSign.postAsync({ json }),
      () =>
        wxpay
          .chain('v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign')
          .postAsync({ json }),
      () =>
        wxpay['v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign'].postAsync({ json }),
      () => wxpay.v3.passwordExemptContract.contracts.ecommerce.preEntrustSign.payRedirectSign.post({ json }),
      () =>
        wxpay
          .chain('v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign')
          .post({ json }),
      () => wxpay['v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign'].post({ json }),
    ]) {
      const { status, data, requestId, headers } = await call();
      assert.deepEqual([status, data, requestId], [200, { mchid: '1900000100' }, '08F78BB5AF0610D302-0']);
      assert.strictEqual(headers.get('wechatpay-serial'), platform.serial);
    }
    const sent = new Set(requests.map(({ method, url, body }) => `${method} ${url} ${body}`));
    assert.deepEqual([...sent], [`POST https://api.mch.weixin.qq.com/${PRESIGN} ${JSON.stringify(PARAMS)}`]);
  });

  for (const [name, call, method, target] of /** @type {[string, (client: any) => unknown, string, string][]} */ ([
    [
      'a parameter in underscores',
      (c) => c.v3.pay.transactions.id._transaction_id_.get({ transaction_id: '42' }),
      'GET',
      '/v3/pay/transactions/id/42',
    ],
    [
      'a parameter in dollar signs',
      (c) => c.v3.pay.$out_trade_no$.close.post({ out_trade_no: 'a' }),
      'POST',
      '/v3/pay/a/close',
    ],
    ['a parameter in braces', (c) => c.chain('/v3/x/{a}/{b}/{a}').put({ a: 1, b: 2n }), 'PUT', '/v3/x/1/2/1'],
    ['a property with dashes', (c) => c.v3['fund-app'].mchTransfer.get(), 'GET', '/v3/fund-app/mch-transfer'],
    ['a path as a property', (c) => c['v3/x/{id}'].patch({ id: 'a b' }), 'PATCH', '/v3/x/a%20b'],
    [
      'a parameter with characters that URLs treat in different ways',
      (c) => c.chain('v3/x/{id}').delete({ id: "张/?#%&=+ '()*!~" }),
      'DELETE',
      '/v3/x/%E5%BC%A0%2F%3F%23%25%26%3D%2B%20%27%28%29%2A%21~',
    ],
    [
      'a query',
      (c) => c.v3.x.get({ query: { b: 'x y', a: ['1', 2], none: undefined, t: true, e: '' } }),
      'GET',
      '/v3/x?b=x%20y&a=1&a=2&t=true&e=',
    ],
    [
      'a query as URLSearchParams',
      (c) =>
        c.v3.x.getAsync({
          query: new URLSearchParams([
            ['a', '1 +'],
            ['a', '张'],
          ]),
        }),
      'GET',
      '/v3/x?a=1%20%2B&a=%E5%BC%A0',
    ],
    [
      'segments with the names of JavaScript properties',
      (c) => c.v3.name.length.path.status.get(),
      'GET',
      '/v3/name/length/path/status',
    ],
  ])) {
    test(`${name} is sent as it is signed`, async () => {
      const { client, requests } = clientOf({ nonce: () => 'N' });
      await call(client);
      const { url, method: sent, headers } = /** @type {any} */ (requests[0]);
      assert.deepEqual([sent, url], [method, `https://api.mch.weixin.qq.com${target}`]);
      const { pathname, search } = new URL(url);
      assert.strictEqual(pathname + search, target);
      const [, signature = ''] = /signature="(.*?)"/.exec(headers.Authorization) ?? [];
      assert.ok(await verify(merchant.publicKey, `${method}\n${target}\n${NOW}\nN\n\n`, bytesOfBase64(signature)));
    });
  }

  test('the caller’s headers replace common headers of the same name', async () => {
    const { client, requests } = clientOf();
    await client.v3.x.post({ json: [1], headers: { 'wechatpay-serial': 'ABC', 'X-Trace': '1', none: undefined } });
    await client.v3.x.get({ headers: new Headers({ accept: 'text/plain' }) });
    const [first, second] = /** @type {any[]} */ (requests.map(({ headers, body }) => ({ ...headers, body })));
    assert.deepEqual(
      [first?.['wechatpay-serial'], first?.['Wechatpay-Serial'], first?.['X-Trace'], first?.body],
      ['ABC', undefined, '1', '[1]'],
    );
    assert.deepEqual([second?.accept, second?.Accept], ['text/plain', undefined]);
  });

  for (const [name, call, field] of /** @type {[string, (client: any) => unknown, string][]} */ ([
    ['a missing parameter', (c) => c.v3.x._id_.get(), 'id'],
    ['an inherited parameter', (c) => c.v3.x._toString_.get(), 'toString'],
    ['an empty parameter', (c) => c.v3.x._id_.get({ id: '' }), 'id'],
    ['a parameter that is an object', (c) => c.v3.x._id_.get({ id: {} }), 'id'],
    ['a parameter that is two dots', (c) => c.v3.x._id_.get({ id: '..' }), 'id'],
    ...[
      ...[
        '../x',
        '..\\x',
        './x',
        'x/..',
        'x\\..\\y',
        '%2e%2e',
        '%2e%2e/x',
        '%2E./x',
        '..%2fx',
        '..%5cx',
        '%252e%252e%252fx',
      ],
      ...['..;/x', 'a/../b'],
    ].map((id) => [
      `a parameter ${id}, which may leave its place`,
      (/** @type {any} */ c) => c.v3.x._id_.get({ id }),
      'id',
    ]),
    ['an infinite parameter', (c) => c.v3.x._id_.get({ id: Number.POSITIVE_INFINITY }), 'id'],
    ['a parameter too large for an exact number', (c) => c.v3.x._id_.get({ id: 2 ** 53 }), 'id'],
    ['a query with a number too large to be exact', (c) => c.v3.x.get({ query: { id: 4.2e27 } }), 'query.id'],
    ['a parameter with half of a surrogate pair', (c) => c.v3.x._id_.get({ id: '\ud800' }), 'id'],
    ['an unknown option', (c) => c.v3.x.get({ qeury: {} }), 'qeury'],
    ['a path with two dots', (c) => c.chain('v3/x/../y').get(), 'url'],
    ['a path with two encoded dots', (c) => c['v3/x/%2e%2e/y'].get(), 'url'],
    ['a path with a query', (c) => c.chain('v3/x?a=1').get(), 'path'],
    ['a path with unencoded Chinese', (c) => c.chain('v3/张').get(), 'url'],
    ['another host', (c) => c.chain('https://evil.example/v3/x'), 'path'],
    ['another host, without a scheme', (c) => c.chain('//evil.example/v3/x'), 'path'],
    ['another version', (c) => c.chain('v2/x'), 'path'],
    ['a path that is not a string', (c) => c.chain(5), 'path'],
    ['a body on GET', (c) => c.v3.x.get({ json: {} }), 'json'],
    ['a cyclic body', (c) => c.v3.x.post({ json: cyclic }), 'json'],
    ['a BigInt in the body', (c) => c.v3.x.post({ json: { a: 1n } }), 'json'],
    ['a function as body', (c) => c.v3.x.post({ json: () => {} }), 'json'],
    ['a query with an object', (c) => c.v3.x.get({ query: { a: { b: 1 } } }), 'query.a'],
    ['a query that is a string', (c) => c.v3.x.get({ query: 'a=1' }), 'query'],
    ['a custom Authorization header', (c) => c.v3.x.get({ headers: { Authorization: 'x' } }), 'headers.Authorization'],
    ['a header with a line break', (c) => c.v3.x.get({ headers: { a: 'x\r\ny: z' } }), 'headers.a'],
    ['a header in Chinese', (c) => c.v3.x.get({ headers: { a: '张' } }), 'headers.a'],
    ['a header with a space in its name', (c) => c.v3.x.get({ headers: { 'a b': 'x' } }), 'headers'],
    ['a header that is not a string', (c) => c.v3.x.get({ headers: { a: 1 } }), 'headers.a'],
    ['options that are a number', (c) => c.v3.x.get(5), 'options'],
    ['a body that is text', (c) => c.v3.x.post({ json: '{}' }), 'json'],
    ['a body that throws', (c) => c.v3.x.post({ json: { toJSON: revokedGetter } }), 'json'],
  ])) {
    test(`a verb rejects ${name}, and sends nothing`, async () => {
      const { client, requests } = clientOf();
      const error = await thrownBy(() => call(client));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.strictEqual(error.field, field);
      assert.strictEqual(requests.length, 0);
    });
  }

  test('sends dots and slashes that cannot change the path', async () => {
    const { client, requests } = clientOf();
    for (const id of ['a.b', '...', 'a/b', '..a/b', 'x/.y', '100%']) await client.v3.x._id_.get({ id });
    assert.deepEqual(
      requests.map(({ url }) => url.replace(/.*\/v3\/x\//, '')),
      ['a.b', '...', 'a%2Fb', '..a%2Fb', 'x%2F.y', '100%25'],
    );
    await client.v3.x.get({ query: { a: '../x' } });
    assert.ok(requests.at(-1)?.url.endsWith('?a=..%2Fx'));
  });

  /** The styles. @type {Record<string, (client: any) => any>} */
  const STYLES = {
    'a property chain': (c) => c.v3.x,
    chain: (c) => c.chain('v3/x'),
    'a path in brackets': (c) => c['v3/x'],
  };
  for (const [name, call, fix] of /** @type {[string, (endpoint: any) => unknown, RegExp][]} */ ([
    ['params, as axios calls a query', (x) => x.get({ params: { a: 1 } }), /^params .*pass a query as `query`$/],
    ['searchParams, as ky calls a query', (x) => x.get({ searchParams: { a: 1 } }), /^searchParams .*as `query`$/],
    ['data, as axios calls a body', (x) => x.post({ data: { a: 1 } }), /^data .*pass the body as `json`$/],
    ['body, as fetch calls it', (x) => x.post({ body: '{}' }), /^body .*pass the body as `json`$/],
    ['timeout', (x) => x.post({ timeout: 1 }), /^timeout .*`timeoutMs` and `attemptTimeoutMs`$/],
    ['formData', (x) => x.post({ formData: new FormData() }), /^formData .*`client\.upload`$/],
    ['file', (x) => x.post({ file: new Uint8Array(1) }), /^file .*`client\.upload`$/],
    ['a misspelt option', (x) => x.get({ qeury: {} }), /^qeury is neither an option .*: did you mean `query`\?$/],
    ['an option in the wrong case', (x) => x.post({ timeoutMS: 1 }), /: did you mean `timeoutMs`\?$/],
    ['bare fields of a body', (x) => x.post({ appid: 'wx1' }), /^appid .*inside `json`, as in \{ json: \{ … \} \}$/],
    ['bare fields of a query', (x) => x.get({ mchid: '1' }), /^mchid .*inside `query`, as in \{ query: \{ … \} \}$/],
    [
      'a second argument',
      (x) => x.post({ json: {} }, { headers: {} }),
      /^options must be the only argument of post: write post\(\{ json, query, headers \}\), where `json` is the body/,
    ],
    [
      'post(data, config), as in another SDK',
      (x) => x.post({ appid: 'wx1' }, { params: {} }),
      /write post\(\{ json, query, headers \}\), .* `query` what axios calls params$/,
    ],
    ['a text and a config', (x) => x.put('{"a":1}', { headers: {} }), /write put\(\{ json, query, headers \}\)/],
    ['an alias with two arguments', (x) => x.postAsync({}, {}), /only argument of postAsync: write postAsync\(/],
    ['get(undefined, config)', (x) => x.get(undefined, { params: {} }), /write get\(\{ query, headers \}\)/],
    ['a form in place of the options', (x) => x.post(new FormData()), /^options .* is a FormData: .*`client\.upload`$/],
    ['a file in place of the options', (x) => x.post(new Blob(['x'])), /^options .* is a Blob: .*`client\.upload`$/],
    [
      'bytes in place of the options',
      (x) => x.post(new Uint8Array(2)),
      /^options .* is a Uint8Array: pass the body as `json`/,
    ],
    ['a text in place of the options', (x) => x.post('{}'), /^options .* is a string: pass the body as `json`/],
    ['an array in place of the options', (x) => x.post([1]), /^options .* is an array: pass the body as `json`/],
    ['null in place of the options', (x) => x.post(null), /^options .* is null: pass the body as `json`/],
    ['a Map in place of the options', (x) => x.patch(new Map()), /^options .* is a Map: pass the body as `json`/],
    ['a query in place of the options', (x) => x.get(new URLSearchParams('a=1')), /URLSearchParams: .*as `query`/],
    ['a query as text', (x) => x.get('a=1'), /^options .* is a string: pass a query as `query`/],
    ['an upload as json', (x) => x.post({ json: new FormData() }), /^json .*FormData: .*`client\.upload`$/],
    ['a file as json', (x) => x.post({ json: new Blob(['x']) }), /^json .*Blob: .*`client\.upload`$/],
    ['bytes as json', (x) => x.post({ json: new Uint8Array(3) }), /^json .*bytes \(Uint8Array\): .*`client\.upload`$/],
    ['a buffer as json', (x) => x.post({ json: new ArrayBuffer(3) }), /^json .*bytes \(ArrayBuffer\): parse them/],
    ['a form as json', (x) => x.post({ json: new URLSearchParams('a=1') }), /^json .*URLSearchParams: make a plain/],
    ['a Map as json', (x) => x.post({ json: new Map([['a', 1]]) }), /^json .*Map: make a plain object of it$/],
    ['a Promise as json', (x) => x.post({ json: Promise.resolve({}) }), /^json .*Promise: put `await` before it$/],
    ['text that is already JSON', (x) => x.post({ json: JSON.stringify({ a: 1 }) }), /do not stringify it$/],
    ['a body on GET', (x) => x.get({ json: { a: 1 } }), /^json must not be given: a GET has no body/],
  ])) {
    test(`the error about ${name} names the fix, in all styles, and nothing is sent`, async () => {
      for (const [style, endpointOf] of Object.entries(STYLES)) {
        const { client, requests } = clientOf();
        const error = await thrownBy(() => call(endpointOf(client)));
        assert.ok(error instanceof w.InvalidParameterError, `${style}: ${error}`);
        assert.match(error.message, fix, style);
        assert.strictEqual(requests.length, 0);
      }
    });
  }

  test('a Buffer as json or in place of the options is rejected', async () => {
    if (globalThis.Buffer === undefined) return;
    const { client, requests } = clientOf();
    for (const slip of [{ json: Buffer.from('{}') }, Buffer.from('{}')]) {
      const error = await thrownBy(() => client.v3.x.post(slip));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.match(error.message, /`json`|`client\.upload`/);
    }
    assert.strictEqual(requests.length, 0);
  });

  test('treats an undefined second argument as absent', async () => {
    const { client, requests } = clientOf();
    await client.v3.x.post({ json: {} }, undefined);
    assert.strictEqual(requests.length, 1);
  });

  test('expiresAt is at most two hours and the tolerance after the client’s own time', async () => {
    const dated = (/** @type {number} */ seconds) => () =>
      respond({ headers: { Date: new Date((NOW + seconds) * 1000).toUTCString() } });
    const expiry = async (/** @type {number} */ seconds) =>
      Number((await clientOf({}, dated(seconds)).client.presign(PARAMS)).expiresAt) / 1000 - NOW;
    assert.strictEqual(await expiry(100_000), 7200 + 300);
    assert.strictEqual(await expiry(301), 7200 + 300);
    assert.strictEqual(await expiry(200), 7200 + 200);
    assert.strictEqual(await expiry(-60), 7200 - 60);
  });
  test('an error does not quote a private key that was passed as a name', async () => {
    const { client, requests } = clientOf();
    const secret = String(privateKey.split('\n')[3]).slice(0, 16);
    for (const options of [{ [privateKey]: 1 }, { query: { [privateKey]: {} } }, { headers: { [privateKey]: 1 } }]) {
      const error = await thrownBy(() => client.v3.x.get(options));
      assert.ok(error instanceof w.InvalidParameterError, String(error));
      assert.notInclude(`${error}${error.stack}${JSON.stringify(error)}`, secret);
    }
    assert.notInclude(String(await thrownBy(() => client.presign(PARAMS, { [privateKey]: 1 }))), secret);
    assert.strictEqual(requests.length, 0);
  });

  /** @type {{ self?: unknown }} */
  const cyclic = {};
  cyclic.self = cyclic;

  test('a chain sends nothing when it is printed, compared, copied or awaited', async () => {
    const { client, requests } = clientOf();
    for (const chain of [client.v3, client.v3.x.y, client.chain('v3/x'), client['v3/x']]) {
      assert.strictEqual(await chain, chain);
      assert.strictEqual(await Promise.resolve(chain), chain);
      assert.strictEqual(JSON.stringify(chain), '{}');
      assert.match(`${chain}`, /^v3(\/x(\/y)?)?$/);
      assert.strictEqual(typeof chain.then, 'undefined');
      for (const name of [
        'catch',
        'finally',
        'toJSON',
        'constructor',
        '$$typeof',
        Symbol.iterator,
        Symbol.asyncIterator,
      ]) {
        assert.strictEqual(chain[name], undefined);
      }
      assert.deepEqual([Object.keys(chain), { ...chain }, [...Reflect.ownKeys(chain)]], [[], {}, []]);
      assert.throws(() => structuredClone(chain));
      assert.throws(() => {
        chain.post = 1;
      }, TypeError);
    }
    assert.strictEqual(await client, client);
    assert.strictEqual(client.v4, undefined);
    assert.strictEqual(requests.length, 0);
  });

  test('clients share no state', async () => {
    const clients = Array.from({ length: 50 }, (_, index) => clientOf({ mchid: `19000${index}` }));
    await Promise.all(clients.map(({ client }) => client.presign(PARAMS)));
    for (const [index, { requests }] of clients.entries()) {
      assert.strictEqual(requests.length, 1);
      assert.include(requests[0]?.headers['Authorization'], `mchid="19000${index}"`);
    }
  });
}

/** @returns {never} */
function revokedGetter() {
  throw new Error('a toJSON that throws');
}

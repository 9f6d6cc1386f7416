/** Keys in every accepted format, made by openssl; and what becomes of them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
  InvalidKeyError,
  MerchantKey,
  PlatformKey,
  buildPresignRequest,
  signAuthorization,
  verifyResponse,
} from '../pkg/index.js';
import { NOW, answer, merchant, platform, thrownBy, withOpenssl } from './fixtures.js';

const request = { method: 'GET', url: 'https://api.mch.weixin.qq.com/v3/certificates' };
const moment = { timestamp: NOW, nonce: 'N' };
const message = `GET\n/v3/certificates\n${NOW}\nN\n\n`;

/** @param {string | MerchantKey} privateKey */
function signatureWith(privateKey) {
  const header = signAuthorization(request, { ...merchant, privateKey }, moment);
  return /signature="(.*?)"/.exec(header)?.[1];
}

/** @param {string} key */
function expected(key) {
  return crypto.sign('sha256', Buffer.from(message), key).toString('base64');
}

for (const bits of [2048, 3072, 4096]) {
  test(`private keys of ${bits} bits, PKCS#8 and PKCS#1, with what collects around them`, () => {
    withOpenssl((openssl) => {
      const pkcs8 = openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`, '-quiet');
      openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`, '-quiet', '-out', 'key.pem');
      const pkcs1 = openssl('rsa', '-in', 'key.pem', '-traditional');
      const withText = openssl('pkey', '-in', 'key.pem', '-text');
      assert.match(pkcs1, /BEGIN RSA PRIVATE KEY/);
      for (const pem of [
        pkcs8,
        pkcs1,
        withText,
        pkcs8.replaceAll('\n', '\r\n'),
        `\n  ${pkcs8.replaceAll('\n', ' \n ')}`,
      ]) {
        assert.equal(
          signatureWith(pem),
          expected(pem.includes('RSA PRIVATE') ? pkcs1 : pem === withText ? pkcs1 : pkcs8),
        );
      }
    });
  });
}

test('platform keys: certificate, SPKI and PKCS#1', () => {
  withOpenssl((openssl) => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-days',
      '3650',
      '-subj',
      '/CN=Tenpay',
      '-set_serial',
      '0x05C1E5A9',
    );
    const by = { privateKey: openssl('rsa', '-in', 'key.pem'), serial: '5C1E5A9', publicKey: '' };
    const response = answer({ by, timestamp: Math.floor(Date.now() / 1000) });
    const certificate = openssl('x509', '-in', 'cert.pem', '-text');
    const forms = [
      certificate,
      openssl('rsa', '-in', 'key.pem', '-pubout'),
      openssl('rsa', '-in', 'key.pem', '-RSAPublicKey_out'),
    ];
    for (const pem of forms) {
      for (const key of [pem, PlatformKey.fromPem(pem)]) {
        assert.deepEqual(verifyResponse(response, { certs: { '05c1e5a9': key } }), { mchid: '1900000100' });
      }
    }
    const [ofCertificate, ofKey] = forms.map((pem) => PlatformKey.fromPem(pem).serial);
    assert.equal(ofCertificate, openssl('x509', '-in', 'cert.pem', '-noout', '-serial').trim().replace('serial=', ''));
    assert.equal(ofKey, undefined);

    const misfiled = thrownBy(() => verifyResponse(response, { certs: { ABC: certificate } }));
    assert.ok(misfiled instanceof InvalidKeyError);
    assert.match(misfiled.message, /ABC.*05C1E5A9/);
    for (const [now, why] of /** @type {[number, RegExp][]} */ ([
      [NOW, /not valid before/],
      [NOW + 1_000_000_000, /expired/],
    ])) {
      const outOfTime = answer({ by, timestamp: now });
      const error = thrownBy(() => verifyResponse(outOfTime, { certs: { '5C1E5A9': certificate } }, { now }));
      assert.ok(error instanceof InvalidKeyError, String(error));
      assert.match(error.message, why);
      assert.equal(error.requestId, '08F78BB5AF0610D302-0');
    }
  });
});

test('keys that cannot be used say why, and nothing of themselves', () => {
  withOpenssl((openssl) => {
    const weak = openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024', '-quiet');
    const elliptic = openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-quiet');
    openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-quiet', '-out', 'k.pem');
    const encrypted = openssl('pkcs8', '-topk8', '-in', 'k.pem', '-passout', 'pass:secret');
    const traditional = openssl('rsa', '-in', 'k.pem', '-traditional', '-aes128', '-passout', 'pass:secret');
    const good = merchant.privateKey;
    for (const [pem, why] of /** @type {[string, RegExp][]} */ ([
      [weak, /1024 bits/],
      [elliptic, /not an RSA key/],
      [encrypted, /decrypt/],
      [traditional, /encrypted/],
      [merchant.publicKey, /apiclient_key\.pem/],
      [good.replaceAll('\n', '\\n'), /backslash-n/],
      [good.slice(0, 500), /cut short/],
      [good.replace(/.{64}\n/, ''), /damaged/],
      ['', /environment variable/],
      ['hello', /not a PEM/],
    ])) {
      const error = thrownBy(() => MerchantKey.fromPem(pem));
      assert.ok(error instanceof InvalidKeyError, String(error));
      assert.match(error.message, why);
      for (const line of pem.split('\n')) {
        if (/^[A-Za-z0-9+/=]{40,}$/.test(line)) assert.ok(!inspect(error).includes(line.slice(0, 16)));
      }
    }
    assert.match(thrownBy(() => PlatformKey.fromPem(good)).message, /never for a private one/);
  });
  const noText = thrownBy(() => MerchantKey.fromPem(/** @type {any} */ (undefined)));
  assert.equal(noText.field, 'privateKey');
  assert.match(noText.message, /environment variable/);
});

test('a key prints nothing of itself, and is made by fromPem only', () => {
  const key = MerchantKey.fromPem(merchant.privateKey);
  assert.equal(inspect(key, { showHidden: true, depth: 9 }), 'MerchantKey {}');
  assert.equal(JSON.stringify(key), '{}');
  assert.equal(String(key), '[object Object]');
  assert.throws(() => Reflect.construct(MerchantKey, []), TypeError);
});

test('free and dispose; a freed key says so', () => {
  for (const end of [(/** @type {any} */ key) => key.free(), (/** @type {any} */ key) => key[Symbol.dispose]()]) {
    const key = MerchantKey.fromPem(merchant.privateKey);
    assert.equal(signatureWith(key), expected(merchant.privateKey));
    end(key);
    end(key);
    const error = thrownBy(() => signatureWith(key));
    assert.ok(error instanceof InvalidKeyError);
    assert.match(error.message, /MerchantKey has been freed/);
  }
  const key = PlatformKey.fromPem(platform.publicKey);
  key.free();
  assert.match(thrownBy(() => key.serial).message, /PlatformKey has been freed/);
  assert.equal(signatureWith(merchant.privateKey), expected(merchant.privateKey));
});

test('a PEM given as text is read once in a process', () => {
  const script = `
    let reads = 0;
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function (...args) {
      const { exports } = new Instance(...args);
      const counting = Object.create(exports);
      for (const name of ['merchantKeyFromPem', 'platformKeyFromPem']) {
        Object.defineProperty(counting, name, { value: (...given) => (reads++, exports[name](...given)) });
      }
      return { exports: counting };
    };
    const { signAuthorization, verifyResponse } = await import(process.env.PACKAGE);
    const { PRIVATE, PUBLIC, ANSWER } = process.env;
    for (let turn = 0; turn < 20; turn++) {
      const privateKey = (PRIVATE + ' ').slice(0, -1);
      signAuthorization({ method: 'GET', url: '/v3/x' }, { mchid: '1', serial: 'A', privateKey });
      verifyResponse(JSON.parse(ANSWER), { certs: { [process.env.SERIAL]: PUBLIC } }, { now: ${NOW} });
    }
    console.log(reads);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: {
      ...process.env,
      PACKAGE: new URL('../pkg/index.js', import.meta.url).href,
      PRIVATE: merchant.privateKey,
      PUBLIC: platform.publicKey,
      SERIAL: platform.serial,
      ANSWER: JSON.stringify(answer()),
    },
  });
  assert.equal(stdout.trim(), '2', stderr);
});

test('a key in the place of a name is not quoted either', () => {
  const pem = merchant.privateKey;
  /** @type {(() => unknown)[]} */
  const slips = [
    () => verifyResponse(answer(), { certs: { [pem]: platform.publicKey } }, { now: NOW }),
    () => verifyResponse(answer(), { certs: { [pem]: 'x' } }),
    () => verifyResponse(answer(), { certs: { [pem]: /** @type {any} */ (1) } }),
    () => signAuthorization(request, merchant, /** @type {any} */ ({ [pem]: 1 })),
    () => buildPresignRequest(/** @type {any} */ ({ [pem]: 1 })),
    () =>
      signAuthorization({ method: pem, url: pem, body: pem }, { ...merchant, mchid: pem, serial: pem }, { nonce: pem }),
  ];
  const line = pem.split('\n')[1] ?? '';
  withOpenssl((openssl) => {
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'c.pem', '-subj', '/CN=x');
    const certificate = openssl('x509', '-in', 'c.pem');
    slips.push(() => verifyResponse(answer(), { certs: { [pem]: certificate } }, { now: NOW }));
  });
  for (const slip of slips) {
    const error = inspect(
      (() => {
        try {
          return slip();
        } catch (error) {
          return error;
        }
      })(),
    );
    assert.ok(!error.includes(line.slice(0, 16)), error);
  }
});

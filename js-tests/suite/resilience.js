/** The wasm module is started by the first call, and started again after a trap. Other errors leave it running. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { createTestKit, makeCertificate } from 'wechatpay-presign/testing';
import { responseSigner } from './signed-response.js';
import { thrownBy } from './thrown-by.js';
import { bytesOfBase64, importKey, utf8 } from './web-crypto.js';

const { Instance, Module } = WebAssembly;

// Counting starts here: the package has been imported, and none of its functions has been called.
let modules = 0;
let instances = 0;
/** @type {WebAssembly.Memory} */
let memory;
/** @type {Record<string, number>} */
const calls = {};
/** @type {string | undefined} The function that traps on its next call. */
let trap;

/** @param {any[]} args */
function CountedModule(...args) {
  modules += 1;
  return Reflect.construct(Module, args);
}

/** @param {any[]} args */
function CountedInstance(...args) {
  const { exports } = Reflect.construct(Instance, args);
  instances += 1;
  memory = exports.memory;
  const watched = Object.create(exports);
  for (const name of ['signAuthorization', 'merchantKeyFromPem', 'platformKeyFromPem']) {
    const value = (/** @type {any[]} */ ...given) => {
      calls[name] = (calls[name] ?? 0) + 1;
      if (trap !== name) return exports[name](...given);
      trap = undefined;
      throw new WebAssembly.RuntimeError('unreachable');
    };
    Object.defineProperty(watched, name, { value });
  }
  return { exports: watched };
}

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant, platform } = fixtures;
  const request = { method: 'GET', url: '/v3/x' };
  const signingParams = { timestamp: 1, nonce: 'N' };
  const sign = (/** @type {string | w.MerchantKey} */ privateKey = merchant.privateKey) =>
    w.signAuthorization(request, { ...merchant, privateKey }, signingParams);
  const certs = { [platform.serial]: platform.publicKey };
  const response = await responseSigner(fixtures)();

  test('starts the module once, with the first call, and parses each PEM once', async () => {
    Object.assign(WebAssembly, { Module: CountedModule, Instance: CountedInstance });
    for (let turn = 0; turn < 20; turn += 1) {
      sign(`${merchant.privateKey} `.slice(0, -1));
      w.verifyResponse(response, { certs }, { now: NOW });
    }
    assert.strictEqual(instances, 1);
    // Zero if the host has already compiled the module.
    assert.isAtMost(modules, 1);
    assert.deepEqual(calls, { signAuthorization: 20, merchantKeyFromPem: 1, platformKeyFromPem: 1 });
  });

  test('after a trap the next call works, in a new instance', async () => {
    const explicit = w.MerchantKey.fromPem(merchant.privateKey);
    const before = sign();
    const [compiled, started] = [modules, instances];
    trap = 'signAuthorization';
    const trapped = await thrownBy(() => sign());
    assert.deepEqual([trapped.name, trapped.code], ['HostError', 'ERR_WASM_TRAP']);
    const stale = await thrownBy(() => sign(explicit));
    assert.ok(stale instanceof w.InvalidKeyError, String(stale));
    assert.match(stale.message, /create it again/);
    assert.strictEqual(sign(), before);
    explicit.free();
    assert.strictEqual(sign(w.MerchantKey.fromPem(merchant.privateKey)), before);
    assert.deepEqual([modules, instances], [compiled, started + 1]);
  });

  test('after a trap a client still knows its root certificate', async () => {
    const kit = await createTestKit({ mode: 'certificate' });
    const root = await makeCertificate({ subject: 'Tenpay.com Root CA' });
    const issued = await makeCertificate({ issuer: root });
    kit.gateway.platforms.splice(0, 1, issued);
    kit.gateway.certificates.splice(0, 1, issued);
    const client = w.createClient({ ...kit.config, certs: {}, rootCertificate: root.certificate });
    trap = 'signAuthorization';
    assert.strictEqual((await thrownBy(() => sign())).code, 'ERR_WASM_TRAP');
    const [downloaded] = await client.certificates.download();
    assert.strictEqual(downloaded?.serial_no, issued.serial);
  });

  test('free wipes the key from the memory of the wasm', async () => {
    // A key that the cache of PEMs does not hold.
    const [{ pem, pkcs8 } = { pem: '', pkcs8: '' }] = fixtures.privateKeys;
    const traces = await tracesOf(pem, pkcs8);
    const found = () => {
      const text = latin1(new Uint8Array(memory.buffer));
      return Object.keys(traces).filter((name) => text.includes(latin1(traces[name])));
    };
    const key = w.MerchantKey.fromPem(pem);
    sign(key);
    assert.includeMembers(found(), ['p in limbs', 'q in limbs', 'dp in limbs', 'dq in limbs']);
    key.free();
    assert.deepEqual(found(), []);
  });

  test('still works after thousands of errors of every kind', async () => {
    /** @type {(() => unknown)[]} */
    const failing = [
      () => w.buildPresignRequest(/** @type {any} */ ({ appid: Symbol('x'), service_id: 1n })),
      () => w.signAuthorization({ method: 'X', url: '' }, /** @type {any} */ ({ mchid: '"' })),
      () => sign('no'),
      () => w.verifyResponse({ status: 200, headers: {}, body: '' }, { certs }),
      () => w.verifyResponse({ status: 500, headers: {}, body: '{"code":"X","message":"x","detail":{}}' }, { certs }),
      () => w.MerchantKey.fromPem('-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----'),
    ];
    const before = sign();
    const started = instances;
    for (let turn = 0; turn < 3_000; turn += 1) {
      try {
        failing[turn % failing.length]?.();
        assert.fail('no error');
      } catch (error) {
        if (!(error instanceof w.WechatPayError)) throw error;
      }
    }
    assert.strictEqual(sign(), before);
    assert.strictEqual(instances, started);
  });

  test('restores the WebAssembly of the host', async () => {
    Object.assign(WebAssembly, { Module, Instance });
    assert.strictEqual(sign(), sign());
  });
}

/** @param {Uint8Array | undefined} bytes */
const latin1 = (bytes) => new TextDecoder('latin1').decode(bytes);

/**
 * Byte sequences that reveal a key in memory: its numbers as encoded in the file, and four consecutive limbs of 28 bits of
 * each number.
 * @param {string} pem
 * @param {string} pkcs8
 * @returns {Promise<Record<string, Uint8Array>>}
 */
async function tracesOf(pem, pkcs8) {
  const jwk = await crypto.subtle.exportKey('jwk', await importKey(pkcs8, true));
  const numbers = ['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap((name) => {
    const base64url = /** @type {any} */ (jwk)[name];
    const bytes = bytesOfBase64(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    const low = bytes.slice(-14).reduce((number, byte) => number * 256n + BigInt(byte), 0n);
    const limbs = [0n, 28n, 56n, 84n].map((shift) => Number((low >> shift) & 0xfffffffn));
    return /** @type {[string, Uint8Array][]} */ ([
      [name, bytes.subarray(0, 16)],
      [`${name} in limbs`, new Uint8Array(new Uint32Array(limbs).buffer)],
    ]);
  });
  // Limbs of 51 bits: as integers, and as doubles with both primes interleaved.
  const [p, q] = ['p', 'q'].map((name) => {
    const base64url = /** @type {any} */ (jwk)[name];
    const bytes = bytesOfBase64(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    const number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return [0n, 51n].map((shift) => (number >> shift) & ((1n << 51n) - 1n));
  });
  const doubles = [p?.[0], q?.[0], p?.[1], q?.[1]].map(Number);
  numbers.push(
    ['p and q in doubles', new Uint8Array(new Float64Array(doubles).buffer)],
    ['p in wide limbs', new Uint8Array(new BigUint64Array(p ?? []).buffer)],
  );
  return { 'the PEM': utf8(pem.slice(100, 132)), ...Object.fromEntries(numbers) };
}

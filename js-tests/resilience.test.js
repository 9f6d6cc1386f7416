/** After a trap the module starts afresh; after any error it works on. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { merchant, platform } from './fixtures.js';

const PACKAGE = new URL('../pkg/index.js', import.meta.url).href;

/**
 * Runs a module in a process of its own, with the package as `w`, and returns what it prints, as JSON.
 * @param {string} before  What comes before the package is imported.
 * @param {string} code
 */
function run(before, code) {
  const script = `${before}
    const w = await import(${JSON.stringify(PACKAGE)});
    const merchant = ${JSON.stringify(merchant)};
    const request = { method: 'GET', url: '/v3/x' };
    const moment = { timestamp: 1, nonce: 'N' };
    const attempt = (call) => { try { return call() } catch (error) { return [error.name, error.code, error.message] } };
    ${code}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

/** The exports of each instance made, where `trap` names one, that traps at its next call. */
const TRAPPING = `
  globalThis.trap = undefined;
  globalThis.instances = 0;
  globalThis.modules = 0;
  const { Instance, Module } = WebAssembly;
  WebAssembly.Module = function (...args) {
    globalThis.modules += 1;
    return new Module(...args);
  };
  WebAssembly.Instance = function (...args) {
    const { exports } = new Instance(...args);
    globalThis.instances += 1;
    const trapping = Object.create(exports);
    for (const name of ['signAuthorization', 'buildPresignRequest']) {
      Object.defineProperty(trapping, name, {
        value: (...given) => {
          if (globalThis.trap !== name) return exports[name](...given);
          globalThis.trap = undefined;
          throw new WebAssembly.RuntimeError('unreachable');
        },
      });
    }
    return { exports: trapping };
  };`;

test('after a trap the next call works, in a new instance', () => {
  const result = run(
    TRAPPING,
    `const explicit = w.MerchantKey.fromPem(merchant.privateKey);
     const before = w.signAuthorization(request, merchant, moment);
     globalThis.trap = 'signAuthorization';
     const trapped = attempt(() => w.signAuthorization(request, merchant, moment));
     const stale = attempt(() => w.signAuthorization(request, { ...merchant, privateKey: explicit }, moment));
     const after = w.signAuthorization(request, merchant, moment);
     explicit.free();
     const again = w.signAuthorization(request, { ...merchant, privateKey: w.MerchantKey.fromPem(merchant.privateKey) }, moment);
     console.log(JSON.stringify({ trapped, stale, same: before === after && after === again, instances, modules }));`,
  );
  assert.deepEqual(result.trapped.slice(0, 2), ['WechatPayError', 'ERR_WASM_TRAP']);
  assert.equal(result.stale[0], 'InvalidKeyError');
  assert.match(result.stale[2], /make it again/);
  assert.deepEqual([result.same, result.instances, result.modules], [true, 2, 1]);
});

test('importing compiles and instantiates nothing', () => {
  const result = run(
    `let made = 0;
     for (const name of ['Module', 'Instance']) {
       const Real = WebAssembly[name];
       WebAssembly[name] = function (...args) { made += 1; return new Real(...args) };
     }`,
    `const afterImport = made;
     w.signAuthorization(request, merchant, moment);
     w.signAuthorization(request, merchant, moment);
     console.log(JSON.stringify([afterImport, made]));`,
  );
  assert.deepEqual(result, [0, 2]);
});

test('where the host refuses to compile, the error says so, each time', () => {
  const result = run(
    `WebAssembly.Module = function () { throw new WebAssembly.CompileError('blocked by policy') };`,
    `const errors = [0, 1].map(() => attempt(() => w.signAuthorization(request, merchant)));
     console.log(JSON.stringify(errors));`,
  );
  for (const [name, code, message] of result) {
    assert.deepEqual([name, code], ['WechatPayError', 'ERR_WASM_UNAVAILABLE']);
    assert.match(message, /blocked by policy/);
  }
});

test('ten thousand errors of every kind later, everything still works', () => {
  const result = run(
    '',
    `const certs = ${JSON.stringify({ [platform.serial]: platform.publicKey })};
     const failing = [
       () => w.buildPresignRequest({ appid: Symbol('x'), service_id: 1n }),
       () => w.signAuthorization({ method: 'X', url: '' }, { mchid: '"' }),
       () => w.signAuthorization(request, { ...merchant, privateKey: 'no' }),
       () => w.verifyResponse({ status: 200, headers: {}, body: '' }, { certs }),
       () => w.verifyResponse({ status: 500, headers: {}, body: '{"code":"SYSTEM_ERROR","message":"x","detail":{}}' }, { certs }),
       () => w.MerchantKey.fromPem('-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----'),
     ];
     const before = w.signAuthorization(request, merchant, moment);
     let errors = 0;
     for (let turn = 0; turn < 10_000; turn += 1) {
       if (attempt(failing[turn % failing.length])[1]?.startsWith('ERR_')) errors += 1;
     }
     console.log(JSON.stringify([errors, before === w.signAuthorization(request, merchant, moment)]));`,
  );
  assert.deepEqual(result, [10_000, true]);
});

test('free wipes the key out of the wasm’s memory', () => {
  const result = run(
    `const { Instance } = WebAssembly;
     let memory;
     WebAssembly.Instance = function (...args) {
       const instance = new Instance(...args);
       memory = instance.exports.memory;
       return instance;
     };`,
    `const { createPrivateKey } = await import('node:crypto');
     const jwk = createPrivateKey(merchant.privateKey).export({ format: 'jwk' });
     // As they stand in the file, and in limbs of 28 bits, of which four in a row are unmistakable.
     const traces = Object.entries(jwk).filter(([name]) => ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name)).flatMap(([name, text]) => {
       const bytes = Buffer.from(text, 'base64url');
       let number = BigInt('0x' + bytes.toString('hex'));
       const limbs = Buffer.alloc(16);
       for (let index = 0; index < 4; index += 1, number >>= 28n) limbs.writeUInt32LE(Number(number & 0xfffffffn), index * 4);
       return [[name, bytes.subarray(0, 16)], [name + ' in limbs', limbs]];
     });
     traces.push(['the PEM', Buffer.from(merchant.privateKey.slice(100, 132))]);
     const found = () => traces.filter(([, trace]) => Buffer.from(memory.buffer).includes(trace)).map(([name]) => name);
     const key = w.MerchantKey.fromPem(merchant.privateKey);
     w.signAuthorization(request, { ...merchant, privateKey: key }, moment);
     const held = found();
     key.free();
     console.log(JSON.stringify([held, found()]));`,
  );
  const [held, left] = result;
  assert.ok(held.includes('dp in limbs') && held.includes('p in limbs'), String(held));
  assert.deepEqual(left, []);
});

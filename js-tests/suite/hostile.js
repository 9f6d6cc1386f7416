/**
 * Calls every export with hostile values of every type, in every place of its arguments. Each call must fail with an error
 * of this package, never with a trap, and the package must still work afterwards.
 */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { notificationMaker } from './made-notification.js';
import { responseSigner } from './signed-response.js';

/** The longest time that a call with a time limit of half a second may take. */
const PATIENCE_MS = 5_000;

/** What foreign code throws. */
class Foreign extends Error {}

/** @returns {never} */
function fail() {
  throw new Foreign('a getter that throws');
}

/** @returns {Record<string, unknown>}  new values each time, since some can be used only once */
function hostileValues() {
  const cyclic = /** @type {any} */ ({ a: [] });
  cyclic.a.push(cyclic);
  const detached = new Uint8Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const everything = /** @type {any} */ (
    new Proxy(() => everything, { get: (_target, name) => (name === 'length' ? 3 : everything) })
  );
  return {
    undefined: undefined,
    null: null,
    true: true,
    zero: 0,
    'minus zero': -0,
    NaN: Number.NaN,
    infinity: Number.POSITIVE_INFINITY,
    'a large number': 1e300,
    'a BigInt': 10n ** 40n,
    'a symbol': Symbol('x'),
    'an empty text': '',
    'a text': 'x',
    'NUL and line feeds': '\0\r\n"\\',
    'half a character': '\ud83d',
    'a huge text': 'x'.repeat(2 ** 21),
    'a function': () => 1,
    'an empty object': {},
    'an object without a prototype': Object.assign(Object.create(null), { length: -1 }),
    'an array': [1, [2, [3]]],
    'an array with a hole': new Array(3),
    'a cyclic object': cyclic,
    'a frozen object': Object.freeze({ a: 1 }),
    'a getter that throws': Object.defineProperty({}, 'x', { enumerable: true, get: fail }),
    'a valueOf that throws': { valueOf: fail, toString: fail, toJSON: fail, [Symbol.toPrimitive]: fail },
    'a proxy whose traps throw': new Proxy({}, { get: fail, ownKeys: fail, has: fail, getPrototypeOf: fail }),
    'a proxy that was revoked': revoked.proxy,
    'a proxy that is everything': everything,
    'a key like __proto__': JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
    'a thousand keys': Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, index])),
    'a huge key': { ['k'.repeat(2 ** 18)]: 1 },
    'a detached array of bytes': detached,
    'an ArrayBuffer': new ArrayBuffer(8),
    'another view': new Float64Array(2),
    'a Uint8Array that says otherwise': Object.defineProperty(new Uint8Array(4), 'byteLength', { value: 2 ** 31 }),
    'a subclass of bytes': new (class extends Uint8Array {})(4),
    'a Date': new Date(Number.NaN),
    'a Map': new Map([['a', 1]]),
    'a RegExp': /x/g,
    'a promise': Promise.resolve(1),
    'a thenable': { then: fail },
    Headers: new Headers({ a: 'b' }),
    'headers whose get throws': { get: fail },
    'headers whose get gives no text': { get: () => Symbol('x') },
    'an error': new RangeError('not the module’s'),
    'a WebAssembly error': new WebAssembly.RuntimeError('not the module’s'),
  };
}

const ORDER = {
  appid: 'wx1',
  description: 'x',
  out_trade_no: '123456',
  notify_url: 'https://a.example/',
  support_fapiao: true,
  amount: { total: 1 },
  payer: { openid: 'o1' },
  detail: { goods_detail: [{ merchant_goods_id: '1', quantity: 1, unit_price: 1 }] },
  contract_info: { password_free_contract_id: '1' },
};

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, PARAMS, merchant, platform } = fixtures;
  const request = { method: 'POST', url: '/v3/x', body: '{}' };
  const signingParams = { timestamp: 1, nonce: 'N' };
  const certs = { [platform.serial]: platform.publicKey };
  const response = await responseSigner(fixtures)();
  const NAMES = Object.keys(response.headers);
  const apiV3Key = '0123456789abcdef0123456789ABCDEF';
  const payment = { appId: 'wx1', prepay_id: 'wx2', ...signingParams };
  const { mchid, serial, privateKey } = merchant;
  const config = { mchid, serial, privateKey, certs, fetch: async () => new Response('x'), retries: 0, timeoutMs: 500 };
  const parts = { mchid: '1', serial: 'A', ...signingParams, signature: new Uint8Array(256) };

  const clientOf = () => w.createClient(/** @type {any} */ (config));

  const notification = await notificationMaker(fixtures)();
  const store = { begin: async () => 'new', complete: async () => {}, abandon: async () => {} };

  /**
   * A client that receives a response from the `fetch` of a library.
   * @param {'host' | 'wasm'} crypto
   */
  function receiving(crypto) {
    return async (/** @type {any} */ given) => {
      const fetch = async () => {
        const { status, headers, body } = given;
        const get = (/** @type {string} */ name) => headers[NAMES.find((known) => known.toLowerCase() === name) ?? ''];
        return { status, headers: { get }, body: typeof body === 'string' ? new Response(body).body : body };
      };
      const signer = { sign: () => new Uint8Array(256) };
      const others = { crypto, signer, privateKey: undefined, clock: () => NOW * 1000, fetch };
      return w.createClient(/** @type {any} */ ({ ...config, ...others })).presign(PARAMS);
    };
  }

  /** Each export with valid arguments, except for the notification and the ciphertext. */
  /** @type {Record<string, { call: (...args: any[]) => unknown, args: any[] }>} */
  const exports = {
    buildPresignRequest: {
      call: w.buildPresignRequest,
      args: [PARAMS, { mode: 'ecommerce', baseUrl: 'https://a.b', platformSerial: 'A', limits: { appid: 40 } }],
    },
    signAuthorization: { call: w.signAuthorization, args: [request, merchant, signingParams] },
    signingMessage: { call: w.signingMessage, args: [request, signingParams] },
    authorizationHeader: { call: w.authorizationHeader, args: [parts] },
    verifyResponse: { call: w.verifyResponse, args: [response, { certs }, { now: NOW, toleranceSeconds: 300 }] },
    verifyNotification: { call: w.verifyNotification, args: [response, { certs, apiV3Key }, { now: NOW }] },
    encryptField: { call: w.encryptField, args: ['x', platform.publicKey] },
    decryptField: { call: w.decryptField, args: ['AAAA', merchant.privateKey] },
    signPaymentParams: { call: w.signPaymentParams, args: [payment, merchant, 'app'] },
    'MerchantKey.fromPem': { call: (pem) => w.MerchantKey.fromPem(pem), args: [merchant.privateKey] },
    'PlatformKey.fromPem': { call: (pem) => w.PlatformKey.fromPem(pem), args: [platform.publicKey] },
    configFromEnv: {
      call: w.configFromEnv,
      args: [{ WECHATPAY_MCHID: mchid, WECHATPAY_SERIAL: serial, WECHATPAY_PRIVATE_KEY: privateKey }],
    },
    createClient: { call: w.createClient, args: [config] },
    'client.presign': {
      call: (...args) => w.createClient(/** @type {any} */ (config)).presign(.../** @type {[any]} */ (args)),
      args: [PARAMS, { retries: 0, timeoutMs: 500 }],
    },
    'client.contracts.query': {
      call: (...args) => w.createClient(/** @type {any} */ (config)).contracts.query(.../** @type {[any]} */ (args)),
      args: [
        { service_id: 1, out_contract_code: 'a' },
        { retries: 0, timeoutMs: 500 },
      ],
    },
    'client.transactions.jsapiWithContract': {
      call: (...args) => clientOf().transactions.jsapiWithContract(.../** @type {[any]} */ (args)),
      args: [ORDER, { retries: 0, timeoutMs: 500 }],
    },
    'client.transactions.query': {
      call: (...args) => clientOf().transactions.query(.../** @type {[any]} */ (args)),
      args: [
        { transaction_id: '42', sp_mchid: mchid, sub_mchid: '1900000109' },
        { retries: 0, timeoutMs: 500 },
      ],
    },
    'client.transactions.close': {
      call: (...args) => clientOf().transactions.close(.../** @type {[any]} */ (args)),
      args: [{ out_trade_no: '123456' }, { retries: 0, timeoutMs: 500 }],
    },
    'client.paymentParams': {
      call: (...args) => clientOf().paymentParams(.../** @type {[any, any]} */ (args)),
      args: [payment, 'app'],
    },
    'client.chain().post': {
      call: (path, options) =>
        w
          .createClient(/** @type {any} */ (config))
          .chain(path)
          .post(options),
      args: ['v3/x/{a}', { a: 1, json: { b: 1 }, query: { c: 1 }, headers: { d: 'e' }, retries: 0, timeoutMs: 500 }],
    },
    'client.notifications.parse': {
      call: (given, options) =>
        w.createClient(/** @type {any} */ ({ ...config, apiV3Key })).notifications.parse(given, options),
      args: [{ headers: new Headers(), body: null }, { timeoutMs: 500 }],
    },
    'client.notifications.handle': {
      call: async (given, handler, options) => {
        const quiet = { apiV3Key, clock: () => NOW * 1000, notifications: { onError: () => {} } };
        const client = w.createClient(/** @type {any} */ ({ ...config, ...quiet }));
        // If the handler never settles, `handle` may wait for it, so it is not awaited here.
        const settling = typeof handler === 'function' ? () => void handler() : handler;
        const { status } = await client.notifications.handle(given, settling, options);
        assert.include([204, 401, 500, 503], status);
      },
      args: [notification, () => {}, { store, onError: () => {}, waitUntil: () => {} }],
    },
    'a response, verified by the host': { call: receiving('host'), args: [response] },
    'a response, verified in the wasm': { call: receiving('wasm'), args: [response] },
    sendResponse: {
      call: w.sendResponse,
      args: [
        { statusCode: 200, headersSent: false, setHeader: () => {}, end: () => {} },
        new Response('x', { status: 500 }),
      ],
    },
  };

  test('covers every exported function', () => {
    const functions = Object.entries(w).filter(
      ([, value]) => typeof value === 'function' && !/Error$/.test(value.name) && !/^class/.test(String(value)),
    );
    assert.includeMembers(
      Object.keys(exports),
      functions.map(([name]) => name),
    );
  });

  for (const [name, { call, args }] of Object.entries(exports)) {
    test(`${name} fails safely on hostile values in every argument`, async () => {
      let tried = 0;
      for (const place of places(args)) {
        for (const [what, value] of Object.entries(hostileValues())) {
          await survives(() => call(...replaced(args, place, value)), `${name}, ${what} at ${place.join('.')}`);
          tried += 1;
        }
      }
      assert.isAbove(tried, 40);
      // The package still works.
      assert.strictEqual(w.verifyResponse(response, { certs }, { now: NOW }) !== undefined, true);
      assert.match(w.signAuthorization(request, merchant, signingParams), /^WECHATPAY2/);
      assert.isUndefined(/** @type {any} */ ({}).polluted);
    });
  }
}

/**
 * @param {() => unknown} call
 * @param {string} what
 */
async function survives(call, what) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it never ends')), PATIENCE_MS);
  });
  try {
    await Promise.race([call(), late]);
  } catch (error) {
    assert.ok(error instanceof w.WechatPayError, `${what}: ${error}`);
    assert.notInclude(['ERR_WASM_TRAP', 'ERR_WASM_UNAVAILABLE'], error.code, `${what}: ${error}`);
    assert.isBelow(String(error.message).length, 20_000, what);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The paths to each argument, its properties, and their properties.
 * @param {any} value
 * @param {string[]} [path]
 * @returns {string[][]}
 */
function places(value, path = []) {
  const isPlain = [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(Object(value)));
  const inner = typeof value === 'object' && value !== null && isPlain && path.length < 3;
  const own = path.length === 0 ? [] : [path];
  return inner ? own.concat(Object.keys(value).flatMap((name) => places(value[name], [...path, name]))) : own;
}

/**
 * @param {any} object
 * @param {string[]} place
 * @param {unknown} value
 */
function replaced(object, [name = '', ...rest], value) {
  const copy = Array.isArray(object) ? [...object] : { ...object };
  copy[name] = rest.length === 0 ? value : replaced(object[name], rest, value);
  return copy;
}

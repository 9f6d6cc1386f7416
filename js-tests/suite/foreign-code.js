/** Errors from the caller's own functions are never rethrown: each becomes the cause of a WechatPayError. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { responder } from './signed-response.js';
import { thrownBy } from './thrown-by.js';

/** The longest time that a call may take. */
const PATIENCE_MS = 60_000;

/** The code that signs and verifies. */
const CRYPTO = /** @type {const} */ (['host', 'wasm']);

/** Values that foreign code throws: an error, other values, and values that throw again when they are inspected. */
function thrownValues() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const fail = () => {
    throw new Error('a getter that throws');
  };
  return {
    'an error': new Error('foreign'),
    'a text': 'foreign',
    nothing: undefined,
    null: null,
    'a symbol': Symbol('foreign'),
    'a revoked proxy': proxy,
    'an error whose message throws': Object.defineProperty(new Error('x'), 'message', { get: fail }),
    'an object that throws when it becomes text': { toString: fail, [Symbol.toPrimitive]: fail },
  };
}

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, PARAMS, merchant, platform } = fixtures;
  const respond = responder(fixtures);
  const { mchid, serial, privateKey } = merchant;
  const certs = { [platform.serial]: platform.publicKey };
  const base = {
    ...{ mchid, serial, privateKey, certs, clock: () => NOW * 1000, retries: 0, timeoutMs: 1000 },
    fetch: async () => respond(),
  };
  /** @param {object} others @returns {w.Client} */
  const clientOf = (others) => w.createClient(/** @type {any} */ ({ ...base, ...others }));

  /**
   * Each place where a caller's function runs, with the class and operation of the error if it throws.
   * @type {Record<string, { of: (run: () => unknown) => object, name: string, operation?: string }>}
   */
  const places = {
    fetch: { of: (run) => ({ fetch: run }), name: 'NetworkError' },
    'a fetch that rejects': { of: (run) => ({ fetch: async () => run() }), name: 'NetworkError' },
    'the status of a response': {
      of: (run) => ({ fetch: async () => Object.defineProperty({}, 'status', { get: run }) }),
      name: 'NetworkError',
    },
    'the headers of a response': {
      of: (run) => ({ fetch: async () => ({ status: 200, headers: { get: run } }) }),
      name: 'NetworkError',
    },
    'the body of a response': {
      of: (run) => ({ fetch: async () => ({ status: 200, headers: new Headers(), body: { getReader: run } }) }),
      name: 'NetworkError',
    },
    'a signer': {
      of: (run) => ({ privateKey: undefined, signer: { sign: run } }),
      name: 'HostError',
      operation: 'signer',
    },
    'a signer that rejects': {
      of: (run) => ({ privateKey: undefined, signer: { sign: async () => run() } }),
      name: 'HostError',
      operation: 'signer',
    },
    'the clock': { of: (run) => ({ clock: run }), name: 'HostError', operation: 'clock' },
    'the source of nonces': { of: (run) => ({ nonce: run }), name: 'HostError', operation: 'randomness' },
  };

  for (const [place, { of, name, operation }] of Object.entries(places)) {
    test(`an error thrown by ${place} becomes the cause of a ${name}`, async () => {
      const cases = CRYPTO.flatMap((crypto) =>
        Object.entries(thrownValues()).map(([kind, value]) => ({ what: `${kind}, ${crypto}`, value, crypto })),
      );
      for (const { what, value, crypto } of cases) {
        const run = () => {
          throw value;
        };
        const error = await thrownBy(() => clientOf({ crypto, ...of(run) }).presign(PARAMS));
        assert.ok(error instanceof w.WechatPayError, `${what}: ${typeof error}`);
        assert.deepEqual([error.name, /** @type {any} */ (error).operation], [name, operation], what);
        assert.ok(error.cause === value, what);
        assert.match(String(error.endpoint), /^POST \/v3\//, what);
        assert.doesNotThrow(() => structuredClone(error.toJSON()), what);
      }
    });
  }

  test('ignores any value that a hook throws', async () => {
    for (const value of Object.values(thrownValues())) {
      for (const hook of [
        () => {
          throw value;
        },
        () => Promise.reject(value),
        // A thenable that is not a Promise, such as a library's.
        () => ({ then: (/** @type {any} */ _resolve, /** @type {any} */ reject) => reject(value) }),
      ]) {
        assert.ok(await clientOf({ onRequest: hook, onResponse: hook, onRetry: hook, onEnd: hook }).presign(PARAMS));
      }
    }
  });

  test('a clock that fails after the response arrived does not hide the outcome', async () => {
    for (const failing of [
      () => Number.NaN,
      () => {
        throw new Error('foreign');
      },
    ]) {
      let isSent = false;
      const clock = () => (isSent ? failing() : NOW * 1000);
      const send = async (/** @type {number} */ status) => {
        isSent = true;
        return respond({ status, body: '{}' });
      };
      const error = await thrownBy(() => clientOf({ clock, fetch: () => send(200) }).presign(PARAMS));
      assert.deepEqual([error.name, error.operation, error.outcomeUnknown], ['HostError', 'clock', true]);
    }
  });

  test('a clock or nonce of the wrong type is a HostError that says so', async () => {
    const text = await thrownBy(() => clientOf({ clock: () => '2026' }).presign(PARAMS));
    assert.match(text.message, /`clock` returned a string, but must return milliseconds/);
    const number = await thrownBy(() => clientOf({ nonce: () => 5 }).presign(PARAMS));
    assert.match(number.message, /`nonce` returned a number, but must return a string/);
  });

  test('an abort with any reason is a NetworkError with that reason as cause', async () => {
    for (const [what, value] of Object.entries(thrownValues())) {
      // Without a reason, the host makes an AbortError.
      const cause = value === undefined ? AbortSignal.abort().reason.name : value;
      let signal;
      try {
        signal = AbortSignal.abort(value);
      } catch {
        // workerd itself rejects a revoked proxy.
        continue;
      }
      const before = await thrownBy(() => clientOf({}).presign(PARAMS, { signal }));
      const controller = new AbortController();
      const fetch = () => {
        controller.abort(value);
        return new Promise(() => {});
      };
      const during = await thrownBy(() => clientOf({ fetch }).presign(PARAMS, { signal: controller.signal }));
      for (const error of [before, during]) {
        assert.ok(error instanceof w.NetworkError, what);
        assert.strictEqual(error.retryable, false, what);
        assert.ok((value === undefined ? /** @type {any} */ (error.cause).name : error.cause) === cause, what);
      }
    }
  });

  test('a signal that throws is an InvalidParameterError that names it', async () => {
    const fail = () => {
      throw new Error('foreign');
    };
    for (const [what, signal] of Object.entries({
      'aborted throws': {
        get aborted() {
          return fail();
        },
        addEventListener() {},
        removeEventListener() {},
      },
      'addEventListener throws': { aborted: false, addEventListener: fail, removeEventListener() {} },
      'reason throws': {
        aborted: true,
        get reason() {
          return fail();
        },
        addEventListener() {},
        removeEventListener() {},
      },
      'a proxy of a signal': new Proxy(AbortSignal.abort(), {}),
      'no functions': { aborted: false, addEventListener: 1, removeEventListener: 1 },
    })) {
      const error = await thrownBy(() => clientOf({}).presign(PARAMS, { signal: /** @type {any} */ (signal) }));
      // Some hosts accept a proxy of a signal.
      if (what === 'a proxy of a signal' && error instanceof w.NetworkError) continue;
      assert.ok(error instanceof w.InvalidParameterError, `${what}: ${error}`);
      assert.strictEqual(error.field, 'signal', what);
    }
  });

  test('nothing but WechatPayErrors leaves any export', async () => {
    const client = w.createClient(/** @type {any} */ ({ ...base, apiV3Key: 'x'.repeat(32), timeoutMs: 300 }));
    const endpoints = { chain: client.chain('v3/x/{a}'), v3: client.v3['x'], property: client['v3/x'] };
    const verbs = ['get', 'post', 'put', 'patch', 'delete'].flatMap((verb) => [verb, `${verb}Async`]);
    /** @type {[string, (...args: unknown[]) => unknown][]} */
    const functions = [
      ...functionsOf('', w),
      ...functionsOf('client.', client),
      ...Object.entries(endpoints).flatMap(([name, endpoint]) =>
        verbs.map(
          (verb) =>
            /** @type {any} */ ([
              `${name}.${verb}`,
              (/** @type {any} */ ...args) => /** @type {any} */ (endpoint)[verb](...args),
            ]),
        ),
      ),
    ];
    const names = functions.map(([name]) => name);
    for (const name of ['createClient', 'client.presign', 'client.doctor', 'client.contracts.query', 'chain.post']) {
      assert.include(names, name);
    }
    for (const [name, call] of functions) {
      for (const position of [0, 1, 2, 3]) {
        const calls = [];
        for (const [what, value] of Object.entries({ ...thrownValues(), ...hostileArguments() })) {
          const args = Array.from({ length: 4 }, (_, index) => (index === position ? value : {}));
          calls.push(endsWell(() => call(...args.slice(0, position + 1)), `${name}, ${what} as argument ${position}`));
          calls.push(endsWell(() => call(...args), `${name}, ${what} as argument ${position} of 4`));
        }
        await Promise.all(calls);
      }
    }
    assert.ok(await clientOf({}).presign(PARAMS));
  });

  function hostileArguments() {
    const fail = () => {
      throw new Error('a trap that throws');
    };
    const traps = { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail };
    return {
      'a number': 5,
      'a BigInt': 10n,
      'a function': () => fail(),
      'an array': [1],
      'a proxy whose traps throw': new Proxy({}, traps),
      'a function whose traps throw': new Proxy(() => {}, traps),
      'a getter that throws': Object.defineProperty({}, 'a', { enumerable: true, get: fail }),
      'a thenable that throws': { then: fail },
      bytes: new Uint8Array(3),
    };
  }
}

/**
 * All functions and static methods of a module or client.
 * @param {string} prefix
 * @param {object} object
 * @returns {[string, (...args: any[]) => unknown][]}
 */
function functionsOf(prefix, object) {
  return Object.entries(object).flatMap(([name, value]) => {
    // Error constructors are left out: wrong arguments to them do not compile, and may throw anything.
    if (name.endsWith('Error') && name !== 'isWechatPayError') return [];
    if (typeof value === 'object' && value !== null && name !== 'v3') return functionsOf(`${prefix}${name}.`, value);
    if (typeof value !== 'function') return [];
    if (!/^class\b/.test(String(value))) return [[`${prefix}${name}`, value]];
    const statics = Object.getOwnPropertyNames(value).filter(
      (key) => typeof value[key] === 'function' && key !== 'prototype',
    );
    return [
      [`new ${prefix}${name}`, (/** @type {any[]} */ ...args) => Reflect.construct(value, args)],
      ...statics.map((key) => /** @type {[string, any]} */ ([`${prefix}${name}.${key}`, value[key].bind(value)])),
    ];
  });
}

/**
 * @param {() => unknown} call
 * @param {string} what
 */
async function endsWell(call, what) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it never ends')), PATIENCE_MS);
  });
  try {
    await Promise.race([call(), late]);
  } catch (error) {
    const isOwn = w.isWechatPayError(error);
    assert.ok(isOwn, `${what}: ${isOwn || typeof error !== 'object' || error === null ? typeof error : kind(error)}`);
    assert.notInclude(['ERR_WASM_TRAP', 'ERR_WASM_UNAVAILABLE'], error.code, what);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {object} error */
function kind(error) {
  try {
    return `${error} ${/** @type {any} */ (error).stack}`;
  } catch {
    return 'a value that throws';
  }
}

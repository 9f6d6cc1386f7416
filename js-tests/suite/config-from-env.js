/** The configuration from environment variables. */
import { assert } from 'chai';
import { configFromEnv, createClient } from 'wechatpay-presign';
import { thrownBy } from './thrown-by.js';

/** @param {import('./index.js').Suite} suite */
export default function define({ test, fixtures }) {
  const { merchant, platform } = fixtures;
  const env = {
    WECHATPAY_MCHID: merchant.mchid,
    WECHATPAY_SERIAL: merchant.serial,
    WECHATPAY_PRIVATE_KEY: merchant.privateKey.replaceAll('\n', '\\n'),
    WECHATPAY_PUBLIC_KEY_ID: platform.serial,
    WECHATPAY_PUBLIC_KEY: platform.publicKey,
    WECHATPAY_API_V3_KEY: 'k'.repeat(32),
    WECHATPAY_BASE_URL: 'http://127.0.0.1:8443',
    PATH: '/bin',
  };
  /** @param {Record<string, unknown>} changed @param {Parameters<typeof configFromEnv>[1]} [options] */
  const issuesWith = async (changed, options) => {
    const error = await thrownBy(() => configFromEnv({ ...env, ...changed }, options));
    assert.strictEqual(error.name, 'InvalidParameterError');
    return error.issues.map((/** @type {{ field: string, rule: string }} */ { field, rule }) => `${field} ${rule}`);
  };

  test('reads every variable, and createClient accepts the result', () => {
    const config = configFromEnv(env);
    assert.deepEqual(/** @type {object} */ (config), {
      mchid: merchant.mchid,
      serial: merchant.serial,
      privateKey: env.WECHATPAY_PRIVATE_KEY,
      certs: { [platform.serial]: platform.publicKey },
      apiV3Key: env.WECHATPAY_API_V3_KEY,
      baseUrl: env.WECHATPAY_BASE_URL,
    });
    createClient({ ...config, timeoutMs: 5000 });
  });

  test('without a public key, the APIv3 key is enough', () => {
    const { WECHATPAY_PUBLIC_KEY_ID, WECHATPAY_PUBLIC_KEY, WECHATPAY_BASE_URL, ...others } = env;
    assert.deepEqual(configFromEnv(others).certs, {});
    createClient(configFromEnv(others));
  });

  test('names every missing or empty variable', async () => {
    assert.deepEqual(
      (await thrownBy(() => configFromEnv({}))).issues.map((/** @type {any} */ { field }) => field),
      [
        ...['WECHATPAY_MCHID', 'WECHATPAY_SERIAL', 'WECHATPAY_PRIVATE_KEY'],
        ...['WECHATPAY_PUBLIC_KEY_ID', 'WECHATPAY_PUBLIC_KEY'],
      ],
    );
    assert.deepEqual(await issuesWith({ WECHATPAY_MCHID: '' }), ['WECHATPAY_MCHID required']);
    assert.deepEqual(await issuesWith({ WECHATPAY_PUBLIC_KEY: undefined }), ['WECHATPAY_PUBLIC_KEY required']);
    assert.deepEqual(await issuesWith({ WECHATPAY_PUBLIC_KEY_ID: undefined }), ['WECHATPAY_PUBLIC_KEY_ID required']);
    assert.deepEqual(await issuesWith({ WECHATPAY_MCHID: 19 }), ['WECHATPAY_MCHID type', 'WECHATPAY_MCHID required']);
  });

  test('reads the files named by variables', () => {
    const { WECHATPAY_PRIVATE_KEY, WECHATPAY_PUBLIC_KEY, ...others } = env;
    /** @type {Record<string, string>} */
    const files = { 'a.pem': WECHATPAY_PRIVATE_KEY, 'b.pem': WECHATPAY_PUBLIC_KEY };
    const named = { ...others, WECHATPAY_PRIVATE_KEY_FILE: 'a.pem', WECHATPAY_PUBLIC_KEY_FILE: 'b.pem' };
    const config = configFromEnv(named, { readFile: (path) => files[path] ?? '' });
    assert.deepEqual(config, configFromEnv(env));
  });

  test('says what to do about a file that it cannot read', async () => {
    const named = { WECHATPAY_PRIVATE_KEY: undefined, WECHATPAY_PRIVATE_KEY_FILE: 'no-such-file.pem' };
    // Some hosts have no file system; the others do not have this file.
    assert.deepEqual(await issuesWith(named), ['WECHATPAY_PRIVATE_KEY_FILE choice']);
    const cause = new Error('ENOENT');
    const readFile = () => {
      throw cause;
    };
    const error = await thrownBy(() => configFromEnv({ ...env, ...named }, { readFile }));
    assert.strictEqual(error.name, 'InvalidParameterError');
    assert.strictEqual(error.cause, cause);
  });

  test('passes bytes on, so that a file can hold a key in DER', () => {
    const { WECHATPAY_PRIVATE_KEY, ...others } = env;
    const der = Uint8Array.from(atob(merchant.privateKey.replace(/-----.*?-----|\s/g, '')), (c) => c.charCodeAt(0));
    const config = configFromEnv({ ...others, WECHATPAY_PRIVATE_KEY_FILE: 'a.der' }, { readFile: () => der });
    assert.strictEqual(config.privateKey, der);
    createClient(config);
  });

  test('rejects unknown options, and a readFile that returns nothing', async () => {
    const named = { WECHATPAY_PRIVATE_KEY: undefined, WECHATPAY_PRIVATE_KEY_FILE: 'a.pem' };
    for (const [options, issue] of /** @type {[any, string][]} */ ([
      [null, 'options type'],
      [{ readfile: () => '' }, 'readfile unknown-field'],
      [{ readFile: 'a.pem' }, 'readFile type'],
      [{ readFile: () => Promise.resolve('pem') }, 'readFile type'],
    ])) {
      assert.include(await issuesWith(named, options), issue);
    }
  });

  test('rejects a key that is given twice', async () => {
    const options = { readFile: () => env.WECHATPAY_PRIVATE_KEY };
    assert.deepEqual(await issuesWith({ WECHATPAY_PRIVATE_KEY_FILE: 'a.pem' }, options), [
      'WECHATPAY_PRIVATE_KEY_FILE choice',
    ]);
  });

  test('shows no value in an error', async () => {
    const error = await thrownBy(() =>
      configFromEnv({ ...env, WECHATPAY_MCHID: undefined, WECHATPAY_SERIAL: undefined }),
    );
    for (const value of [env.WECHATPAY_API_V3_KEY, env.WECHATPAY_PRIVATE_KEY.slice(40, 80)]) {
      assert.notInclude(JSON.stringify(error) + error.message, value);
    }
  });
}

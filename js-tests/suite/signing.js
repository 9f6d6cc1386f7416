/** Signatures, verified with the runtime's WebCrypto. */
import { assert } from 'chai';
import { authorizationHeader, InvalidParameterError, signAuthorization, signingMessage } from 'wechatpay-presign';
import { withReplaced } from './replaced.js';
import { thrownBy } from './thrown-by.js';
import { base64, bytesOfBase64, concat, importKey, sign, verify } from './web-crypto.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant } = fixtures;

  const url = 'https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi?a=1&b=%E5%BC%A0';
  const signingParams = { timestamp: NOW, nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };
  const cryptoKey = await importKey(merchant.privateKey);

  /** @type {(request: any, merchant: any, options?: any) => string} */
  const signAnything = signAuthorization;

  /** @param {string} header */
  function parse(header) {
    const match =
      /^WECHATPAY2-SHA256-RSA2048 mchid="(.*?)",nonce_str="(.*?)",signature="(.*?)",timestamp="(.*?)",serial_no="(.*?)"$/.exec(
        header,
      );
    assert.ok(match, header);
    const [, mchid = '', nonce = '', signature = '', timestamp = '', serial = ''] = match;
    return { mchid, nonce, signature: bytesOfBase64(signature), timestamp, serial };
  }

  for (const body of ['', '{"a":"张三"}', 'ends in a line feed\n', new Uint8Array([0, 0xff, 0xfe, 10])]) {
    test(`signs the body ${JSON.stringify(body)} correctly`, async () => {
      const request = { method: 'POST', url, body };
      const parts = parse(signAuthorization(request, merchant, signingParams));
      assert.deepEqual(
        [parts.mchid, parts.nonce, parts.timestamp, parts.serial],
        [merchant.mchid, signingParams.nonce, String(NOW), merchant.serial],
      );
      const path = '/v3/pay/transactions/jsapi?a=1&b=%E5%BC%A0';
      const message = concat(`POST\n${path}\n${NOW}\n${signingParams.nonce}\n`, body, '\n');
      assert.deepEqual(new Uint8Array(signingMessage(request, signingParams)), message);
      assert.ok(await verify(merchant.publicKey, message, parts.signature));
      assert.deepEqual(parts.signature, await sign(merchant.privateKey, message));
    });
  }

  test('makes the same header in two steps with an external signer', async () => {
    const request = { method: 'POST', url, body: '{}' };
    const signature = await sign(merchant.privateKey, signingMessage(request, signingParams));
    const { mchid, serial } = merchant;
    const whole = signAuthorization(request, merchant, signingParams);
    assert.strictEqual(authorizationHeader({ mchid, serial, ...signingParams, signature }), whole);
    assert.strictEqual(authorizationHeader({ mchid, serial, ...signingParams, signature: base64(signature) }), whole);
  });

  test('does not use the clock or randomness of the host if the caller passes both', async () => {
    const fail = () => {
      throw new Error('asked');
    };
    const request = { method: 'GET', url };
    /** @param {() => unknown} use */
    const withoutHost = (use) =>
      withReplaced(Date, 'now', fail, () => withReplaced(crypto, 'getRandomValues', fail, use));
    assert.ok(withoutHost(() => signAuthorization(request, merchant, signingParams)));
    const error = await thrownBy(() => withoutHost(() => signAuthorization(request, merchant, { timestamp: NOW })));
    assert.strictEqual(error.code, 'ERR_NO_RANDOMNESS');
    assert.ok(withoutHost(() => signAuthorization(request, merchant, signingParams)));
  });

  test('fails if the clock of the host stands at 1970', async () => {
    const stopped = (/** @type {object} */ options) =>
      withReplaced(
        Date,
        'now',
        () => 0,
        () => signAnything({ method: 'GET', url }, merchant, options),
      );
    const error = await thrownBy(() => stopped({ nonce: 'N' }));
    assert.strictEqual(error.code, 'ERR_NO_CLOCK');
    assert.ok(stopped(signingParams));
  });

  test('takes the time and nonce from the host by default', async () => {
    const signNow = () => parse(signAuthorization({ method: 'GET', url }, merchant));
    const headers = withReplaced(
      Date,
      'now',
      () => NOW * 1000 + 999,
      () => Array.from({ length: 50 }, signNow),
    );
    assert.ok(headers.every(({ timestamp, nonce }) => timestamp === String(NOW) && /^[0-9A-F]{32}$/.test(nonce)));
    assert.strictEqual(new Set(headers.map(({ nonce }) => nonce)).size, 50);
  });

  test('signs the URL that fetch sends', async () => {
    // prettier-ignore
    const pieces = [
      '',
      'a',
      'B9',
      '-._~',
      '%2F',
      '%e5',
      "'",
      '(',
      '|',
      '[',
      '^',
      '{',
      '"',
      '<',
      ' ',
      '张',
      '\\',
      '.',
      '..',
      '%2e',
      '@',
      ':',
      ';',
      '=',
      '&',
      '+',
      '$',
      ',',
      '!',
      '*',
      '`',
      '\t',
    ];
    let accepted = 0;
    for (const piece of pieces) {
      for (const target of [`/v3/${piece}`, `/v3/${piece}/x`, `/v3/x?y=${piece}`, `/v3/x?y=${piece}#z`, `?${piece}`]) {
        const given = `https://api.mch.weixin.qq.com${target}`;
        let message;
        try {
          message = new TextDecoder().decode(signingMessage({ method: 'GET', url: given }, signingParams));
        } catch (error) {
          assert.ok(error instanceof InvalidParameterError && error.field === 'url', String(error));
          continue;
        }
        accepted += 1;
        const { pathname, search } = new URL(given);
        assert.strictEqual(message.split('\n')[1], pathname + search, given);
      }
    }
    assert.ok(accepted > 50, String(accepted));
  });

  for (const [name, request, credential, options, field] of /** @type {[string, any, any, any, string][]} */ ([
    ['a quote in mchid', {}, { mchid: '1"2' }, {}, 'mchid'],
    ['a line break in mchid', {}, { mchid: '1\r\n2' }, {}, 'mchid'],
    ['a number as mchid', {}, { mchid: 1900000100 }, {}, 'mchid'],
    ['a serial that is not hexadecimal', {}, { serial: 'PUB_KEY_ID_01' }, {}, 'serial'],
    ['a line break in the nonce', {}, {}, { nonce: 'a\nb' }, 'nonce'],
    ['a quote in the nonce', {}, {}, { nonce: 'a"b' }, 'nonce'],
    ['milliseconds', {}, {}, { timestamp: NOW * 1000 }, 'timestamp'],
    ['a string as timestamp', {}, {}, { timestamp: String(NOW) }, 'timestamp'],
    ['an unknown option', {}, {}, { timeStamp: NOW }, 'timeStamp'],
    ['no key', {}, { privateKey: undefined }, {}, 'privateKey'],
    ['a CryptoKey', {}, { privateKey: cryptoKey }, {}, 'privateKey'],
    ['a lower-case patch', { method: 'patch' }, {}, {}, 'method'],
    ['an unknown method', { method: 'HEAD' }, {}, {}, 'method'],
    ['a body on GET', { method: 'GET', body: 'x' }, {}, {}, 'body'],
    ['a body of another type', { body: { a: 1 } }, {}, {}, 'body'],
    ['an ArrayBuffer', { body: new ArrayBuffer(1) }, {}, {}, 'body'],
    ['half a surrogate pair', { body: '\udc00' }, {}, {}, 'body'],
    ['another scheme', { url: 'ftp://a/b' }, {}, {}, 'url'],
    ['a user in the URL', { url: 'https://a@b/c' }, {}, {}, 'url'],
  ])) {
    test(`rejects ${name}`, async () => {
      const error = await thrownBy(() =>
        signAnything({ method: 'POST', url, ...request }, { ...merchant, ...credential }, { nonce: 'N', ...options }),
      );
      assert.ok(error instanceof InvalidParameterError, String(error));
      assert.strictEqual(error.field, field);
    });
  }

  test('rejects a detached array as a body, and accepts an empty one', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    assert.strictEqual(
      (await thrownBy(() => signAnything({ method: 'POST', url, body: bytes }, merchant))).field,
      'body',
    );
    assert.ok(signAnything({ method: 'POST', url, body: new Uint8Array() }, merchant));
  });

  test('signs a Request, whose properties are inherited', async () => {
    const { body, ...line } = { body: '', ...signingParams };
    const header = signAnything(new Request(url), merchant, line);
    assert.strictEqual(header, signAuthorization({ method: 'GET', url, body }, merchant, signingParams));
  });

  test('sends a lower-case serial in upper case', async () => {
    const header = signAuthorization({ method: 'get', url }, { ...merchant, serial: merchant.serial.toLowerCase() });
    assert.strictEqual(parse(header).serial, merchant.serial);
  });

  test('rejects signatures of a wrong length or encoding', async () => {
    for (const signature of ['', 'not base64!', 'AAAA', new Uint8Array(10), new Uint8Array(10_000_000)]) {
      const { mchid, serial } = merchant;
      assert.strictEqual(
        (await thrownBy(() => authorizationHeader({ mchid, serial, ...signingParams, signature }))).field,
        'signature',
      );
    }
  });

  test('reports all errors at once, including those of the body and the key', async () => {
    const error = await thrownBy(() =>
      signAnything({ method: 'X', url: '', body: 5 }, { mchid: '"', serial: 'x' }, { nonce: '' }),
    );
    assert.deepEqual(
      error.issues.map((/** @type {any} */ issue) => [issue.field, issue.rule]),
      [
        ['method', 'choice'],
        ['body', 'type'],
        ['url', 'required'],
        ['mchid', 'characters'],
        ['serial', 'characters'],
        ['privateKey', 'required'],
        ['nonce', 'required'],
      ],
    );
  });
}

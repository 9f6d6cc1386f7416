/** Signatures, verified with the runtime's WebCrypto. */
import { assert } from 'chai';
import { InvalidParameterError, authorizationHeader, signAuthorization, signingMessage } from 'wechatpay-presign';
import { thrownBy } from './thrown-by.js';
import { base64, bytesOfBase64, concat, importKey, sign, verify } from './web-crypto.js';
import { withReplaced } from './replaced.js';

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant } = fixtures;

  const url = 'https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi?a=1&b=%E5%BC%A0';
  const moment = { timestamp: NOW, nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };
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
    test(`the signature over ${JSON.stringify(body)} is right`, async () => {
      const request = { method: 'POST', url, body };
      const parts = parse(signAuthorization(request, merchant, moment));
      assert.deepEqual(
        [parts.mchid, parts.nonce, parts.timestamp, parts.serial],
        [merchant.mchid, moment.nonce, String(NOW), merchant.serial],
      );
      const path = '/v3/pay/transactions/jsapi?a=1&b=%E5%BC%A0';
      const message = concat(`POST\n${path}\n${NOW}\n${moment.nonce}\n`, body, '\n');
      assert.deepEqual(new Uint8Array(signingMessage(request, moment)), message);
      assert.ok(await verify(merchant.publicKey, message, parts.signature));
      assert.deepEqual(parts.signature, await sign(merchant.privateKey, message));
    });
  }

  test('both halves, with a signer elsewhere, make the same header', async () => {
    const request = { method: 'POST', url, body: '{}' };
    const signature = await sign(merchant.privateKey, signingMessage(request, moment));
    const { mchid, serial } = merchant;
    const whole = signAuthorization(request, merchant, moment);
    assert.strictEqual(authorizationHeader({ mchid, serial, ...moment, signature }), whole);
    assert.strictEqual(authorizationHeader({ mchid, serial, ...moment, signature: base64(signature) }), whole);
  });

  test('what the caller passes is not asked of the host', async () => {
    const refuse = () => {
      throw new Error('asked');
    };
    const request = { method: 'GET', url };
    /** @param {() => unknown} use */
    const withoutHost = (use) =>
      withReplaced(Date, 'now', refuse, () => withReplaced(crypto, 'getRandomValues', refuse, use));
    assert.ok(withoutHost(() => signAuthorization(request, merchant, moment)));
    const error = await thrownBy(() => withoutHost(() => signAuthorization(request, merchant, { timestamp: NOW })));
    assert.strictEqual(error.code, 'ERR_NO_RANDOMNESS');
    assert.ok(withoutHost(() => signAuthorization(request, merchant, moment)));
  });

  test('a host that tells no time is not taken at its word', async () => {
    const stopped = (/** @type {object} */ options) =>
      withReplaced(
        Date,
        'now',
        () => 0,
        () => signAnything({ method: 'GET', url }, merchant, options),
      );
    const error = await thrownBy(() => stopped({ nonce: 'N' }));
    assert.strictEqual(error.code, 'ERR_NO_CLOCK');
    assert.ok(stopped(moment));
  });

  test('the host gives time and nonce otherwise', async () => {
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

  test('what is signed of a URL is what fetch sends of it', async () => {
    // prettier-ignore
    const pieces = [
      '', 'a', 'B9', '-._~', '%2F', '%e5', "'", '(', '|', '[',
      '^', '{', '"', '<', ' ', '张', '\\', '.', '..', '%2e',
      '@', ':', ';', '=', '&', '+', '$', ',', '!', '*', '`', '\t',
    ];
    let accepted = 0;
    for (const piece of pieces) {
      for (const target of [`/v3/${piece}`, `/v3/${piece}/x`, `/v3/x?y=${piece}`, `/v3/x?y=${piece}#z`, `?${piece}`]) {
        const given = `https://api.mch.weixin.qq.com${target}`;
        let message;
        try {
          message = new TextDecoder().decode(signingMessage({ method: 'GET', url: given }, moment));
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
    ['a text as timestamp', {}, {}, { timestamp: String(NOW) }, 'timestamp'],
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
    test(`${name} is refused`, async () => {
      const error = await thrownBy(() =>
        signAnything({ method: 'POST', url, ...request }, { ...merchant, ...credential }, { nonce: 'N', ...options }),
      );
      assert.ok(error instanceof InvalidParameterError, String(error));
      assert.strictEqual(error.field, field);
    });
  }

  test('a detached array is refused, an empty one is not', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    assert.strictEqual(
      (await thrownBy(() => signAnything({ method: 'POST', url, body: bytes }, merchant))).field,
      'body',
    );
    assert.ok(signAnything({ method: 'POST', url, body: new Uint8Array() }, merchant));
  });

  test('a Request, whose properties are inherited, can be signed', async () => {
    const { body, ...line } = { body: '', ...moment };
    const header = signAnything(new Request(url), merchant, line);
    assert.strictEqual(header, signAuthorization({ method: 'GET', url, body }, merchant, moment));
  });

  test('a lower-case serial is sent in upper case', async () => {
    const header = signAuthorization({ method: 'get', url }, { ...merchant, serial: merchant.serial.toLowerCase() });
    assert.strictEqual(parse(header).serial, merchant.serial);
  });

  test('signatures of a wrong shape are refused', async () => {
    for (const signature of ['', 'not base64!', 'AAAA', new Uint8Array(10), new Uint8Array(10_000_000)]) {
      const { mchid, serial } = merchant;
      assert.strictEqual(
        (await thrownBy(() => authorizationHeader({ mchid, serial, ...moment, signature }))).field,
        'signature',
      );
    }
  });

  test('everything that is wrong is reported at once, the body and the key included', async () => {
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

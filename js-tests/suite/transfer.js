/** Uploads and downloads: the signed and sent bytes, and the checks of a file while it is streamed. */
import { assert } from 'chai';
import * as w from 'wechatpay-presign';
import { createTestKit } from 'wechatpay-presign/testing';
import { BILL, BILL_DATE } from './bill.js';
import { scriptedFetch } from './scripted-fetch.js';
import { responder } from './signed-response.js';
import { thrownBy } from './thrown-by.js';

const MEDIA = 'v3/merchant/media/upload';
const TOKEN = 'SECRET-TOKEN-0123456789';
const FILE_URL = `https://api.mch.weixin.qq.com/v3/billdownload/file?token=${TOKEN}`;

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
const hex = (/** @type {ArrayBuffer} */ bytes) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
const hash = async (/** @type {string} */ algorithm, /** @type {Uint8Array<ArrayBuffer>} */ data) =>
  hex(await crypto.subtle.digest(algorithm, data));
/** @param {Uint8Array<ArrayBuffer>} data */
const gzip = async (data) => {
  const stream = new Response(data).body?.pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
/** Unlike `text()`, which in some runtimes removes the byte order mark at the start of the bill. */
const textOf = async (/** @type {ReadableStream} */ stream) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await new Response(stream).arrayBuffer());
/** The Edge Runtime cannot decompress, and the client reports that. */
const CAN_DECOMPRESS = typeof DecompressionStream !== 'undefined';

/**
 * Reads a stream until it ends or fails.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {Promise<{ bytes: number[], error?: any }>}
 */
async function readOut(stream) {
  /** @type {number[]} */
  const bytes = [];
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { bytes };
      for (const byte of value) bytes.push(byte);
    }
  } catch (error) {
    return { bytes, error };
  }
}

/** @param {import('./index.js').Suite} suite */
export default async function define({ test, fixtures }) {
  const { NOW, merchant, platform, gateway } = fixtures;
  const respond = responder(fixtures);
  const { mchid, serial, privateKey } = merchant;
  const certs = { [platform.serial]: platform.publicKey };
  const base = { mchid, serial, privateKey, certs, clock: () => NOW * 1000, retryDelayMs: 1 };

  /**
   * @param {((request: import('./scripted-fetch.js').Sent) => unknown)[]} steps
   * @param {object} [others]
   */
  function clientOf(steps, others) {
    const { fetch, requests } = scriptedFetch(...steps);
    const client = w.createClient(/** @type {any} */ ({ ...base, fetch, ...others }));
    return { client, requests };
  }
  const overHttp = () => w.createClient({ ...base, clock: Date.now, baseUrl: gateway.baseUrl });
  const inject = (/** @type {string} */ fault) => fetch(`${gateway.control}/inject/${fault}`);

  // ---- Every kind of call ----

  test('every kind of v3 call works: JSON, no body, upload, download', async () => {
    const client = overHttp();
    const echo = await client.chain('v3/security/echo').post({ json: { echo_message: '你好' } });
    assert.strictEqual(/** @type {any} */ (echo.data).echo_message, '你好');
    const { data } = await client.chain('v3/bill/tradebill').get({ query: { bill_date: BILL_DATE } });
    const uploaded = await client.upload(MEDIA, { file: utf8('an image'), filename: '门店.png' });
    assert.match(uploaded.data.media_id, /^[0-9a-f]{64}$/);
    assert.strictEqual(await textOf(await client.download(/** @type {any} */ (data))), BILL);
  });

  for (const [path, filename] of /** @type {const} */ ([
    ['v3/merchant/media/upload', 'a.jpg'],
    ['v3/merchant/media/video_upload', 'a.mp4'],
    ['v3/marketing/favor/media/image-upload', 'a.bmp'],
    ['v3/merchant-service/images/upload', 'a.png'],
  ])) {
    test(`the gateway accepts an upload to ${path}`, async () => {
      const kit = await createTestKit();
      const client = w.createClient(kit.config);
      const { status, data } = await client.upload(path, { file: new Blob(['content']), filename });
      assert.strictEqual(status, 200);
      assert.match(JSON.stringify(data), /^\{"media_(id|url)":"[\w:/.]+"\}$/);
    });
  }

  // ---- Uploads ----

  test('an upload sends meta and the file, and signs meta', async () => {
    const { client, requests } = clientOf([() => respond({ body: '{"media_id":"1"}' })], { nonce: () => 'NONCE' });
    const file = utf8('\0\r\n--content');
    const sha256 = await hash('SHA-256', file);
    const { data, requestId } = await client.upload(`/${MEDIA}`, { file, filename: '门店.PNG' });
    assert.deepEqual(/** @type {any} */ ([data, requestId]), [{ media_id: '1' }, '08F78BB5AF0610D302-0']);
    const [request] = requests;
    assert.ok(request !== undefined);
    const { 'Content-Type': contentType = '', Authorization } = request.headers;
    const [, boundary = ''] = /^multipart\/form-data; boundary=([\w-]{1,70})$/.exec(contentType) ?? [];
    const meta = `{"filename":"门店.PNG","sha256":"${sha256}"}`;
    assert.strictEqual(
      new TextDecoder().decode(/** @type {any} */ (request.body)),
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="meta"',
        'Content-Type: application/json',
        '',
        meta,
        `--${boundary}`,
        'Content-Disposition: form-data; name="file"; filename="门店.PNG"',
        'Content-Type: image/png',
        '',
        new TextDecoder().decode(file),
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
    const signed = { method: 'POST', url: request.url, body: meta };
    assert.strictEqual(Authorization, w.signAuthorization(signed, merchant, { timestamp: NOW, nonce: 'NONCE' }));
    // The runtime's own parser reads the same form.
    const form = await new Response(/** @type {any} */ (request.body), { headers: { 'Content-Type': contentType } })
      .formData()
      .catch(() => undefined);
    if (form !== undefined) assert.strictEqual(/** @type {File} */ (form.get('file')).name, '门店.PNG');
  });

  test('an upload is sent again with the same bytes and a new signature', async () => {
    const failure = () => respond({ status: 503, body: '{"code":"X"}' });
    const { client, requests } = clientOf([failure, () => respond()]);
    const file = utf8('content');
    const sending = client.upload(MEDIA, { file, filename: 'a.png' });
    await sending;
    const [first, second] = requests;
    assert.deepEqual(first?.body, second?.body);
    assert.notStrictEqual(first?.headers['Authorization'], second?.headers['Authorization']);
  });

  test('the bytes of an upload are those at the time of the call', async () => {
    const { client, requests } = clientOf([() => respond()]);
    const file = utf8('content');
    const sending = client.upload(MEDIA, { file, filename: 'a.png' });
    file.fill(0);
    await sending;
    assert.include(new TextDecoder().decode(/** @type {any} */ (requests[0]?.body)), '\r\n\r\ncontent\r\n');
  });

  test('the response of an upload is verified', async () => {
    const { client } = clientOf([() => new Response('{"media_id":"forged"}')]);
    const error = await thrownBy(() => client.upload(MEDIA, { file: utf8('x'), filename: 'a.png' }));
    assert.deepEqual(
      [error.code, error.reason, error.outcomeUnknown],
      ['ERR_SIGNATURE_VERIFICATION', 'missing-header', true],
    );
  });

  test('a meta given as text is sent and signed byte for byte', async () => {
    const kit = await createTestKit();
    const client = w.createClient(kit.config);
    const sha256 = (await hash('SHA-256', utf8('content'))).toUpperCase();
    const meta = `{ "sha256": "${sha256}",\n "filename": "a.png", "extra": 1.0 }`;
    await client.upload(MEDIA, { file: utf8('content'), filename: 'a.png', meta });
    const body = new TextDecoder().decode(kit.gateway.requests[0]?.body);
    assert.include(body, `\r\n\r\n${meta}\r\n--`);
  });

  test('adds the missing name and hash to a meta object', async () => {
    const { client, requests } = clientOf([() => respond()]);
    await client.upload(MEDIA, { file: utf8('x'), filename: 'a.png', meta: { purpose: 'licence' } });
    const sha256 = await hash('SHA-256', utf8('x'));
    const body = new TextDecoder().decode(/** @type {any} */ (requests[0]?.body));
    assert.include(body, `{"filename":"a.png","sha256":"${sha256}","purpose":"licence"}`);
  });

  test('the gateway rejects an upload whose file was changed after signing', async () => {
    const kit = await createTestKit();
    /** @param {any} url @param {any} init */
    const tamper = (url, init) => {
      const body = new TextDecoder().decode(init.body).replace('content', 'CONTENT');
      return kit.gateway.fetch(url, { ...init, body: utf8(body) });
    };
    const client = w.createClient({ ...kit.config, fetch: tamper });
    const error = await thrownBy(() => client.upload(MEDIA, { file: utf8('content'), filename: 'a.png' }));
    assert.deepEqual([error.status, error.apiCode, error.verified], [400, 'PARAM_ERROR', true]);
  });

  const good = { file: utf8('x'), filename: 'a.png' };
  for (const [name, options, field, rule, fix] of /** @type {[string, any, string, string, RegExp][]} */ ([
    ['without options', undefined, 'file|filename', 'required', /./],
    ['of a path in place of bytes', { ...good, file: './a.png' }, 'file', 'type', /readFile/],
    ['of an ArrayBuffer', { ...good, file: new ArrayBuffer(1) }, 'file', 'type', /new Uint8Array/],
    ['of a FormData', { ...good, file: new FormData() }, 'file', 'type', /the file itself/],
    ['of a stream', { ...good, file: new ReadableStream() }, 'file', 'type', /blob\(\)/],
    ['of nothing', { filename: 'a.png' }, 'file', 'required', /Uint8Array or a Blob/],
    ['of an empty file', { ...good, file: new Uint8Array() }, 'file', 'required', /empty/],
    ['of an empty Blob', { ...good, file: new Blob([]) }, 'file', 'required', /empty/],
    ['of a file that is too large', { ...good, maxFileBytes: 0 }, 'maxFileBytes', 'integer', /1 or more/],
    ['over maxFileBytes', { ...good, file: utf8('xyz'), maxFileBytes: 2 }, 'file', 'max-length', /maxFileBytes/],
    [
      'of a Blob over 10 MiB',
      { ...good, file: { size: 2 ** 24, arrayBuffer() {} } },
      'file',
      'max-length',
      /maxFileBytes/,
    ],
    ['without a name', { file: good.file }, 'filename', 'required', /licence\.png/],
    ['with a path as the name', { ...good, filename: 'c:\\a.png' }, 'filename', 'characters', /folders/],
    ['with a quotation mark in the name', { ...good, filename: 'a".png' }, 'filename', 'characters', /rename/],
    ['with a line break in the name', { ...good, filename: 'a\r\n.png' }, 'filename', 'characters', /rename/],
    ['with a control character in the name', { ...good, filename: 'a\u0085.png' }, 'filename', 'characters', /rename/],
    ['with half a character in the name', { ...good, filename: 'a\uD800.png' }, 'filename', 'characters', /surrogate/],
    ['with a meta that is not JSON', { ...good, meta: 'a.png' }, 'meta', 'type', /leave it out/],
    ['with another name in meta', { ...good, meta: { filename: 'b.png' } }, 'meta.filename', 'choice', /leave it out/],
    [
      'with another hash in meta',
      { ...good, meta: { sha256: '0'.repeat(64) } },
      'meta.sha256',
      'choice',
      /leave it out/,
    ],
    [
      'with no hash in the text of meta',
      { ...good, meta: '{"filename":"a.png"}' },
      'meta.sha256',
      'required',
      /object/,
    ],
    ['with json', { ...good, json: {} }, 'json', 'unknown-field', /inside `meta`/],
    ['with a misspelt option', { ...good, fileName: 'a.png' }, 'fileName', 'unknown-field', /file, filename, meta/],
    [
      'with a Content-Type',
      { ...good, headers: { 'content-type': 'x' } },
      'headers.content-type',
      'unknown-field',
      /client/,
    ],
  ])) {
    test(`an upload ${name} is rejected, the error names the fix, and nothing is sent`, async () => {
      const { client, requests } = clientOf([() => respond()]);
      const error = await thrownBy(() => client.upload(MEDIA, options));
      assert.ok(error instanceof w.InvalidParameterError, String(error?.stack));
      assert.match(error.field, new RegExp(`^(${field})$`));
      assert.deepEqual([error.rule, requests.length], [rule, 0]);
      assert.match(error.message, fix);
    });
  }

  test('an error of reading a Blob becomes the cause', async () => {
    const { client } = clientOf([() => respond()]);
    const cause = new Error('gone');
    const file = { size: 1, type: '', arrayBuffer: () => Promise.reject(cause) };
    const error = await thrownBy(() => client.upload(MEDIA, { file, filename: 'a.png' }));
    assert.deepEqual([error.field, error.cause], ['file', cause]);
  });

  // ---- Downloads ----

  /** @param {Uint8Array<ArrayBuffer>} content */
  const sourceOf = async (content, algorithm = 'SHA1', download_url = FILE_URL) => ({
    download_url,
    hash_type: algorithm,
    hash_value: await hash(algorithm === 'SHA1' ? 'SHA-1' : 'SHA-256', content),
  });
  /**
   * A response body in parts, with a record of its reads and its cancellation.
   * @param {unknown[]} parts  an error ends the stream
   */
  function inParts(parts) {
    const state = { read: 0, isCancelled: false };
    const stream = new ReadableStream(
      {
        pull(controller) {
          const part = parts[state.read];
          state.read += 1;
          if (part instanceof Error) controller.error(part);
          else if (part === undefined) controller.close();
          else if (part !== 'hang') controller.enqueue(part);
          return part === 'hang' ? new Promise(() => {}) : undefined;
        },
        cancel() {
          state.isCancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    return { state, respond: () => ({ status: 200, headers: new Headers({ 'Request-ID': 'R' }), body: stream }) };
  }

  for (const algorithm of ['SHA1', 'SHA256']) {
    test(`a download with the right ${algorithm} gives the file`, async () => {
      const content = utf8(BILL);
      const { client, requests } = clientOf([() => new Response(content)]);
      const stream = await client.download(await sourceOf(content, algorithm));
      assert.deepEqual(new Uint8Array(await new Response(stream).arrayBuffer()), content);
      const [{ url, method, redirect, headers } = /** @type {any} */ ({})] = requests;
      assert.deepEqual([url, method, redirect], [FILE_URL, 'GET', 'manual']);
      assert.match(headers.Authorization, /^WECHATPAY2-SHA256-RSA2048 mchid="/);
      assert.strictEqual(headers['Wechatpay-Serial'], platform.serial);
    });
  }

  test('a compressed file is decompressed, and the hash of its content is verified', async () => {
    const client = overHttp();
    const query = { bill_date: BILL_DATE, tar_type: 'GZIP' };
    const { data } = await client.chain('v3/bill/tradebill').get({ query });
    if (!CAN_DECOMPRESS) {
      const error = await thrownBy(() => client.download(/** @type {any} */ (data), { gzip: true }));
      return assert.deepEqual([error.field, error.rule], ['gzip', 'choice']);
    }
    const stream = await client.download(/** @type {any} */ (data), { gzip: true });
    assert.strictEqual(await textOf(stream), BILL);
  });

  test('a compressed file that fetch has already decompressed is accepted if its hash is right', async () => {
    if (!CAN_DECOMPRESS) return;
    const content = utf8('交易');
    const { client } = clientOf([() => new Response(content)]);
    assert.strictEqual(await textOf(await client.download(await sourceOf(content), { gzip: true })), '交易');
  });

  for (const fault of ['corrupted-byte', 'short-body']) {
    for (const isGzip of [false, true]) {
      test(`${isGzip ? 'a compressed' : 'a'} file with the fault ${fault} ends with an error before its last byte`, async () => {
        if (isGzip && !CAN_DECOMPRESS) return;
        const client = overHttp();
        const query = { bill_date: BILL_DATE, tar_type: isGzip ? 'GZIP' : undefined };
        const { data } = await client.chain('v3/bill/tradebill').get({ query });
        await inject(fault);
        const { bytes, error } = await readOut(await client.download(/** @type {any} */ (data), { gzip: isGzip }));
        assert.ok(error instanceof w.SignatureVerificationError, String(error?.stack));
        const { code, reason, retryable, outcomeUnknown, endpoint } = error;
        assert.deepEqual([code, reason, retryable], ['ERR_SIGNATURE_VERIFICATION', 'bad-hash', true]);
        assert.deepEqual([outcomeUnknown, endpoint], [false, 'GET /v3/billdownload/file']);
        assert.isBelow(bytes.length, utf8(BILL).length - (fault === 'short-body' ? 1 : 0));
      });
    }
  }

  test('the last part is held back until the hash is verified', async () => {
    const parts = ['ab', 'cd', '', 'e'].map(utf8);
    const wrong = await sourceOf(utf8('abcdX'));
    const { bytes, error } = await readOut(await clientOf([inParts(parts).respond]).client.download(wrong));
    assert.deepEqual([new TextDecoder().decode(new Uint8Array(bytes)), error.reason], ['abcd', 'bad-hash']);
    const one = await readOut(await clientOf([inParts([utf8('e')]).respond]).client.download(wrong));
    assert.deepEqual([one.bytes, one.error.reason], [[], 'bad-hash']);
    const right = await sourceOf(utf8('abcde'));
    const whole = await clientOf([inParts(parts).respond]).client.download(right);
    assert.strictEqual(await textOf(whole), 'abcde');
  });

  test('a file is read correctly if its parts share one buffer', async () => {
    const buffer = new Uint8Array(2);
    const texts = ['ab', 'cd', 'ef'];
    const { client } = clientOf([
      () => {
        const stream = new ReadableStream(
          {
            pull(controller) {
              const text = texts.shift();
              if (text === undefined) return controller.close();
              buffer.set(utf8(text));
              controller.enqueue(buffer);
            },
          },
          { highWaterMark: 0 },
        );
        return { status: 200, headers: new Headers(), body: stream };
      },
    ]);
    assert.strictEqual(await textOf(await client.download(await sourceOf(utf8('abcdef')))), 'abcdef');
  });

  test('an empty file is accepted if its hash is that of an empty file', async () => {
    const content = new Uint8Array();
    const { client } = clientOf([() => new Response(null)]);
    assert.strictEqual(await textOf(await client.download(await sourceOf(content))), '');
    const { error } = await readOut(await client.download(await sourceOf(utf8('x'))));
    assert.strictEqual(error.reason, 'bad-hash');
  });

  test('the error for a compressed file without { gzip: true } names the option', async () => {
    if (!CAN_DECOMPRESS) return;
    const content = utf8(BILL);
    const { client } = clientOf([await gzip(content).then((data) => () => new Response(data))]);
    const { error } = await readOut(await client.download(await sourceOf(content)));
    assert.match(error.message, /gzip: true/);
  });

  test('nothing is received before the reader asks for it', async () => {
    const parts = Array.from({ length: 100 }, () => utf8('x'.repeat(1000)));
    const { state, respond } = inParts(parts);
    const stream = await clientOf([respond]).client.download(await sourceOf(utf8('x'.repeat(100_000))));
    assert.strictEqual(state.read, 0);
    const reader = stream.getReader();
    for (let index = 0; index < 5; index += 1) await reader.read();
    assert.isAtMost(state.read, 7);
    await reader.cancel();
    assert.strictEqual(state.isCancelled, true);
  });

  test('a compressed file is decompressed only as far as it is read', async () => {
    if (!CAN_DECOMPRESS) return;
    // 4 MiB of data that do not compress.
    const content = new Uint8Array(2 ** 22);
    let random = 1;
    for (let index = 0; index < content.length; index += 1) {
      random = (Math.imul(random, 1664525) + 1013904223) | 0;
      content[index] = random >>> 24;
    }
    const compressed = await gzip(content);
    const parts = Array.from({ length: Math.ceil(compressed.length / 1024) }, (_, index) =>
      compressed.slice(index * 1024, (index + 1) * 1024),
    );
    const { state, respond } = inParts(parts);
    const stream = await clientOf([respond]).client.download(await sourceOf(content), { gzip: true });
    const reader = stream.getReader();
    await reader.read();
    assert.isBelow(state.read, parts.length / 2);
    await reader.cancel();
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.strictEqual(state.isCancelled, true);
  });

  test('cancelling or aborting a download closes the connection', async () => {
    for (const isGzip of [false, CAN_DECOMPRESS]) {
      /** @type {AbortSignal | undefined} */
      let connection;
      const { state, respond } = inParts([utf8('\x1fb'), utf8('c'), 'hang']);
      const source = await sourceOf(utf8('abc'));
      const remember = (/** @type {any} */ { signal }) => {
        connection = signal;
        return respond();
      };
      const stream = await clientOf([remember]).client.download(source, { gzip: isGzip });
      await stream.cancel('enough');
      assert.deepEqual([connection?.aborted, state.isCancelled], [true, true]);
    }
    const controller = new AbortController();
    const { state, respond } = inParts([utf8('a'), utf8('b'), 'hang']);
    const source = await sourceOf(utf8('abc'));
    const stream = await clientOf([respond]).client.download(source, { signal: controller.signal });
    const reading = readOut(stream);
    const reason = new Error('enough');
    controller.abort(reason);
    const { error } = await reading;
    assert.deepEqual([error.code, error.cause, error.retryable], ['ERR_NETWORK', reason, false]);
    assert.strictEqual(state.isCancelled, true);
  });

  test('attemptTimeoutMs ends a download that stalls', async () => {
    const { state, respond } = inParts([utf8('a'), utf8('b'), 'hang']);
    const source = await sourceOf(utf8('abc'));
    const stream = await clientOf([respond]).client.download(source, { attemptTimeoutMs: 20 });
    const { bytes, error } = await readOut(stream);
    assert.deepEqual([bytes.length, error.code, error.retryable], [1, 'ERR_NETWORK', true]);
    assert.match(error.message, /no more of the file came within 20 ms/);
    assert.strictEqual(state.isCancelled, true);
  });

  test('throws a NetworkError if a file breaks off or contains values other than bytes', async () => {
    const source = await sourceOf(utf8('abc'));
    for (const gzip of [false, CAN_DECOMPRESS]) {
      for (const [part, retryable] of /** @type {[unknown, boolean][]} */ ([
        [new TypeError('terminated'), true],
        ['text', false],
      ])) {
        const { respond } = inParts([Uint8Array.of(0x1f, 0x8b), part]);
        const { error } = await readOut(await clientOf([respond]).client.download(source, { gzip }));
        assert.deepEqual([error.code, error.retryable, error.outcomeUnknown], ['ERR_NETWORK', retryable, false]);
        assert.strictEqual(error.requestId, 'R');
      }
    }
  });

  test('a response that cannot be read is reported as a NetworkError', async () => {
    const fail = () => {
      throw new Error('foreign');
    };
    const { client } = clientOf([() => ({ status: 200, headers: new Headers(), body: { getReader: fail } })]);
    const { error } = await readOut(await client.download(await sourceOf(utf8('x'))));
    assert.deepEqual([error.code, error.cause.message], ['ERR_NETWORK', 'foreign']);
  });

  test('a download is tried again until the file begins', async () => {
    const content = utf8('abc');
    const { client, requests } = clientOf([
      () => respond({ status: 503, body: '{"code":"X"}' }),
      () => {
        throw new TypeError('fetch failed');
      },
      () => new Response(content),
    ]);
    assert.strictEqual(await textOf(await client.download(await sourceOf(content))), 'abc');
    assert.strictEqual(requests.length, 3);
  });

  test('a status other than 200 is reported as an ApiError, and a redirect is not followed', async () => {
    const source = await sourceOf(utf8('abc'));
    for (const [status, verified] of /** @type {[number, boolean][]} */ ([
      [400, true],
      [404, false],
      [302, false],
      [204, false],
    ])) {
      const step = () =>
        verified
          ? respond({ status, body: '{"code":"PARAM_ERROR","message":"x"}' })
          : new Response(null, { status, headers: { Location: 'https://other.invalid/' } });
      const { client, requests } = clientOf([step]);
      const error = await thrownBy(() => client.download(source));
      assert.deepEqual([error.code, error.status, error.verified], ['ERR_API', status, verified]);
      assert.deepEqual([error.endpoint, requests.length], ['GET /v3/billdownload/file', 1]);
    }
    const opaque = clientOf([() => ({ status: 0, type: 'opaqueredirect', headers: new Headers() })]);
    assert.strictEqual((await thrownBy(() => opaque.client.download(source))).code, 'ERR_NETWORK');
  });

  test('no error and no event contains the token of a download', async () => {
    const content = utf8('abc');
    const source = await sourceOf(content);
    const leaky = (/** @type {unknown} */ text) => Object.assign(new TypeError(`failed: ${text}`), { url: text });
    for (const step of [
      () => Promise.reject(leaky(FILE_URL)),
      () => Promise.reject(new TypeError('fetch failed', { cause: leaky(FILE_URL) })),
      () => respond({ status: 400, body: JSON.stringify({ code: 'X', message: TOKEN, detail: { value: TOKEN } }) }),
      () => new Response(`<html>${FILE_URL}</html>`, { status: 502 }),
      () => respond({ status: 401, body: JSON.stringify({ code: 'SIGN_ERROR', message: 'x', detail: signDetail() }) }),
      () => inParts([leaky(FILE_URL)]).respond(),
      () => new Response('other'),
    ]) {
      /** @type {any[]} */
      const seen = [];
      const hooks = Object.fromEntries(
        ['onRequest', 'onResponse', 'onRetry', 'onEnd'].map((name) => [
          name,
          (/** @type {any} */ event) => seen.push(event),
        ]),
      );
      const { client } = clientOf([step], { ...hooks, retries: 1 });
      const error = await thrownBy(async () => {
        const { error } = await readOut(await client.download(source));
        throw error;
      });
      seen.push(error);
      const all = seen.flatMap((value) => shownBy(value)).join('\n');
      assert.notInclude(all, TOKEN);
      assert.include(all, '/v3/billdownload/file');
    }
    /** All texts that a program can print. @param {any} value @returns {string[]} */
    function shownBy(value, depth = 0) {
      if (typeof value !== 'object' || value === null || depth > 5) return [String(value)];
      const names = [...Object.getOwnPropertyNames(value), 'message', 'stack', 'cause'];
      return [String(value), JSON.stringify(value), ...names.flatMap((name) => shownBy(value[name], depth + 1))];
    }
    function signDetail() {
      const message = `GET\n/v3/billdownload/file?token=${TOKEN}\n1\n2\n\n`;
      return {
        sign_information: { method: 'GET', url: FILE_URL, truncated_sign_message: message, sign_message_length: 1 },
      };
    }
  });

  test('the hooks of every call receive URLs without tokens', async () => {
    /** @type {any[]} */
    const urls = [];
    const onRequest = (/** @type {any} */ { attributes }) => urls.push(attributes['url.full']);
    const { client } = clientOf([() => respond()], { onRequest });
    await client.chain('v3/x').get({ query: { a: '1', token: TOKEN, b: '2' } });
    assert.deepEqual(urls, ['https://api.mch.weixin.qq.com/v3/x?a=1&token=[redacted]&b=2']);
  });

  const HASH = { hash_type: 'SHA1', hash_value: '0'.repeat(40) };
  for (const url of [
    'https://example.com/v3/billdownload/file',
    'https://api.mch.weixin.qq.com.example.com/x',
    'https://api.mch.weixin.qq.com@example.com/x',
    'https://user:pw@api.mch.weixin.qq.com/x',
    'http://api.mch.weixin.qq.com/x',
    'https://api.mch.weixin.qq.com:8443/x',
    'http://127.0.0.1:1/x',
    'file:///etc/passwd',
    'data:text/plain,x',
    '/v3/billdownload/file',
    'https://xn--pi-7bc.mch.weixin.qq.com/x',
  ]) {
    test(`a download from ${url} is rejected, and nothing is sent`, async () => {
      const { client, requests } = clientOf([() => new Response('')]);
      const error = await thrownBy(() => client.download({ download_url: url, ...HASH }));
      assert.deepEqual([error.code, error.field, error.rule], ['ERR_INVALID_PARAMETER', 'download_url', 'url']);
      assert.strictEqual(requests.length, 0);
    });
  }

  for (const [name, source, options, field, rule] of /** @type {[string, any, any, string, string][]} */ ([
    ['without a source', undefined, {}, 'source', 'required'],
    ['of a whole response', { status: 200, data: {} }, {}, 'download_url', 'required'],
    ['without a hash', { download_url: FILE_URL }, {}, 'hash_type', 'required'],
    ['with half a hash', { download_url: FILE_URL, hash_type: 'SHA1' }, { unverified: true }, 'hash_value', 'required'],
    ['with an unknown hash', { download_url: FILE_URL, ...HASH, hash_type: 'MD5' }, {}, 'hash_type', 'choice'],
    ['with a short hash', { download_url: FILE_URL, ...HASH, hash_value: '00' }, {}, 'hash_value', 'length'],
    ['with a hash in Base64', { download_url: FILE_URL, ...HASH, hash_value: 'zz==' }, {}, 'hash_value', 'characters'],
    ['with gzip as text', { download_url: FILE_URL, ...HASH }, { gzip: 'GZIP' }, 'gzip', 'type'],
    ['with an unknown option', { download_url: FILE_URL, ...HASH }, { query: {} }, 'query', 'unknown-field'],
  ])) {
    test(`a download ${name} is rejected, and nothing is sent`, async () => {
      const { client, requests } = clientOf([() => new Response('')]);
      const error = await thrownBy(() => client.download(source, options));
      assert.deepEqual([error.code, error.field, error.rule], ['ERR_INVALID_PARAMETER', field, rule]);
      assert.strictEqual(requests.length, 0);
    });
  }

  test('downloads a file without a hash only with { unverified: true }', async () => {
    const { client } = clientOf([() => new Response('abc')]);
    const source = { download_url: FILE_URL };
    assert.strictEqual(await textOf(await client.download(source, { unverified: true })), 'abc');
    const { error } = await readOut(await client.download({ ...source, ...HASH }, { unverified: true }));
    assert.strictEqual(error.reason, 'bad-hash');
  });
}

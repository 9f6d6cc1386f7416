// Runs in Node.js and prints JSON: whether the wasm's times reveal the class of a key, message or ciphertext. The inputs, each a
// separate object, and the random order of the classes are made beforehand.
import { constants, createPublicKey, publicEncrypt, sign } from 'node:crypto';
import { makeMerchant } from '#testing/keys.js';
import { makeExtremeKey } from './extreme-keys.js';
import { compareClasses } from './welch.js';

const [entry = '', count = '20000'] = process.argv.slice(2);
/** @type {typeof import('wechatpay-presign')} */
const w = await import(entry);

/** Each key is parsed this many times, in turns, so that its place in memory does not matter. */
const COPIES = 8;
const BODY_BYTES = 256;

/** A 32-bit xorshift, which returns the same numbers in every run. */
let state = 0x2545f491;
function random() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}
const pick = (/** @type {any[]} */ choices) => choices[Math.floor(random() * choices.length)];
const randomBytes = (/** @type {number} */ length) => Buffer.from(Array.from({ length }, () => random() * 256));

/**
 * @template Input
 * @param {string} name
 * @param {readonly [() => Input, () => Input]} makers  make a fresh input of each class
 * @param {(input: Input) => unknown} run
 */
function compare(name, makers, run) {
  const total = Number(count);
  const classes = Uint8Array.from({ length: total }, () => (random() < 0.5 ? 0 : 1));
  const inputs = Array.from(classes, (of) => /** @type {() => Input} */ (makers[of])());
  const times = new Float64Array(total);
  for (const input of inputs.slice(0, Math.min(2000, total))) run(input);
  for (let index = 0; index < total; index += 1) {
    const input = /** @type {Input} */ (inputs[index]);
    const begun = performance.now();
    run(input);
    times[index] = performance.now() - begun;
  }
  console.error(`${name} …`);
  return { name, ...compareClasses(times, classes) };
}

// ---- Signing ----

const moment = { timestamp: 1_700_000_000, nonce: '593BEC0C930BF1AFEB40B4A08C8FB242' };
const { privateKey, publicKey } = await makeMerchant();
const others = await Promise.all(Array.from({ length: COPIES }, async () => (await makeMerchant()).privateKey));
const [sparse, dense] = [makeExtremeKey('sparse', random), makeExtremeKey('dense', random)];

/** @param {string[]} ones @param {string[]} others */
function readInTurns(ones, others) {
  const pairs = Array.from({ length: COPIES }, (_, index) =>
    [ones, others].map((pems) => {
      const key = w.MerchantKey.fromPem(pems[index % pems.length] ?? '');
      return { mchid: '1900000100', serial: '5F1C', privateKey: key };
    }),
  );
  return [0, 1].map((index) => pairs.map((pair) => pair[index]));
}

const [mine = []] = readInTurns([privateKey], [privateKey]);
const fixed = randomBytes(BODY_BYTES / 2).toString('hex');
/** @param {string} body */
function requestWith(body) {
  // A separate string, even if the text is the same.
  return { method: 'POST', url: '/v3/x', body: Buffer.from(body).toString() };
}
const ofFixedMessage = () => ({ request: requestWith(fixed), merchant: pick(mine) });
const ofRandomMessage = () => {
  return { request: requestWith(randomBytes(BODY_BYTES / 2).toString('hex')), merchant: pick(mine) };
};
const signs = (/** @type {any} */ { request, merchant }) => w.signAuthorization(request, merchant, moment);
const keysOf = (/** @type {string[]} */ ones, /** @type {string[]} */ others) => {
  const [zero = [], one = []] = readInTurns(ones, others);
  const input = (/** @type {any[]} */ merchants) => () => ({ request: requestWith(fixed), merchant: pick(merchants) });
  return /** @type {[() => any, () => any]} */ ([input(zero), input(one)]);
};
for (const pem of [sparse, dense]) {
  const made = signs(keysOf([pem], [pem])[0]());
  const expected = sign('sha256', w.signingMessage(requestWith(fixed), moment), pem).toString('base64');
  if (!made.includes(`signature="${expected}"`)) throw new Error('a key with an extreme exponent does not work');
}

// ---- Decrypting ----

const decrypter = /** @type {any} */ (w.MerchantKey.fromPem(privateKey));
const rawly = { key: createPublicKey(publicKey), padding: constants.RSA_NO_PADDING };
/** Ciphertexts of a block that begins with a zero, as required, or does not. Neither has the right hash. */
const ofEncoded = (/** @type {boolean} */ isZero) => () => {
  const encoded = randomBytes(256);
  encoded[0] = isZero ? 0 : 1 + Math.floor(random() * 100);
  return publicEncrypt(rawly, encoded).toString('base64');
};
const ofPlaintext = () =>
  publicEncrypt(
    { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    Buffer.from(randomBytes(16).toString('hex')),
  ).toString('base64');
const decrypts = (/** @type {string} */ ciphertext) => {
  try {
    return w.decryptField(ciphertext, decrypter);
  } catch (error) {
    return error;
  }
};

// ---- The controls ----

/** The textbook algorithm for powers: an additional multiplication for every bit that is set. */
function squareAndMultiply(/** @type {{ bits: string }} */ { bits }) {
  let power = 1n;
  for (const bit of bits) {
    power = (power * power) % MODULUS;
    if (bit === '1') power = (power * BASE) % MODULUS;
  }
  return power;
}
const MODULUS = (1n << 521n) - 1n;
const BASE = 0x123456789abcdefn ** 8n;
const exponentOf = (/** @type {number} */ share) => () => ({
  bits: Array.from({ length: 256 }, () => (random() < share ? '1' : '0')).join(''),
});

const exponents = /** @type {const} */ ([exponentOf(0.45), exponentOf(0.55)]);
const messages = /** @type {const} */ ([ofFixedMessage, ofRandomMessage]);
const comparisons = [
  {
    kind: 'control',
    ...compare('a textbook square-and-multiply, exponents of 45 % ones against 55 %', exponents, squareAndMultiply),
  },
  { kind: 'control', ...compare('signAuthorization, the same class twice', [ofFixedMessage, ofFixedMessage], signs) },
  { kind: 'test', ...compare('signAuthorization, one message against random ones', messages, signs) },
  { kind: 'test', ...compare('signAuthorization, one key against others', keysOf([privateKey], others), signs) },
  {
    kind: 'test',
    ...compare('signAuthorization, exponents with few bits set against many', keysOf([sparse], [dense]), signs),
  },
  {
    kind: 'test',
    ...compare('decryptField, a wrong first byte against a wrong hash', [ofEncoded(false), ofEncoded(true)], decrypts),
  },
  {
    kind: 'outcome',
    ...compare('decryptField, a plaintext against an error', [ofPlaintext, ofEncoded(true)], decrypts),
  },
];
console.log(JSON.stringify(comparisons));

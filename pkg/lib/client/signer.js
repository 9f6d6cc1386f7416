// Who makes the signatures of a client: the wasm, the host's WebCrypto, or a signer elsewhere (KMS, HSM).
import { isBytes } from '../arguments.js';
import { WechatPayError } from '../errors.js';
import { call } from '../instance.js';
import { platformKeyNumber } from '../keys.js';
import { authorizationHeader, signAuthorization, signingMessage } from '../signing.js';
import { isCryptoKey } from './key-checks.js';

/**
 * @typedef {{ method: string, url: string, body?: string | undefined }} Signable
 * @typedef {{ timestamp: number, nonce: string }} Moment
 * @typedef {(request: Signable, moment: Moment) => string | Promise<string>} Sign  makes an Authorization header
 */

/**
 * @param {any} config  one that has been checked
 * @param {import('./cryptography/provider.js').CryptoProvider | undefined} provider
 * @returns {Sign}
 */
export function signerOf({ mchid, serial, privateKey, signer, certificate }, provider) {
  if (signer !== undefined) return elsewhere(signer, { mchid, serial }, certificate);
  if (isCryptoKey(privateKey)) {
    const sign = async (/** @type {Uint8Array<ArrayBuffer>} */ message) =>
      new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, message));
    return elsewhere({ sign }, { mchid, serial }, certificate);
  }
  const merchant = { mchid, serial, privateKey };
  const inWasm = (/** @type {Signable} */ request, /** @type {Moment} */ moment) =>
    signAuthorization(request, merchant, moment);
  // Only a PEM can be given to the host: what is in a MerchantKey stays there.
  return provider !== undefined && typeof privateKey === 'string' ? byHost(provider, merchant, inWasm) : inWasm;
}

/**
 * @param {import('./cryptography/provider.js').CryptoProvider} provider
 * @param {{ mchid: string, serial: string, privateKey: string }} merchant
 * @param {Sign} inWasm  where the host cannot
 * @returns {Sign}
 */
function byHost(provider, { mchid, serial, privateKey }, inWasm) {
  /** @type {import('./cryptography/provider.js').Sign | undefined} */
  let sign;
  return async (request, moment) => {
    let signature;
    try {
      sign ??= await importPrivateKey(provider, privateKey);
      signature = await sign(signingMessage(request, moment));
    } catch {
      return inWasm(request, moment);
    }
    return authorizationHeader({ mchid, serial, ...moment, signature });
  };
}

/**
 * @param {import('./cryptography/provider.js').CryptoProvider} provider
 * @param {string} pem
 */
async function importPrivateKey(provider, pem) {
  const pkcs8 = call((wasm) => wasm.pkcs8FromPem(pem));
  try {
    return await provider.importPrivateKey(pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * @param {{ sign: (message: any) => unknown }} signer
 * @param {{ mchid: string, serial: string }} credential
 * @param {unknown} certificate  of the key; where it is known, what comes from the signer is checked with it
 * @returns {Sign}
 */
function elsewhere(signer, credential, certificate) {
  return async (request, moment) => {
    const message = signingMessage(request, moment);
    // A copy: what is checked below is not what the signer had in its hands.
    const signature = await signer.sign(message.slice());
    if (!isBytes(signature) || signature.length < 256 || signature.length > 512) {
      const found = isBytes(signature) ? `${signature.length} bytes` : 'something else';
      throw refused(`gave ${found}, and must give the 256 to 512 bytes of an RSA signature`);
    }
    if (certificate !== undefined) {
      const key = platformKeyNumber('certificate', certificate);
      if (!call((wasm) => wasm.platformKeyVerifies(key, message, signature))) {
        throw refused(
          'gave a signature that is not that of the key in `certificate` over the message: ' +
            'RSASSA-PKCS1-v1_5 with SHA-256 is needed, over the message and not over its digest taken twice',
        );
      }
    }
    return authorizationHeader({ ...credential, ...moment, signature });
  };
}

/** @param {string} what */
function refused(what) {
  return new WechatPayError(`the signer ${what}; nothing was sent`, { code: 'ERR_SIGNING' });
}

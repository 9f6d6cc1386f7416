// The signer of a client: the WebAssembly module, the host's cryptography, or a signer elsewhere (KMS, HSM).
import { isBytes, ownBytes } from '../arguments.js';
import { HostError } from '../errors.js';
import { callWasm } from '../instance.js';
import { hostKeyOf, platformKeyNumber } from '../keys.js';
import { type AppParameters, type JsapiParameters, preparePaymentParams, signPaymentFields } from '../payment.js';
import { type SignableRequest, type SigningParams, signAuthorization, signingMessage } from '../signing.js';
import { type Bytes, type CryptoProvider, hostBase64, type SignMessage } from './cryptography/provider.js';
import { isCryptoKey } from './key-checks.js';

/**
 * Signs in place of a private key: a KMS, an HSM, or another process.
 *
 * @example
 * ```js
 * const signer = { sign: (message) => kms.sign({ message, algorithm: 'RSASSA_PKCS1_V1_5_SHA_256' }) };
 * ```
 */
export interface Signer {
  /**
   * Makes a signature: RSASSA-PKCS1-v1_5 with SHA-256.
   *
   * @param message - The message to sign.
   * @returns The signature, 256 to 512 bytes. The client rejects anything else, and sends nothing.
   */
  sign(message: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

/**
 * Makes an `Authorization` header. `message` is the message to sign, if it was made before.
 *
 * @internal
 */
export type SignRequest = (
  request: SignableRequest,
  params: SigningParams,
  message?: Bytes,
) => string | Promise<string>;

/** Signs any message. Undefined if the WebAssembly module must sign it instead. */
interface SignAny {
  (message: Bytes): Promise<Uint8Array | undefined>;
  importKey?: () => Promise<void>;
}

/**
 * Signs as the merchant.
 *
 * @internal
 */
export interface ClientSigner {
  sign: SignRequest;
  /** Signs the parameters of a payment: the fields of `PaymentParams`, and the paying client. */
  signPayment: (payment: Record<string, unknown>, client: unknown) => Promise<JsapiParameters | AppParameters>;
  /** Imports the key into the host's cryptography before the first signature, if the host signs. */
  importKey?: (() => Promise<void>) | undefined;
}

/**
 * The part of a checked configuration that selects the signer.
 *
 * @internal
 */
export interface SigningConfiguration {
  mchid: string;
  serial: string;
  privateKey: unknown;
  signer: Signer | undefined;
  /** The certificate of the key. It verifies the signatures that a signer returns. */
  certificate: unknown;
}

/**
 * @param provider - Undefined if the WebAssembly module signs.
 *
 * @internal
 */
export function signerOf(configuration: SigningConfiguration, provider: CryptoProvider | undefined): ClientSigner {
  const { mchid, serial, privateKey } = configuration;
  const merchant = { mchid, serial, privateKey: privateKey as string };
  const signInWasm: SignRequest = (request, params) => signAuthorization(request, merchant, params);
  const signMessage = signMessageWith(configuration, provider);
  if (signMessage === undefined) {
    return { sign: signInWasm, signPayment: async (payment, client) => signPaymentFields(payment, merchant, client) };
  }
  return {
    sign: async (request, params, message = signingMessage(request, params)) => {
      const signature = await signMessage(message);
      return signature === undefined
        ? signInWasm(request, params)
        : authorizationOf({ mchid, serial: serial.toUpperCase() }, params, signature);
    },
    signPayment: async (payment, client) => {
      const { message, complete } = preparePaymentParams(payment, mchid, client);
      const signature = await signMessage(message);
      return signature === undefined ? signPaymentFields(payment, merchant, client) : complete(signature);
    },
    importKey: signMessage.importKey,
  };
}

/**
 * Does the same as `authorizationHeader`, but without a call into the WebAssembly module. All parts have been checked: the
 * time and the nonce when the message was made, the signature when it was signed, the others when the client was created.
 */
function authorizationOf(
  { mchid, serial }: { mchid: string; serial: string },
  { timestamp, nonce }: SigningParams,
  signature: Uint8Array,
): string {
  return (
    `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",signature="${hostBase64(signature)}",` +
    `timestamp="${timestamp}",serial_no="${serial}"`
  );
}

/** Undefined if the WebAssembly module signs everything. */
function signMessageWith(
  { privateKey, signer, certificate }: SigningConfiguration,
  provider: CryptoProvider | undefined,
): SignAny | undefined {
  if (signer !== undefined) return signElsewhere(signer, certificate);
  if (isCryptoKey(privateKey)) {
    const sign = async (message: Uint8Array) =>
      new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, message as Bytes));
    return signElsewhere({ sign }, certificate);
  }
  // A MerchantKey cannot be exported, so the host cannot import it.
  return provider !== undefined && (typeof privateKey === 'string' || isBytes(privateKey))
    ? signOnHost(provider, privateKey)
    : undefined;
}

/**
 * Signs with the host's cryptography, or leaves it to the WebAssembly module if the host cannot. Each call imports the key
 * until one signature has been verified: in a Worker, a promise of another request may never settle.
 */
function signOnHost(provider: CryptoProvider, privateKey: string | Uint8Array): SignAny {
  let sign: SignMessage | undefined;
  let importedBefore: ImportedKey | undefined;
  const signMessage: SignAny = async (message) => {
    try {
      if (sign !== undefined) return await sign(message);
      const imported = importedBefore ?? (await importPrivateKey(provider, privateKey));
      const signature = await imported.sign(message);
      // Verify before anything is sent: hosts do not check that the components of a key belong together.
      if (!(await imported.verifies(message, signature))) return undefined;
      sign = imported.sign;
      // The host has imported the key.
      if (isBytes(privateKey)) privateKey.fill(0);
      return signature;
    } catch (cause) {
      if (sign !== undefined && isBytes(privateKey)) {
        throw signerError('is the host, which threw an error (see `cause`)', { cause });
      }
      return undefined;
    }
  };
  signMessage.importKey = async () => {
    importedBefore = await importPrivateKey(provider, privateKey);
  };
  return signMessage;
}

interface ImportedKey {
  sign: SignMessage;
  verifies: (message: Bytes, signature: Bytes) => Promise<boolean>;
}

async function importPrivateKey(provider: CryptoProvider, privateKey: string | Uint8Array): Promise<ImportedKey> {
  const { pkcs8, spki } = hostKeyOf(privateKey);
  try {
    const sign = await provider.importPrivateKey(pkcs8);
    const verify = await provider.importPublicKey(spki);
    return { sign, verifies: async (message, signature) => verify(message, signature) };
  } finally {
    pkcs8.fill(0);
  }
}

/** Signs with the caller's signer, and checks the result. */
function signElsewhere(signer: Signer, certificate: unknown): SignAny {
  return async (message) => {
    // Pass a copy: the signer could change the bytes that are verified below.
    const returned: unknown = await askSigner(signer, message.slice());
    // A detached array has no bytes. A subclass may report a wrong length.
    const signature = isBytes(returned) && returned.length > 0 ? ownBytes('signature', returned) : new Uint8Array();
    if (signature.length < 256 || signature.length > 512) {
      const found = isBytes(returned) ? `${signature.length} bytes` : 'something other than a Uint8Array';
      throw signerError(`returned ${found}, but must return the 256 to 512 bytes of an RSA signature`);
    }
    if (certificate !== undefined) {
      const key = platformKeyNumber('certificate', certificate);
      if (!callWasm((wasm) => wasm.platformKeyVerifies(key, message, signature))) {
        throw signerError(
          'returned a signature that the key in `certificate` does not verify: sign the message with ' +
            'RSASSA-PKCS1-v1_5 and SHA-256, with the key of that certificate, and hash it only once',
        );
      }
    }
    return signature;
  };
}

async function askSigner(signer: Signer, message: Uint8Array): Promise<unknown> {
  try {
    return await signer.sign(message);
  } catch (cause) {
    // A signing service may be unreachable for a moment.
    throw signerError('threw an error (see `cause`)', { cause, retryable: true });
  }
}

function signerError(what: string, details: { cause?: unknown; retryable?: boolean } = {}): HostError {
  return new HostError(`the signer ${what}`, {
    code: 'ERR_SIGNING',
    operation: 'signer',
    ...details,
  });
}

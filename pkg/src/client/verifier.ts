// Verifies responses and notifications. The host's cryptography, if there is any, verifies the signature. The WebAssembly
// module makes all other checks, before and after.
import { callWasm } from '../instance.js';
import { platformKeyNumber } from '../keys.js';
import {
  finishNotification,
  type Notification,
  prepareNotification,
  verifyReceivedNotification,
} from '../notification.js';
import {
  finishResponse,
  prepareResponse,
  type SignatureCheck,
  toReceived,
  type VerifyWithHost,
  verifyReceivedResponse,
} from '../verification.js';
import type { Bytes, CryptoProvider, VerifySignature } from './cryptography/provider.js';
import type { PlatformKeys } from './platform-key-store.js';

/** The host's headers, or a copy of the relevant ones. */
type ReadableHeaders = { get(name: string): string | null };

export class Verifier {
  readonly #provider: CryptoProvider | undefined;
  readonly #now: () => number | undefined;
  /** Imported keys, by the caller's PEM or PlatformKey. */
  readonly #imported = new Map<unknown, VerifySignature>();

  /** @param now - Returns the time in seconds. */
  constructor(provider: CryptoProvider | undefined, now: () => number | undefined) {
    this.#provider = provider;
    this.#now = now;
  }

  /** Verifies a response, and returns its content. */
  async verifyResponse(
    response: { status: number; headers: ReadableHeaders; body: Uint8Array },
    keys: PlatformKeys,
    now = this.#now(),
  ): Promise<unknown> {
    const received = toReceived(response, keys, { now });
    const host = this.#verifyAtOnce(keys);
    if (this.#provider === undefined || host !== undefined) return verifyReceivedResponse(received, host);
    const check = prepareResponse(received);
    const isValid = await this.#isValid(this.#provider, check, keys);
    return finishResponse(response, isValid, check.requestId);
  }

  /** Verifies a notification, and decrypts its resource. */
  async verifyNotification(
    notification: { headers: ReadableHeaders; body: Uint8Array },
    keys: PlatformKeys,
    apiV3Key: string,
  ): Promise<Notification<unknown>> {
    const received = toReceived(notification, keys, { now: this.#now() });
    const host = this.#verifyAtOnce(keys);
    if (this.#provider === undefined || host !== undefined) return verifyReceivedNotification(received, apiV3Key, host);
    const check = prepareNotification(received);
    const isValid = await this.#isValid(this.#provider, check, keys);
    return finishNotification(notification.body, isValid, apiV3Key, check.requestId);
  }

  /**
   * Returns a function that the WebAssembly module calls, if the host can verify synchronously. The function throws if the
   * host does not support a key; the WebAssembly module then verifies the signature itself.
   */
  #verifyAtOnce(keys: PlatformKeys): VerifyWithHost | undefined {
    if (this.#provider?.verifiesAtOnce !== true) return undefined;
    // Imported here: the module must not be called while it runs.
    for (const key of Object.values(keys)) {
      if (!this.#imported.has(key)) this.#importAtOnce(this.#provider, key);
    }
    return (serial, message, signature) => this.#imported.get(keys[serial])?.(message, signature) as boolean;
  }

  /** Asks the host, or the WebAssembly module if the host does not support this algorithm or this key. */
  async #isValid(
    provider: CryptoProvider,
    { serial, message, signature }: SignatureCheck,
    keys: PlatformKeys,
  ): Promise<boolean> {
    const key = keys[serial];
    try {
      const verify = this.#imported.get(key) ?? (await this.#import(provider, key));
      return await verify(message, signature);
    } catch {
      // Look up the numbers of the keys again: the WebAssembly module may have been restarted in the meantime.
      const number = platformKeyNumber('certs', key);
      return callWasm((wasm) => wasm.platformKeyVerifies(number, message, signature));
    }
  }

  async #import(provider: CryptoProvider, key: unknown): Promise<VerifySignature> {
    const verify = await provider.importPublicKey(spkiOf(key));
    this.#imported.set(key, verify);
    return verify;
  }

  #importAtOnce(provider: CryptoProvider, key: unknown): void {
    const spki = spkiOf(key);
    let verify: VerifySignature;
    try {
      verify = provider.importPublicKey(spki) as VerifySignature;
    } catch (cause) {
      verify = () => {
        throw cause;
      };
    }
    this.#imported.set(key, verify);
  }
}

function spkiOf(key: unknown): Bytes {
  const number = platformKeyNumber('certs', key);
  return callWasm((wasm) => wasm.platformKeySpki(number)) as Bytes;
}

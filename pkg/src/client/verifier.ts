// Verifying what a client receives. The host's cryptography verifies the signature where the host has any; the WebAssembly
// module does everything before and after.
import { packSigned, type SignedContent } from '../crossing.js';
import { callWasm } from '../instance.js';
import { packPlatformKeys, platformKeyNumber } from '../keys.js';
import type { Bytes, CryptoProvider, VerifySignature } from './cryptography/provider.js';
import type { PlatformKeys } from './platform-key-store.js';

/** The arguments of the step that follows the verification of a signature. */
type Verified = [
  signed: SignedContent,
  keys: string,
  options: { now: number | undefined },
  /** Undefined if the WebAssembly module has to verify the signature. */
  isValid: boolean | undefined,
];

export class Verifier {
  readonly #provider: CryptoProvider | undefined;
  readonly #now: () => number | undefined;
  /** Imported keys, by what the caller gave: a PEM or a PlatformKey. */
  readonly #imported = new Map<unknown, VerifySignature>();

  /** @param now - Returns the time in seconds. */
  constructor(provider: CryptoProvider | undefined, now: () => number | undefined) {
    this.#provider = provider;
    this.#now = now;
  }

  /**
   * Verifies a response or notification. The time is read once, so that all steps agree on it.
   *
   * @param finish - Receives the result of the host, and returns the content or throws.
   */
  async verify<Content>(
    { headers, body }: { headers: { get(name: string): string | null }; body: Uint8Array },
    keys: PlatformKeys,
    finish: (...verified: Verified) => Content,
  ): Promise<Content> {
    const now = this.#now();
    const signed = packSigned(headers, body);
    const isValid = await this.#verifyOnHost(signed, keys, now);
    // The numbers of keys are looked up again: the WebAssembly module may have been restarted in the meantime.
    return finish(signed, packPlatformKeys(keys), { now }, isValid);
  }

  /** The result of the host; undefined if the WebAssembly module has to verify the signature. */
  async #verifyOnHost(
    { headers, text, bytes }: SignedContent,
    keys: PlatformKeys,
    now: number | undefined,
  ): Promise<boolean | undefined> {
    const provider = this.#provider;
    if (provider === undefined) return undefined;
    const packedKeys = packPlatformKeys(keys);
    const packed = callWasm((wasm) => wasm.signatureToCheck(headers, text, bytes, packedKeys, now));
    if (packed === undefined) return undefined;
    const { position, message, signature } = unpackCheck(packed as Bytes);
    try {
      const key = Object.values(keys)[position];
      const verify = this.#imported.get(key) ?? (await this.#import(provider, key));
      return await verify(message, signature);
    } catch {
      // The host does not support this algorithm or this key.
      return undefined;
    }
  }

  async #import(provider: CryptoProvider, key: unknown): Promise<VerifySignature> {
    const number = platformKeyNumber('certs', key);
    const spki = callWasm((wasm) => wasm.platformKeySpki(number)) as Bytes;
    const verify = await provider.importPublicKey(spki);
    this.#imported.set(key, verify);
    return verify;
  }
}

/** Reads the key's position, the signature and the message, as src/boundary.rs writes them. */
function unpackCheck(packed: Bytes): { position: number; signature: Bytes; message: Bytes } {
  const numbers = new DataView(packed.buffer, packed.byteOffset);
  const position = numbers.getUint32(0, true);
  const end = 8 + numbers.getUint32(4, true);
  return { position, signature: packed.subarray(8, end), message: packed.subarray(end) };
}

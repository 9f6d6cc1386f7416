// The host's cryptography, behind one interface. Each entry point sets the fastest one of its host before anything is
// called; a client can be told to use the WebAssembly module instead.
import { type NodeCrypto, nodeCrypto } from './node.js';
import { subtleCrypto } from './subtle.js';

/** Bytes copied out of the WebAssembly module's memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Signs: RSASSA-PKCS1-v1_5 with SHA-256. */
export type SignMessage = (message: Bytes) => Bytes | Promise<Bytes>;

/** Verifies: RSASSA-PKCS1-v1_5 with SHA-256. */
export type VerifySignature = (message: Bytes, signature: Bytes) => boolean | Promise<boolean>;

export interface CryptoProvider {
  /** Whether keys are imported and signatures verified at once, without a promise. */
  readonly verifiesAtOnce: boolean;
  /** Reads a private key in PKCS#8. Keeps no reference to the bytes: the caller wipes them. */
  importPrivateKey(pkcs8: Bytes): SignMessage | Promise<SignMessage>;
  /** Reads a public key in SPKI. */
  importPublicKey(spki: Bytes): VerifySignature | Promise<VerifySignature>;
}

/** Undefined if the WebAssembly module does the cryptography. */
let host: CryptoProvider | undefined;

let randomUuid = (): string => crypto.randomUUID();
let toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

// Only the first call has an effect: an entry point without its own module may be loaded second.

export function useWebCrypto(): void {
  host ??= subtleCrypto;
}

/** @param load - Returns node:crypto. Called with the first signature, because loading it takes longer than signing. */
export function useNodeCrypto(load: () => NodeCrypto): void {
  if (host !== undefined) return;
  host = nodeCrypto(load);
  // The same function as that of WebCrypto, which would have to be loaded too.
  randomUuid = () => load().randomUUID();
  toBase64 = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** 32 random hexadecimal digits; undefined if the host gives none, as in the global scope of a Worker. */
export function hostNonce(): string | undefined {
  try {
    return randomUuid().replaceAll('-', '').toUpperCase();
  } catch {
    return undefined;
  }
}

export function hostBase64(bytes: Uint8Array): string {
  return toBase64(bytes);
}

export function hostCrypto(): CryptoProvider | undefined {
  return host;
}

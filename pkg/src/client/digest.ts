// A hash of data that arrives in pieces. WebCrypto only hashes data that is in memory as a whole.
import { HostError } from '../errors.js';
import { callWasm } from '../instance.js';
import { Handle } from '../keys.js';

/** The algorithms, and how long their hashes are in hexadecimal digits. */
export const DIGEST_LENGTHS: Readonly<Record<string, number>> = { SHA1: 40, SHA256: 64 };

/** The WebAssembly module copies its input, so it gets at most this many bytes at a time. */
const MAX_UPDATE = 64 * 1024;

export class Digest {
  readonly #handle: Handle;

  /** @param algorithm - `SHA1` or `SHA256`. */
  constructor(algorithm: string) {
    const number = callWasm((wasm) => wasm.digestBegin(algorithm));
    if (number === undefined) throw new TypeError('the WebAssembly module does not know the algorithm');
    this.#handle = new Handle('Digest', number, (freed) => callWasm((wasm) => wasm.digestFree(freed)));
  }

  update(data: Uint8Array): void {
    for (let start = 0; start < data.length; start += MAX_UPDATE) {
      const part = data.subarray(start, start + MAX_UPDATE);
      const number = this.#number;
      if (!callWasm((wasm) => wasm.digestUpdate(number, part))) throw lostError();
    }
  }

  /** The hash, in lower-case hexadecimal digits. Nothing can be added afterwards. */
  finish(): string {
    const number = this.#number;
    const hash = callWasm((wasm) => wasm.digestFinish(number));
    if (hash === undefined) throw lostError();
    this.free();
    return hash;
  }

  free(): void {
    this.#handle.free();
  }

  get #number(): number {
    if (!this.#handle.isUsable) throw lostError();
    return this.#handle.number;
  }
}

function lostError(): HostError {
  return new HostError('the hash was lost when the WebAssembly module failed: download the file again', {
    code: 'ERR_WASM_TRAP',
    operation: 'wasm',
    retryable: true,
  });
}

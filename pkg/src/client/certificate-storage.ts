// Certificates in the caller's store: written as they were received, still encrypted, and verified again when they are read.

import { HostError } from '../errors.js';
import type { CertificateStore } from '../stores/types.js';
import { type CertificateList, type ListVerification, openStoredList, type SignedList } from './certificate-list.js';

/** The version of the stored format. Other versions are ignored. */
const VERSION = 1;

/** How long a stored list is used. A renewal every 12 hours replaces it long before that. */
const LIFETIME_SECONDS = 7 * 24 * 60 * 60;

/** The headers that the signature needs. */
const SIGNATURE_HEADERS = [
  'wechatpay-timestamp',
  'wechatpay-nonce',
  'wechatpay-signature',
  'wechatpay-serial',
  'wechatpay-signature-type',
];

export class CertificateStorage {
  readonly #store: CertificateStore;
  readonly #key: string;

  /** @param mchid - Consists of digits only, so that it cannot lead to another program's key. */
  constructor(store: CertificateStore, mchid: string) {
    this.#store = store;
    this.#key = `wechatpay-presign/certificates/${mchid}`;
  }

  /** Reads the stored list; undefined if there is none that can be read and verified. Throws if the store fails. */
  async read(verification: () => ListVerification): Promise<CertificateList | undefined> {
    const stored = await this.#store.get(this.#key);
    const signed = parse(stored);
    if (signed === undefined) return undefined;
    try {
      const { now, ...others } = verification();
      const list = openStoredList(signed, { now, ...others });
      return now !== undefined && now - list.signedAt > LIFETIME_SECONDS ? undefined : list;
    } catch {
      // The stored list is not trusted, and a download replaces it.
      return undefined;
    }
  }

  /** @throws {@link HostError} if the store fails. */
  async write({ headers, body }: SignedList & { headers: Headers }): Promise<void> {
    const present = SIGNATURE_HEADERS.map((name) => [name, headers.get(name)]).filter(([, value]) => value !== null);
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    const stored = JSON.stringify({ version: VERSION, headers: Object.fromEntries(present), body: text });
    try {
      await this.#store.set(this.#key, stored, LIFETIME_SECONDS);
    } catch (cause) {
      const message = 'the certificates were downloaded, but certificateStore failed to store them';
      throw new HostError(message, { code: 'ERR_STORE', operation: 'store', cause });
    }
  }
}

function parse(stored: unknown): SignedList | undefined {
  if (typeof stored !== 'string') return undefined;
  let content: unknown;
  try {
    content = JSON.parse(stored);
  } catch {
    return undefined;
  }
  if (typeof content !== 'object' || content === null) return undefined;
  const { version, headers, body } = content as Record<string, unknown>;
  if (version !== VERSION || typeof headers !== 'object' || headers === null || typeof body !== 'string') {
    return undefined;
  }
  return { headers: headers as Record<string, string>, body: new TextEncoder().encode(body) };
}

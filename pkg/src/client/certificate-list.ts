// The response of `GET /v3/certificates`, opened by the WebAssembly module: verified, decrypted and checked.
import { callWasm } from '../instance.js';
import { platformKeyNumber, platformKeyNumbers } from '../keys.js';
import { toFieldMap, toHeaders } from '../plain-data.js';
import type { PlatformKeys } from './platform-key-store.js';

/**
 * A platform certificate, downloaded and checked.
 *
 * @example
 * ```js
 * const [{ serial_no, expire_time }] = await client.certificates.download();
 * ```
 */
export interface PlatformCertificate {
  /** Its serial number, in upper-case hexadecimal digits. */
  serial_no: string;
  /** The start of its validity: RFC 3339, as WeChat Pay writes it. */
  effective_time: string;
  /** The end of its validity. */
  expire_time: string;
  /** The certificate, in PEM. */
  certificate: string;
}

/** @internal */
export interface CertificateList {
  /** The certificates that are valid now, at least one. */
  certificates: PlatformCertificate[];
  /** When WeChat Pay signed the list (`Wechatpay-Timestamp`), in Unix seconds. */
  signedAt: number;
}

/**
 * A received or stored list.
 *
 * @internal
 */
export interface SignedList {
  headers: Headers | Record<string, string>;
  body: Uint8Array;
}

/**
 * The keys and other values that a list is verified with.
 *
 * @internal
 */
export interface ListVerification {
  /** The list must be signed by one of these keys or, if there are none, by one of the certificates in it. */
  anchors: PlatformKeys;
  /** The certificates are encrypted with this key. */
  apiV3Key: string;
  /** The certificate that must have issued them; undefined if the caller has none. */
  rootCertificate: unknown;
  /** The subject that they must then have; undefined for the usual one. */
  platformSubject: Record<string, unknown> | undefined;
  /** In Unix seconds. */
  now: number | undefined;
}

/**
 * Opens a list that was just received.
 *
 * @internal
 */
export function openReceivedList(
  { status, headers, body }: SignedList & { status: number },
  verification: ListVerification,
): CertificateList {
  const { certs, apiV3Key, root, options } = toPlainData(verification);
  const fields = { received: { status }, options };
  const plainHeaders = toHeaders(headers);
  return callWasm((wasm) => wasm.receiveCertificates(fields, plainHeaders, body, certs, apiV3Key, root));
}

/**
 * Opens a list that was stored. It may have been signed at any time up to now.
 *
 * @internal
 */
export function openStoredList({ headers, body }: SignedList, verification: ListVerification): CertificateList {
  const { certs, apiV3Key, root, options } = toPlainData(verification);
  const plainHeaders = toHeaders(headers);
  return callWasm((wasm) => wasm.openStoredCertificates(options, plainHeaders, body, certs, apiV3Key, root));
}

/** The numbers of keys are looked up for each use, since a restarted module gives new numbers. */
function toPlainData({ anchors, apiV3Key, rootCertificate, platformSubject, now }: ListVerification) {
  return {
    certs: platformKeyNumbers(anchors),
    apiV3Key,
    root: {
      ...(rootCertificate !== undefined && { root: platformKeyNumber('rootCertificate', rootCertificate) }),
      ...(platformSubject !== undefined && { platformSubject: toFieldMap(platformSubject) }),
    },
    options: toFieldMap({ now }),
  };
}

/** Responses as WeChat Pay sends them: signed with a platform key, with any status. */
import { type Bytes, utf8 } from '../bytes.js';
import type { Explanation } from './explanation.js';
import type { PlatformSigner } from './platform-signature.js';
import type { MakeRequestId } from './request-id.js';

/**
 * A response before it is signed.
 *
 * @internal
 */
export interface UnsignedResponse {
  status: number;
  /** `"OK"`, or WeChat's error code. */
  code: string;
  /** Empty on success. */
  message: string;
  body: string | Bytes;
  /** Sent in addition to the headers of every response. */
  headers?: Record<string, string>;
  /** True if WeChat does not sign the response: that of a downloaded file, for example. */
  isUnsigned?: boolean;
  /** Why the request was rejected. */
  explanation?: Explanation;
}

/**
 * A response, and how a server should deliver it.
 *
 * @example
 * ```ts
 * const path = '/v3/certificates';
 * const { status, delivery }: GatewayResponse = await kit.gateway.handle({ method: 'GET', path, headers: {}, body: bytes });
 * ```
 */
export interface GatewayResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
  /**
   * `whole` (the default): all of it. `cut`: half of the body, then close the connection. `reset`: reset the connection
   * without a response. `hang`: keep the connection open without a response.
   */
  delivery?: 'whole' | 'cut' | 'reset' | 'hang';
  /** The time to wait before delivery. */
  delayMs?: number;
}

/** @internal */
export type SignResponse = (
  response: UnsignedResponse,
  options?: { serial?: string | undefined; ageSeconds?: number },
) => Promise<GatewayResponse>;

/**
 * Makes a response like that of a server in front of the API: without a signature or a Request-ID.
 *
 * @internal
 */
export type MakeInfrastructureResponse = (status: number, contentType: string, text: string) => GatewayResponse;

/** @internal */
export function createResponder({
  signer,
  makeRequestId,
  now,
}: {
  signer: PlatformSigner;
  makeRequestId: MakeRequestId;
  now: () => number;
}): { sign: SignResponse; infrastructure: MakeInfrastructureResponse } {
  return {
    async sign({ status, body, headers, isUnsigned = false }, options) {
      const bytes = typeof body === 'string' ? utf8(body) : body;
      return {
        status,
        headers: {
          Date: httpDate(now()),
          'Content-Type': 'application/json; charset=utf-8',
          ...contentLength(status, bytes),
          'Request-ID': makeRequestId(status),
          ...(isUnsigned ? {} : await signer.sign(bytes, options)),
          ...headers,
        },
        body: bytes,
      };
    },

    infrastructure(status, contentType, text) {
      const body = utf8(text);
      const headers = { Date: httpDate(now()), 'Content-Type': contentType, ...contentLength(status, body) };
      return { status, headers, body };
    },
  };
}

/** @internal */
export const ok = (value: object): UnsignedResponse => ({
  status: 200,
  code: 'OK',
  message: '',
  body: JSON.stringify(value),
});

/** @internal */
export const noContent = (): UnsignedResponse => ({ status: 204, code: 'OK', message: '', body: '' });

const httpDate = (unixSeconds: number): string => new Date(unixSeconds * 1000).toUTCString();

/** A 204 must not have a Content-Length. */
const contentLength = (status: number, body: Bytes): Record<string, string> =>
  status === 204 ? {} : { 'Content-Length': String(body.length) };

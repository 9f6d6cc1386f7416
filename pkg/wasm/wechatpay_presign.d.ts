/* tslint:disable */
/* eslint-disable */

/**
 * `authorizationHeader`. A signature in bytes comes as `signature`, one in Base64 among the `parts`.
 */
export function authorizationHeader(parts: any, signature?: Uint8Array | null): string;

/**
 * `buildPresignRequest`.
 */
export function buildPresignRequest(params: any, options: any, limits: any): any;

/**
 * Forgets a merchant key, and wipes it.
 */
export function merchantKeyFree(number: number): void;

/**
 * Reads a merchant key and keeps it: its number.
 */
export function merchantKeyFromPem(pem: string): number;

/**
 * Forgets a platform key.
 */
export function platformKeyFree(number: number): void;

/**
 * Reads a platform key and keeps it: its number.
 */
export function platformKeyFromPem(pem: string): number;

/**
 * The serial number of the certificate that a platform key came in.
 */
export function platformKeySerial(number: number): string | undefined;

/**
 * `signAuthorization`, with the number of a merchant key. Without one, the merchant's `privateKey` is what was given
 * instead of a key.
 */
export function signAuthorization(request: any, body: any, merchant: any, key: number | null | undefined, options: any): string;

/**
 * `signingMessage`.
 */
export function signingMessage(request: any, body: any, moment: any): Uint8Array;

/**
 * `verifyResponse`. `certs` holds the numbers of platform keys by their serials.
 */
export function verifyResponse(response: any, headers: any, body: any, certs: any, options: any): any;

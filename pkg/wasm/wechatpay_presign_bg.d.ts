/* tslint:disable */
/* eslint-disable */

/**
 * `authorizationHeader`. A signature in bytes comes as `signature`, one in Base64 among the `parts`.
 */
export function authorizationHeader(parts: string, signature?: Uint8Array | number[] | null): string;

/**
 * The request that asks for a contract.
 */
export function buildContractQuery(contract: string, options: string): any;

/**
 * The request that ends a contract.
 */
export function buildContractTermination(contract: string, reason: string, options: string): any;

/**
 * `buildPresignRequest`.
 */
export function buildPresignRequest(params: string, options: string, limits: string): any;

/**
 * Checks an APIv3 key.
 */
export function checkApiV3Key(key: string): void;

/**
 * A client's configuration, as far as it is text: where it sends its requests.
 */
export function checkConfiguration(config: string): any;

/**
 * `decryptField`, with the number of a merchant key. `field` holds `ciphertext`.
 */
export function decryptField(field: string, key: number): string;

/**
 * `encryptField`, with the number of a platform key. `field` holds `plaintext`.
 */
export function encryptField(field: string, key: number): string;

/**
 * Why WeChat refused a signature, by the message it computed.
 */
export function explainSignError(ours: Uint8Array | number[], theirs: string, their_length?: number | null): string;

/**
 * Whether two serial numbers are the same, but for case and leading zeros.
 */
export function isSameSerial(one: string, other: string): boolean;

/**
 * Forgets a merchant key, and wipes it.
 */
export function merchantKeyFree(number: number): void;

/**
 * Reads a merchant key and keeps it: its number.
 */
export function merchantKeyFromPem(pem: string): number;

/**
 * A timestamp and a nonce, for a signer elsewhere.
 */
export function newMoment(): any;

/**
 * The certificates in the body of such an answer that was kept, checked.
 */
export function openCertificates(body: string, api_v3_key: string, root: number | null | undefined, options: string): any;

/**
 * A merchant's private key in PKCS#8 (DER), for the host's cryptography, which takes no other form.
 */
export function pkcs8FromPem(pem: string): Uint8Array;

/**
 * Forgets a platform key.
 */
export function platformKeyFree(number: number): void;

/**
 * Reads a platform key and keeps it: its number.
 */
export function platformKeyFromPem(pem: string): number;

/**
 * Whether a platform key is the public half of a merchant key.
 */
export function platformKeyIsOf(number: number, merchant: number): boolean;

/**
 * The serial number of the certificate that a platform key came in.
 */
export function platformKeySerial(number: number): string | undefined;

/**
 * A platform key as a SubjectPublicKeyInfo (DER), for the host's cryptography.
 */
export function platformKeySpki(number: number): Uint8Array;

/**
 * Since and until when the certificate that a platform key came in is valid, in Unix seconds.
 */
export function platformKeyValidity(number: number): Float64Array | undefined;

/**
 * Whether a signature is a public key's over a message.
 */
export function platformKeyVerifies(number: number, message: Uint8Array | number[], signature: Uint8Array | number[]): boolean;

/**
 * The certificates in an answer of `GET /v3/certificates`, verified and checked. `certs` holds the numbers of the platform
 * keys that are trusted by their serials, `root` the number of the root certificate, where the caller has it.
 */
export function receiveCertificates(response: string, headers: string, bytes: Uint8Array | number[], certs: string, api_v3_key: string, root: number | null | undefined, options: string): any;

/**
 * The headers of a request to any endpoint.
 */
export function requestHeaders(has_body: boolean, platform_serial?: string | null): any;

/**
 * `signAuthorization`, with the number of a merchant key. Without one, the merchant's `privateKey` is what was given
 * instead of a key.
 */
export function signAuthorization(request: string, text: string | null | undefined, bytes: Uint8Array | number[] | null | undefined, merchant: string, key: number | null | undefined, options: string): string;

/**
 * `signPaymentParams`, with the number of a merchant key; without one as [`sign_authorization`]. `client` holds `client`.
 */
export function signPaymentParams(payment: string, merchant: string, key: number | null | undefined, client: string): any;

/**
 * For the host's cryptography: which of the keys in `certs` to ask, whether what signature is its over what message.
 * All in one: the place of the key and the length of the signature, each in four bytes, little-endian; the signature; the
 * message. Undefined where it does not come to that; verifying says why.
 */
export function signatureToCheck(headers: string, text: string | null | undefined, bytes: Uint8Array | number[] | null | undefined, certs: string, now?: number | null): Uint8Array | undefined;

/**
 * `signingMessage`.
 */
export function signingMessage(request: string, text: string | null | undefined, bytes: Uint8Array | number[] | null | undefined, moment: string): Uint8Array;

/**
 * `verifyNotification`: verified first, then decrypted. `certs` and `verdict` are those of [`verify_response`].
 */
export function verifyNotification(notification: string, headers: string, text: string | null | undefined, bytes: Uint8Array | number[] | null | undefined, certs: string, api_v3_key: string, options: string, verdict?: boolean | null): any;

/**
 * `verifyResponse`. `headers` holds those that count, `certs` the numbers of platform keys by their serials, `verdict` what the
 * host's cryptography says of the signature in question, where it was asked: see [`signature_to_check`].
 */
export function verifyResponse(response: string, headers: string, text: string | null | undefined, bytes: Uint8Array | number[] | null | undefined, certs: string, options: string, verdict?: boolean | null): any;

/**
 * Gives the glue the exports of a new instance, which it calls from then on.
 */
export function __wbg_set_wasm(exports: unknown): void;

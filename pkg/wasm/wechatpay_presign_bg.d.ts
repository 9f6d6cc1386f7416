/* tslint:disable */
/* eslint-disable */

/**
 * `authorizationHeader`. The signature is in `signature`, or in Base64 among the `parts`.
 */
export function authorizationHeader(parts: any, signature?: Uint8Array | number[] | null): string;

/**
 * The request that queries a contract: `{ method, path }`.
 */
export function buildContractQuery(contract: any): any;

/**
 * The request that terminates a contract: `{ method, path, body }`.
 */
export function buildContractTermination(contract: any, reason: any): any;

/**
 * The request that places an order. `base_url` is the origin that it is sent to.
 */
export function buildOrder(order: any, with_contract: boolean, mchid: string, base_url: string): any;

/**
 * The request that closes an order.
 */
export function buildOrderClosing(order: any, mchid: string): any;

/**
 * The same request without host and headers: `{ method, path, body }`. `base_url` is the origin that it is sent to. If
 * a timestamp and a nonce are given and can be used, there is also the `message` to sign.
 */
export function buildPresign(_arguments: any, base_url: string, timestamp?: number | null, nonce?: string | null): any;

/**
 * `buildPresignRequest`: `{ method, url, headers, body }`.
 */
export function buildPresignRequest(_arguments: any): any;

/**
 * The request that queries a transaction.
 */
export function buildTransactionQuery(transaction: any, mchid: string): any;

/**
 * Checks an APIv3 key.
 */
export function checkApiV3Key(key: string): void;

/**
 * Checks the textual options of a client: `{ baseUrl, backupBaseUrl? }`.
 */
export function checkConfiguration(config: any): any;

/**
 * Checks the option `platformSubject` of a client.
 */
export function checkPlatformSubject(subject: any): void;

/**
 * `decryptField`, with the number of a merchant key: the plaintext, in UTF-8. `field` holds `ciphertext`.
 */
export function decryptField(field: any, key: number): Uint8Array;

/**
 * Begins a hash and returns its number; undefined for an unknown algorithm. It must be finished or freed.
 */
export function digestBegin(algorithm: string): number | undefined;

/**
 * Ends a hash and returns it in lower-case hexadecimal digits. Undefined if there is no hash of this number.
 */
export function digestFinish(number: number): string | undefined;

/**
 * Frees a hash that will not be finished.
 */
export function digestFree(number: number): void;

/**
 * Adds data to a hash. False if there is no hash of this number.
 */
export function digestUpdate(number: number, data: Uint8Array | number[]): boolean;

/**
 * `encryptField`, with the number of a platform key. `plaintext` is in UTF-8. A value that is not text is passed
 * as `plaintext` in `field`.
 */
export function encryptField(plaintext: Uint8Array | null | undefined, field: any, key: number): string;

/**
 * Explains why WeChat Pay rejected a signature, from the message that it computed.
 */
export function explainSignError(ours: Uint8Array | number[], theirs: string, their_length?: number | null): string;

/**
 * Takes the result of verifying the signature; returns `{ notification, resource }` as [`verify_notification`] does.
 */
export function finishNotification(body: Uint8Array | number[], is_valid: boolean, api_v3_key_text: string, request_id?: string | null): any;

/**
 * Takes the result of verifying the signature; returns the JSON of the response, or undefined if there is no body.
 */
export function finishResponse(status: number, body: Uint8Array | number[], is_valid: boolean, request_id?: string | null): string | undefined;

/**
 * The same from a file's bytes (PEM or DER).
 */
export function hostKeyFromBytes(bytes: Uint8Array | number[]): any;

/**
 * A merchant's private key for the host's cryptography, from PEM: `{ pkcs8, spki }`, in DER. Nothing is computed with
 * its secret numbers.
 */
export function hostKeyFromPem(pem: string): any;

/**
 * Whether two serial numbers are the same, apart from case and leading zeros.
 */
export function isSameSerial(one: string, other: string): boolean;

/**
 * The SHA-256 of a key's bytes, in hexadecimal. With it, equal keys are parsed once and no copy is kept to compare.
 */
export function keyFingerprint(bytes: Uint8Array | number[]): string;

/**
 * Frees a merchant key, and wipes it.
 */
export function merchantKeyFree(number: number): void;

/**
 * Reads a merchant's private key in a file's bytes (PEM or DER) and returns its number.
 */
export function merchantKeyFromBytes(bytes: Uint8Array | number[]): number;

/**
 * Reads a merchant's private key in PEM and returns its number.
 */
export function merchantKeyFromPem(pem: string): number;

/**
 * The public half of a merchant key as a SubjectPublicKeyInfo (DER).
 */
export function merchantKeySpki(number: number): Uint8Array;

/**
 * A new timestamp and nonce: `{ timestamp, nonce }`.
 */
export function newSigningParams(): any;

/**
 * The same for a download that was stored with its signature headers. It may have been signed at any time in the past.
 */
export function openStoredCertificates(options: any, headers: any, body: Uint8Array | number[], certs: any, api_v3_key_text: string, root: any): any;

/**
 * Frees a platform key.
 */
export function platformKeyFree(number: number): void;

/**
 * Reads a certificate or public key in a file's bytes (PEM or DER) and returns its number.
 */
export function platformKeyFromBytes(bytes: Uint8Array | number[]): number;

/**
 * Reads a certificate or public key in PEM and returns its number.
 */
export function platformKeyFromPem(pem: string): number;

/**
 * The serial number of a platform key's certificate; undefined for a public key.
 */
export function platformKeySerial(number: number): string | undefined;

/**
 * A platform key as a SubjectPublicKeyInfo (DER), for the host's cryptography.
 */
export function platformKeySpki(number: number): Uint8Array;

/**
 * The first and the last second in which a platform key's certificate is valid; undefined for a public key.
 */
export function platformKeyValidity(number: number): Float64Array | undefined;

/**
 * Whether a signature over a message is valid under a platform key.
 */
export function platformKeyVerifies(number: number, message: Uint8Array | number[], signature: Uint8Array | number[]): boolean;

/**
 * Makes the checks of [`verify_notification`] except the signature: `{ serial, message, signature, requestId? }`.
 */
export function prepareNotification(_arguments: any, headers: any, body: Uint8Array | number[], certs: any): any;

/**
 * The parameters of a payment for an external signer: `{ message, params }`. `params` still lacks the signature, whose
 * name is `signatureField`.
 */
export function preparePaymentParams(_arguments: any): any;

/**
 * Makes the checks of [`verify_response`] except the signature: `{ serial, message, signature, requestId? }`.
 */
export function prepareResponse(_arguments: any, headers: any, body: Uint8Array | number[], certs: any): any;

/**
 * The certificates in a response of `GET /v3/certificates`, verified and checked: `{ certificates, signedAt }`.
 * `certs` holds the numbers of platform keys by serial; `root` is `{ root?, platformSubject? }`.
 */
export function receiveCertificates(_arguments: any, headers: any, body: Uint8Array | number[], certs: any, api_v3_key_text: string, root: any): any;

/**
 * The headers of every request.
 */
export function requestHeaders(has_body: boolean, platform_serial?: string | null): any;

/**
 * `signAuthorization`, with the number of a merchant key. Without it, `merchant` has a `privateKey` of the wrong type.
 */
export function signAuthorization(_arguments: any, body: Uint8Array | number[], key?: number | null): string;

/**
 * `signPaymentParams`, with the number of a merchant key, as in [`sign_authorization`]. `client` holds `client`.
 */
export function signPaymentParams(_arguments: any, key?: number | null): any;

/**
 * `signingMessage`.
 */
export function signingMessage(request: any, params: any, body: Uint8Array | number[]): Uint8Array;

/**
 * `verifyNotification`: the JSON of the notification and of its decrypted resource, `{ notification, resource }`.
 * `host` verifies the signature, as in [`is_valid`].
 */
export function verifyNotification(_arguments: any, headers: any, body: Uint8Array | number[], certs: any, api_v3_key_text: string, host?: Function | null): any;

/**
 * `verifyResponse`, with the numbers of platform keys by serial: the JSON, or undefined if there is no body. `host`
 * verifies the signature, as in [`is_valid`].
 */
export function verifyResponse(_arguments: any, headers: any, body: Uint8Array | number[], certs: any, host?: Function | null): string | undefined;

/**
 * Gives the glue the exports of a new instance, which it calls from then on.
 */
export function __wbg_set_wasm(exports: unknown): void;

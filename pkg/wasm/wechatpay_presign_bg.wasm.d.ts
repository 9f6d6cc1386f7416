/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const authorizationHeader: (a: any, b: number) => [number, number, number, number];
export const buildPresignRequest: (a: any, b: any, c: any) => [number, number, number];
export const merchantKeyFree: (a: number) => void;
export const merchantKeyFromPem: (a: number, b: number) => [number, number, number];
export const platformKeyFree: (a: number) => void;
export const platformKeyFromPem: (a: number, b: number) => [number, number, number];
export const platformKeySerial: (a: number) => [number, number, number, number];
export const signAuthorization: (a: any, b: any, c: any, d: number, e: any) => [number, number, number, number];
export const signingMessage: (a: any, b: any, c: any) => [number, number, number];
export const verifyResponse: (a: any, b: any, c: any, d: any, e: any) => [number, number, number];
export const __wbindgen_malloc: (a: number, b: number) => number;
export const __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
export const __wbindgen_free: (a: number, b: number, c: number) => void;
export const __wbindgen_exn_store: (a: number) => void;
export const __externref_table_alloc: () => number;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __externref_table_dealloc: (a: number) => void;
export const __wbindgen_start: () => void;

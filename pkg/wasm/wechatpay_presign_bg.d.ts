export * from './wechatpay_presign.js'
export function __wbg_set_wasm(exports: unknown): void

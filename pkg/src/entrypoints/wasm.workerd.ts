// wechatpay-presign/wasm in Cloudflare Workers.
export { default } from '../../wasm/wechatpay_presign_relaxed_bg.wasm';

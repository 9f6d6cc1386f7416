// wechatpay-presign/wasm in the Edge Runtime.
export { default } from '../../wasm/wechatpay_presign_bg.wasm?module';

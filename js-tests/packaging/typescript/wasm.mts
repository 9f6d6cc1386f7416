// Compiled only: what importing the wasm gives is for a bundler to say.
import { initSync } from 'wechatpay-presign/slim';
import wasm from 'wechatpay-presign/wasm';

export const start = () => initSync(wasm);

// Compiled only: the bundler decides what importing the wasm gives.
import { initSync } from 'wechatpay-presign/slim';
import wasm from 'wechatpay-presign/wasm';

export const start = () => initSync(wasm);

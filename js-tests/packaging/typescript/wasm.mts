// Compiled only: the bundler decides what an import of the wasm returns.
import { initSync } from 'wechatpay-presign/slim';
import wasm from 'wechatpay-presign/wasm';

export const start = () => initSync(wasm);

import * as w from 'wechatpay-presign/slim';
import wasm from 'wechatpay-presign/wasm';
import { job } from '../job.js';

w.initSync(wasm);

export default {
  /** @param {Request} request */
  async fetch(request) {
    return new Response(job(w, await request.json()));
  },
};

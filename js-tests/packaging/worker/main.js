import * as w from 'wechatpay-presign';
import { job } from '../job.js';

export default {
  /** @param {Request} request */
  async fetch(request) {
    return new Response(job(w, await request.json()));
  },
};

import * as w from 'wechatpay-presign';
import { job } from '../job.js';

/** @param {Request} request */
export default async (request) => new Response(job(w, await request.json()));

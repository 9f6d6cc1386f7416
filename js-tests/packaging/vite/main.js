import * as w from 'wechatpay-presign';
import { job } from '../job.js';

console.log(job(w, JSON.parse(process.env['INPUT'] ?? '')));

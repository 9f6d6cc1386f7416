const w = require('wechatpay-presign');
const { job } = require('./job.js');

console.log(job(w, JSON.parse(process.env['INPUT'] ?? '')));

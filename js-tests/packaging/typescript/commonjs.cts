import w = require('wechatpay-presign');
import slim = require('wechatpay-presign/slim');

declare const process: { env: Record<string, string | undefined> };

const { request, merchant, response, trust, now } = JSON.parse(process.env['INPUT'] ?? '');
const Authorization: string = w.signAuthorization(request, merchant, { timestamp: now, nonce: 'NONCE' });
const data: unknown = w.verifyResponse(response, trust, { now });
console.log(JSON.stringify({ Authorization, data, slim: typeof slim.initSync }));

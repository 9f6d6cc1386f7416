import w = require('wechatpay-presign');
import slim = require('wechatpay-presign/slim');
import stores = require('wechatpay-presign/stores');
import testing = require('wechatpay-presign/testing');

declare const process: { env: Record<string, string | undefined> };

const { request, merchant, response, trust, now } = JSON.parse(process.env['INPUT'] ?? '');
const Authorization: string = w.signAuthorization(request, merchant, { timestamp: now, nonce: 'NONCE' });
const data: unknown = w.verifyResponse(response, trust, { now });
const store: () => stores.NotificationStore = stores.memoryStore;
const kit: () => Promise<testing.TestKit> = testing.createTestKit;
console.log(JSON.stringify({ Authorization, data, slim: typeof slim.initSync, kit: typeof kit, store: typeof store }));

/** A merchant's backend: it calls the sandbox, and receives its notifications. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { configFromEnv, createClient, sendResponse } from '#wechatpay-presign';

const APPID = 'wxd678efh567hg6787';
const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const PRE_SIGN = 'v3/password-exempt-contract/contracts/ecommerce/pre-entrust-sign/pay-redirect-sign';

/**
 * If `respond` is given, it responds to the notifications instead of the client.
 * @param {{ env: () => Promise<Record<string, string>> }} sandbox
 * @param {{ respond?: (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown }} [options]
 */
export async function startMerchant(sandbox, { respond } = {}) {
  const env = await sandbox.env();
  const client = createClient({
    ...configFromEnv(env, { readFile: (path) => readFileSync(path, 'utf8') }),
    retries: 0,
  });
  /** @type {any[]} */
  const handled = [];
  const server = createServer(async (request, response) => {
    if (respond) return respond(request, response);
    const { headers } = request;
    const body = await buffer(request);
    const answer = await client.notifications.handle({ headers, body }, (notification) => {
      handled.push(notification);
    });
    await sendResponse(response, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const notify_url = `http://127.0.0.1:${port}/notify`;

  return {
    client,
    env,
    /** The notifications that the client accepted. */
    handled,
    notify_url,

    /**
     * @param {string} out_trade_no
     * @param {object} [fields]
     * @returns {Promise<string>} the prepay_id
     */
    async placeOrder(out_trade_no, fields = {}) {
      const order = {
        ...{ appid: APPID, mchid: env['WECHATPAY_MCHID'], description: 'Image形象店-深圳腾大-QQ公仔' },
        ...{ out_trade_no, notify_url, amount: { total: 100 }, payer: { openid: OPENID } },
        ...fields,
      };
      const { data } = await client.chain('v3/pay/transactions/jsapi').post({ json: order });
      return /** @type {any} */ (data).prepay_id;
    },

    /**
     * @param {string} prepay_id
     * @param {string} out_contract_code
     * @param {object} [fields]
     */
    async preSign(prepay_id, out_contract_code, fields = {}) {
      const contract = {
        ...{ appid: APPID, service_id: 12535, out_contract_code, notify_url, prepay_id, openid: OPENID },
        ...{ contract_display_account: '微信代扣用户A', ...fields },
      };
      const { data } = await client.chain(PRE_SIGN).post({ json: contract });
      return /** @type {any} */ (data);
    },

    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

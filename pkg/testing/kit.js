/** Everything that a test of a merchant's code needs, made at once. */
import { makeCertificate } from './certificate.js';
import { createGateway } from './gateway/gateway.js';
import { makeMerchant, makePlatformKey } from './keys.js';

/**
 * @typedef {'public-key' | 'certificate' | 'both'} Mode  which of its keys WeChat Pay signs with
 *
 * @typedef {object} TestKitOptions
 * @property {string} [mchid]
 * @property {Mode} [mode]  ("public-key")
 * @property {() => number} [now]  the clock, in Unix seconds
 *
 * @typedef {'wrong-signature' | 'missing-signature' | 'tampered-body' | 'sign-test' | 'wrong-key'} Forgery
 */

/** @param {TestKitOptions} [options] */
export async function createTestKit({ mchid, mode = 'public-key', now } = {}) {
  const merchant = await makeMerchant(mchid === undefined ? {} : { mchid });
  const certificates = mode === 'public-key' ? [] : [await makeCertificate(now && { notBefore: now() - 86_400 })];
  const publicKeys = mode === 'certificate' ? [] : [await makePlatformKey()];
  /** @type {import('./gateway/gateway.js').GatewayOptions} */
  const options = { merchants: [merchant], platform: [...publicKeys, ...certificates], certificates };
  const gateway = createGateway(now ? { ...options, now } : options);
  const certs = Object.fromEntries([
    ...publicKeys.map(({ serial, publicKey }) => [serial, publicKey]),
    ...certificates.map(({ serial, certificate }) => [serial, certificate]),
  ]);
  const { serial, privateKey, apiV3Key } = merchant;

  return {
    merchant,
    certs,
    gateway,
    /** What createClient takes. */
    config: {
      mchid: merchant.mchid,
      serial,
      privateKey,
      certs,
      apiV3Key,
      fetch: gateway.fetch,
      ...(now && { clock: () => now() * 1000 }),
    },

    /**
     * A notification, as WeChat Pay sends it to notify_url.
     * @param {Partial<import('./gateway/gateway.js').NotificationOptions> & { url?: string, forgery?: Forgery }} [making]
     */
    async notification({
      url,
      forgery,
      event_type = 'ENTRUST.SIGN',
      resource = { mchid: merchant.mchid, out_contract_code: '100001256', contract_state: 'SIGNED' },
      ...others
    } = {}) {
      const told = { mchid: merchant.mchid, event_type, resource, ...others };
      const made = await (forgery === 'wrong-key' ? strangersNotification(told) : gateway.notification(told));
      const { headers, body } = forge(made, forgery);
      const target = url ?? made.url ?? 'https://merchant.example/notify';
      return new Request(target, { method: 'POST', headers, body });
    },

    /**
     * An answer, signed as WeChat Pay signs it.
     * @param {{ status?: number, body?: unknown, ageSeconds?: number, serial?: string }} [making]
     */
    async answer({ status = 200, body = {}, ageSeconds = 0, serial: wanted } = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await gateway.seal({ status, code: '', message: '', body: text }, wanted, ageSeconds);
      return new Response(status === 204 ? null : answer.body, { status, headers: answer.headers });
    },
  };

  /**
   * The same from somebody who has not WeChat's key, and says so of his.
   * @param {import('./gateway/gateway.js').NotificationOptions} told
   */
  async function strangersNotification(told) {
    const { privateKey: strange } = await makePlatformKey();
    const platform = gateway.platforms.map((known) => ({ serial: known.serial, privateKey: strange }));
    const stranger = createGateway({ ...options, platform, ...(now && { now }) });
    const { url } = await gateway.notification(told);
    return { ...(await stranger.notification(told)), url };
  }
}

/**
 * @param {{ headers: Record<string, string>, body: string }} made
 * @param {Forgery} [forgery]
 */
function forge({ headers, body }, forgery) {
  const { 'Wechatpay-Signature': signature = '', ...unsigned } = headers;
  switch (forgery) {
    case 'wrong-signature':
      return { headers: { ...headers, 'Wechatpay-Signature': signature.replace(/^.{4}/, 'AAAA') }, body };
    case 'missing-signature':
      return { headers: unsigned, body };
    case 'tampered-body':
      return { headers, body: body.replace('"summary":"', '"summary":"X') };
    case 'sign-test':
      return { headers: { ...headers, 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${'A'.repeat(336)}` }, body };
    default:
      return { headers, body };
  }
}
